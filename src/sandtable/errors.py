"""What can be wrong with an input, said so that its author can mend it."""

from __future__ import annotations

import re
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


class MissingPackageError(SandtableError):
    """A package that one of the extras brings is not installed; ``what`` needs it."""

    def __init__(self, what: str, package: str, extra: str) -> None:
        command = f"pip install 'sandtable-campaigns[{extra}]'"
        super().__init__(f"{what} needs {package}, which is not installed: {command}")


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault of one input.

    `file` is the path as the user gave it, `key` the place in it (a key path or a row's id and
    column), `found` what stands there, `allowed` what may stand there, and `nearest` the valid
    name that was probably meant. An option of the command line stands for `file`, and is told
    once if `key` is its name.
    """

    file: str
    key: str
    found: str
    allowed: str
    nearest: str | None = None

    def __str__(self) -> str:
        place = self.file if self.file == f"--{self.key}" else f"{self.file}: {self.key}"
        text = f"{place}: found {self.found}; allowed: {self.allowed}"
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


MOST_TOLD = 100
"""Problems that a message lists; whoever has more hears how many."""


class InputError(SandtableError):
    """Inputs that cannot be used; `problems` holds every fault, sorted by file, then key."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: list[Problem] = sorted(problems, key=lambda p: (p.file, p.key))
        if not self.problems:
            raise ValueError("an InputError needs at least one problem")
        super().__init__(self.problems)

    def __str__(self) -> str:
        told = [str(problem) for problem in self.problems[:MOST_TOLD]]
        left = len(self.problems) - MOST_TOLD
        return "\n".join([*told, f"and {left:,} more problems"] if left > 0 else told)


_LONGEST_LINE = 60
# How the parser's messages begin, and what is probably wrong.
_TOML_FAULTS = {
    "Invalid value": "something that is no value (text stands in quotes)",
    "Expected '=' after a key": "a key without '=' after it",
    "Expected ']' at the end of a table": "a table heading without its closing ']'",
    "Expected ']]' at the end of an array": "a table heading without its closing ']]'",
    "Unclosed array": "a list without a comma between two values, or without its closing ']'",
    "Unclosed inline table": "a table in braces without a comma between two keys, or without '}'",
    "Unterminated string": "text without its closing quote",
    "Illegal character '\\n'": "text without its closing quote",
    "Unescaped '\\'": "a backslash in text: write it twice, or put the text in single quotes",
    "Cannot overwrite a value": "a key that was given before",
    "Cannot declare": "a table that was given before",
    "Cannot mutate": "a key added to a table or list that was given whole before",
    "Duplicate inline table key": "a key given twice in a table in braces",
    "Expected newline or end of document": "something more on the line after the value",
    "Invalid statement": "a line that is neither KEY = VALUE nor a table heading",
    "Invalid initial character for a key part": "a key that does not begin with a letter or digit",
    "Invalid date or datetime": "a day or hour that no calendar has",
}
_AT = re.compile(r"(.*?) \(at (?:line (\d+), column (\d+)|end of document)\)", re.DOTALL)


# Where the parser stops at a moment that has none: the date alone is a value.
_HOUR = re.compile(r"T\d{2}:\d{2}(?!:)")


def toml_problem(file: str, text: str, error: ValueError) -> Problem:
    """Tell where a file is no TOML, with that line, and what is probably wrong there."""
    told = _AT.fullmatch(str(error))
    message, line, column = told.groups() if told else (str(error), None, None)
    found = next(
        (said for start, said in _TOML_FAULTS.items() if message.startswith(start)), message
    )
    if line is None or column is None:
        place, shown = "end of file", ""
    else:
        place = f"line {line}, column {column}"
        whole = text.splitlines()[int(line) - 1]
        if _HOUR.match(whole, int(column) - 1):
            found = "a moment without seconds: write them, as 05:45:00"
        written = whole.strip()[:_LONGEST_LINE]
        shown = f", in: {written}" if written.isprintable() else ""
    return Problem(file, place, f"broken TOML: {found}{shown}", "TOML")


_LISTED = 12


def listed(names: Iterable[str]) -> str:
    """Return names as a message lists them: the first dozen, and how many more there are."""
    every = list(names)
    more = f" and {len(every) - _LISTED} more" if len(every) > _LISTED else ""
    return (", ".join(every[:_LISTED]) or "none") + more


def nearest(name: str, names: Iterable[str]) -> str | None:
    """Return that one of `names` which `name` probably stands for, or None if none is close."""
    # difflib costs milliseconds to import and is wanted only when something is wrong.
    from difflib import get_close_matches

    by_lower = {candidate.lower(): candidate for candidate in names}
    close = get_close_matches(name.lower(), by_lower, n=1)
    return by_lower[close[0]] if close else None
