"""One replication of a campaign."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from math import fsum
from typing import Any

import simpy

from sandtable.engine.ammunition import Ammunition
from sandtable.engine.battle_record import BattleRow, log_of, rows_of
from sandtable.engine.contact import Contact
from sandtable.engine.events import Event
from sandtable.engine.lift import Lift
from sandtable.engine.march import March
from sandtable.engine.orders import issue
from sandtable.engine.reporting import Reporter
from sandtable.engine.rules_of_engagement import hold_back
from sandtable.engine.state import Column
from sandtable.engine.world import World
from sandtable.laws.sampler import Laws
from sandtable.scenario.resolved import Axis, ResolvedScenario
from sandtable.streams import Streams
from sandtable.track_columns import Track

STEP_DAYS = 1.0
"""Longest time between two assessments of an engagement, in days."""


@dataclass(frozen=True, slots=True)
class Run:
    """What a replication gave.

    ``outcomes`` in the order of ``Reporter.outcomes``; ``timeline`` a row for H-hour and for
    each calendar day's end, in the order of ``Reporter.series``; ``events`` if they were asked
    for, and with them ``tracks``, where formations stood; ``battles`` a row for each battle and
    each of its phases, in the order of ``BATTLE_COLUMNS``; ``event_count`` how many events SimPy
    scheduled; ``quits`` the defeats by each of ``QUIT_CAUSES``.
    """

    outcomes: list[float]
    timeline: list[list[float]]
    events: list[Event]
    tracks: list[Track]
    battles: list[BattleRow]
    event_count: int
    quits: tuple[int, ...]


def run(
    scenario: ResolvedScenario,
    laws: Laws,
    reporter: Reporter,
    *,
    streams: Streams,
    replication: int,
    step_days: float = STEP_DAYS,
    record_events: bool = False,
) -> Run:
    """Run one replication from H-hour to the campaign's end.

    Parameters
    ----------
    scenario: the scenario in this replication's plain numbers.
    laws: this replication's laws.
    reporter: names of what is reported, made once for the scenario.
    streams, replication: the random streams and the place in them.
    step_days: longest time between two assessments of an engagement, in days (above 0).
    record_events: whether to keep the event log and the tracks of formations.
    """
    world = World(scenario, laws, streams, replication, step_days, record_events)
    hold_back(world)
    if scenario.phase:
        world.log("phase begins", place=None, text=f"{scenario.phase}: {_present(world)}")
    if world.on.lift:
        world.lifts = {spec.id: Lift(world, spec) for spec in scenario.lifts}
    for axis in scenario.axes:
        _start(world, axis)
    for order in scenario.orders:
        issue(world, order)
    rows: list[list[float]] = []
    world.env.process(_days(world, reporter, rows))
    world.env.run(until=scenario.days + 1e-6)
    # What happened in the last instant belongs to the last row, whichever came first.
    rows[-1] = reporter.snapshot(world)
    tracks = _tracks(world)
    count = world.env.scheduled
    outcomes, timeline = reporter.report(world, rows)
    battles, events = rows_of(world), log_of(world)
    if scenario.phase and record_events:
        told = f"{scenario.phase}: {_present(world)}"
        events.append(Event(scenario.days, "phase ends", text=told))
    quits = tuple(world.quits.values())
    world.close()
    return Run(outcomes, timeline, events, tracks, battles, count, quits)


def _tracks(world: World) -> list[Track]:
    """Where formations stood, with the last look at the campaign's end."""
    if world.tracks is None:
        return []
    world.tracks.day_over()
    return world.tracks.rows()


def _present(world: World) -> str:
    """Men of each side, in words."""
    men = {side: fsum([f.personnel for f in own]) for side, own in world.by_side.items()}
    return ", ".join(f"{side} {count:,.0f} men" for side, count in men.items())


def _start(world: World, axis: Axis) -> None:
    # A formation without men takes no part; an axis of such formations is one that nobody marches.
    formations = [world.formations[id] for id in axis.formations if id in world.formations]
    leader = world.scenario.formations_by_id[axis.formations[0]]
    surprise = axis.surprise if world.on.surprise else 0.0
    column = Column(axis.id, axis.id, leader.coalition, formations, axis.places, axis.starts,
                    surprise, frontage_km=axis.frontage_km, border=axis.border)  # fmt: skip
    if axis.ammunition is not None and world.on.ammunition:
        column.ammunition = Ammunition(world, column, axis.ammunition)
    column.keep_to_darkness(axis.by_night if world.on.night else ())
    march = March(world, column, axis.fortified_regions, axis.fuel, axis.forward_detachment)
    column.process = world.env.process(march.run())


def _days(
    world: World, reporter: Reporter, rows: list[list[float]]
) -> Generator[simpy.Event, Any, None]:
    """Process: what goes by the day (air, sickness, repair) and the daily record."""
    rows.append(reporter.snapshot(world))
    before = 0.0
    contact = Contact(world) if world.on.contact else None
    seen: dict[str, float] = {}
    for end in world.scenario.calendar.daily_moments()[1:]:
        yield world.env.timeout(end - world.env.now)
        days, before = end - before, end
        world.air.fly(days, world.wet_places(end - 0.5 * days))
        if contact is not None:
            contact.charge(days)
        _sicken(world, days, seen)
        world.losses.give_back(world.env.now)
        rows.append(reporter.snapshot(world))
        if world.tracks is not None:
            world.tracks.day_over()


def _sicken(world: World, days: float, seen: dict[str, float]) -> None:
    """Take the sick out of strength; ``seen`` the casualties for which there have been sick."""
    for side in world.scenario.sides:
        share, each = min(1.0, side.sick * days), side.sick_of_wounded * side.wounded
        if share <= 0.0 and each <= 0.0:
            continue
        for formation in world.by_side[side.id]:
            men, losses, id = formation.personnel, formation.losses, formation.id
            fallen = men * share
            if each > 0.0:
                hit = losses.in_action
                fallen = min(men, fallen + each * (hit - seen.get(id, 0.0)))
                seen[id] = hit
            formation.personnel = men - fallen
            losses.sick += fallen
