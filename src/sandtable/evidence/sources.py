"""The documents that the register draws on: `sources.toml`, one table an id."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sandtable.errors import InputError, Problem, nearest, toml_problem
from sandtable.evidence.rows import SourceEntry
from sandtable.files import read_bounded
from sandtable.outcomes import SLUG
from sandtable.toml_text import MAX_BYTES, MAX_DEPTH, TooDeepError, parse_toml

_DIGEST = re.compile(r"[0-9a-f]{64}")
_KEYS = SourceEntry.model_fields
REQUIRED = tuple(name for name, key in _KEYS.items() if key.is_required())


@dataclass(frozen=True, slots=True)
class Source:
    """One document: what it is, what it is good for, and where it is known to err.

    `digest` is the SHA-256 of its file in hexadecimal, for documents that can be laid beside the
    register; their rows cite a line. None for all others. `url` is where it was read, if known.
    """

    id: str
    title: str
    kind: str
    good_for: str
    digest: str | None
    url: str | None
    known_errors: tuple[str, ...]
    author: str | None = None
    year: int | None = None

    @property
    def reference(self) -> str:
        """Author, title and year, as far as they are known."""
        author = f"{self.author}, " if self.author else ""
        return f"{author}{self.title}" + (f" ({self.year})" if self.year else "")


def read_sources(path: Path) -> tuple[dict[str, Source], list[Problem]]:
    """Read `sources.toml`; return the sound entries by id and every problem."""
    file = str(path)
    try:
        text = read_bounded(path, MAX_BYTES, "a TOML file").decode("utf-8-sig")
    except InputError as error:
        return {}, error.problems
    except UnicodeDecodeError as error:
        found = f"byte 0x{error.object[error.start]:02x} at offset {error.start}"
        return {}, [Problem(file, "encoding", found, "UTF-8 text")]
    try:
        tables = parse_toml(text)
    except TooDeepError as error:
        return {}, [Problem(file, "file", str(error), f"at most {MAX_DEPTH} levels")]
    except ValueError as error:
        return {}, [toml_problem(file, text, error)]
    if not tables:
        return {}, [Problem(file, "file", "no entry", "one table a document, [its-id]")]
    sources: dict[str, Source] = {}
    problems: list[Problem] = []
    for name, entry in tables.items():
        faults = list(_entry_problems(file, name, entry))
        problems += faults
        if not faults:
            sources[name] = Source(
                id=name,
                title=entry["title"],
                kind=entry["kind"],
                good_for=entry["good_for"],
                digest=entry.get("digest"),
                url=entry.get("url"),
                known_errors=tuple(entry.get("known_errors", ())),
                author=entry.get("author"),
                year=entry.get("year"),
            )
    return sources, problems


def load_sources(root: Path) -> dict[str, Source]:
    """Return the register's documents by id.

    Raises InputError with every problem of `sources.toml`.
    """
    sources, problems = read_sources(root / "sources.toml")
    if problems:
        raise InputError(problems)
    return sources


def _entry_problems(file: str, name: str, entry: object) -> Iterator[Problem]:
    if not re.fullmatch(SLUG, name):
        allowed = "lower-case words and digits joined by hyphens"
        yield Problem(file, name, f"the id '{name}'", allowed)
    if not isinstance(entry, dict):
        yield Problem(file, name, repr(entry), f"a table, [{name}]")
        return
    known = tuple(_KEYS)
    for key in sorted(entry.keys() - set(known)):
        yield Problem(
            file, f"{name}.{key}", "an unknown key", ", ".join(known), nearest(key, known)
        )
    for key in (*REQUIRED, "author"):
        value = entry.get(key)
        if value is None and key not in REQUIRED:
            continue
        if not isinstance(value, str) or not value.strip():
            found = "nothing" if value is None else repr(value)
            yield Problem(file, f"{name}.{key}", found, "some words")
    digest = entry.get("digest", "0" * 64)
    if not isinstance(digest, str) or not _DIGEST.fullmatch(digest):
        yield Problem(file, f"{name}.digest", repr(digest), "a SHA-256 in 64 hexadecimal digits")
    url = entry.get("url", "http")
    if not isinstance(url, str) or not url.startswith("http"):
        yield Problem(file, f"{name}.url", repr(url), "an address that begins with http")
    year = entry.get("year", 1000)
    if type(year) is not int or not 1000 <= year <= 9999:
        yield Problem(file, f"{name}.year", repr(year), "a year of four digits")
    errors = entry.get("known_errors", [])
    if not isinstance(errors, list) or not all(isinstance(text, str) for text in errors):
        yield Problem(file, f"{name}.known_errors", repr(errors), "a list of sentences")
