"""What other tools are given of a run: a replication on the ground, and what all of them say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from sandtable.calendar import MINUTE
from sandtable.comparison.verdicts import quantile
from sandtable.figures.context import FigureContext
from sandtable.figures.route import Route, routes_of
from sandtable.figures.style import quantiles
from sandtable.outcomes import CAPTURED, FRONT
from sandtable.runs.fitted import fitted_warning

if TYPE_CHECKING:
    from sandtable.calendar import Calendar
    from sandtable.campaign import CampaignRun
    from sandtable.scenario.resolved import Formation, Place, ResolvedScenario
    from sandtable.track_columns import Track

_LOW, _MIDDLE, _HIGH = 0, 2, 4
"""Of the quantiles those of 5, 50 and 95 percent."""
_DIGITS = 5
"""Of degrees: about a metre."""


class Point(NamedTuple):
    """Longitude and latitude in degrees, WGS 84."""

    lon: float
    lat: float

    @classmethod
    def of(cls, lon: float, lat: float) -> Point:
        """Return the point to about a metre."""
        return cls(round(lon, _DIGITS), round(lat, _DIGITS))


@dataclass(frozen=True, slots=True)
class Stay:
    """A row of a track: it holds from its day until ``until``; without a point off the map."""

    track: Track
    until: float
    point: Point | None


class FrontLine(NamedTuple):
    """Where a front stands at a moment: km along its axis that 5, 50, 95 percent fall short of."""

    route: Route
    day: float
    low: float
    middle: float
    high: float

    @property
    def point(self) -> Point:
        """Where the median stands."""
        return Point.of(*self.route.at(self.middle))

    @property
    def band(self) -> list[Point]:
        """The line of the axis from the 5 to the 95 percent point; empty if they are one."""
        line = [Point.of(*point) for point in self.route.between(self.low, self.high)]
        return line if line[0] != line[-1] or len(line) > 2 else []


class Capture(NamedTuple):
    """When a place is taken.

    ``share`` is that of the replications (0-1) in which it is; ``low``, ``middle`` and ``high`` are
    the days by which 5, 50 and 95 percent have taken it, None for never, and ``here`` is the day in
    the replication that is shown.
    """

    place: Place
    share: float
    low: float | None
    middle: float | None
    high: float | None
    here: float | None


@dataclass(frozen=True)
class Picture:
    """A run as other tools are given it: replication ``number``, and the quantiles of all.

    ``stays`` are those of each formation that has a track, by id in the scenario's order;
    ``events`` and ``battles`` as `Replay` has them.
    """

    title: str
    command: str
    number: int
    replications: int
    context: FigureContext
    stays: Mapping[str, Sequence[Stay]]
    events: Sequence[Mapping[str, Any]]
    battles: Sequence[Mapping[str, Any]]
    fronts: Sequence[FrontLine]
    captures: Sequence[Capture]

    @classmethod
    def of(cls, run: CampaignRun, number: int) -> Picture:
        """Gather it from a run. Raises SandtableError as `CampaignRun.replay` does."""
        warning = fitted_warning(run.manifest)
        context = FigureContext.of(run.campaign.scenario, len(run.numbers), warning)
        replay = run.replay(number)
        return cls(
            title=context.title,
            command=run.manifest["command"],
            number=number,
            replications=len(run.numbers),
            context=context,
            stays=stays_of(replay.tracks, context.resolved),
            events=replay.events,
            battles=[row for row in replay.battles if row["place"]],
            fronts=list(_fronts(run, context)),
            captures=list(_captures(run, context.resolved, number)),
        )

    @property
    def resolved(self) -> ResolvedScenario:
        """The scenario, uncertain numbers at the middle of their ranges."""
        return self.context.resolved

    @property
    def calendar(self) -> Calendar:
        """The campaign's time."""
        return self.context.calendar

    @property
    def about(self) -> str:
        """What it shows, in a sentence or two; of a run fitted to the record that it is."""
        shown = (
            f"Replication {self.number} of {self.replications:,} of {self.command}; fronts and "
            "captures are quantiles of all replications."
        )
        return " ".join(filter(None, (shown, self.context.warning)))

    def time(self, day: float) -> str:
        """Return the moment so many days from H-hour as ISO 8601, with its zone."""
        return self.calendar.moment_of(day).isoformat()

    def times(self, day: float | None) -> str | None:
        """Return the same, None for never."""
        return None if day is None else self.time(day)

    def tracked(self) -> Iterator[tuple[Formation, Sequence[Stay]]]:
        """Yield each formation that has a track, with its stays."""
        by_id = self.resolved.formations_by_id
        return ((by_id[id], stays) for id, stays in self.stays.items())

    def colour(self, formation: Formation) -> str:
        """Return the colour of a formation's side, ``#rrggbb``."""
        return self.resolved.sides_by_id[formation.side].colour


def stays_of(tracks: Iterable[Track], resolved: ResolvedScenario) -> dict[str, list[Stay]]:
    """Return the tracks by formation, in the scenario's order, as points on the ground.

    A formation on a leg is on the straight line between its ends, as the map draws it.
    """
    rows: dict[str, list[Track]] = {formation.id: [] for formation in resolved.formations}
    for track in tracks:
        rows[track.formation].append(track)
    return {
        id: [
            Stay(track, after.day if after else resolved.days, _point(track, resolved))
            for track, after in zip(own, [*own[1:], None], strict=True)
        ]
        for id, own in rows.items()
        if own
    }


def keyframes(stays: Sequence[Stay], calendar: Calendar) -> list[tuple[float, Stay]]:
    """Return the moments between which a formation moves evenly, each with where it is.

    It is looked at as each day ends: it was still there at the end of the last day before it is
    next seen elsewhere.
    """
    ends = np.array(calendar.daily_moments())
    found: list[tuple[float, Stay]] = []
    for stay, after in zip(stays, [*stays[1:], None], strict=True):
        found.append((stay.track.day, stay))
        before = ends[ends < stay.until - MINUTE]
        moves = after is not None and after.point != stay.point
        if moves and len(before) and before[-1] > stay.track.day + MINUTE:
            found.append((float(before[-1]), stay))
    return found


def _point(track: Track, resolved: ResolvedScenario) -> Point | None:
    if not track.place:
        return None
    here = resolved.places_by_id[track.place]
    there = resolved.places_by_id[track.toward] if track.toward else here
    return Point.of(
        here.lon + track.share * (there.lon - here.lon),
        here.lat + track.share * (there.lat - here.lat),
    )


def _fronts(run: CampaignRun, context: FigureContext) -> Iterator[FrontLine]:
    moments = context.moments.tolist()
    for route in routes_of(context.resolved):
        name = FRONT.name(axis=route.axis.id)
        if name not in run.daily:
            continue
        points = quantiles(run.daily[name])
        for day, low, middle, high in zip(
            moments, *(points[level].tolist() for level in (_LOW, _MIDDLE, _HIGH)), strict=True
        ):
            yield FrontLine(route, day, low, middle, high)


def _captures(run: CampaignRun, resolved: ResolvedScenario, number: int) -> Iterator[Capture]:
    row = run.numbers.tolist().index(number)
    for place in resolved.places:
        name = CAPTURED.name(place=place.id)
        if name not in run.outcomes:
            yield Capture(place, 0.0, None, None, None, None)
            continue
        days = np.sort(np.where(np.isnan(run.outcomes[name]), np.inf, run.outcomes[name]))
        low, middle, high = (quantile(days, share) for share in (0.05, 0.5, 0.95))
        here = float(run.outcomes[name][row])
        yield Capture(
            place, float(np.isfinite(days).mean()), _or_never(low), _or_never(middle),
            _or_never(high), None if np.isnan(here) else here,
        )  # fmt: skip


def _or_never(day: float) -> float | None:
    return None if np.isinf(day) else day
