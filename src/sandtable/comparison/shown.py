"""A comparison as a list of rows that a notebook shows as a table."""

from __future__ import annotations

import math
from collections.abc import Iterable

from sandtable.calendar import Calendar
from sandtable.comparison.compare import Row
from sandtable.outcomes import is_moment
from sandtable.representation import html_table, number_text, range_text

_HEADS = ("outcome", "record", "claimant", "5 %>", "median>", "95 %>", "verdict")


class Comparison(list[Row]):
    """Claims beside the ensemble, a row a claim; times of events are shown as dates."""

    def __init__(self, rows: Iterable[Row], calendar: Calendar) -> None:
        super().__init__(rows)
        self._calendar = calendar

    def _repr_html_(self) -> str:
        return html_table(_HEADS, map(self._cells, self))

    def _cells(self, row: Row) -> tuple[str, ...]:
        moment = is_moment(row.outcome)
        spell = self._calendar.dates_text if moment else range_text
        points = (row.p05, row.p50, row.p95)
        simulated = map(self._date if moment else number_text, points)
        record = spell(row.claim_low, row.claim_high)
        return row.outcome, record, row.claimant, *simulated, row.verdict

    def _date(self, day: float) -> str:
        return "never" if math.isinf(day) else self._calendar.date_text(day)
