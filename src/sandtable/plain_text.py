"""Text from anywhere, as terminals and spreadsheets take it: nothing in it is ever obeyed."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable, Sequence

NBSP = "\xa0"
"""Joins words that must stay on one line, as in ``12 Aug``."""
# What a spreadsheet takes for the beginning of a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\n")


def printable(text: str) -> str:
    """Return ``text`` without what a terminal would obey or can't show.

    Control characters, marks that turn the direction of writing and broken Unicode are written as
    escapes, as ``\\x1b``; line feeds, tabs and spaces that join words stay.
    """
    if text.isascii() and text.isprintable():
        return text
    whole = text.encode("utf-8", "backslashreplace").decode("utf-8")
    return "".join(c if c.isprintable() or c in "\n\t\xa0" else repr(c)[1:-1] for c in whole)


def csv_text(columns: Sequence[str], rows: Iterable[Sequence[object]], figures: int = 9) -> str:
    """Return a table as CSV: a header, line feeds, floats to so many significant ``figures``.

    NaN is an empty cell. Text that a spreadsheet would take for a formula stands behind an
    apostrophe, which it takes for the mark of text.
    """

    def cell(value: object) -> object:
        if isinstance(value, float):
            return "" if math.isnan(value) else f"{value:.{figures}g}"
        return _no_formula(value) if isinstance(value, str) else value

    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow([cell(name) for name in columns])
    table.writerows([cell(value) for value in row] for row in rows)
    return text.getvalue()


def _no_formula(text: str) -> str:
    # The writer doesn't quote a carriage return, at which readers stop.
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not text.startswith(_FORMULA):
        return text
    try:
        float(text)
    except ValueError:
        return f"'{text}"
    return text
