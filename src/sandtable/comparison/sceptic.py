"""What a sceptic would say without a campaign model: the plan, and the rates of other wars.

Places fall when the attacker planned it, as far as the scenario has planned dates; beyond them,
and on axes without any, the column advances at the mean rate of some operation of another war.
Each coalition loses as many of a thousand men a day as that side did in some such operation
(`other_operations`). Causes of tank loss, encirclements and halts are absent, not zero.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from sandtable.comparison.baselines import ATTACKER, DEFENDER, Drawn, Lost, losses, marches
from sandtable.comparison.other_operations import SICK, OtherOperations, load_other_operations
from sandtable.comparison.scores import Array
from sandtable.laws.planning_file import load_planning
from sandtable.scenario.resolved import Axis, ResolvedScenario
from sandtable.streams import Streams


def sceptic(
    resolved: ResolvedScenario,
    streams: Streams,
    draws: int = 400,
    *,
    operations: OtherOperations | None = None,
) -> dict[str, Array]:
    """Return the sceptic's outcomes by name, each of shape ``(draws,)``.

    A draw takes three operations at random, for the advance of all axes, the attacker's losses
    and the defender's, from streams whose names begin with ``sceptic/``; the scenario's
    quantities stay as they are in ``resolved``. Losses are capped at the strength, ground gained
    at the axis's length. No record is read. Units as in the list of outcomes: persons, counts,
    days from H-hour (which may be later than the campaign's end), km.
    ``operations`` are those of the shipped table if not given.
    """
    operations = operations or load_other_operations()
    rate, _ = operations.advance.drawn(streams, "sceptic/advance", draws)
    planning = Drawn(load_planning().symbolic, streams, draws, "sceptic")

    def timetable(axis: Axis, km: Sequence[float]) -> Array:
        return planned_and_beyond(axis, km, rate)

    lost = _lost(operations, resolved.days, streams, draws)
    return marches(resolved, timetable) | losses(resolved, lost, planning, resolved.formations)


def planned_and_beyond(axis: Axis, km: Sequence[float], rate: Array) -> Array:
    """Return the days from H-hour at the places of an axis, shape ``(places, draws)``.

    ``km`` is the distance of each place from the first, ``rate`` the km a day by draw. Objectives
    with a planned date are reached on it, places before them at an even pace, places beyond the
    last at ``rate``. A rate of 0 never gets there.
    """
    due = {place: day for place, day in axis.objectives if not math.isnan(day)}
    terms = {0: axis.starts} | {axis.places.index(place): day for place, day in due.items()}
    known = sorted(terms)
    last = km[known[-1]]
    days = np.interp(km, [km[place] for place in known], [terms[place] for place in known])
    beyond = np.maximum(np.array(km) - last, 0.0)[:, None]
    with np.errstate(divide="ignore", invalid="ignore"):
        return days[:, None] + np.where(beyond > 0.0, beyond / rate, 0.0)


def _lost(
    operations: OtherOperations, days: float, streams: Streams, draws: int
) -> dict[str, Lost]:
    """Shares of its personnel that each coalition loses in so many days.

    Where an operation counts no sick, as many are added as in those that do, for the totals of
    an outcome count them.
    """
    low, high = SICK
    sick = low + (high - low) * streams.uniforms("sceptic/sick", 0, draws)
    rate, sick_counted = operations.attacker.drawn(streams, "sceptic/attacker", draws)
    attacker = np.where(sick_counted, rate * (1.0 - sick), rate)
    rate, captivity = operations.defender.drawn(streams, "sceptic/defender", draws)
    fighting, _ = operations.defender.unmarked.drawn(streams, "sceptic/defender/in-action", draws)
    defender = np.where(captivity, np.minimum(fighting, rate), rate)
    return {
        ATTACKER: _capped(days * attacker, np.zeros(draws), sick),
        DEFENDER: _capped(days * defender, days * (rate - defender), sick),
    }


def _capped(in_action: Array, surrendered: Array, sick: Array) -> Lost:
    """Losses up to the whole strength; ``sick`` is their part (0-1) of all but who surrendered."""
    in_action = np.minimum(in_action, 1.0)
    surrendered = np.minimum(surrendered, 1.0 - in_action)
    fallen_sick = in_action * sick / (1.0 - sick)
    return Lost(in_action, surrendered, np.minimum(fallen_sick, 1.0 - in_action - surrendered))
