"""What `battles validate --run` prints: a run's battles outside the table's range."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sandtable.battles.beyond_table import Outside
from sandtable.cli.output import figure, figures, print_table, print_wrapped


def print_outside(found: Sequence[Outside], run: str) -> None:
    """Print a row a quantity."""
    headings = ["quantity", "unit", "table>", "its middle 90%>", "battles>", "below>", "above>",
                "outside>", "outside the middle>"]  # fmt: skip
    print_table(f"Battles outside the table's range: {run}", headings, map(_cells, found))
    print_wrapped(
        "Shares of the battles of all replications, without their phases; days without battles "
        "that the campaign's end cut short. The laws are extrapolated outside the table."
    )


def _cells(one: Outside) -> list[str]:
    return [
        one.quantity,
        one.unit,
        figures(one.range.low, one.range.high),
        figures(one.range.p05, one.range.p95),
        figure(float(one.battles)),
        _share(one.below),
        _share(one.above),
        _share(one.below + one.above),
        _share(one.beyond_middle),
    ]


def _share(value: float) -> str:
    return figure(None) if value != value else f"{value:.1%}"


def as_lines(found: Sequence[Outside]) -> Iterator[str]:
    """A line a quantity: its name and the share outside the table."""
    for one in found:
        yield f"{one.quantity} {one.below + one.above:.4g}"


def to_json(found: Sequence[Outside]) -> dict[str, Any]:
    """All of it, for JSON."""
    return {"outside": [{**one._asdict(), "range": one.range._asdict()} for one in found]}
