"""CSV as the tables of a folder are written: UTF-8, a header, line feeds, NaN as an empty cell."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable, Sequence


def csv_text(columns: Sequence[str], rows: Iterable[Sequence[object]], figures: int = 9) -> str:
    """Return a table as text; floats to so many significant ``figures``."""

    def cell(value: object) -> object:
        if isinstance(value, float):
            return "" if math.isnan(value) else f"{value:.{figures}g}"
        return value

    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(columns)
    table.writerows([cell(value) for value in row] for row in rows)
    return text.getvalue()
