"""Replications told in full: events, battles and the ways of formations, as short as can be."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from sandtable.report.material import Material

EVENT_COLUMNS = ("day", "kind", "formation", "axis", "place", "side", "cause", "text", "battle")
BATTLE_COLUMNS = (
    "battle", "name", "coalition", "place", "start", "end", "days", "columns", "attackers",
    "defenders", "attacker_committed", "defender_committed", "attacker_strength",
    "defender_strength", "ratio", "attacker_casualties", "defender_casualties", "decision",
    "cause", "ground",
)  # fmt: skip
_DAY_DIGITS = 3
_DIGITS = {"day": _DAY_DIGITS, "start": _DAY_DIGITS, "end": _DAY_DIGITS, "ratio": 2, "ground": 1}


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

    ``told``: ``number``, what it is ``called`` (typical, fastest and the like), ``events`` and
    ``battles`` as rows of ``event_columns`` and ``battle_columns``.
    """
    words = Words()
    return {
        "event_columns": EVENT_COLUMNS,
        "battle_columns": BATTLE_COLUMNS,
        "told": [_told(number, material, words) for number in material.told],
        "words": words.listed,
    }


def _told(number: int, material: Material, words: Words) -> dict[str, Any]:
    run = material.run
    return {
        "number": number,
        "called": [],
        "events": _rows(run.events, EVENT_COLUMNS, words),
        "battles": _rows(run.battles.of_replication(number), BATTLE_COLUMNS, words),
    }


def _rows(
    told: Sequence[Mapping[str, Any]], columns: Sequence[str], words: Words
) -> list[list[Any]]:
    return [[_cell(row[name], _DIGITS.get(name, 1), words) for name in columns] for row in told]


def _cell(value: Any, digits: int, words: Words) -> Any:
    if isinstance(value, str):
        return words.number(value)
    if isinstance(value, tuple | list):
        return [words.number(word) for word in value]
    if isinstance(value, float):
        return None if math.isnan(value) else _short(value, digits)
    return value


def _short(value: float, digits: int) -> float | int:
    """A number without digits that nobody reads: whole from 100 on."""
    rounded = round(value) if abs(value) >= 100.0 and digits == 1 else round(value, digits)
    return int(rounded) if rounded == int(rounded) else rounded
