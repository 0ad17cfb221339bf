"""The file of the laws of operations, as `sandtable.laws.operational` reads it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sandtable.battles.coefficients_file import write
from sandtable.laws.operational import REGRESSIONS
from sandtable.operations.exam import Score, alternatives, examine
from sandtable.operations.fit import Bound, Tables, bounds_of, fit_all, read_tables
from sandtable.operations.regressions import Fitted

WHAT = (
    "Regressions on sieges, pockets, exploitations, landings and daily losses of other wars since"
    " 1914; rows of low confidence decide nothing; sieges that were raised, or left to the end of"
    " the war, are censored."
)
IS_NOT = (
    "Not fitted on any campaign that is simulated. Contact without a decision has no cases of its"
    " own: its ranges run from nothing to the least that was recorded, fights included."
)
TOLD: Mapping[str, tuple[str, str]] = {
    "siege": (
        "sieges.csv",
        "ln days from investment of permanent works (constant); field works or a town more. Two"
        " thirds of the cases are of one war. The garrison's size and an open way add nothing.",
    ),
    "pocket": (
        "pockets.csv",
        "ln days of pockets in the field that no air lift kept alive; all but one of one war.",
    ),
    "escape": (
        "pockets.csv",
        "log odds that a man of such a pocket escapes.",
    ),
    "pursuit": (
        "pursuits.csv",
        "ln km a day with halts once the defence is broken; straight lines lengthened by a road's"
        " winding; one war.",
    ),
    "landing": (
        "landings.csv",
        "ln men lost a thousand landed on the first day of a landing under fire, at sea and on the"
        " beach. Whether guns had been silenced before is not borne out.",
    ),
    "time": (
        "daily.csv",
        "exponents of a battle's cumulative casualties; two phases of one battle.",
    ),
}
"""Table and limits of each regression."""


@dataclass(frozen=True, slots=True)
class FitSummary:
    """What `fit_to_file` did; ``out`` is None if nothing was to be written."""

    out: Path | None
    fits: dict[str, Fitted]
    bounds: dict[str, Bound]
    scores: list[Score]
    alternatives: list[Score]


def fit_to_file(folder: Path, out: Path | None) -> FitSummary:
    """Fit the laws of operations on the tables of a folder, and write them to ``out``.

    Raises InputError if a table has faults or too few cases, or if ``out`` cannot be written.
    """
    tables = read_tables(folder)
    fits, bounds = fit_all(tables, folder), bounds_of(tables, folder)
    if out is not None:
        write(document(tables, fits, bounds), out)
    return FitSummary(out, fits, bounds, examine(tables), alternatives(tables.sieges))


def document(
    tables: Tables, fits: Mapping[str, Fitted], bounds: Mapping[str, Bound]
) -> dict[str, Any]:
    """Return the content of a file of fits."""
    content: dict[str, Any] = {
        "meta": {"what": WHAT, "is_not": IS_NOT, "tables": dict(tables.digests)}
    }
    for name, fitted in fits.items():
        table, limits = TOLD[name]
        content[name] = {
            "cases": fitted.cases,
            "terms": list(REGRESSIONS[name]),
            "estimates": [_round(x) for x in fitted.estimates],
            "covariance": [[_round(x) for x in row] for row in fitted.covariance],
            "spread": _round(fitted.spread),
            "spread_error": _round(fitted.spread_error),
            "table": table,
            "limits": limits,
        }
    for name, bound in bounds.items():
        section, key = name.split(".")
        content.setdefault(section, {})[key] = {
            "range": [0.0, _round(bound.rate)],
            "least": bound.where,
        }
    return content


def _round(value: float) -> float:
    # Eight figures: what the optimiser settles.
    return float(f"{value:.8g}")
