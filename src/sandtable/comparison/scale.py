"""The scale on which an outcome is scored, by its kind."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from sandtable.calendar import Calendar
from sandtable.comparison.scores import Array
from sandtable.outcomes import Kind, Parsed, ScoreKind


@dataclass(frozen=True, slots=True)
class Scale:
    """How an outcome's values are taken to the scale of its kind.

    Dates and days of a halt are shares of the campaign's length, or of the phase's from its
    ``start``, with what comes later or never at 1. Counts and kilometres are ln(x + 1): they err
    by factors, and a share of an axis's length would depend on how far the scenario draws the axis.
    Shares stay as they are. A claim's range is uniform on this scale, so of counts it is so in the
    logarithm.
    """

    kind: ScoreKind
    of_event: bool
    days: float
    start: float = 0.0

    @classmethod
    def of(cls, outcome: Parsed, calendar: Calendar) -> Scale:
        """Return the scale of an outcome in a campaign of that calendar."""
        span = calendar.span(outcome.phase)
        of_event = outcome.form.kind is Kind.MOMENT
        return cls(outcome.form.score_kind, of_event, span.end - span.start, span.start)

    @property
    def ends(self) -> tuple[float, float]:
        """The least and the greatest value that there can be."""
        bounded = self.kind in (ScoreKind.DATES, ScoreKind.SHARES)
        return 0.0, 1.0 if bounded else math.inf

    @property
    def never(self) -> float:
        """Where an event lies that never comes about; inf for what is no event."""
        return 1.0 if self.of_event else math.inf

    def values(self, values: Array) -> Array:
        """Take an ensemble to the scale, in its order; NaN is what does not apply."""
        told = np.asarray(values, dtype=np.float64)
        if self.of_event:
            return np.fmin(told - self.start, self.days) / self.days
        if self.kind is ScoreKind.DATES:
            return np.minimum(told / self.days, 1.0)
        return told if self.kind is ScoreKind.SHARES else np.log1p(np.maximum(told, 0.0))

    def ordered(self, values: Array) -> Array:
        """Take an ensemble to the scale, sorted, without what does not apply."""
        told = self.values(values)
        return np.sort(told[~np.isnan(told)])

    def range(self, low: float, high: float) -> tuple[float, float]:
        """Take a claim with two ends to the scale."""
        on_scale = self.values(np.array([low, high]))
        return float(on_scale[0]), float(on_scale[1])
