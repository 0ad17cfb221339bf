"""What a calibration leaves: implausibility and optical depth by pairs of keys, and the ranges."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from numpy.typing import NDArray

from sandtable.calendar import day_number
from sandtable.figures.moment_axis import moment_axis
from sandtable.figures.style import (
    BAND_DARK,
    BAND_LIGHT,
    BLACK,
    GREY,
    HEAD,
    PALE,
    VERMILION,
    WIDTH,
    cells,
    clip,
    foot,
    page,
    save,
    styled,
)
from sandtable.studies.calibrate.emulator import CUTOFF

if TYPE_CHECKING:
    from sandtable.studies.calibrate.calibrated_keys import Key
    from sandtable.studies.calibrate.findings import CalibrationFindings

Floats = NDArray[np.float64]

_BINS = 24
_MOST_KEYS = 6
_SQUARE = 1.75
_ROW, _NAMES = 0.42, 3.6


def draw_calibration(found: CalibrationFindings, folder: str | Path) -> list[Path]:
    """Draw the figures of a calibration into ``folder``, made if need be; return the files.

    Where nothing is left there is nothing to draw.
    """
    if not found.reached:
        return []
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    with styled():
        return [
            save(plausibility_figure(found), folder / "plausibility.png"),
            save(ranges_figure(found), folder / "ranges.png"),
        ]


def plausibility_figure(found: CalibrationFindings) -> Figure:
    """Return a page of pairs of keys: least implausibility below, optical depth above.

    The optical depth of a cell is the share of the points that have these two values which is
    not ruled out, whatever the other keys are. On the diagonal the same for one key. Shows the
    first six keys.
    """
    keys = found.keys[:_MOST_KEYS]
    count = len(keys)
    caption = _caption(found) + (
        f" Optical depth: share of the points in a cell that is not ruled out. Shown: {count} of "
        f"{len(found.keys)} keys."
    )
    shares = " → ".join(f"{row['share_left']:.2g}" for row in found.shares)
    height = count * (_SQUARE + 0.55) if count > 1 else 1.6 * _SQUARE
    figure = page(
        height,
        f"{found.title}: what the record leaves of the ranges",
        f"Not ruled out, wave by wave: {shares}. Below the diagonal the least "
        f"implausibility (ruled out above {CUTOFF:g}), above and on it the optical depth.",
        caption,
    )
    spare = 1.4
    cell = cells(
        figure,
        count,
        count,
        sides=(1.0, spare + 0.3),
        gaps=(0.55, 0.55),
        caption=caption,
    )
    points, worst = found.space.points, found.space.worst
    depth = _top(points, worst, count)
    below = above = None
    for row in range(count):
        for column in range(count):
            axes = cell(row, column)
            pair = (keys[column], keys[row])
            if row == column:
                draw_depth(axes, points[:, row], worst, keys[row])
                axes.set_ylabel("" if row else "optical depth")
            elif row > column:
                values = binned(points[:, [column, row]], worst, least=True)
                below = _mesh(axes, values, pair, "PuOr_r", (0.0, 2 * CUTOFF))
            else:
                values = binned(points[:, [column, row]], worst, least=False)
                above = _mesh(axes, values, pair, "viridis", (0.0, depth))
            if row == count - 1:
                axes.set_xlabel(_short(keys[column]))
            if column == 0 and row:
                axes.set_ylabel(_short(keys[row]))
            _few_ticks(axes, keys[column], None if row == column else keys[row])
    _bars(figure, caption, [(below, "least implausibility"), (above, "optical depth")])
    return figure


def draw_depth(axes: Axes, values: Floats, worst: Floats, key: Key) -> Axes:
    """Draw the optical depth of one key over its range; ``values`` are on the unit interval."""
    edges = np.linspace(0.0, 1.0, _BINS + 1)
    place = np.minimum((values * _BINS).astype(int), _BINS - 1)
    total = np.bincount(place, minlength=_BINS)
    kept = np.bincount(place[worst <= CUTOFF], minlength=_BINS)
    share = np.divide(kept, total, out=np.zeros(_BINS), where=total > 0)
    places = _places(key, edges)
    axes.stairs(share, places, fill=True, color=BAND_DARK)
    axes.set_xlim(places[0], places[-1])
    axes.set_ylim(0.0, max(1e-3, 1.1 * float(share.max())))
    return axes


def binned(points: Floats, worst: Floats, *, least: bool) -> Floats:
    """Return a square table over two inputs: rows the second, columns the first.

    ``least``: the least implausibility in a cell; otherwise the share not ruled out. NaN where
    no point lies.
    """
    places = np.minimum((points * _BINS).astype(int), _BINS - 1)
    flat = places[:, 1] * _BINS + places[:, 0]
    cells_ = _BINS * _BINS
    total = np.bincount(flat, minlength=cells_)
    if least:
        table = np.full(cells_, np.inf)
        np.minimum.at(table, flat, worst)
    else:
        kept = np.bincount(flat[worst <= CUTOFF], minlength=cells_)
        table = np.divide(kept, total, out=np.zeros(cells_), where=total > 0)
    return np.where(total > 0, table, np.nan).reshape(_BINS, _BINS)


def ranges_figure(found: CalibrationFindings) -> Figure:
    """Return a page with each key's range before and after, on the range looked over."""
    caption = _caption(found)
    figure = page(
        _ROW * len(found.keys) + 0.6,
        f"{found.title}: ranges before and after",
        "Each range that was looked over runs from left to right; its ends stand beside it.",
        caption,
    )
    cell = cells(figure, 1, 1, sides=(_NAMES, 1.4), gaps=(0.0, 0.5), caption=caption)
    axes = cell(0, 0)
    draw_ranges(axes, found.ranges, found.keys)
    handles: list[Any] = [
        Patch(color=PALE, label="looked over"),
        Patch(color=BAND_LIGHT, label="not ruled out"),
        Patch(color=BAND_DARK, label="middle 90 percent of it"),
        Line2D([], [], color=BLACK, linewidth=1.4, label="its median"),
        Line2D([], [], color=VERMILION, marker="D", linestyle="", markersize=5, label="best point"),
    ]
    height = figure.get_size_inches()[1]
    where = (0.3 / WIDTH, 1 - (HEAD - 0.3) / height)
    figure.legend(handles=handles, ncols=5, loc="lower left", bbox_to_anchor=where)
    return figure


def draw_ranges(axes: Axes, ranges: Sequence[dict[str, Any]], keys: Sequence[Key]) -> Axes:
    """Draw one bar a key; ``ranges`` are those of `CalibrationFindings`."""
    for place, (row, key) in enumerate(zip(ranges, keys, strict=True)):
        low, width = row["prior_low"], row["prior_high"] - row["prior_low"]

        def share(value: float, low: float = low, width: float = width) -> float:
            return (value - low) / width

        axes.barh(place, 1.0, height=0.62, color=PALE)
        if not np.isnan(row["left_low"]):
            for first, last, colour in (
                ("left_low", "left_high", BAND_LIGHT),
                ("p05", "p95", BAND_DARK),
            ):
                start, end = share(row[first]), share(row[last])
                axes.barh(place, max(end - start, 0.003), left=start, height=0.5, color=colour)
            middle = share(row["p50"])
            axes.plot([middle, middle], [place - 0.25, place + 0.25], color=BLACK, linewidth=1.4)
        axes.plot(share(row["best"]), place, marker="D", markersize=5, color=VERMILION)
        low_text, high_text = _ends(key)
        axes.text(-0.01, place, low_text, ha="right", va="center", color=GREY)
        axes.text(1.01, place, high_text, ha="left", va="center", color=GREY)
    axes.set_yticks(range(len(ranges)), [clip(row["key"], 52) for row in ranges])
    axes.tick_params(axis="y", pad=56 if any(key.calendar for key in keys) else 34, length=0)
    axes.set_xticks([])
    axes.set_xlim(0.0, 1.0)
    axes.set_ylim(len(ranges) - 0.5, -0.5)
    for spine in axes.spines.values():
        spine.set_visible(False)
    return axes


def _ends(key: Key) -> tuple[str, str]:
    """The ends of a range, in little width, with unit or zone behind the upper."""
    if key.calendar is None:
        return f"{key.low:,.6g}", f"{key.high:,.6g} {key.unit}".rstrip()
    zone = key.calendar.zone_name()
    return key.told(key.low).replace(" ", "\n"), f"{key.told(key.high)}\n{zone}"


def _mesh(
    axes: Axes, table: Floats, pair: tuple[Key, Key], colours: str, limits: tuple[float, float]
) -> Any:
    across, down = (_places(key, np.linspace(0.0, 1.0, _BINS + 1)) for key in pair)
    axes.set_facecolor(PALE)
    return axes.pcolormesh(
        across, down, table, cmap=colours, vmin=limits[0], vmax=limits[1], rasterized=True
    )


def _top(points: Floats, worst: Floats, count: int) -> float:
    """The deepest optical depth of any pair, so that all have one scale."""
    pairs = [(a, b) for a in range(count) for b in range(a)]
    tables = [binned(points[:, [a, b]], worst, least=False) for a, b in pairs]
    return max([float(np.nanmax(table)) for table in tables], default=1.0) or 1.0


def _bars(figure: Figure, caption: str, drawn: Sequence[tuple[Any, str]]) -> None:
    """Put the colour bars into the right margin, one above the other."""
    width, height = figure.get_size_inches()
    room = (height - HEAD - foot(caption)) / 2
    for place, (mesh, label) in enumerate(drawn):
        if mesh is None:
            continue
        bottom = foot(caption) + 0.55 + place * room
        box = ((width - 1.15) / width, bottom / height, 0.16 / width, (room - 0.9) / height)
        extend = "max" if label.startswith("least") else "neither"
        bar = figure.colorbar(mesh, cax=figure.add_axes(box), extend=extend)
        bar.set_label(label)
        if extend == "max":
            bar.ax.axhline(CUTOFF, color=VERMILION, linewidth=1.4)


def _places(key: Key, shares: Floats) -> Floats:
    """Where shares of a key's range stand on an axis: a moment's day since 1970."""
    start = 0.0 if key.calendar is None else day_number(key.calendar.h_hour)
    return start + key.low + shares * (key.high - key.low)


def _few_ticks(axes: Axes, across: Key, upward: Key | None) -> None:
    axes.locator_params(nbins=3)
    if across.calendar is not None:
        moment_axis(axes, "x")
    if upward is not None and upward.calendar is not None:
        moment_axis(axes, "y")


def _short(key: Key) -> str:
    """The end of a key path, that fits beside a small panel, and its unit."""
    table, _, rest = key.path.partition(".")
    name = clip(rest.replace(".", "\n", 1) if rest else table, 44)
    unit = key.unit if key.calendar is None else key.calendar.zone_name()
    return f"{name} ({unit})" if unit else name


def _caption(found: CalibrationFindings) -> str:
    claims = ", ".join(found.fitted)
    design = sum(len(points) for points in found.match.designs)
    return (
        f"Scenario {found.scenario}: {design} points of {found.replications} replications each, "
        f"history matching with Gaussian processes. Fitted to the record: {claims}."
    )
