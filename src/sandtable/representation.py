"""What Python shows of an object: a line in a terminal, a small table in a notebook."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from html import escape


class Represented:
    """Something that represents itself by a few words, however much it holds.

    No abstract base class: of one, dataclasses would take ``register`` for a field's default.
    """

    __slots__ = ()

    def represented(self) -> Mapping[str, object]:
        """Return what is told of it, by heading; the first tells what it is."""
        raise NotImplementedError

    def __repr__(self) -> str:
        told = ", ".join(f"{name}: {value}" for name, value in self.represented().items())
        return f"<{type(self).__name__} {told}>"

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><th style='text-align:left'>{escape(name)}</th>"
            f"<td style='text-align:left'>{escape(str(value))}</td></tr>"
            for name, value in self.represented().items()
        )
        return f"<table><caption>{escape(type(self).__name__)}</caption>{rows}</table>"


def html_table(heads: Sequence[str], rows: Iterable[Sequence[object]], caption: str = "") -> str:
    """Return a table of HTML; a column whose head ends in ``>`` stands to the right."""
    sides = ["right" if head.endswith(">") else "left" for head in heads]

    def line(cells: Iterable[object], tag: str) -> str:
        told = zip(cells, sides, strict=True)
        return "".join(
            f"<{tag} style='text-align:{side}'>{escape(str(cell))}</{tag}>" for cell, side in told
        )

    first = line([head.removesuffix(">") for head in heads], "th")
    body = "".join(f"<tr>{line(row, 'td')}</tr>" for row in rows)
    title = f"<caption>{escape(caption)}</caption>" if caption else ""
    return f"<table>{title}<thead><tr>{first}</tr></thead><tbody>{body}</tbody></table>"


def number_text(value: float) -> str:
    """Return a number as figures and notebooks write it: whole from 100 up, or three digits."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def range_text(low: float, high: float) -> str:
    """Return a range of numbers; an open end (-inf, inf) as at least or at most."""
    if math.isinf(low):
        return f"≤ {number_text(high)}"
    if math.isinf(high):
        return f"≥ {number_text(low)}"
    return number_text(low) if low == high else f"{number_text(low)}–{number_text(high)}"
