"""What a run reports: the names of its outcomes and daily series, and their values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import fsum, isnan, nan

from sandtable import outcomes
from sandtable.engine.state import Formation, positions
from sandtable.engine.world import World
from sandtable.outcomes import QUIT_CAUSES, TANK_CAUSES
from sandtable.scenario import resolved

# In each list the order in which the reporter gives the values.
PERSONNEL = (
    "killed", "wounded", "missing", "captured", "sick", "deserted", "in-action", "irrecoverable",
    "wounded-and-sick", "total",
)  # fmt: skip
MATERIEL = (
    outcomes.TANKS, outcomes.TANKS_DISABLED, outcomes.ARMOURED_CARS, outcomes.GUNS,
    outcomes.FIELD_GUNS, outcomes.AIRCRAFT,
)  # fmt: skip
BELOW = ("total", "killed", "in-action", "irrecoverable", "wounded-and-sick", "captured")
LOST = ("total", "killed", "captured")


Persons = tuple[float, float, float, float, float, float]
"""Persons killed, taken in action, missing, wounded, surrendered and sick: each of them once."""


class Casualties:
    """Persons lost by kind, as they are told; deserters are not told among losses.

    ``captured`` are all prisoners, by capitulation too; ``in_action`` all that the fighting cost,
    neither the sick nor those who capitulated; ``irrecoverable`` all who do not return to their
    side; ``wounded_and_sick`` all in the care of the medical service.
    """

    __slots__ = (
        "captured", "in_action", "irrecoverable", "killed", "missing", "sick", "total", "wounded",
        "wounded_and_sick",
    )  # fmt: skip

    def __init__(self, persons: Persons) -> None:
        killed, taken, missing, wounded, surrendered, sick = persons
        self.killed, self.missing, self.wounded, self.sick = killed, missing, wounded, sick
        self.captured = taken + surrendered
        self.in_action = killed + taken + missing + wounded
        self.irrecoverable = killed + self.captured + missing
        self.wounded_and_sick = wounded + sick
        self.total = self.in_action + surrendered + sick


class Reporter:
    """Names of outcomes and series of a scenario, and how to read them off a world.

    One object serves all replications of a scenario: nothing in it is drawn.
    """

    def __init__(self, scenario: resolved.ResolvedScenario) -> None:
        self.days = scenario.calendar.calendar_days
        self.ends = scenario.calendar.ends_of_days()
        self._places = [p.id for p in scenario.places]
        self._axes = [a.id for a in scenario.axes]
        self._sides = [s.id for s in scenario.sides]
        self._battles = scenario.battles
        self._below = scenario.combat_below
        self._with_craft = tuple(dict.fromkeys(lift.side for lift in scenario.lifts))
        self.series: tuple[str, ...] = tuple(self._series())
        self.outcomes: tuple[str, ...] = tuple(self._names())

    def _series(self) -> list[str]:
        o, names = outcomes, list[str]()
        for side in self._sides:
            names += [o.STRENGTH.name(side=side), o.TANK_STRENGTH.name(side=side)]
            names += [o.LOST.name(side=side, casualty=casualty) for casualty in LOST]
            names.append(o.TANKS_LOST.name(side=side))
        return names + [o.FRONT.name(axis=axis) for axis in self._axes]

    def _names(self) -> list[str]:
        o, days = outcomes, range(1, self.days + 1)
        names = [o.CAPTURED.name(place=place) for place in self._places]
        names += [o.ADVANCE.name(axis=axis, day=day) for axis in self._axes for day in days]
        for side in self._sides:
            names += [o.PERSONNEL.name(side=side, casualty=casualty) for casualty in PERSONNEL]
            names += [form.name(side=side) for form in MATERIEL]
            names += [o.TANKS_BY.name(side=side, cause=cause) for cause in TANK_CAUSES]
        for formation in self._below:
            form = o.FORMATION_PERSONNEL
            names += [form.name(formation=formation, casualty=casualty) for casualty in BELOW]
        for battle in self._battles:
            for side in self._sides:
                for form in (o.BATTLE_PERSONNEL, o.BATTLE_TANKS):
                    names.append(form.name(battle=battle, side=side))
        names += [o.ENCIRCLED.name(formation=formation) for formation in self._below]
        names += [o.SURRENDERED.name(formation=formation) for formation in self._below]
        names += [o.HALTED.name(axis=axis) for axis in self._axes]
        names += [o.CRAFT.name(side=side) for side in self._with_craft]
        return names + [o.QUIT.name(cause=cause) for cause in QUIT_CAUSES]

    def report(
        self, world: World, rows: list[list[float]]
    ) -> tuple[list[float], list[list[float]]]:
        """Outcomes at the end of a run and its timeline.

        ``rows`` are the snapshots at H-hour and each day's end. The outcomes come in the order
        of ``outcomes`` (NaN is never), the timeline's columns in the order of ``series``.
        """
        fronts = [positions(world.columns[axis], self.ends) for axis in self._axes]
        timeline = [row + [front[i] for front in fronts] for i, row in enumerate(rows)]
        return self._values(world, fronts), timeline

    def _values(self, world: World, fronts: list[list[float]]) -> list[float]:
        values = [world.network.nodes[place].changed for place in self._places]
        for front in fronts:
            values += front[1:]
        losses: dict[str, Persons] = {}
        for side in self._sides:
            losses |= _losses(world.sides[side], world.by_side[side])
            values += self._side_losses(world, side, losses)
        for ids in self._below.values():
            own = _together([losses[id] for id in ids])
            values += (
                own.total, own.killed, own.in_action, own.irrecoverable, own.wounded_and_sick,
                own.captured,
            )  # fmt: skip
        for places in self._battles.values():
            for side in self._sides:
                for lost in (world.losses.personnel, world.losses.tanks):
                    values.append(fsum([lost.get((place, side), 0.0) for place in places]))
        formations = world.formations.values()
        strength = {f.id: f.first_strength for f in formations}
        for befell in (
            {f.id: f.encircled for f in formations if not isnan(f.encircled)},
            {f.id: f.surrender_day for f in formations if not isnan(f.surrender_day)},
        ):
            values += [_half_by(ids, befell, strength) for ids in self._below.values()]
        values += [world.columns[axis].halted_days for axis in self._axes]
        values += [world.losses.craft.get(side, 0.0) for side in self._with_craft]
        quits = sum(world.quits.values())
        return values + [world.quits[c] / quits if quits else nan for c in QUIT_CAUSES]

    def snapshot(self, world: World) -> list[float]:
        """The daily series now; the fronts are filled in at the end."""
        row: list[float] = []
        for side in self._sides:
            law = world.sides[side]
            men = tanks = lost = overrun = strayed = given_up = sick = 0.0
            tanks_lost = world.losses.parked_tanks[side]
            fatal = _fatal_when_overrun(law)
            for f in world.by_side[side]:
                men += f.personnel
                tanks += f.tanks
                losses = f.losses
                lost += losses.in_action
                overrun += losses.overrun
                strayed += losses.strayed
                given_up += losses.surrendered
                sick += losses.sick
                tanks_lost += losses.tanks
            total = lost + overrun + strayed + given_up + sick
            killed = lost * law.killed + overrun * fatal
            captured = lost * law.captured + overrun * (1.0 - fatal) + given_up
            row += (men, tanks, total, killed, captured, tanks_lost)
        return row

    def _side_losses(self, world: World, side: str, losses: dict[str, Persons]) -> list[float]:
        formations = world.by_side[side]
        own = _together([losses[f.id] for f in formations])
        causes = world.losses.tank_causes[side]
        total_by_cause = fsum(causes)
        return [
            own.killed, own.wounded, own.missing, own.captured, own.sick,
            fsum([f.losses.deserted for f in formations]),
            own.in_action, own.irrecoverable, own.wounded_and_sick, own.total,
            world.losses.parked_tanks[side] + fsum([f.losses.tanks for f in formations]),
            fsum([f.losses.tanks_disabled for f in formations]),
            fsum([f.losses.armoured_cars for f in formations]),
            fsum([f.losses.guns for f in formations]),
            fsum([f.losses.field_guns for f in formations]),
            world.air.lost[side],
            *[c / total_by_cause if total_by_cause > 0.0 else nan for c in causes],
        ]  # fmt: skip


def _losses(side: resolved.Side, formations: list[Formation]) -> dict[str, Persons]:
    """What each of a side's formations has lost, by its id."""
    wounded = side.wounded
    fatal = _fatal_when_overrun(side)
    return {
        f.id: (
            f.losses.in_action * side.killed + f.losses.overrun * fatal,
            f.losses.in_action * side.captured + f.losses.overrun * (1.0 - fatal),
            f.losses.in_action * side.missing + f.losses.strayed,
            f.losses.in_action * wounded,
            f.losses.surrendered,
            f.losses.sick,
        )
        for f in formations
    }


def _fatal_when_overrun(side: resolved.Side) -> float:
    """Share killed of those who are killed or taken when their formation is destroyed."""
    return side.killed / max(side.killed + side.captured, 1e-9)


def _together(losses: list[Persons]) -> Casualties:
    if len(losses) == 1:
        return Casualties(losses[0])
    if not losses:
        return Casualties((0.0, 0.0, 0.0, 0.0, 0.0, 0.0))
    killed, taken, missing, wounded, surrendered, sick = zip(*losses, strict=True)
    return Casualties(
        (fsum(killed), fsum(taken), fsum(missing), fsum(wounded), fsum(surrendered), fsum(sick))
    )


def _half_by(
    ids: Sequence[str], befell: Mapping[str, float], first_strength: Mapping[str, float]
) -> float:
    """Day by which it had befallen formations with half of the first strength; NaN: never.

    ``befell`` has the day of each formation that it did befall.
    """
    if len(ids) == 1:
        return befell.get(ids[0], nan)
    total = fsum([first_strength[id] for id in ids])
    reached = 0.0
    for day, strength in sorted([(befell[id], first_strength[id]) for id in ids if id in befell]):
        reached += strength
        if reached >= 0.5 * total:
            return day
    return nan
