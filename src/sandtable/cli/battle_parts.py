"""What `battles validate --parts` prints."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from sandtable.battles.parts import METHODS, Family, Foretold, PartsValidation, shares_inside
from sandtable.cli.output import figure, print_table, print_wrapped, say
from sandtable.laws.coefficients import SIDES

_NOTES = (
    "covered: man-days of the attackers of the parts, over those of the whole.",
    "Each cell: median and 5 to 95 percent, * where the record lies inside; parts stand beside the "
    "recorded sum of the parts, wholes beside the recorded whole.",
)


def print_parts(found: PartsValidation) -> None:
    """Print a row a battle and side, then how many records lie inside each method's interval."""
    headings = ["battle", "covered>", "side", "recorded: parts>", "whole>", *METHODS]
    rows = [row for family in found.families for row in _rows(family, found.foretold)]
    print_table("Parts of battles and wholes: casualties (persons)", headings, rows)
    for note in _NOTES:
        print_wrapped(note)
    for line in as_lines(found):
        print_wrapped(line)
    for reason, count in found.left_out.items():
        say(f"left out, {reason}: {count}")


def _rows(family: Family, foretold: list[Foretold]) -> Iterator[list[str]]:
    for i, side in enumerate(SIDES):
        own = {f.method: f for f in foretold if (f.battle, f.side) == (family.whole.id, side)}
        count = len(family.parts)
        name = f"{family.whole.name}, {count} part{'' if count == 1 else 's'}"
        recorded = [figure(value) for value in family.recorded(i)]
        cells = [_cell(own[method]) for method in METHODS]
        yield [name, f"{100 * family.covered:.1f}%", side, *recorded, *cells]


def _cell(f: Foretold) -> str:
    return f"{figure(f.median)} ({figure(f.low)} to {figure(f.high)}){'*' if f.inside else ''}"


def as_lines(found: PartsValidation) -> Iterator[str]:
    """How many records lie inside the 90 percent of each method."""
    inside = shares_inside(found.foretold)
    for method in METHODS:
        words = [
            f"{inside[method, side][0]} of {inside[method, side][1]} {side}s" for side in SIDES
        ]
        yield f"{method}: inside 90 percent {', '.join(words)}"


def to_json(found: PartsValidation, written: Sequence[Path]) -> dict[str, Any]:
    """All of it, for JSON."""
    return {
        "battles": [
            {
                "battle": family.whole.id,
                "name": family.whole.name,
                "parts": [part.id for part in family.parts],
                "covered": family.covered,
                "recorded": {
                    side: dict(zip(("parts", "whole"), family.recorded(i), strict=True))
                    for i, side in enumerate(SIDES)
                },
            }
            for family in found.families
        ],
        "foretold": [asdict(f) for f in found.foretold],
        "left_out": found.left_out,
        "warnings": found.warnings,
        "written": written,
    }
