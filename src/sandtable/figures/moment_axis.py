"""An axis of moments: a key whose values are dates and hours."""

from __future__ import annotations

from typing import Any

from matplotlib.axes import Axes
from matplotlib.dates import AutoDateLocator, DateFormatter

# Inches that a label wants: in one line across, with the hour below the date across and upward.
_LINE, _ROOM = 0.95, {"x": 0.48, "y": 0.4}
_MOST = 6


def moment_axis(axes: Axes, which: str, *, in_line: bool = False) -> Axes:
    """Label the ``which`` axis ("x" or "y"), in days since 1970, as often as there is room.

    The hour stands below the date, or ``in_line`` with it.
    """
    size = axes.bbox.width if which == "x" else axes.bbox.height
    most = min(_MOST, max(2, int(size / axes.figure.dpi / (_LINE if in_line else _ROOM[which]))))
    # Neither class tells mypy its types.
    locator: Any = AutoDateLocator
    formatter: Any = DateFormatter
    axis = axes.xaxis if which == "x" else axes.yaxis
    axis.set_major_locator(locator(minticks=2, maxticks=most))
    axis.set_major_formatter(formatter("%d %b %H:%M" if in_line else "%d %b\n%H:%M"))
    return axes
