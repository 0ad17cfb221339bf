"""What stands at the head of a report: what came out, in a sentence, and how far to trust it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from sandtable.calendar import moment_text
from sandtable.comparison.outcome_scores import Score
from sandtable.figures.context import units_text
from sandtable.figures.style import quantiles
from sandtable.outcomes import CAPTURED, PERSONNEL, is_moment, parse
from sandtable.report.material import Material

_WORST = 5
_BASELINES = {
    "one_battle": "one battle of both sides' whole strength",
    "sceptic": "planned dates and the rates of other operations",
}
"""What each baseline goes by, to a reader who knows neither."""


def head(material: Material) -> dict[str, Any]:
    """Return title, warning, sentences and lists of the head, all in words."""
    run, context = material.run, material.context
    calendar = context.calendar
    scores = run.score()
    start, end = (moment_text(calendar.moment_of(day)) for day in (0.0, calendar.days))
    skill = {name: scores.all.skill[name] for name in scores.baselines}
    return {
        "title": context.title,
        "changes": context.changes,
        "time": f"{start} to {end}",
        "warning": context.warning or "",
        "finding": finding(material),
        "scored": scores.all.outcomes,
        "skill": [
            {"baseline": _BASELINES[name], "skill": str(told)} for name, told in skill.items()
        ],
        "interval": any(not math.isnan(told.low) for told in skill.values()),
        "covered": f"{scores.all.covered_90:.0%}" if scores.all.outcomes else "",
        "nominal": f"{scores.all.nominal_90:.0%}" if scores.all.outcomes else "",
        "missed": len(scores.misses),
        "misses": [_miss(score, material) for score in scores.misses[:_WORST]],
        "command": run.manifest["command"],
        "version": run.manifest["versions"]["sandtable"],
    }


def finding(material: Material) -> str:
    """Return what came out in one sentence: objectives taken, and persons lost by each side."""
    run, context = material.run, material.context
    objectives, losses, count = [], [], len(run.numbers)
    for name in run.manifest["headline"]:
        told = parse(name)
        assert told is not None
        if told.form is CAPTURED:
            objectives.append(name)
        elif told.form is PERSONNEL and told.slots["casualty"] == "total":
            low, _, middle, _, high = map(_short, quantiles(run.outcomes[name]).tolist())
            if high:
                side = context.name(told.slots["side"])
                interval = f" ({low:,}–{high:,})" if count > 1 else ""
                losses.append(f"{side} {middle:,}{interval}")
    parts = []
    if objectives:
        taken = sum(np.isfinite(run.outcomes[name]).mean() >= 0.5 for name in objectives)
        parts.append(f"{taken} of {len(objectives)} objectives are taken")
    if losses:
        brackets = ", 5 to 95 percent in brackets" if count > 1 else ""
        parts.append(f"the losses in persons are {_listed(losses)}{brackets}")
    begin = "In the one replication" if count == 1 else f"In the median of {count:,} replications"
    return f"{begin}, {'; '.join(parts)}." if parts else f"{context.counted}."


def _listed(words: Sequence[str]) -> str:
    *first, last = words
    return f"{', '.join(first)} and {last}" if first else last


def _short(count: float) -> int:
    """A number of persons to three digits: what comes after is chance."""
    return int(float(f"{count:.3g}"))


def _miss(score: Score, material: Material) -> dict[str, str]:
    context = material.context
    unit = "" if is_moment(score.outcome) else f" {units_text(score.unit)}"
    median = "never" if math.isinf(score.p50) else context.value_text(score.outcome, score.p50)
    record = context.range_text(score.outcome, score.truth_low, score.truth_high)
    return {
        "label": context.describe(score.outcome),
        "run": f"{median}{unit}",
        "record": f"{record}{unit}",
    }
