"""What `battles validate` prints: tables of scores and the recommended laws."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from sandtable.battles.cross_validation import CROSS, WAR_OUT
from sandtable.battles.scoring import CHANCE_MEASURES, LOGARITHM_MEASURES
from sandtable.battles.validate import Validation
from sandtable.battles.verdicts import (
    ALL_BATTLES,
    KNOWN,
    KNOWN_SOURCE,
    SINCE,
    RecommendedLaw,
    Score,
)
from sandtable.cli.output import print_table, print_wrapped

_LOGARITHMS = ["rms error>", "inside 50>", "inside 90>", "CRPS>"]
_CHANCES = ["Brier>", "AUC>", "right>"]
_MARKS = (
    "* least error; ~ as good with fewer terms (within one standard error of the difference);"
    " > recommended. ± one standard error, jackknife over wars."
)


def print_validation(found: Validation) -> None:
    """Print every score by battles and scheme, what factors are worth, and the laws to use."""
    keys = dict.fromkeys((score.battles, score.scheme) for score in found.scores)
    for battles, scheme in keys:
        own = [s for s in found.scores if (s.battles, s.scheme) == (battles, scheme)]
        choices = [c for c in found.choices if (c.battles, c.scheme) == (battles, scheme)]
        for measures, headings, of in (
            (LOGARITHM_MEASURES, _LOGARITHMS, "ln casualties and ln km/day"),
            (CHANCE_MEASURES, _CHANCES, "probabilities"),
        ):
            rows = list(_rows([s for s in own if s.measure in measures], measures, choices))
            if (battles, scheme) == (SINCE, CROSS):
                rows += _known_rows(measures)
            title = f"{of[0].upper()}{of[1:]}: {scheme}, battles: {battles}"
            print_table(title, ["quantity", "law", "", "terms>", *headings, "battles>"], rows)
    print_wrapped(_MARKS)
    if SINCE in {score.battles for score in found.scores}:
        print_wrapped(f"(known): {KNOWN_SOURCE}, since 1937.")
    _print_worths(found)
    for line in as_lines(found):
        print_wrapped(line)


def _rows(
    scores: Sequence[Score], measures: Sequence[str], choices: Sequence[RecommendedLaw]
) -> Iterator[list[str]]:
    marks = {c.quantity: c for c in choices}
    for quantity, law in dict.fromkeys((s.quantity, s.law) for s in scores):
        own = {s.measure: s for s in scores if (s.quantity, s.law) == (quantity, law)}
        first, choice = next(iter(own.values())), marks[quantity]
        mark = "*" if law == choice.best else "~" if law in choice.as_good else ""
        cells = [_cell(own.get(measure)) for measure in measures]
        mark += ">" if law == choice.recommended else ""
        yield [quantity, law, mark, str(first.terms), *cells, str(first.n)]


def _cell(score: Score | None) -> str:
    return "" if score is None else f"{score.value:.2f} ± {score.error:.2f}"


def _known_rows(measures: Sequence[str]) -> list[list[str]]:
    chosen = [known for known in KNOWN if known.measure in measures]
    rows = []
    for quantity, law in dict.fromkeys((known.quantity, known.law) for known in chosen):
        own = {k.measure: k.value for k in chosen if (k.quantity, k.law) == (quantity, law)}
        cells = [f"{own[m]:.3g}" if m in own else "" for m in measures]
        rows.append([quantity, f"(known) {law}", "", "", *cells, ""])
    return rows


def _print_worths(found: Validation) -> None:
    if not found.worths:
        return
    rows = [
        [w.quantity, w.factor, w.scheme, f"{w.change:+.3f} ± {w.error:.3f}", w.measure, str(w.n)]
        for w in found.worths
        if w.battles == ALL_BATTLES
    ]
    headings = ["quantity", "without", "scheme", "error rises by>", "measure", "battles>"]
    print_table("What each factor of the full laws is worth, all battles", headings, rows)


def as_lines(found: Validation) -> Iterator[str]:
    """The recommended laws, a line a quantity: judged by leaving out wars, on all battles."""
    for choice in found.choices:
        if (choice.scheme, choice.battles) == (WAR_OUT, ALL_BATTLES):
            yield f"recommended for {choice.quantity}: {choice.recommended}"


def to_json(found: Validation, written: Sequence[Path]) -> dict[str, Any]:
    """Everything but the single predictions, for JSON."""
    return {
        "table_digest": found.table_digest,
        "rows": found.rows,
        "battles": len(found.sample),
        "warnings": found.warnings,
        "scores": [asdict(score) for score in found.scores],
        "choices": [asdict(choice) for choice in found.choices],
        "factors": [asdict(worth) for worth in found.worths],
        "known": {"source": KNOWN_SOURCE, "figures": [asdict(known) for known in KNOWN]},
        "written": written,
    }
