"""What can be wrong with an input, said so that its author can mend it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


class SandtableError(Exception):
    """Any failure that its reader can mend; the message stands on its own."""


class QuantityError(SandtableError, ValueError):
    """A value that cannot be read, or not in the unit asked for."""


class UnknownNameError(SandtableError, KeyError):
    """A name that is none of those there are; `nearest` is the one that was probably meant."""

    def __init__(self, kind: str, name: object, names: Iterable[str]) -> None:
        super().__init__(kind, name)
        self.kind, self.name, self.names = kind, name, names

    @property
    def nearest(self) -> str | None:
        """Looked for only when it is asked for: there may be thousands of names."""
        return nearest(str(self.name), self.names)

    def __str__(self) -> str:
        close = self.nearest
        hint = "" if close is None else f"; did you mean '{close}'?"
        return f"found no {self.kind} '{self.name}'{hint}"


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault of one input.

    `file` is the path as the user gave it, `key` the place in it (a key path or a row's id and
    column), `found` what stands there, `allowed` what may stand there, and `nearest` the valid
    name that was probably meant.
    """

    file: str
    key: str
    found: str
    allowed: str
    nearest: str | None = None

    def __str__(self) -> str:
        text = f"{self.file}: {self.key}: found {self.found}; allowed: {self.allowed}"
        hint = "" if self.nearest is None else f"; did you mean '{self.nearest}'?"
        # An input may hold line breaks; a problem is one line all the same.
        return " ".join((text + hint).splitlines())


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something sound in an input that is hardly meant: a warning, no fault.

    The fields are those of `Problem`; `expected` is what one would look for there.
    """

    file: str
    key: str
    found: str
    expected: str
    nearest: str | None = None

    def __str__(self) -> str:
        hint = "" if self.nearest is None else f"; did you mean '{self.nearest}'?"
        text = f"{self.file}: {self.key}: found {self.found}; expected: {self.expected}{hint}"
        return " ".join(text.splitlines())


class InputError(SandtableError):
    """Inputs that cannot be used; `problems` holds every fault, sorted by file, then key."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: list[Problem] = sorted(problems, key=lambda p: (p.file, p.key))
        if not self.problems:
            raise ValueError("an InputError needs at least one problem")
        super().__init__(self.problems)

    def __str__(self) -> str:
        return "\n".join(str(problem) for problem in self.problems)


def nearest(name: str, names: Iterable[str]) -> str | None:
    """Return that one of `names` which `name` probably stands for, or None if none is close."""
    # difflib costs milliseconds to import and is wanted only when something is wrong.
    from difflib import get_close_matches

    by_lower = {candidate.lower(): candidate for candidate in names}
    close = get_close_matches(name.lower(), by_lower, n=1)
    return by_lower[close[0]] if close else None
