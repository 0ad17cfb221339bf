"""What a run's scores come to, as `run` and `compare` print it."""

from __future__ import annotations

import math
from collections.abc import Iterator

from sandtable.calendar import Calendar
from sandtable.cli.output import figure, figures, print_table, print_wrapped
from sandtable.comparison import Score, Scores, Skill, Status
from sandtable.outcomes import is_moment
from sandtable.plain_text import NBSP

_WORST = 5


def print_headline(scores: Scores, calendar: Calendar) -> None:
    """Print skill by kind against each baseline, calibration, bounds and the worst misses."""
    print_wrapped(_counts(scores))
    if scores.all.outcomes:
        print_table(
            "Skill: 1 is faultless, 0 no better than the baseline (of N that it tells)",
            ["kind", "outcomes>", *(f"{name.replace('_', ' ')}>" for name in scores.baselines)],
            [
                [kind.kind, str(kind.outcomes)]
                + [skill_text(kind.skill[name], kind.outcomes) for name in scores.baselines]
                for kind in scores.kinds
            ],
        )
    for line in _lines(scores, calendar):
        print_wrapped(line)


def _counts(scores: Scores) -> str:
    count = scores.all.outcomes
    told = f"{_number(count, 'outcome')} scored"
    if count > 1 and not math.isnan(scores.effective):
        told += f", worth {scores.effective:.2g} independent ones"
    rest = [
        (scores.count(Status.BOUND), "with bounds only"),
        (scores.count(Status.GIVEN), "given by an order"),
        (scores.count(Status.TESTS_NOTHING), "whose claims any answer meets"),
    ]
    beside = ", ".join(f"{number} {words}" for number, words in rest if number)
    return told + (f"; {beside}" if beside else "")


def skill_text(skill: Skill, outcomes: int) -> str:
    """The skill, with the number of outcomes if the baseline lacks some."""
    told = str(skill).replace(", ", f",{NBSP}")
    return f"{told} of{NBSP}{skill.outcomes}" if 0 < skill.outcomes < outcomes else told


def _lines(scores: Scores, calendar: Calendar) -> Iterator[str]:
    every = scores.all
    without = [
        kind.kind
        for kind in scores.kinds
        if any(s.outcomes and math.isnan(s.low) for s in kind.skill.values())
    ]
    if without:
        yield f"no interval for {', '.join(without)}: they lie on too few axes and sides"
    if every.outcomes:
        held = [every.covered_50, every.covered_80, every.covered_90]
        due = [every.nominal_50, every.nominal_80, every.nominal_90]
        yield (
            f"the middle 50, 80 and 90 percent hold {_percents(held)} percent of the record; "
            f"{_percents(due)} if the run were calibrated"
        )
    bounds = scores.bounds
    if bounds.claims:
        yield (
            f"{_number(bounds.claims, 'bound')} on {_number(bounds.outcomes, 'outcome')}: kept in "
            f"{bounds.kept:.0%} of replications, Brier score {figure(bounds.brier)}"
        )
    if scores.misses:
        yield misses_text(scores, calendar)


def misses_text(scores: Scores, calendar: Calendar) -> str:
    """Return the worst misses by name, of a run that has some."""
    told = "; ".join(_miss_text(score, calendar) for score in scores.misses[:_WORST])
    first = ", the worst first" if len(scores.misses) > 1 else ""
    return f"{_number(len(scores.misses), 'outcome')} missed{first}: {told}"


def _number(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _percents(shares: list[float]) -> str:
    *first, last = (f"{100 * share:.0f}" for share in shares)
    return f"{', '.join(first)} and {last}"


def _miss_text(score: Score, calendar: Calendar) -> str:
    """``captured/hutou 11 Aug, record 26 Aug``: the run's median beside the record."""
    if is_moment(score.outcome):
        median = calendar.date_text(score.p50) if math.isfinite(score.p50) else "never"
        record = calendar.dates_text(score.truth_low, score.truth_high)
    else:
        median, record = figure(score.p50), figures(score.truth_low, score.truth_high)
    return f"{score.outcome} {median}, record {record}"
