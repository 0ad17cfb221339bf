"""What `operations fit` prints: the laws, their exam, what else was tried."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from math import sqrt
from typing import Any

from sandtable.cli.output import print_table, print_wrapped, say
from sandtable.laws.operational import REGRESSIONS
from sandtable.operations.exam import LEVELS, Score
from sandtable.operations.fit_file import TOLD, FitSummary

_NOTES = (
    "siege, pocket: ln days; escape: log odds; pursuit: ln km a day; landing: ln men lost a "
    "thousand landed; time: exponents.",
    "Errors are in these units, recorded less predicted; sieges leave a war out at a time, "
    "pursuits an operation, pockets and landings one of them. `time` has too few cases "
    "to leave one out.",
)


def print_fits(summary: FitSummary) -> None:
    """Print every law with its errors, the ranges of contact, and the scores."""
    print_table(
        "Laws of operations", ["law", "term", "estimate>", "cases>", "table"], _laws(summary)
    )
    rows = [[name, f"0 to {b.rate:.2f}", b.where] for name, b in summary.bounds.items()]
    heads = [
        "contact",
        "a thousand men and day>",
        "upper end: lowest rate recorded, fights included",
    ]
    print_table("Contact without a decision", heads, rows)
    covered = [f"inside {level:.0%}>".replace("%", "") for level in LEVELS]
    heads = ["rms error>", "mean error>", *covered, "cases>", "left out in turn>"]
    print_table("On cases left out", ["law", *heads], _scores(summary.scores))
    tried = "Fortress law with other terms, a war left out at a time"
    print_table(tried, ["terms", *heads], _scores(summary.alternatives))
    for note in _NOTES:
        print_wrapped(note)
    if summary.out is not None:
        say(f"written: {summary.out}")


def to_json(summary: FitSummary) -> dict[str, Any]:
    """Return all of it for JSON."""
    return {
        "out": None if summary.out is None else str(summary.out),
        "laws": {
            name: {
                "terms": list(REGRESSIONS[name]),
                "estimates": fit.estimates.tolist(),
                "covariance": fit.covariance.tolist(),
                "spread": fit.spread,
                "spread_error": fit.spread_error,
                "cases": fit.cases,
            }
            for name, fit in summary.fits.items()
        },
        "bounds": {name: asdict(bound) for name, bound in summary.bounds.items()},
        "scores": [asdict(score) for score in summary.scores],
        "alternatives": [asdict(score) for score in summary.alternatives],
    }


def _laws(summary: FitSummary) -> Iterator[list[str]]:
    for name, fit in summary.fits.items():
        told = [str(fit.cases), TOLD[name][0]]
        for i, term in enumerate(REGRESSIONS[name]):
            estimate = f"{fit.estimates[i]:.2f} ± {sqrt(fit.covariance[i, i]):.2f}"
            yield [name, term, estimate, *told]
        yield [name, "spread", f"{fit.spread:.2f} ± {fit.spread * fit.spread_error:.2f}", *told]


def _scores(scores: Sequence[Score]) -> Iterator[list[str]]:
    for s in scores:
        covered = [f"{share:.2f}" for share in s.covered]
        yield [s.law, f"{s.rms:.2f}", f"{s.bias:z.2f}", *covered, str(s.cases), str(s.groups)]
