"""Rates of advance and of loss in operations of other wars, as ranges.

``other_operations.csv`` has a row an operation, from 1914 to 1991: days, depth reached, strength
and losses of both sides, and the source. A cell is empty where nothing usable was published, and
no campaign that the project ships is among them. What its columns mean beyond their names:

- ``sick_counted``: the attacker's losses are the published irrecoverable and sanitary losses of
  a Soviet front, which count the sick. In an operation of a few weeks these are from a tenth to
  a quarter of the whole: a range, for no source splits them by operation.
- ``captivity``: for a great part the defender's losses are prisoners of a force that gave up,
  so that they tell nothing of its losses in action (a judgement of ours by row, for few sources
  split them).
- ``unread``: the figures that stand as they are remembered, from works that are named but were
  not at hand: ``days``, ``depth``, ``attacker``, ``defender`` (strength or losses). A rate that
  rests on one of them may be a fifth higher or lower, an assumption.
- An attack that was thrown back to where it began has no depth: when it had gained how much is
  not told.

Strengths are those at the start, of whole fronts or armies with their rear, and replacements are
not counted, so that the rates of long operations come out too high.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np

from sandtable.comparison.scores import Array
from sandtable.streams import Streams

TABLE = "other_operations.csv"
SICK = (0.10, 0.25)
"""Share of the sick in a published Soviet loss."""
_UNREAD = 1.2


@dataclass(frozen=True, slots=True)
class Rates:
    """Rates of one kind, an operation each: its lowest and highest, and what marks it.

    ``low`` and ``high`` a day, in km or as a share of the strength at the start; ``marked`` says
    of which operations ``sick_counted`` or ``captivity`` holds. All of shape ``(operations,)``.
    """

    low: Array
    high: Array
    marked: Array

    @property
    def unmarked(self) -> Rates:
        """Those of the operations that bear no mark."""
        plain = self.marked == 0.0
        return Rates(self.low[plain], self.high[plain], self.marked[plain])

    def drawn(self, streams: Streams, name: str, draws: int) -> tuple[Array, Array]:
        """Return rates and marks by draw: an operation at random, and a rate within its range.

        Every operation is as likely as any other. The streams are ``name`` and ``name/within``.
        """
        which = (streams.uniforms(name, 0, draws) * self.low.size).astype(int)
        within = streams.uniforms(f"{name}/within", 0, draws)
        low, high = self.low[which], self.high[which]
        return low + within * (high - low), self.marked[which]


@dataclass(frozen=True, slots=True)
class OtherOperations:
    """What the table comes to: km a day, and losses of attacker and defender as shares a day."""

    advance: Rates
    attacker: Rates
    defender: Rates


@cache
def load_other_operations() -> OtherOperations:
    """Return the rates of the shipped table."""
    text = files("sandtable.comparison").joinpath(TABLE).read_text(encoding="utf-8")
    return rates_of(list(csv.DictReader(text.splitlines())))


def rates_of(rows: Sequence[Mapping[str, str]]) -> OtherOperations:
    """Return the rates of rows of the table, of each kind those with the figures that it needs."""
    return OtherOperations(
        advance=_rates([_advance(row) for row in rows if row["depth_km_low"]]),
        attacker=_rates([_attacker(row) for row in rows if row["attacker_losses"]]),
        defender=_rates([_defender(row) for row in rows if row["defender_losses_low"]]),
    )


def _advance(row: Mapping[str, str]) -> tuple[float, float, float]:
    days = float(row["days"])
    low, high = float(row["depth_km_low"]) / days, float(row["depth_km_high"]) / days
    return (*_widened(row, low, high, "depth"), 0.0)


def _attacker(row: Mapping[str, str]) -> tuple[float, float, float]:
    rate = float(row["attacker_losses"]) / float(row["attacker_strength"]) / float(row["days"])
    return (*_widened(row, rate, rate, "attacker"), float(row["sick_counted"] == "yes"))


def _defender(row: Mapping[str, str]) -> tuple[float, float, float]:
    days = float(row["days"])
    low = float(row["defender_losses_low"]) / float(row["defender_strength_high"]) / days
    high = float(row["defender_losses_high"]) / float(row["defender_strength_low"]) / days
    return (*_widened(row, low, high, "defender"), float(row["captivity"] == "yes"))


def _widened(row: Mapping[str, str], low: float, high: float, figure: str) -> tuple[float, float]:
    """A rate's range, wider where ``figure`` or the days are only remembered."""
    remembered = {"days", figure}.intersection(row["unread"].split())
    return (low / _UNREAD, high * _UNREAD) if remembered else (low, high)


def _rates(found: Sequence[tuple[float, float, float]]) -> Rates:
    low, high, marked = np.array(found).T
    return Rates(low, high, marked)
