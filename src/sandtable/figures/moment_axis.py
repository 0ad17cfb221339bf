"""An axis of moments: a key whose values are dates and hours."""

from __future__ import annotations

from math import ceil, floor

from matplotlib.axes import Axes

from sandtable.calendar import at_day_number, short_date

# Inches that a label wants, the hour below the date.
_ROOM = {"x": 0.48, "y": 0.4}
_MOST = 6
# Days from tick to tick: parts of a day, days, weeks.
_STEPS = (1 / 24, 1 / 12, 1 / 8, 1 / 4, 1 / 2, 1.0, 2.0, 3.0, 7.0, 14.0, 28.0)


def moment_axis(axes: Axes, which: str) -> Axes:
    """Label the ``which`` axis ("x" or "y"), in days since 1970, as often as there is room.

    The limits of the axis must be final.
    """
    size = axes.bbox.width if which == "x" else axes.bbox.height
    most = min(_MOST, max(2, int(size / axes.figure.dpi / _ROOM[which])))
    axis = axes.xaxis if which == "x" else axes.yaxis
    low, high = sorted(axis.get_view_interval())
    ticks = next(found for step in _steps() if len(found := _ticks(low, high, step)) <= most)
    moments = [at_day_number(tick) for tick in ticks]
    axis.set_ticks(ticks, [f"{short_date(moment)}\n{moment:%H:%M}" for moment in moments])
    return axes


def _steps() -> list[float]:
    years = [365.0 * 2**n for n in range(20)]
    return [*_STEPS, *years]


def _ticks(low: float, high: float, step: float) -> list[float]:
    """Moments within the ends, so many days apart, from a midnight on."""
    return [n * step for n in range(ceil(low / step - 1e-9), floor(high / step + 1e-9) + 1)]
