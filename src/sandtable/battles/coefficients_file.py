"""The coefficients file, as the fit writes it and `sandtable.laws.coefficients` reads it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import tomli_w

from sandtable.battles.fit import (
    Fitted,
    Sample,
    dependence_told,
    fit_sample,
    left_out,
    require_enough,
    sample_of,
)
from sandtable.battles.table import BattleTable, load_table
from sandtable.errors import InputError, Problem
from sandtable.files import write_whole
from sandtable.laws.attrition import SHORTEST_DAYS
from sandtable.laws.fitted import NATIONS, Effects, Fit

WHAT = (
    "Regressions with partial pooling by war, campaign and army, on all battles since 1914 of"
    " the table; unknown factors at the mean of the known; the source's error bounds on"
    " casualties taken out of the residual. Estimates: core, features, then the levels of armies;"
    " covariance: their lower triangle; spread_error: standard deviation of ln(spread)."
)
IS_NOT = "Not fitted on any campaign that is simulated."


_NUMBERS = re.compile(r"\[\n((?:\s+[-+.e\d]+,\n)+)\s*\]")


@dataclass(frozen=True, slots=True)
class FitSummary:
    """What `fit_to_file` did: rows read, battles used by each fit, warnings."""

    out: Path
    table_digest: str
    rows: int
    battles: dict[str, int]
    left_out: dict[str, int]
    warnings: tuple[str, ...]


def fit_to_file(table: Path, out: Path) -> FitSummary:
    """Fit every law on the battle table `table` and write the coefficients to `out`.

    Raises InputError if the table has faults, or too few battles to fit on.
    """
    battles = load_table(table)
    sample = sample_of(battles)
    everything = np.ones(len(sample), dtype=np.bool_)
    require_enough(sample, [("battles", everything)], table)
    with dependence_told(table):
        fitted = fit_sample(sample, everything)
    lost = left_out(battles, sample)
    write(document(battles, sample, fitted, lost), out)
    used = {name: fit.battles for name, fit in fitted.fits.items()}
    return FitSummary(out, battles.digest, len(battles), used, lost, tuple(battles.warnings))


def document(
    table: BattleTable, sample: Sample, fitted: Fitted, lost: dict[str, int]
) -> dict[str, Any]:
    """The content of a coefficients file."""
    starts = sorted(start for start in (table.starts[i] for i in sample.places) if start)
    meta = {
        "what": WHAT,
        "is_not": IS_NOT,
        "table_digest": table.digest,
        "rows": len(table),
        "first_battle": str(starts[0]),
        "last_battle": str(starts[-1]),
        "shortest_days": SHORTEST_DAYS,
        "left_out": lost,
    }
    content: dict[str, Any] = {
        "meta": meta,
        "range": {
            "battles": len(sample),
            **{name: [_round(x) for x in span] for name, span in fitted.range._asdict().items()},
        },
        "factors": {name: [_round(x) for x in scale] for name, scale in fitted.scales.items()},
        "attrition": {},
        "outcome": {"decided": _round(fitted.decided), "shape": _round(fitted.shape)},
        "advance": {"stalled": [_round(x) for x in fitted.stalled]},
    }
    for law, correlation in fitted.correlations.items():
        content["attrition"][law] = {"residual_correlation": _round(correlation)}
    for name, fit in fitted.fits.items():
        *above, last = name.split(".")
        section = content
        for part in above:
            section = section[part]
        section[last] = _section(fit)
    return content


def _section(fit: Fit) -> dict[str, Any]:
    return {
        "battles": fit.battles,
        "core": list(fit.terms.core),
        "features": list(fit.terms.features),
        "estimates": [_round(x) for x in fit.estimates],
        "covariance": [[_round(x) for x in row[: i + 1]] for i, row in enumerate(fit.covariance)],
        "residual_sd": _round(fit.residual_sd),
        "recorded_sd": _round(fit.recorded_sd),
        "effects": {group: _group(group, effects) for group, effects in fit.effects.items()},
    }


def _group(name: str, effects: Effects) -> dict[str, Any]:
    """A group of effects; those of armies stand among the estimates, after the features."""
    found: dict[str, Any] = {
        "spread": _round(effects.spread),
        "spread_error": _round(effects.spread_error),
        "levels": list(effects.levels),
    }
    if name not in NATIONS:
        found["estimates"] = [_round(mean) for mean, _ in effects.levels.values()]
        found["errors"] = [_round(error) for _, error in effects.levels.values()]
    return found


def _round(value: float) -> float:
    # Ten figures: beyond what the optimiser settles, within what a Cholesky needs.
    return float(f"{value:.10g}")


def _on_one_line(numbers: re.Match[str]) -> str:
    return f"[{' '.join(numbers[1].split()).removesuffix(',')}]"


def write(content: dict[str, Any], out: Path) -> None:
    """Write coefficients as TOML: whole or not at all (renamed into place)."""
    text = "# Fitted coefficients of the laws. Generated by the fit; not to be edited.\n"
    text += _NUMBERS.sub(_on_one_line, tomli_w.dumps(content))
    try:
        write_whole(out, text.encode())
    except OSError as error:
        found = error.strerror or str(error)
        raise InputError([Problem(str(out), "file", found, "a file that can be written")]) from None
