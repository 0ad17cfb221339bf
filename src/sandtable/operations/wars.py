"""The war of an operation, by its date and its attackers: operations of one war are held back
together."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from sandtable.operations.armies import attackers_of
from sandtable.operations.table import Operation
from sandtable.shipped import operations_root


@dataclass(frozen=True, slots=True)
class _War:
    """A war between two dates; ``attackers`` who may be meant by an operation in it, if listed."""

    name: str
    first: date
    last: date
    attackers: frozenset[str]


def war_of(operation: Operation) -> str:
    """Return the operation's war.

    It is the first of `operations/wars.csv` within whose dates the operation begins and that lists
    one of its attackers, or else one that lists none (and so takes all); or else a war of the
    first attacker's own, a decade long.
    """
    named = attackers_of(operation.attacker)
    within = [war for war in _wars() if war.first <= operation.start <= war.last]
    for war in within:
        if war.attackers.intersection(named):
            return war.name
    for war in within:
        if not war.attackers:
            return war.name
    return f"{named[0]}, {operation.start.year // 10 * 10}s"


@lru_cache(maxsize=1)
def _wars() -> tuple[_War, ...]:
    path = operations_root() / "wars.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return tuple(
            _War(
                row["war"],
                date.fromisoformat(row["first"]),
                date.fromisoformat(row["last"]),
                frozenset(name.lower() for name in row["attackers"].split(";") if name),
            )
            for row in csv.DictReader(file)
        )
