"""``planning.toml``: read, checked against `planning.Planning`, ready for draws, and as a table."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from functools import lru_cache
from importlib.resources import files
from math import isfinite
from pathlib import Path
from typing import Any, get_args, get_origin, get_type_hints

from sandtable.errors import InputError, Problem, nearest
from sandtable.files import read_bounded
from sandtable.laws.planning import Planning, Table
from sandtable.ranges import Factor, Sampler, Uncertain
from sandtable.toml_text import MAX_BYTES, toml_of

_TOLD = ("source", "unit")
"""Keys of every section besides its figures."""


@dataclass(frozen=True, slots=True)
class PlanningSampler:
    """The planning figures with their ranges; a range is drawn anew in each replication.

    ``symbolic`` has an `Uncertain` for each range; ``named`` the same figures by dotted key;
    ``sources`` those of each section; ``digest`` is the file's sha256.
    """

    symbolic: Planning
    named: Mapping[str, float | Table]
    sources: Mapping[str, str]
    digest: str
    sampler: Sampler[Planning]

    @property
    def uncertain(self) -> tuple[str, ...]:
        """Keys of the uncertain figures, in alphabetical order."""
        return self.sampler.uncertain

    def draw(self, u: Sequence[float]) -> Planning:
        """Draw every figure; ``u`` holds a number in [0, 1) for each uncertain one.

        Raises ValueError for any other count.
        """
        return self.sampler.draw(u)


def load_planning(path: Path | None = None) -> PlanningSampler:
    """Read and check a file of planning figures; without ``path``, the one that is shipped.

    Raises InputError with every key that is missing, unknown or of the wrong kind.
    """
    if path is not None:
        return _parse(read_bounded(path, MAX_BYTES, "planning figures"), str(path))
    shipped = files("sandtable.laws") / "planning.toml"
    return _parse(shipped.read_bytes(), str(shipped))


@lru_cache(maxsize=2)
def _parse(content: bytes, file: str) -> PlanningSampler:
    document = toml_of(content, file)
    reader = _Reader(file)
    symbolic = reader.read(Planning, document, "")
    if reader.problems:
        raise InputError(reader.problems)
    ranges = sorted(key for key, figure in reader.named.items() if isinstance(figure, Uncertain))
    digest = hashlib.sha256(content).hexdigest()
    return PlanningSampler(
        symbolic, reader.named, reader.sources, digest, Sampler(symbolic, ranges)
    )


class _Reader:
    """Builds the figures that a type asks for; what is wrong is collected, and 0 stands in."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []
        self.named: dict[str, float | Table] = {}
        self.sources: dict[str, str] = {}

    def read(self, kind: Any, value: Any, key: str) -> Any:
        """What the file holds under a key, as a section, a mapping, a table or a figure."""
        if isinstance(kind, type) and is_dataclass(kind):
            hints = get_type_hints(kind)
            keys = {f.metadata.get("key", f.name): hints[f.name] for f in fields(kind)}
            parts = self._parts(keys, value, key)
            return kind(*parts.values()) if parts.keys() == keys.keys() else None
        if get_origin(kind) is Mapping or kind is Mapping:
            words, of = get_args(kind)
            return self._parts(dict.fromkeys(get_args(words), of), value, key)
        figure = self._table(value, key) if kind == Table else self._figure(value, key)
        self.named[key] = figure
        return figure

    def _parts(self, kinds: Mapping[str, Any], value: Any, key: str) -> dict[str, Any]:
        """The parts of a section; every key is asked for, and no other may stand there."""
        if not isinstance(value, dict):
            self._wrong(key, repr(value), "a table")
            return {}
        told = _TOLD if key else ()
        for name in value:
            if name not in kinds and name not in told:
                self._wrong(_join(key, name), "an unknown key", _list(kinds), nearest(name, kinds))
        for name in kinds:
            if name not in value:
                self._wrong(_join(key, name), "nothing", "required", nearest(name, value))
        parts = {
            name: self.read(kind, value[name], _join(key, name))
            for name, kind in kinds.items()
            if name in value
        }
        if "source" in value and told:
            self.sources[key] = str(value["source"])
        return parts

    def _figure(self, value: Any, key: str) -> float:
        """A number, or a range: two numbers, or a table with low and high."""
        ends = value
        if isinstance(value, dict) and {"low", "high", "source"} <= value.keys():
            ends = [value["low"], value["high"]]
            self.sources[key] = str(value["source"])
        if _is_number(ends):
            return float(ends)
        if isinstance(ends, list) and len(ends) == 2 and all(map(_is_number, ends)):
            low, high = map(float, ends)
            if low < high:
                return Uncertain((Factor(key, low, high),))
        allowed = "a number, a range [low, high], or a table with low, high and source"
        self._wrong(key, repr(value), allowed)
        return 0.0

    def _table(self, value: Any, key: str) -> Table:
        if isinstance(value, list) and value and all(map(_is_number, value)):
            return tuple(map(float, value))
        self._wrong(key, repr(value), "an array of numbers")
        return ()

    def _wrong(self, key: str, found: str, allowed: str, near: str | None = None) -> None:
        self.problems.append(Problem(self.file, key, found, allowed, near))


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)


def _join(section: str, key: str) -> str:
    return f"{section}.{key}" if section else key


def _list(names: Iterable[str]) -> str:
    return "one of " + ", ".join(names)


def render_markdown() -> str:
    """The planning figures as a Markdown table, a row a section, as docs/model.md shows them."""
    planning = load_planning()
    rows = ["| section | figures | source |", "|---|---|---|"]
    for section, source in planning.sources.items():
        own = [planning.named[section]] if section in planning.named else []
        below = sorted(name for name in planning.named if name.rpartition(".")[0] == section)
        figures = [_shown(figure) for figure in own]
        figures += [f"{name.rpartition('.')[2]} {_shown(planning.named[name])}" for name in below]
        rows.append(f"| `{section}` | {'; '.join(figures)} | {source} |")
    return "\n".join(rows)


def _shown(figure: float | Table) -> str:
    if isinstance(figure, tuple):
        return ", ".join(f"{x:g}" for x in figure)
    if isinstance(figure, Uncertain):
        return "{:g} to {:g}".format(*figure.span)
    return f"{figure:g}"
