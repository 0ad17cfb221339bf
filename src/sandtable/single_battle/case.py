"""A battle that is asked about: two forces and their circumstances, as the laws know them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import exp, expm1, fsum
from typing import NamedTuple, get_args

from sandtable.errors import InputError, Problem, nearest
from sandtable.laws.circumstances import nation_level, posture_in
from sandtable.laws.coefficients import SIDES, load_coefficients
from sandtable.laws.table_range import Span
from sandtable.single_battle.forces import Drawn, Force, FormationOf, Strength
from sandtable.vocabulary import AdvanceRule, AttritionLaw, Terrain

POSTURES = ("hasty", "prepared", "fortified", "delay")
"""Postures of a defence that fights; who withdraws by order is not in a battle."""
SURPRISES = ("none", "minor", "substantial", "complete")
"""Levels of the attacker's surprise, 0 to 3."""


@dataclass(frozen=True, slots=True)
class Setting:
    """Circumstances of a battle.

    ``posture``: one of POSTURES; None takes the works of the defender's formations, hasty for a
    force told in words. ``terrain``: counts in the advance ``dupuy`` alone. ``front_km``: width of
    the attack, above 0. ``surprise``: 0 to 3. ``air``: -1 (the defender's sky) to 1; None: by
    aircraft. ``wet``: whether it rains. ``year``: None takes the scenario's, or else the
    mean of the table. ``depth_km`` of the defended zone; None: by echelon. ``days``: limit after
    which the battle goes on undecided; None: none. ``attrition``, ``advance``: laws by name.
    """

    posture: str | None = None
    terrain: str | None = None
    front_km: float | None = None
    surprise: float = 0.0
    air: float | None = None
    wet: bool = False
    year: float | None = None
    depth_km: float | None = None
    days: float | None = None
    attrition: str = "full"
    advance: str = "fitted"

    def __post_init__(self) -> None:
        """Raises InputError with every value that the laws don't know."""
        problems = [*self._wrong_words(), *self._wrong_numbers()]
        if problems:
            raise InputError(problems)

    def _wrong_words(self) -> Iterator[Problem]:
        for name, allowed in (
            ("posture", (None, *POSTURES)), ("terrain", (None, *get_args(Terrain))),
            ("attrition", get_args(AttritionLaw)), ("advance", get_args(AdvanceRule)),
        ):  # fmt: skip
            value = getattr(self, name)
            if value not in allowed:
                names = [word for word in allowed if word is not None]
                yield Problem(f"--{name}", name, repr(value), f"one of {', '.join(names)}",
                              nearest(str(value), names))  # fmt: skip

    def _wrong_numbers(self) -> Iterator[Problem]:
        for name, low, high in (
            ("surprise", 0.0, 3.0), ("air", -1.0, 1.0), ("year", 1000.0, 3000.0),
        ):  # fmt: skip
            value = getattr(self, name)
            if value is not None and not low <= value <= high:
                yield Problem(f"--{name}", name, f"{value:g}", f"a number from {low:g} to {high:g}")
        for name, key in (("front", "front_km"), ("depth", "depth_km"), ("days", "days")):
            value = getattr(self, key)
            if value is not None and not 0.0 < value < 3000.0:
                yield Problem(f"--{name}", name, f"{value:g}", "a number above 0, below 3000")


class Argument(NamedTuple):
    """An argument of the laws: its value, how far the table of battles reaches, what counts.

    ``counts`` is the value that the laws reckon with, None where they take it as it is.
    """

    name: str
    value: float
    range: Span
    counts: float | None

    @property
    def outside(self) -> bool:
        """Whether the laws extrapolate or hold it."""
        low, high = self.range
        return not low * (1.0 - 1e-9) <= self.value <= high * (1.0 + 1e-9)


@dataclass(frozen=True)
class BattleCase:
    """Two forces and their circumstances.

    ``odds``: the attacker is scaled to so many times the defender's effective strength; None
    leaves it as it is.
    """

    attacker: Force
    defender: Force
    setting: Setting
    odds: float | None = None

    @property
    def year(self) -> float:
        """Of the battle: as set, of the first scenario named, or the mean of the table."""
        if self.setting.year is not None:
            return self.setting.year
        for force in (self.attacker, self.defender):
            if isinstance(force, FormationOf):
                return float(force.scenario.calendar.year)
        return round(load_coefficients().scales["year"].centre)

    @property
    def posture(self) -> str:
        """Posture of the defence at its central numbers."""
        if self.setting.posture is not None:
            return self.setting.posture
        formations = self.defender.central().formations
        men = fsum(f.personnel for f in formations)
        return posture_in(fsum(f.fortification * f.personnel for f in formations) / men)

    @property
    def air(self) -> float | None:
        """Superiority from -1 to 1; None where nobody flies."""
        if self.setting.air is not None:
            return self.setting.air
        theirs = [f.aircraft or 0.0 for f in self.forces if isinstance(f, Strength)]
        if fsum(theirs) <= 0.0:
            return None
        own = self.attacker.aircraft or 0.0 if isinstance(self.attacker, Strength) else 0.0
        return 2.0 * own / fsum(theirs) - 1.0

    @property
    def forces(self) -> tuple[Force, Force]:
        """Attacker and defender."""
        return self.attacker, self.defender

    def central(self) -> tuple[Drawn, Drawn]:
        """Both forces at their central numbers, the attacker scaled to the odds."""
        attacker, defender = self.attacker.central(), self.defender.central()
        return scaled_to(attacker, defender, self.odds), defender

    def arguments(self) -> list[Argument]:
        """The arguments of the laws at the central numbers, beside the table's range."""
        laws, (a, d) = load_coefficients(), self.central()
        men, ratio = laws.range.persons, laws.range.ratio
        persons, of_strength = a.men + d.men, a.strength / d.strength
        found = [
            Argument("men of both sides", persons, men, men.hold(persons)),
            Argument("attacker's men", a.men, laws.range.strength, None),
            Argument("defender's men", d.men, laws.range.strength, None),
            Argument("ratio of strengths", of_strength, ratio, ratio.hold(of_strength)),
        ]
        for side, force, own in zip(SIDES, self.forces, (a, d), strict=True):
            if "tanks" not in force.unknown:
                density = 1000.0 * own.pieces("tanks") / own.men
                found.append(self._factor(f"{side}'s tanks a thousand men", f"{side}-tanks",
                                          density, expm1))  # fmt: skip
        found.append(self._factor("year", "year", self.year))
        found.append(self._factor("surprise", "surprise", self.setting.surprise))
        found.append(self._factor("air", "air", self.air or 0.0))
        if self.setting.front_km is not None:
            found.append(self._factor("attackers a km of front", "density",
                                      a.men / self.setting.front_km, exp))  # fmt: skip
        if self.setting.days is not None:
            found.append(Argument("days", self.setting.days, laws.range.days, None))
        return found

    def _factor(
        self, name: str, key: str, value: float, back: Callable[[float], float] = float
    ) -> Argument:
        """An argument that is a factor; ``back`` turns the table's ends into its unit."""
        scale = load_coefficients().scales[key]
        span = Span(back(scale.low), back(scale.high))
        return Argument(name, value, span, span.hold(value))

    def doubts(self) -> list[str]:
        """What its reader has to know before he trusts it, a line each."""
        found = [_outside(argument) for argument in self.arguments() if argument.outside]
        if self.setting.terrain is not None and self.setting.advance != "dupuy":
            found.append("--terrain: counts in no law but the advance `dupuy`")
        for side, force in zip(SIDES, self.forces, strict=True):
            if isinstance(force, Strength) and (force.guns or force.antitank_guns):
                found.append(f"{side}'s guns: count in no law but the enemy's loss of tanks")
            level = nation_level(force.nation, self.year)
            if level and level not in load_coefficients().armies:
                found.append(f"{side}: the table has no battle of an army {level}; it counts as "
                             "one of which nothing is known")  # fmt: skip
        return found


def scaled_to(attacker: Drawn, defender: Drawn, odds: float | None) -> Drawn:
    """The attacker at these odds of effective strength; as it is for None."""
    return (
        attacker if odds is None else attacker.scaled(odds * defender.strength / attacker.strength)
    )


def _outside(argument: Argument) -> str:
    low, high = argument.range
    told = f"{argument.name}: {argument.value:,.4g} lies outside the laws' battles, {low:,.4g} to "
    held = "" if argument.counts is None else f"; counts as {argument.counts:,.4g}"
    return f"{told}{high:,.4g}{held}"
