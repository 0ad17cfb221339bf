"""Dice of a combat results table: the rows that can be rolled, each with its chance."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sandtable.errors import InputError, Problem

KNOWN = ("1d6", "2d6", "3d6", "d8", "d10", "d12", "d20", "d100")
_MOST_ROWS = 20


@dataclass(frozen=True, slots=True)
class Die:
    """Rows from the lowest roll to the highest, with the chance of each; they sum to 1.

    A row is one total, or for a die of more than twenty faces several faces in turn.
    """

    name: str
    rows: tuple[str, ...]
    chances: tuple[float, ...]


def die_named(name: str) -> Die:
    """One of KNOWN; ``d6`` is the same as ``1d6``. Raises InputError for another name."""
    known = {_plain(one): one for one in KNOWN}
    if _plain(name) not in known:
        raise InputError([Problem("--die", "die", repr(name), f"one of {', '.join(KNOWN)}")])
    told = known[_plain(name)]
    count, faces = map(int, re.findall(r"\d+", _plain(told)))
    ways = {0: 1}
    for _ in range(count):
        ways = _one_more(ways, faces)
    totals, chances = list(ways), [n / faces**count for n in ways.values()]
    if len(totals) <= _MOST_ROWS:
        return Die(told, tuple(map(str, totals)), tuple(chances))
    size = faces // _MOST_ROWS
    rows = [f"{first}–{first + size - 1}" for first in range(1, faces + 1, size)]
    return Die(told, tuple(rows), (1.0 / len(rows),) * len(rows))


def _plain(name: str) -> str:
    lower = name.lower()
    return f"1{lower}" if lower.startswith("d") else lower


def _one_more(ways: dict[int, int], faces: int) -> dict[int, int]:
    """In how many ways each total comes about with one more die."""
    found: dict[int, int] = {}
    for total, count in ways.items():
        for face in range(1, faces + 1):
            found[total + face] = found.get(total + face, 0) + count
    return dict(sorted(found.items()))
