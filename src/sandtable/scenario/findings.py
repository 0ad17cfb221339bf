"""Faults of a scenario, gathered while it is read, each with the file its key stands in."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime, time
from itertools import islice
from typing import TypeVar

from sandtable.errors import MOST_TOLD, InputError, Problem, listed, nearest
from sandtable.plain_text import printable

_T = TypeVar("_T")

NOTHING = "nothing"
"""What is found where a needed key is absent."""
_LONGEST = 80
_DEEPEST = 4


class Findings:
    """Every fault found so far.

    `origin` says which file a key path (or its head) stands in, `aliases` which id is meant by
    another name of a place or the like, in lower case.
    """

    def __init__(self, file: str) -> None:
        self.file = file
        self.origin: dict[str, str] = {}
        self.aliases: dict[str, str] = {}
        self.problems: list[Problem] = []
        self._noted: set[Problem] = set()
        self._faulty: set[str] = set()

    def copy(self) -> Findings:
        """Return another list of the same faults, which grows by itself."""
        other = Findings(self.file)
        other.origin, other.aliases = dict(self.origin), dict(self.aliases)
        for problem in self.problems:
            other.note(problem)
        return other

    def add(
        self,
        key: str,
        found: str,
        allowed: str,
        *,
        name: object = None,
        names: Iterable[str] = (),
        file: str | None = None,
    ) -> None:
        """Note one fault; of `names` that one is proposed which is nearest to `name`."""
        if found == NOTHING and key in self._faulty:
            # What stands there is faulty, and was left out for that.
            return
        close = None
        if isinstance(name, str) and len(self.problems) < MOST_TOLD:
            close = self._nearest(name[:_LONGEST], list(names))
        problem = Problem(
            printable(file or self.file_of(key)), printable(key), printable(found), allowed, close
        )
        self.note(problem)

    def note(self, problem: Problem) -> None:
        """Note a fault that was found elsewhere, once."""
        if problem in self._noted:
            return
        self._noted.add(problem)
        self.problems.append(problem)
        head = problem.key
        while head:
            self._faulty.add(head)
            head = head.rpartition(".")[0]

    def forget(self) -> None:
        """Forget every fault noted so far."""
        self.problems, self._noted, self._faulty = [], set(), set()

    def _nearest(self, name: str, names: list[str]) -> str | None:
        meant = self.aliases.get(name.lower())
        # Where no names are given it is an id that is wrongly spelt.
        if meant is not None and (not names or meant in names):
            return meant
        close = nearest(name, names)
        if close is not None:
            return close
        alias = nearest(name, [other for other, id in self.aliases.items() if id in names])
        return None if alias is None else self.aliases[alias]

    def refer(self, key: str, names: Iterable[str], known: Collection[str], kind: str) -> None:
        """Note each of `names` that isn't `known`; `kind` is what the names stand for."""
        for name in names:
            if name not in known:
                self.add(key, shown(name), f"{kind}: {listed(known)}", name=name, names=known)

    def repeat(self, problem: Problem) -> None:
        """Note a fault that was found elsewhere, under the file in which its key stands."""
        file = printable(self.file_of(problem.key))
        self.note(dataclasses.replace(problem, file=file))

    def file_of(self, key: str) -> str:
        """Return the file in which the key path stands, by its longest known head."""
        return file_of(key, self.origin, self.file)

    def raise_if_any(self) -> None:
        """Raise InputError with every fault noted, if there is one."""
        if self.problems:
            raise InputError(self.problems)


def file_of(key: str, origin: Mapping[str, str], file: str) -> str:
    """Return the file of a key path by its longest head that `origin` knows.

    What isn't there would stand where the head of the scenario does, else in `file`.
    """
    head = key
    while head:
        if head in origin:
            return origin[head]
        head = head.rpartition(".")[0]
    return origin.get("scenario", file)


def shown(value: object) -> str:
    """Return a value as its author may have written it, cut to a readable length."""
    text = _shown(value, 0)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 3] + "..."


def _shown(value: object, depth: int) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int) and value.bit_length() > 256:
        # Python refuses to print integers of some thousand digits.
        return "a number of more than 70 digits"
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if depth == _DEEPEST and isinstance(value, Mapping | list | tuple):
        return "..."
    if isinstance(value, Mapping):
        pairs = (f"{key} = {_shown(item, depth + 1)}" for key, item in _first(value.items()))
        return "{" + ", ".join(pairs) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_shown(item, depth + 1) for item in _first(value)) + "]"
    if isinstance(value, str):
        return f"'{value[:_LONGEST]}'"
    return str(value)


def _first(items: Iterable[_T]) -> list[_T]:
    return list(islice(items, _LONGEST))
