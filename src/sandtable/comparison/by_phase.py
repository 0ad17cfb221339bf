"""A baseline of a campaign that runs through phases: of each phase, and what they come to."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from sandtable.comparison.scores import Array
from sandtable.outcomes import ADVANCE, Kind, of_phase, parse
from sandtable.scenario.resolved import ResolvedScenario
from sandtable.streams import Streams

Baseline = Callable[[ResolvedScenario, Streams], dict[str, Array]]


def by_phase(baseline: Baseline, scenario: ResolvedScenario, seed: int) -> dict[str, Array]:
    """Return a baseline's outcomes by name, shape ``(draws,)``; those of each phase if it has any.

    The phases are taken as campaigns of their own, each with draws of its own. Of the whole,
    counts add up, and an event comes about when it first does; days count from the campaign's
    H-hour, and ground gained along an axis is told by its last day.
    """
    if not scenario.phases:
        return baseline(scenario, Streams(scenario.name, seed))
    found: dict[str, Array] = {}
    whole: dict[str, Array] = {}
    for part in scenario.phases:
        start = scenario.calendar.span(part.phase).start
        said = baseline(part, Streams(of_phase(part.phase, scenario.name), seed))
        for name, values in said.items():
            told = parse(name)
            assert told is not None, name
            if told.form.kind is Kind.MOMENT:
                values = values + start
                whole[name] = np.fmin(values, whole.get(name, np.inf))
            elif told.form is ADVANCE:
                if told.slots["day"] == str(part.calendar.calendar_days):
                    last = scenario.calendar.calendar_days
                    whole[ADVANCE.name(axis=told.slots["axis"], day=last)] = values
            else:
                whole[name] = whole.get(name, 0.0) + values
            found[of_phase(part.phase, name)] = values
    return whole | found
