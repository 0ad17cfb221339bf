"""The army of an operation's attacker, among those that the battle table knows."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from functools import lru_cache

from sandtable.laws.circumstances import nation_of
from sandtable.laws.coefficients import load_coefficients
from sandtable.laws.fitted import NATIONS
from sandtable.shipped import operations_root

_AFTERTHOUGHT = re.compile(r"\(.*?\)")
_NEXT = re.compile(r",|/|;|\+| and | with ")


@lru_cache(maxsize=1)
def known_armies() -> tuple[str, ...]:
    """Nations of the battle table, by name."""
    fits = load_coefficients().fits.values()
    groups = (fit.effects[group] for fit in fits for group in NATIONS if group in fit.effects)
    return tuple(sorted({nation_of(level) for effects in groups for level in effects.levels}))


def attackers_of(attacker: str) -> tuple[str, ...]:
    """Return the attackers that a cell names, in lower case, without what is in parentheses."""
    parts = (part.strip().lower() for part in _NEXT.split(_AFTERTHOUGHT.sub("", attacker)))
    return tuple(part for part in parts if part) or (attacker.lower(),)


def army_of(attacker: str) -> str | None:
    """Return the nation of the battle table that an attacker is, None if it has none of that name.

    Of several attackers the first counts, and what stands in parentheses does not. Other names of
    a nation stand in `operations/armies.csv`.
    """
    return _by_name().get(attackers_of(attacker)[0])


@lru_cache(maxsize=1)
def _by_name() -> Mapping[str, str]:
    """Nations of the battle table by every name, in lower case."""
    path = operations_root() / "armies.csv"
    with path.open(encoding="utf-8", newline="") as file:
        others = {row["called"].lower(): row["army"] for row in csv.DictReader(file)}
    return {nation.lower(): nation for nation in known_armies()} | others
