"""What `battles validate --cut` prints."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from sandtable.battles.invariance import CUTS, QUANTITIES, SETTINGS, Invariance, Ratio
from sandtable.cli.output import print_table, print_wrapped, say

_NOTES = (
    "Cut over whole: median, and share of the battles within 0.7 and 1.3. Same random numbers.",
    "few: attrition, works, cohesion, withdrawal and opposed advance alone. no luck: no spread, "
    "and the attack succeeds.",
)


def print_invariance(found: Invariance) -> None:
    """Print each cut in each setting."""
    headings = ["cut", "setting", "battles>", *(f"{name}>" for name in _CALLED)]
    title = f"Battles cut in pieces, {found.battles} of {found.rows}"
    print_table(title, headings, _rows(found.ratios))
    for note in _NOTES:
        print_wrapped(note)
    for reason, count in found.left_out.items():
        say(f"left out, {reason}: {count}")


_CALLED = ("attacker's losses", "defender's losses", "days", "km gained")


def _rows(ratios: Sequence[Ratio]) -> Iterator[list[str]]:
    for key in ((str(cut), setting) for cut in CUTS for setting in SETTINGS):
        own = {r.quantity: r for r in ratios if (r.cut, r.setting) == key}
        if own:
            most = max(r.battles for r in own.values())
            yield [*key, str(most), *(_cell(own.get(name)) for name in QUANTITIES)]


def _cell(ratio: Ratio | None) -> str:
    return "" if ratio is None else f"{ratio.median:.2f}, {100 * ratio.near:.0f}%"


def as_lines(found: Invariance) -> Iterator[str]:
    """The least share of battles near the whole in each cut, of any quantity and setting."""
    for cut in map(str, CUTS):
        own = [r.near for r in found.ratios if r.cut == cut]
        if own:
            yield f"{cut}: {100 * min(own):.0f}% of the battles near the whole"


def to_json(found: Invariance, written: Sequence[Path]) -> dict[str, Any]:
    """All of it, for JSON."""
    return asdict(found) | {"written": written}
