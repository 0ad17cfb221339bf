"""Replications told in full: events, battles and the ways of formations, as short as can be."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any

from sandtable.campaign.named import NAMES
from sandtable.report.material import Material
from sandtable.track_columns import Track

EVENT_COLUMNS = ("day", "kind", "formation", "axis", "place", "side", "cause", "text", "battle")
BATTLE_COLUMNS = (
    "battle", "name", "coalition", "place", "start", "end", "days", "columns", "attackers",
    "defenders", "attacker_committed", "defender_committed", "attacker_strength",
    "defender_strength", "ratio", "attacker_casualties", "defender_casualties", "decision",
    "cause", "ground",
)  # fmt: skip
# What changes most often stands first.
TRACK_COLUMNS = ("day", "share", "personnel", "status", "place", "toward", "tanks")
_DAY_DIGITS = 3
# A change of strength alone is told once it comes to this share.
_TOLD = 0.005
_DIGITS = {
    "day": _DAY_DIGITS, "start": _DAY_DIGITS, "end": _DAY_DIGITS, "days": 2, "ratio": 2, "share": 2,
    "ground": 1,
}  # fmt: skip


class Words:
    """Texts that come again and again, each by its number in a list."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def number(self, word: str) -> int:
        """Return the number of a word, a new one for a new word."""
        return self._numbers.setdefault(word, len(self._numbers))

    @property
    def listed(self) -> list[str]:
        """The words in the order of their numbers."""
        return list(self._numbers)


def replications_block(material: Material) -> dict[str, Any]:
    """Return the replications that are told in full, and ``words``, whose numbers stand for texts.

    ``names`` say what each name of a replication means. ``told``: ``number``, what it is ``called``
    (typical, fastest and the like), ``events`` and ``battles`` as rows of ``event_columns`` and
    ``battle_columns``, and ``tracks``, by formation rows of ``track_columns``. A row in which
    nothing but the strength has changed, and that by less than half a percent, is left out, and so
    are a row's last cells that are as in the row before.
    """
    words = Words()
    return {
        "names": NAMES,
        "event_columns": EVENT_COLUMNS,
        "battle_columns": BATTLE_COLUMNS,
        "track_columns": TRACK_COLUMNS,
        "told": [_told(number, material, words) for number in material.told],
        "words": words.listed,
    }


def _told(number: int, material: Material, words: Words) -> dict[str, Any]:
    replay = material.run.replay(number)
    return {
        "number": number,
        "called": [name for name, named in material.run.named.items() if named == number],
        "events": _rows(replay.events, EVENT_COLUMNS, words),
        "battles": _rows(replay.battles, BATTLE_COLUMNS, words),
        "tracks": _tracks(replay.tracks, words),
    }


def _tracks(rows: Iterable[Track], words: Words) -> dict[str, list[list[Any]]]:
    """The tracks by formation."""
    kept: dict[str, list[Track]] = {}
    for row in rows:
        before = kept.setdefault(row.formation, [])
        if not before or _news(before[-1], row):
            before.append(row)
    return {
        formation: _changes(
            [
                [_cell(getattr(row, name), _DIGITS.get(name, 0), words) for name in TRACK_COLUMNS]
                for row in own
            ]
        )
        for formation, own in kept.items()
    }


def _changes(rows: Sequence[list[Any]]) -> list[list[Any]]:
    """Rows without their last cells that are as in the row before."""
    found = list(rows[:1])
    for before, row in pairwise(rows):
        changed = [k for k, now in enumerate(row) if now != before[k]]
        found.append(row[: changed[-1] + 1] if changed else [])
    return found


def _news(before: Track, row: Track) -> bool:
    """Whether a row has more to say than that a few are gone."""
    here, there = (
        (one.place, one.toward, round(one.share, 2), one.status) for one in (before, row)
    )
    lost = max(
        abs(now - then) - _TOLD * then
        for then, now in ((before.personnel, row.personnel), (before.tanks, row.tanks))
    )
    return here != there or lost > 0.0


def _rows(
    told: Sequence[Mapping[str, Any]], columns: Sequence[str], words: Words
) -> list[list[Any]]:
    return [[_cell(row[name], _DIGITS.get(name, 0), words) for name in columns] for row in told]


def _cell(value: Any, digits: int, words: Words) -> Any:
    if isinstance(value, str):
        return words.number(value)
    if isinstance(value, tuple | list):
        return [words.number(word) for word in value]
    if isinstance(value, float):
        return None if math.isnan(value) else _short(value, digits)
    return value


def _short(value: float, digits: int) -> float | int:
    rounded = round(value, digits)
    return int(rounded) if rounded == int(rounded) else rounded
