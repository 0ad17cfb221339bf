"""Planning figures: published rates and stated assumptions that aren't fitted on battles.

They stand in ``planning.toml``, each with its source; a pair of numbers is a range, drawn
anew in each replication.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

Table = tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Planning:
    """All planning figures by dotted name, with their ranges.

    ``fixed`` holds the single figures, ``tables`` the longer lists, ``ranges`` what is
    uncertain, in the order of ``uncertain``; ``sources`` gives the source of each section.
    """

    fixed: Mapping[str, float]
    tables: Mapping[str, Table]
    ranges: Mapping[str, tuple[float, float]]
    sources: Mapping[str, str]
    digest: str

    @property
    def uncertain(self) -> tuple[str, ...]:
        """Names of the uncertain figures, in alphabetical order."""
        return tuple(self.ranges)

    def draw(self, u: Sequence[float]) -> dict[str, float]:
        """Draw every figure by name; ``u`` holds a number in [0, 1) for each uncertain one."""
        drawn = dict(self.fixed)
        for (name, (low, high)), share in zip(self.ranges.items(), u, strict=True):
            drawn[name] = low + share * (high - low)
        return drawn


def shares_of(drawn: Mapping[str, float], section: str, names: Sequence[str]) -> Table:
    """Drawn figures of a section, in the order of ``names``, made to sum to 1."""
    raw = [drawn[f"{section}.{name}"] for name in names]
    total = sum(raw)
    return tuple(share / total for share in raw)


@cache
def load_planning() -> Planning:
    """Read the shipped planning figures."""
    import hashlib

    content = (files("sandtable.laws") / "planning.toml").read_bytes()
    document = tomllib.loads(content.decode())
    fixed: dict[str, float] = {}
    tables: dict[str, Table] = {}
    ranges: dict[str, tuple[float, float]] = {}
    sources: dict[str, str] = {}
    for name, value in _leaves(document, ""):
        section, _, key = name.rpartition(".")
        if key in ("source", "unit"):
            sources.setdefault(section, str(value))
            if key == "source":
                sources[section] = str(value)
        elif isinstance(value, list) and len(value) == 2:
            ranges[name] = (float(value[0]), float(value[1]))
        elif isinstance(value, list):
            tables[name] = tuple(float(x) for x in value)
        elif isinstance(value, int | float):
            fixed[name] = float(value)
    digest = hashlib.sha256(content).hexdigest()
    return Planning(fixed, tables, dict(sorted(ranges.items())), sources, digest)


def render_markdown() -> str:
    """The planning figures as a Markdown table, a row a section, as docs/model.md shows them."""
    planning = load_planning()
    shown = {name: f"{value:g}" for name, value in planning.fixed.items()}
    shown |= {name: f"{low:g} to {high:g}" for name, (low, high) in planning.ranges.items()}
    shown |= {name: ", ".join(f"{x:g}" for x in row) for name, row in planning.tables.items()}
    rows = ["| section | figures | source |", "|---|---|---|"]
    for section, source in planning.sources.items():
        own = {section: shown[section]} if section in shown else {}
        below = {name: text for name, text in shown.items() if name.rpartition(".")[0] == section}
        figures = list(own.values())
        figures += [f"{name.rpartition('.')[2]} {below[name]}" for name in sorted(below)]
        rows.append(f"| `{section}` | {'; '.join(figures)} | {source} |")
    return "\n".join(rows)


def _leaves(node: Mapping[str, object], prefix: str) -> Iterator[tuple[str, object]]:
    """Walk a TOML document; a table with ``low`` and ``high`` is one leaf, a range."""
    for key, value in node.items():
        name = f"{prefix}{key}"
        if isinstance(value, dict) and "low" in value:
            yield name, [value["low"], value["high"]]
            yield f"{name}.source", value["source"]
        elif isinstance(value, dict):
            yield from _leaves(value, f"{name}.")
        else:
            yield name, value
