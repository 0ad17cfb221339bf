"""Battles of many replications in numbers, as they go from a process to the run's folder."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sandtable.battle_columns import BATTLE_COLUMNS

_KINDS = [column.kind for column in BATTLE_COLUMNS.values()]


class BattleRows(NamedTuple):
    """Battles and their phases, a row each, by replication.

    ``numbers`` has shape (rows, 1 + columns): the replication's number, then the columns of
    ``BATTLE_COLUMNS``. A text stands there as its place in ``words``, of ids in a list there is
    their count; the places of the ids themselves follow one another in ``ids``, row by row.
    """

    numbers: NDArray[np.float64]
    ids: NDArray[np.int32]
    words: tuple[str, ...]

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return all of it as arrays by name, as they are stored."""
        text = np.frombuffer("\n".join(self.words).encode(), dtype=np.uint8)
        return {"battles": self.numbers, "battle_ids": self.ids, "battle_words": text}

    @classmethod
    def of_arrays(cls, arrays: Sequence[NDArray[Any]]) -> BattleRows:
        """Make it again of the values of `arrays`, in their order."""
        numbers, ids, text = arrays
        return cls(numbers, ids, tuple(text.tobytes().decode().split("\n")))

    def places(self, column: int) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """Return the places of all ids of a list column, and how many each row has."""
        lists = [k for k, kind in enumerate(_KINDS, 1) if kind == "texts"]
        counts = self.numbers[:, lists].astype(np.int32)
        which = np.tile(np.arange(len(lists)), len(counts))
        mine = np.repeat(which, counts.ravel()) == lists.index(column)
        return self.ids[mine], counts[:, lists.index(column)]


def battle_rows(found: Iterable[tuple[int, Iterable[Sequence[Any]]]]) -> BattleRows:
    """Put rows of the engine into numbers; each replication comes with its number."""
    words: dict[str, int] = {}
    numbers: list[list[float]] = []
    ids: list[int] = []
    for replication, rows in found:
        for row in rows:
            values: list[float] = [replication]
            for kind, value in zip(_KINDS, row, strict=True):
                if kind == "text":
                    values.append(words.setdefault(value, len(words)))
                elif kind == "texts":
                    ids += [words.setdefault(word, len(words)) for word in value]
                    values.append(len(value))
                else:
                    values.append(value)
            numbers.append(values)
    shape = (len(numbers), 1 + len(_KINDS))
    return BattleRows(
        np.array(numbers, dtype=np.float64).reshape(shape),
        np.array(ids, dtype=np.int32),
        tuple(words),
    )


NO_BATTLES = battle_rows(())
