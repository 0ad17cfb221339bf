"""A campaign as a moving picture: the map evening by evening, in one GIF."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from numpy.typing import NDArray
from PIL import Image

from sandtable.calendar import short_date
from sandtable.figures.base_map import draw_ground, draw_scale, frame, load_ground
from sandtable.figures.campaign_map import (
    STATUS,
    draw_places,
    framing,
    ground_shown,
    names_on_map,
    places_within,
)
from sandtable.figures.context import FigureContext
from sandtable.figures.fronts import UNTAKEN
from sandtable.figures.labels import Placing, draw_labels
from sandtable.figures.route import Route, routes_of
from sandtable.figures.style import BAND_DARK, BLACK, GREY, VERMILION, Floats, quantiles, styled
from sandtable.figures.text import line_inches, wrapped
from sandtable.outcomes import CAPTURED, FRONT, LOST
from sandtable.runs.manifest import changes_told

if TYPE_CHECKING:
    from sandtable.campaign import CampaignRun
    from sandtable.scenario.resolved import Place, ResolvedScenario

GAINED = "#20406E"
"""Ground gained before the day that is shown."""

_WIDTH, _DPI = 7.2, 100
_HEAD, _FOOT, _MARGIN = 0.86, 0.62, 0.12
_COLOURS = 128
# How long a frame stays (ms). Two changes a second are no flashing, and it is played twice.
_FIRST, _EACH, _LAST = 2000, 500, 5000
_TWICE = 1


@dataclass(frozen=True)
class Course:
    """What the picture shows of a run.

    ``fronts`` maps an axis to km along it, shape (5, days + 1), the quantiles of `BAND_LEVELS` at
    the end of each day; ``captured`` a place to days from H-hour, one a replication (NaN: never);
    ``losses`` a side to persons lost so far, in the shape of ``fronts``.
    """

    context: FigureContext
    fronts: Mapping[str, Floats]
    captured: Mapping[str, Floats]
    losses: Mapping[str, Floats]

    @classmethod
    def of(cls, run: CampaignRun) -> Course:
        """Return the course of a run."""
        results, scenario = run.results, run.campaign.scenario
        changes = changes_told(results.manifest)
        context = FigureContext.of(scenario, len(run.numbers), changes=changes)
        resolved = context.resolved
        fronts = {axis.id: FRONT.name(axis=axis.id) for axis in resolved.axes}
        lost = {s.id: LOST.name(side=s.id, casualty="total") for s in resolved.sides}
        taken = {place.id: CAPTURED.name(place=place.id) for place in resolved.places}
        return cls(
            context,
            {id: quantiles(results.daily[n]) for id, n in fronts.items() if n in results.daily},
            {id: results.outcomes[n] for id, n in taken.items() if n in results.outcomes},
            {id: quantiles(results.daily[n]) for id, n in lost.items() if n in results.daily},
        )

    def taken_by(self, day: int) -> dict[str, float]:
        """Return the share of replications in which each place was taken by a day's end (0-1)."""
        end = self.context.moments[day]
        return {place: float((days <= end).mean()) for place, days in self.captured.items()}


def draw_moving(run: CampaignRun, path: str | Path) -> Path:
    """Draw a run as a moving picture, an animated GIF, a frame for each evening of the campaign.

    The same run gives the same bytes. Raises SandtableError where an axis of advance leads over
    no leg.
    """
    course = Course.of(run)
    with styled():
        pictures = list(_frames(course, run))
    # One palette for all: what doesn't move keeps its colour, and costs no bytes.
    sample = np.vstack([pictures[i] for i in (0, len(pictures) // 2, -1)])
    palette = Image.fromarray(sample).quantize(_COLOURS, Image.Quantize.MAXCOVERAGE)
    first, *others = [
        Image.fromarray(picture).quantize(palette=palette, dither=Image.Dither.NONE)
        for picture in pictures
    ]
    path = Path(path)
    first.save(
        path, format="GIF", save_all=True, append_images=others, optimize=True, loop=_TWICE,
        duration=[_FIRST, *[_EACH] * (len(others) - 1), _LAST],
    )  # fmt: skip
    return path


def _frames(course: Course, run: CampaignRun) -> Iterator[NDArray[np.uint8]]:
    """Yield the picture of each evening, from H-hour on: rows and columns of red, green, blue."""
    figure, axes = _page(course, run)
    routes = routes_of(course.context.resolved)
    for day in range(len(course.context.moments)):
        moving = [*_write(figure, course, day)]
        kept = set(axes.get_children())
        draw_day(axes, routes, course, day)
        moving += [artist for artist in axes.get_children() if artist not in kept]
        canvas: Any = FigureCanvasAgg(figure)
        canvas.draw()
        yield np.asarray(canvas.buffer_rgba())[:, :, :3].copy()
        for artist in moving:
            artist.remove()


def draw_day(axes: Axes, routes: Sequence[Route], course: Course, day: int) -> Axes:
    """Draw where the fronts stand at the end of a day, and what has become of the places.

    The median front is a line, in another colour where it came on that day; the middle 90
    percent of the replications lie in the pale band.
    """
    bands, before, today = [], [], []
    for route in routes:
        if route.axis.id not in course.fronts:
            continue
        low, _, middle, _, high = course.fronts[route.axis.id][:, day].tolist()
        start = float(course.fronts[route.axis.id][2][max(day - 1, 0)])
        bands.append(route.between(low, high))
        before.append(route.between(0.0, min(start, middle)))
        today.append(route.between(min(start, middle), middle))
    for lines, colour, width, order in (
        (bands, BAND_DARK, 5.5, 2.2),
        (before, GAINED, 2.2, 2.6),
        (today, VERMILION, 2.8, 2.7),
    ):
        axes.add_collection(
            LineCollection(lines, colors=colour, linewidths=width, zorder=order), autolim=False
        )
    return draw_places(axes, _places(axes, course.context.resolved), course.taken_by(day))


def _places(axes: Axes, resolved: ResolvedScenario) -> list[Place]:
    """The places that an axis of advance leads to; all of them where there is none."""
    led = {place for axis in resolved.axes for place in axis.places}
    return [place for place in places_within(axes, resolved) if place.id in led or not led]


def _page(course: Course, run: CampaignRun) -> tuple[Figure, Axes]:
    """Return the figure with all that stays: title, legend, ground, axes of advance, names."""
    context, resolved = course.context, course.context.resolved
    bounds, ratio = framing(resolved)
    across = _WIDTH - 2 * _MARGIN
    height = _HEAD + ratio * across + _FOOT
    figure = Figure(figsize=(_WIDTH, height), dpi=_DPI, facecolor="white")
    box = (_MARGIN / _WIDTH, _FOOT / height, across / _WIDTH, ratio * across / height)
    axes = frame(figure.add_axes(box), bounds)
    axes.set(xlabel="", ylabel="", xticks=(), yticks=())
    draw_ground(axes, ground_shown(resolved, load_ground(run.campaign.scenario.ground)))
    routes = routes_of(resolved)
    whole = [list(zip(route.lon, route.lat, strict=True)) for route in routes]
    axes.add_collection(
        LineCollection(whole, colors=UNTAKEN, linewidths=0.8, zorder=2.1), autolim=False
    )
    draw_scale(axes)
    places = _places(axes, resolved)
    marks = [(place.lon, place.lat) for place in places]
    placing = Placing(axes, [(lon, lat, 4.0) for lon, lat in marks], marks)
    placing.place(label for label in names_on_map(resolved, places, ()) if label.weight == "bold")
    draw_labels(axes, placing.placed)
    figure.text(
        _MARGIN / _WIDTH, 1 - _MARGIN / height, context.title, size=11.0, weight="bold", va="top"
    )
    figure.legend(
        handles=_handles(), loc="upper left", ncols=3, borderpad=0.0, borderaxespad=0.0,
        handlelength=1.8, columnspacing=1.5, labelspacing=0.4,
        bbox_to_anchor=(_MARGIN / _WIDTH, 1 - (_MARGIN + line_inches(11.0) + 0.1) / height),
    )  # fmt: skip
    figure.text(
        1 - _MARGIN / _WIDTH, _MARGIN / height, f"{context.ran}.", ha="right", va="bottom",
        color=GREY,
    )  # fmt: skip
    return figure, axes


def _write(figure: Figure, course: Course, day: int) -> Iterator[Artist]:
    """Write the date, and each side's losses so far."""
    context = course.context
    height = figure.get_size_inches()[1]
    when = "H-hour" if day == 0 else f"day {day}"
    text = f"{short_date(context.calendar.date_of_day(max(day, 1)))} {context.years}, {when}"
    yield figure.text(
        1 - _MARGIN / _WIDTH, 1 - _MARGIN / height, text, size=11.0, weight="bold", ha="right",
        va="top",
    )  # fmt: skip
    told = [
        f"{context.name(side)} {points[2][day]:,.0f} ({points[0][day]:,.0f}–{points[4][day]:,.0f})"
        for side, points in course.losses.items()
        if points[4][-1] > 0
    ]
    lost = f"Lost so far, prisoners and sick among them (5–95 percent): {'; '.join(told)}."
    lost = wrapped(lost, _WIDTH - 2 * _MARGIN)
    yield figure.text(_MARGIN / _WIDTH, (_FOOT - 0.08) / height, lost, va="top", linespacing=1.2)


def _handles() -> list[Line2D]:
    line = [
        ("median front, before", GAINED, 2.2),
        ("on this day", VERMILION, 2.8),
        ("middle 90 percent", BAND_DARK, 5.5),
    ]
    handles = [Line2D([], [], color=c, linewidth=w, label=text) for text, c, w in line]
    return handles + [
        Line2D(
            [], [], marker=marker, linestyle="", markerfacecolor=fill, markeredgecolor=BLACK,
            markeredgewidth=0.7, markersize=5, label=status,
        )
        for status, (marker, fill) in STATUS.items()
    ]  # fmt: skip
