"""The two forces of a battle: strengths in words, or a formation of a scenario.

``men=12000,tanks=80,guns=150,quality=0.8`` or ``manchuria-1945:39-army``, which is all that
fights below that headquarters, at one place, with its ranges drawn as a campaign draws them.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import inf
from typing import TYPE_CHECKING, Protocol

from sandtable.errors import InputError, Problem, listed, nearest
from sandtable.laws.coefficients import load_coefficients
from sandtable.scenario.measures import MOST
from sandtable.scenario.resolved import Formation, Side
from sandtable.vocabulary import Echelon

if TYPE_CHECKING:
    from sandtable.scenario import Scenario
    from sandtable.scenario.resolved import ResolvedScenario
    from sandtable.streams import Streams

COUNTS = ("men", "tanks", "guns", "antitank-guns", "aircraft")
WORDS = (*COUNTS, "quality", "nation")
"""What can be said of a force: counts, effectiveness (above 0, at most 1), its army's nation."""
_ENDS: Mapping[str, tuple[float, float]] = {
    "men": (1.0, MOST["person"]), "tanks": (0.0, MOST["tank"]), "guns": (0.0, MOST["gun"]),
    "antitank-guns": (0.0, MOST["gun"]), "aircraft": (0.0, MOST["aircraft"]),
    "quality": (0.0, 1.0),
}  # fmt: skip
"""Least and most of each, as in a scenario: without a whole man there is no battle."""
ECHELONS: tuple[tuple[float, Echelon], ...] = (
    (1_500.0, "battalion"), (6_000.0, "regiment"), (20_000.0, "division"),
    (60_000.0, "corps"), (inf, "army"),
)  # fmt: skip
"""Echelon in whose depth a force of fewer men defends, where only its men are told.

An assumption: the bounds lie about half way, as a factor, between usual strengths.
"""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A force in plain numbers: its formations in order of march, and the side that they are."""

    formations: tuple[Formation, ...]
    side: Side

    @property
    def men(self) -> float:
        """Persons of all formations."""
        return math.fsum([f.personnel for f in self.formations])

    @property
    def strength(self) -> float:
        """Effective strength: persons times effectiveness."""
        return math.fsum([f.personnel * f.effectiveness for f in self.formations])

    def pieces(self, what: str) -> float:
        """Count of ``tanks`` or ``guns``."""
        return math.fsum([getattr(f, what) for f in self.formations])

    def scaled(self, factor: float) -> Drawn:
        """The same force so many times as large, with all that it has."""
        counts = ("personnel", "tanks", "guns", "antitank_guns", "armoured_cars")
        formations = [
            replace(f, **{name: factor * getattr(f, name) for name in counts})
            for f in self.formations
        ]
        return replace(self, formations=tuple(formations))


class Force(Protocol):
    """One of the two forces of a battle, from which replications are drawn."""

    @property
    def text(self) -> str:
        """The words by which it was named."""
        ...

    @property
    def nation(self) -> str:
        """Nation of its army in the table of battles; empty if unknown."""
        ...

    @property
    def divided(self) -> bool:
        """Whether it is known how its losses divide into killed, wounded and missing."""
        ...

    @property
    def unknown(self) -> tuple[str, ...]:
        """Names of counts that were not given and stand at the mean of the table's battles."""
        ...

    def central(self) -> Drawn:
        """The force with every range at its middle."""
        ...

    def drawn(self, seed: int, first: int, count: int) -> list[Drawn]:
        """The force in replications from number ``first``."""
        ...


@dataclass(frozen=True, slots=True)
class Strength:
    """A force told in words; None for a count that was not given.

    ``quality`` is the effectiveness of a man, above 0 and at most 1.
    """

    text: str
    men: float
    tanks: float | None = None
    guns: float | None = None
    antitank_guns: float | None = None
    aircraft: float | None = None
    quality: float = 1.0
    nation: str = ""

    @property
    def divided(self) -> bool:
        """Nobody says how its losses divide."""
        return False

    @property
    def unknown(self) -> tuple[str, ...]:
        """Counts that were not given, but for aircraft, of which there are none then."""
        return tuple(n for n in COUNTS[1:4] if getattr(self, n.replace("-", "_")) is None)

    def central(self) -> Drawn:
        """The force as it is told; what is unknown of it stands at 0 until laws are drawn."""
        echelon = next(name for most, name in ECHELONS if self.men < most)
        formation = Formation(
            "force", "force", "", "", "rifle", echelon, None, None, self.men, self.tanks or 0.0,
            self.guns or 0.0, self.antitank_guns or 0.0, 0.0, self.quality, 0.0, 0.0, 0.0,
        )  # fmt: skip
        return Drawn((formation,), _undivided(self.nation))

    def drawn(self, seed: int, first: int, count: int) -> list[Drawn]:
        """The same in each replication."""
        return [self.central()] * count


@dataclass(frozen=True, slots=True)
class FormationOf:
    """All that fights at or below one formation of a scenario."""

    scenario: Scenario
    formation: str

    @property
    def text(self) -> str:
        """Scenario and formation."""
        return f"{self.scenario.name}:{self.formation}"

    @property
    def nation(self) -> str:
        """That of the side with the most men in it."""
        return self.central().side.army

    @property
    def divided(self) -> bool:
        """Its side says how losses divide."""
        return True

    @property
    def unknown(self) -> tuple[str, ...]:
        """A scenario leaves no count open."""
        return ()

    def central(self) -> Drawn:
        """The force with every range at its middle."""
        return self._of(self.scenario.sampler.central())

    def drawn(self, seed: int, first: int, count: int) -> list[Drawn]:
        """The force as replications of its campaign with this seed have it."""
        sampler, streams = self.scenario.sampler, self._streams(seed)
        names = [f"input/{name}" for name in sampler.uncertain]
        rows = streams.table(names, first, count).tolist()
        return [self._of(sampler.draw(row)) for row in rows]

    def _streams(self, seed: int) -> Streams:
        from sandtable.streams import Streams

        return Streams(self.scenario.name, seed)

    def _of(self, resolved: ResolvedScenario) -> Drawn:
        by_id = resolved.formations_by_id
        found = tuple(by_id[id] for id in resolved.combat_below.get(self.formation, ())
                      if by_id[id].combatant)  # fmt: skip
        men: dict[str, float] = {}
        for f in found:
            men[f.side] = men.get(f.side, 0.0) + f.personnel
        most = max(men, key=lambda side: men[side])
        return Drawn(found, resolved.sides_by_id[most])


def force_of(text: str | Mapping[str, object], option: str) -> Force:
    """Read a force: words, the same as a mapping, or ``SCENARIO:FORMATION``.

    ``option`` names it in messages. Raises InputError with every fault.
    """
    if not isinstance(text, str):
        return _strength([(str(key), value) for key, value in text.items()], option)
    name, colon, formation = text.rpartition(":")
    if colon and "=" not in formation:
        return _formation(name, formation, option)
    pairs: list[tuple[str, object]] = []
    for word in text.split(","):
        key, equals, value = (part.strip() for part in word.partition("="))
        if not equals:
            allowed = "KEY=VALUE,... such as men=12000,tanks=80, or SCENARIO:FORMATION"
            raise InputError([Problem(option, word.strip() or "text", repr(text), allowed)])
        pairs.append((key, value))
    return _strength(pairs, option)


def _strength(pairs: Sequence[tuple[str, object]], option: str) -> Strength:
    problems: list[Problem] = []
    known: dict[str, float | str] = {}
    for key, value in pairs:
        name = key.replace("_", "-")
        if name not in WORDS:
            problems.append(Problem(option, key, "an unknown word", f"one of {', '.join(WORDS)}",
                                    nearest(name, WORDS)))  # fmt: skip
        elif name in known:
            problems.append(Problem(option, key, "it twice", "it once"))
        elif name == "nation":
            known[name] = str(value)
            nations = load_coefficients().nations
            if value not in nations:
                problems.append(Problem(option, key, repr(value), f"one of {', '.join(nations)}",
                                        nearest(str(value), nations)))  # fmt: skip
        else:
            known[name] = _number(value, name, option, problems)
    if "men" not in known:
        problems.append(Problem(option, "men", "nothing", "a number from 1"))
    if problems:
        raise InputError(problems)
    text = ",".join(
        f"{key}={value:.10g}" if isinstance(value, float) else f"{key}={value}"
        for key, value in known.items()
    )
    return Strength(text, **{key.replace("-", "_"): value for key, value in known.items()})  # type: ignore[arg-type]


def _number(value: object, name: str, option: str, problems: list[Problem]) -> float:
    low, high = _ENDS[name]
    try:
        number = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError):
        number = math.nan
    if not low <= number <= high or (name == "quality" and number == 0.0):
        allowed = "a number above 0, at most 1" if name == "quality" else (
            f"a number from {low:g} to {high:,}"
        )  # fmt: skip
        problems.append(Problem(option, name, repr(value), allowed))
    return number


def _formation(name: str, formation: str, option: str) -> FormationOf:
    from sandtable.scenario import load_scenario

    scenario = load_scenario(name)
    central = scenario.sampler.central()
    by_id, below = central.formations_by_id, central.combat_below
    fights = [f for f, ids in below.items() if any(by_id[id].combatant for id in ids)]
    if formation not in fights:
        known = formation in by_id
        found = f"{formation!r}, which has nobody who fights" if known else repr(formation)
        near = None if known else nearest(formation, fights)
        raise InputError([Problem(option, name, found, f"one of {listed(fights)}", near)])
    return FormationOf(scenario, formation)


def _undivided(nation: str) -> Side:
    """A side of which nothing but its army is known."""
    return Side("", "", 0.0, 0.0, 0.0, 0.0, inf, "", "#000000", nation)
