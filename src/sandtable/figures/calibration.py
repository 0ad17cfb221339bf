"""What a calibration leaves: implausibility and optical depth by pairs of keys, and the ranges."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from sandtable.calendar import day_number
from sandtable.figures.moment_axis import moment_axis
from sandtable.figures.sheet import WIDTH, Frame, Sheet, save
from sandtable.figures.style import BAND_DARK, BAND_LIGHT, BLACK, GREY, PALE, VERMILION, styled
from sandtable.figures.text import SMALL, line_count, line_inches, wrapped
from sandtable.scenario.key_words import key_in_words
from sandtable.studies.calibrate.emulator import CUTOFF
from sandtable.vocabulary import FigureFormat

if TYPE_CHECKING:
    from sandtable.studies.calibrate.calibrated_keys import Key
    from sandtable.studies.calibrate.findings import CalibrationFindings

Floats = NDArray[np.float64]

_BINS = 24
_MOST_KEYS = 5
# Inches of the plausibility of pairs: left of the panels, their gaps across and down, right of
# them for the scales of colours; and the height of a single panel.
_LEFT, _BETWEEN, _APART, _SCALES, _ALONE = 0.5, 0.36, 0.12, 1.0, 2.4
# Inches of the ranges: a row, its name, and the words at either end.
_ROW, _NAMES, _ENDS = 0.34, 2.6, 0.7


def draw_calibration(
    found: CalibrationFindings, folder: str | Path, form: FigureFormat = "png"
) -> list[Path]:
    """Draw the figures of a calibration into ``folder``, made if need be; return the files.

    Where nothing is left there is nothing to draw.
    """
    if not found.reached:
        return []
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    with styled():
        return [
            save(plausibility_figure(found), folder, "plausibility", form),
            save(ranges_figure(found), folder, "ranges", form),
        ]


def plausibility_figure(found: CalibrationFindings) -> Figure:
    """Return a page of pairs of keys: least implausibility below, optical depth above.

    The optical depth of a cell is the share of the points that have these two values which is
    not ruled out, whatever the other keys are. On the diagonal the same for one key. Shows the
    first five keys.
    """
    keys = found.keys[:_MOST_KEYS]
    count = len(keys)
    words = [_words(key, found) for key in keys]
    sheet = _plausibility_sheet(found, keys)
    side = _SCALES if count > 1 else 0.3
    # Names up the page are as many lines as they were given room for.
    left = _LEFT + line_inches(SMALL, max(line_count(wrapped(text, 1.0)) for text in words))
    across = (WIDTH - left - side - (count - 1) * _BETWEEN) / count
    tall = across if count > 1 else _ALONE
    labels = line_inches(SMALL, 2 + max(line_count(wrapped(text, across)) for text in words)) + 0.1
    figure = sheet.figure(count * (tall + _APART) + labels)
    height = figure.get_size_inches()[1]
    depth = _top(found.space.points, found.space.worst, count)
    meshes: dict[bool, Any] = {}
    for row, column in product(range(count), repeat=2):
        x = left + column * (across + _BETWEEN)
        y = height - sheet.head - (row + 1) * (tall + _APART)
        axes = figure.add_axes((x / WIDTH, y / height, across / WIDTH, tall / height))
        drawn = _draw_pair(axes, found, row, column, depth)
        if drawn is not None:
            meshes[row > column] = drawn
        lowest = row == count - 1
        axes.set_xlabel(wrapped(words[column], across) if lowest else "")
        axes.tick_params(labelbottom=lowest, labelleft=column == 0)
        if row == column > 0:
            axes.yaxis.tick_right()
            axes.tick_params(labelright=True)
        if column == 0:
            axes.set_ylabel(wrapped(words[row], max(1.0, tall)) if row else "optical depth")
    _scales(figure, sheet, labels, meshes)
    return figure


def _draw_pair(
    axes: Axes, found: CalibrationFindings, row: int, column: int, depth: float
) -> Any | None:
    """Draw one panel; return what a scale of colours is for, None on the diagonal."""
    points, worst = found.space.points, found.space.worst
    across, upward = found.keys[column], found.keys[row]
    drawn: Any = None
    if row == column:
        draw_depth(axes, points[:, row], worst, upward)
    else:
        least = row > column
        values = binned(points[:, [column, row]], worst, least=least)
        colours, top = ("PuOr_r", 2 * CUTOFF) if least else ("viridis", depth)
        drawn = _mesh(axes, values, (across, upward), colours, (0.0, top))
    _few_ticks(axes, across, None if row == column else upward)
    return drawn


def _plausibility_sheet(found: CalibrationFindings, keys: Sequence[Key]) -> Sheet:
    shares = " → ".join(f"{row['share_left']:.2g}" for row in found.shares)
    shown = f"Not ruled out, wave by wave: {shares}."
    if len(keys) > 1:
        shown += (
            f" Below the diagonal the least implausibility (ruled out above {CUTOFF:g}), above and "
            "on it the optical depth."
        )
    left_out = f" {len(found.keys) - len(keys)} more are not shown." * (len(found.keys) > len(keys))
    caption = (
        f"{_caption(found)} Optical depth: share of the points in a cell that is not ruled out. "
        f"Keys: {', '.join(key.path for key in keys)}.{left_out}"
    )
    return Sheet(f"{found.title}: what the record leaves of the ranges", shown, caption)


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
    handles: list[Any] = [
        Patch(color=PALE, label="looked over"),
        Patch(color=BAND_LIGHT, label="not ruled out"),
        Patch(color=BAND_DARK, label="middle 90 percent of it"),
        Line2D([], [], color=BLACK, linewidth=1.4, label="its median"),
        Line2D([], [], color=VERMILION, marker="D", linestyle="", markersize=5, label="best point"),
    ]
    sheet = Sheet(
        f"{found.title}: ranges before and after",
        "Each range that was looked over runs from left to right; its ends stand beside it.",
        f"{_caption(found)} Keys: {', '.join(key.path for key in found.keys)}.",
        handles,
    )
    names = [wrapped(_words(key, found), _NAMES) for key in found.keys]
    row = max(_ROW, line_inches(SMALL, max(map(line_count, names))) + 0.08)
    frame = Frame(_NAMES + _ENDS + 0.15, _ENDS, above=0.05, below=0.1)
    figure, cell = sheet.grid([row * len(names)], 1, frame)
    draw_ranges(cell(0, 0), found.ranges, found.keys, names)
    return figure


def draw_ranges(
    axes: Axes, ranges: Sequence[dict[str, Any]], keys: Sequence[Key], names: Sequence[str]
) -> Axes:
    """Draw one bar a key with its name; ``ranges`` are those of `CalibrationFindings`."""
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
        axes.plot(
            share(row["best"]), place, marker="D", markersize=5, color=VERMILION, clip_on=False
        )
        low_text, high_text = _ends(key)
        axes.text(-0.01, place, low_text, ha="right", va="center", color=GREY)
        axes.text(1.01, place, high_text, ha="left", va="center", color=GREY)
    axes.set_yticks(range(len(ranges)), names)
    axes.tick_params(axis="y", pad=72.0 * _ENDS, length=0)
    axes.set_xticks([])
    axes.set_xlim(0.0, 1.0)
    axes.set_ylim(len(ranges) - 0.5, -0.5)
    for spine in axes.spines.values():
        spine.set_visible(False)
    return axes


def _ends(key: Key) -> tuple[str, str]:
    """The ends of a range, the hour of a moment below its date."""
    if key.calendar is None:
        return f"{key.low:,.6g}", f"{key.high:,.6g}"
    return key.told(key.low).replace(" ", "\n"), key.told(key.high).replace(" ", "\n")


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


def _scales(figure: Figure, sheet: Sheet, labels: float, meshes: Mapping[bool, Any]) -> None:
    """Put the scales of colours into the right margin, that of implausibility (True) lowest."""
    width, height = figure.get_size_inches()
    low = sheet.foot + labels
    room = (height - sheet.head - low) / max(1, len(meshes))
    for place, (least, mesh) in enumerate(sorted(meshes.items(), reverse=True)):
        bottom = low + place * room + 0.1
        box = ((width - 0.62) / width, bottom / height, 0.13 / width, (room - 0.25) / height)
        extend = "max" if least else "neither"
        bar = figure.colorbar(mesh, cax=figure.add_axes(box), extend=extend)
        bar.set_label("least implausibility" if least else "optical depth")
        bar.ax.yaxis.set_major_locator(MaxNLocator(4))
        if least:
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


def _words(key: Key, found: CalibrationFindings) -> str:
    """What a key stands for, with its unit or the zone of its clock."""
    unit = key.unit if key.calendar is None else key.calendar.zone_name()
    return key_in_words(key.path, found.scenario.file, unit or "")


def _caption(found: CalibrationFindings) -> str:
    claims = ", ".join(found.fitted)
    design = sum(len(points) for points in found.match.designs)
    return (
        f"Scenario {found.scenario.name}: {design} points of {found.replications} replications "
        f"each, history matching with Gaussian processes. Fitted to the record: {claims}."
    )
