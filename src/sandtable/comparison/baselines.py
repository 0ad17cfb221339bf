"""What both baselines share: who bears the losses, and what a timetable of the march says."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import fsum

import numpy as np

from sandtable.comparison.scores import Array
from sandtable.laws.planning import Planning
from sandtable.outcomes import ADVANCE, CAPTURED, FORMATION_PERSONNEL, GUNS, PERSONNEL, TANKS
from sandtable.ranges import Uncertain
from sandtable.scenario.resolved import Axis, Formation, ResolvedScenario, Side
from sandtable.streams import Streams

# The coalitions, as the scenario's schema names them; the axes of advance are the attacker's.
ATTACKER, DEFENDER = "attacker", "defender"


@dataclass(frozen=True, slots=True)
class Lost:
    """Shares of its personnel (0-1) that a coalition loses, by draw; they add up to at most 1.

    ``in_action``: killed, wounded, missing or taken prisoner in the fighting; ``surrendered``:
    taken prisoner when the force gave up. None is what a baseline cannot tell.
    """

    in_action: Array
    surrendered: Array | None = None
    sick: Array | None = None

    @property
    def total(self) -> Array:
        """The share lost in every way that the baseline can tell."""
        total = self.in_action
        for part in (self.surrendered, self.sick):
            if part is not None:
                total = total + part
        return total

    def by_kind(self, side: Side) -> dict[str, Array]:
        """Share of a side's personnel by kind of casualty, casualties divided as the side's are."""
        wounded = max(0.0, 1.0 - side.killed - side.captured - side.missing)
        parts = {"killed": side.killed, "wounded": wounded, "missing": side.missing}
        kinds = {kind: self.in_action * part for kind, part in parts.items()}
        kinds |= {"in-action": self.in_action, "total": self.total}
        if self.surrendered is not None:
            kinds["captured"] = self.in_action * side.captured + self.surrendered
            kinds["irrecoverable"] = kinds["killed"] + kinds["missing"] + kinds["captured"]
        if self.sick is not None:
            kinds["sick"] = self.sick
            kinds["wounded-and-sick"] = kinds["wounded"] + self.sick
        return kinds


@dataclass(frozen=True)
class Drawn:
    """Planning figures as draws, each from a stream of its own name that begins with ``prefix``."""

    figures: Planning
    streams: Streams
    draws: int
    prefix: str

    def of(self, figure: float) -> Array:
        """The draws of one of the figures, shape ``(draws,)``."""
        if not isinstance(figure, Uncertain):
            return np.full(self.draws, figure)
        ((name, low, high),) = figure.factors
        uniforms = self.streams.uniforms(f"{self.prefix}/{name}", 0, self.draws)
        return low + (high - low) * uniforms


def losses(
    resolved: ResolvedScenario,
    lost: Mapping[str, Lost],
    planning: Drawn,
    borne_by: Iterable[Formation],
) -> dict[str, Array]:
    """Return the losses of sides and formations, by name: a coalition's fall on all alike.

    ``borne_by`` are the formations of which a share is lost; the others lose nothing. Tanks and
    guns are lost at the planning figures' ratio to the rate of casualties in action.
    """
    outcomes: dict[str, Array] = {}
    bearing = tuple(borne_by)
    for side in resolved.sides:
        own = [f for f in bearing if f.side == side.id]
        personnel = fsum(f.personnel for f in own)
        if not personnel:
            continue
        for kind, share in lost[side.coalition].by_kind(side).items():
            outcomes[PERSONNEL.name(side=side.id, casualty=kind)] = share * personnel
        for form, count, ratio in (
            (TANKS, fsum(f.tanks for f in own), planning.figures.tanks.rate_ratio),
            (GUNS, fsum(f.guns for f in own), planning.figures.guns.rate_ratio),
        ):
            if count:
                rate = np.minimum(lost[side.coalition].in_action * planning.of(ratio), 1.0)
                outcomes[form.name(side=side.id)] = count * rate
    return outcomes | _formation_losses(resolved, lost, {f.id for f in bearing})


def _formation_losses(
    resolved: ResolvedScenario, lost: Mapping[str, Lost], bearing: Collection[str]
) -> dict[str, Array]:
    """Losses of each formation, and of each headquarters as the sum of those below it."""
    kinds = {side.id: lost[side.coalition].by_kind(side) for side in resolved.sides}
    outcomes: dict[str, Array] = {}
    for id, below in resolved.combat_below.items():
        # Losses fall on all of a side alike, so a headquarters needs only the sums of its sides.
        men = dict.fromkeys((resolved.formations_by_id[each].side for each in below), 0.0)
        for f in (resolved.formations_by_id[each] for each in below if each in bearing):
            men[f.side] += f.personnel
        for casualty in FORMATION_PERSONNEL.choices["casualty"]:
            told = [kinds[s][casualty] * n for s, n in men.items() if casualty in kinds[s]]
            if told:
                name = FORMATION_PERSONNEL.name(formation=id, casualty=casualty)
                outcomes[name] = np.sum(told, axis=0)
    return outcomes


Timetable = Callable[[Axis, Sequence[float]], Array]
"""Days from H-hour at which a column is at the places of its axis, by km from the first.

Shape ``(places, draws)``; infinite is never.
"""


def marches(resolved: ResolvedScenario, timetable: Timetable) -> dict[str, Array]:
    """Return days of capture and ground gained along each axis, by name.

    A place is captured by the first column that comes to it. Between two places of an axis the
    pace is even; a column gains nothing beyond the axis's last place.
    """
    outcomes: dict[str, Array] = {}
    for axis in resolved.axes:
        if not (axis.formations and axis.places):
            continue
        leading = resolved.formations_by_id[axis.formations[0]]
        distances = resolved.km_along(axis)
        days = timetable(axis, distances)
        for place, day in zip(axis.places, days, strict=True):
            if resolved.places_by_id[place].coalition != leading.coalition:
                name = CAPTURED.name(place=place)
                outcomes[name] = np.minimum(day, outcomes.get(name, np.inf))
        # A place with a later term than one beyond it does not hold up the rest.
        passed = np.minimum.accumulate(days[::-1], axis=0)[::-1]
        ends = resolved.calendar.ends_of_days()[1:]
        gained = np.array([np.interp(ends, own, distances) for own in passed.T])
        for d, km in enumerate(gained.T, start=1):
            outcomes[ADVANCE.name(axis=axis.id, day=d)] = km
    return outcomes
