"""Claims as brackets beside a panel, each with its claimant and its range."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from matplotlib.axes import Axes
from matplotlib.collections import LineCollection

from sandtable.figures.context import FigureContext
from sandtable.figures.style import BLACK, GREY, spread
from sandtable.figures.text import SMALL, line_count, line_inches, wrapped

if TYPE_CHECKING:
    from sandtable.comparison import Row

# An open claim may widen the axis by no more than this factor.
_WIDEST = 2.5
# Inches from the panel to the first bracket, from bracket to bracket, and on to the words.
_FIRST, _EACH, _LEADER = 0.06, 0.07, 0.1
_PAD = 0.02


class Claimed(NamedTuple):
    """A claimed range, an infinite end being open, and how figures write both of its parts."""

    low: float
    high: float
    claimant: str
    told: str

    @classmethod
    def of(cls, row: Row, context: FigureContext) -> Claimed:
        """Return the claim of a row of a comparison."""
        told = context.range_text(row.outcome, row.claim_low, row.claim_high)
        return cls(row.claim_low, row.claim_high, row.claimant, told)


def draw_claims(axes: Axes, claims: Sequence[Claimed], beside: float) -> Axes:
    """Draw claims as brackets right of the axes, where there are ``beside`` inches, with words.

    An infinite end is open and becomes an arrow. The y axis is widened to hold every closed
    range, but for an open one no further than ``_WIDEST`` times: a bound far above everything
    else would press the rest flat, so its line leaves the panel without a cap.
    """
    if not claims:
        return axes
    top = _top(axes.get_ylim()[1], claims)
    axes.set_ylim(0.0, top)
    ordered = sorted(claims, key=lambda c: (_anchor(c, top), c.claimant))
    dpi = axes.figure.dpi
    tall, inch = axes.bbox.height / dpi, dpi / axes.bbox.width
    words = [_words(claim, len(claims), beside) for claim in ordered]
    anchors = [_anchor(claim, top) for claim in ordered]
    sizes = [(line_inches(SMALL, line_count(text)) + _PAD) / tall for text in words]
    heights = spread([anchor / top for anchor in anchors], sizes, 0.0, 1.0)
    transform = axes.get_yaxis_transform()
    right = 1.0 + (_FIRST + _EACH * (len(ordered) - 1) + 0.03) * inch
    brackets, leaders = [], []
    for rank, claim in enumerate(ordered):
        x, y = 1.0 + (_FIRST + _EACH * rank) * inch, heights[rank] * top
        brackets += _bracket(x, 0.02 * inch, claim, top)
        leaders.append([(x, anchors[rank]), (right, anchors[rank]), (right + _LEADER * inch, y)])
        for marker, at, end in (("v", 0.0, claim.low), ("^", top, claim.high)):
            if math.isinf(end):
                axes.plot(
                    x, at, marker, color=BLACK, markersize=3, transform=transform, clip_on=False
                )
        axes.text(
            right + (_LEADER + 0.03) * inch, y, words[rank], transform=transform, size=SMALL,
            va="center", linespacing=1.1,
        )  # fmt: skip
    for lines, colour, width in ((leaders, GREY, 0.4), (brackets, BLACK, 1.1)):
        axes.add_collection(
            LineCollection(
                lines, colors=colour, linewidths=width, transform=transform, clip_on=False
            ),
            autolim=False,
        )
    return axes


def claims_inches(claims: Sequence[Claimed], beside: float) -> float:
    """Return how high the words of these claims are, one below the other."""
    words = [_words(claim, len(claims), beside) for claim in claims]
    return math.fsum(line_inches(SMALL, line_count(text)) + _PAD for text in words)


def _words(claim: Claimed, count: int, beside: float) -> str:
    room = beside - (_FIRST + _EACH * (count - 1) + 0.03 + _LEADER + 0.03)
    return wrapped(f"{claim.claimant}\n{claim.told}", room)


def _top(top: float, claims: Sequence[Claimed]) -> float:
    """How far up a panel must reach that reaches to ``top`` without claims."""
    widest = _WIDEST * top
    for low, high, _, _ in claims:
        closed = math.isfinite(low) and math.isfinite(high)
        known = 1.08 * (high if math.isfinite(high) else low)
        # Of an open claim from a figure upwards, the figure must be seen; the rest is open.
        top = max(top, known if closed or math.isinf(high) else min(known, widest))
    return top


def _bracket(x: float, half: float, claim: Claimed, top: float) -> list[list[tuple[float, float]]]:
    caps = [end for end in (claim.low, claim.high) if math.isfinite(end) and end <= top]
    return [
        [(x, max(claim.low, 0.0)), (x, min(claim.high, top))],
        *[[(x - half, end), (x + half, end)] for end in caps],
    ]


def _anchor(claim: Claimed, top: float) -> float:
    """Where a claim's words belong: in its middle, or at the known end of one that is open."""
    if math.isinf(claim.low):
        return min(claim.high, top)
    return claim.low if math.isinf(claim.high) else (claim.low + claim.high) / 2
