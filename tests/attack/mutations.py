"""What a careless or hostile hand makes of a file: of its structure, its cells or its bytes."""

from __future__ import annotations

import copy
import csv
import io
from collections.abc import Callable
from datetime import UTC, date, datetime
from random import Random
from typing import Any

VALUES: tuple[Any, ...] = (
    True, False, -1, 0, 1, 3, 1e308, -1e308, 5e-324, float("nan"), float("inf"), -0.0, 2**63,
    10**400, "", " ", "x", "hill", "ussr", "a" * 5000, "\x1b[2J\x1b]0;owned\x07", "\u202egnirts",
    "../../etc/passwd",
    "/dev/zero", "=1+1", "1945-08-09", "9999-12-31", "%s%n", "{}", "..", ".", "*", "\\", "\n", "🙂",
    [], {}, [[]], [{}], {"fact": "none"}, {"assumed": 1}, {"assumed": [2, 1], "because": ""},
    {"assumed": [0, 1e300], "because": "x", "until": "y"}, [1, 2, 3], ["a", "a"], [None],
    datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC), date(1945, 8, 9),
)  # fmt: skip
CELLS = (
    "", " ", "-1", "0", "1e308", "nan", "inf", "-inf", "1e-320", "9" * 400, "x", "=1+1", "\x1b[2J",
    '"', "a,b", "\u202e", "1945-13-40", "9999-12-31", "a" * 3000, "\t", "Japan", "0x10", "1_000",
    "½", "١",
)  # fmt: skip


def mutate_tree(tree: Any, chance: Random) -> Any:
    """Return a tree of dicts and lists with one to four changes somewhere in it."""
    tree = copy.deepcopy(tree)
    for _ in range(chance.randint(1, 4)):
        places = _places(tree)
        if not places:
            return tree
        holder, key = chance.choice(places)
        chance.choice(_TREE_CHANGES)(holder, key, chance)
    return tree


def _places(tree: Any) -> list[tuple[Any, Any]]:
    found: list[tuple[Any, Any]] = []
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        keys = list(node) if isinstance(node, dict) else range(len(node))
        for key in keys:
            found.append((node, key))
            if isinstance(node[key], dict | list):
                waiting.append(node[key])
    return found


def _replace(holder: Any, key: Any, chance: Random) -> None:
    holder[key] = copy.deepcopy(chance.choice(VALUES))


def _remove(holder: Any, key: Any, chance: Random) -> None:
    del holder[key]


def _rename(holder: Any, key: Any, chance: Random) -> None:
    if isinstance(holder, dict):
        names = ("sied", "zzz", "", "a" * 300, "\x1b[2J", str(key)[::-1])
        holder[chance.choice(names)] = holder.pop(key)


def _repeat(holder: Any, key: Any, chance: Random) -> None:
    if isinstance(holder, list):
        holder.extend(copy.deepcopy(holder[key]) for _ in range(chance.choice((1, 2, 30))))


def _wrap(holder: Any, key: Any, chance: Random) -> None:
    holder[key] = chance.choice(([holder[key]], {"a": holder[key]}, [[holder[key]] * 2]))


def _exchange(holder: Any, key: Any, chance: Random) -> None:
    other = chance.choice(list(holder) if isinstance(holder, dict) else range(len(holder)))
    holder[key], holder[other] = holder[other], holder[key]


def _stretch(holder: Any, key: Any, chance: Random) -> None:
    value = holder[key]
    if isinstance(value, int | float) and not isinstance(value, bool):
        holder[key] = value * chance.choice((-1, 0, 1e-9, 1e3, 1e9, 1e200))


_TREE_CHANGES: tuple[Callable[[Any, Any, Random], None], ...] = (
    _replace, _replace, _remove, _rename, _repeat, _wrap, _exchange, _stretch,
)  # fmt: skip


def mutate_table(text: str, chance: Random) -> str:
    """Return a CSV table with one to four changes of cells, rows or columns."""
    rows = list(csv.reader(io.StringIO(text)))
    for _ in range(chance.randint(1, 4)):
        row = chance.choice(rows)
        change = chance.randrange(6)
        if change <= 1 and row:
            row[chance.randrange(len(row))] = chance.choice(CELLS)
        elif change == 2 and row:
            row.pop(chance.randrange(len(row)))
        elif change == 3:
            rows.insert(chance.randrange(len(rows) + 1), list(row))
        elif change == 4:
            row.extend(chance.choice(CELLS) for _ in range(chance.choice((1, 3, 200))))
        elif len(rows) > 1:
            rows.remove(row)
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue()


def mutate_bytes(content: bytes, chance: Random) -> bytes:
    """Return bytes with one to four changes: flipped, cut, repeated, zeroed or put in."""
    data = bytearray(content)
    for _ in range(chance.randint(1, 4)):
        if not data:
            return b"\0"
        at = chance.randrange(len(data))
        size = chance.choice((1, 4, 100, len(data) // 3))
        change = chance.randrange(5)
        if change == 0:
            data[at] ^= 1 << chance.randrange(8)
        elif change == 1:
            del data[at : at + size]
        elif change == 2:
            data[at:at] = data[at : at + size]
        elif change == 3:
            data[at : at + size] = bytes(len(data[at : at + size]))
        else:
            data[at:at] = bytes(chance.randrange(256) for _ in range(min(size, 50)))
    return bytes(data)
