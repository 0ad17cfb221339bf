"""Tracks of a replication's formations: where each stood, and how, whenever that changed.

Nothing here bears on what happens: it looks on, and only where a replication is recorded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import inf, isnan
from typing import TYPE_CHECKING

from sandtable.engine.clock import Clock
from sandtable.engine.events import EventKind
from sandtable.engine.state import (
    GONE,
    HOLDING,
    POCKET,
    RETREATING,
    Column,
    Formation,
    positions,
)
from sandtable.track_columns import Track, TrackStatus

if TYPE_CHECKING:
    from sandtable.engine.lift import Passage
    from sandtable.engine.world import World

_NEAR = 1e-9
"""Kilometres and days below which a distance is rounding."""
_BY_ORDER: frozenset[EventKind] = frozenset(("order", "entrains"))
_NO_MARCH: frozenset[EventKind] = frozenset(("arrives", "withdraws", "breaks out"))


class WatchedClock(Clock):
    """The clock of a recorded replication: it tells when a moment is over."""

    def __init__(self, over: Callable[[], None]) -> None:
        super().__init__()
        self._over = over

    def step(self) -> None:
        """Let the next event happen."""
        super().step()
        if self.peek() > self.now:
            self._over()


@dataclass(slots=True)
class _Spot:
    """A place, or a leg with ``share`` (0-1) of it behind.

    With a ``column`` the share is that of its head, which shows afterwards, but no more than that
    of ``most_km``; the leg begins at ``start_km`` of the column's way.
    """

    place: str
    toward: str = ""
    share: float = 0.0
    column: Column | None = None
    start_km: float = 0.0
    length_km: float = 0.0
    most_km: float = inf

    def share_at(self, day: float) -> float:
        """Share of the leg that is behind it."""
        if self.column is None:
            return self.share
        km = min(positions(self.column, [day])[0], self.most_km) - self.start_km
        return min(1.0, max(0.0, km / self.length_km))


@dataclass(slots=True)
class _Sighting:
    day: float
    spot: _Spot
    personnel: float
    tanks: float
    status: TrackStatus


class Tracks:
    """What is seen of all formations of a replication.

    ``note`` marks those whom something befalls; they are looked at when the moment is over.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self._seen: dict[Formation, list[_Sighting]] = {}
        self._noted: dict[Formation, _Spot] = {}
        self._by_order: set[str] = set()
        self._ways: dict[Formation, list[tuple[float, str]]] = {}
        self._behind: dict[Formation, list[tuple[float, float]]] = {}
        self._afloat: dict[Formation, tuple[str, Passage]] = {}
        self._posted: dict[Column, tuple[float, float]] = {}

    # --- what the engine tells -----------------------------------------------------------------

    def begin(self) -> None:
        """Look at everybody at H-hour."""
        self.note(self._world.formations.values())

    def note(self, formations: Iterable[Formation]) -> None:
        """Something befalls some formations; where they are now tells where they met their end."""
        for formation in formations:
            if formation not in self._noted and not self._is_over(formation):
                self._noted[formation] = self._spot(formation)

    def event(self, kind: EventKind, formations: Sequence[Formation]) -> None:
        """An event of the log befalls some formations."""
        ids = [formation.id for formation in formations]
        if kind in _BY_ORDER:
            self._by_order.update(ids)
        elif kind in _NO_MARCH:
            self._by_order.difference_update(ids)
        self.note(formations)

    def goes(self, formation: Formation, places: Sequence[str], days: Sequence[float]) -> None:
        """A formation by itself sets out over some places, with the days from each to the next."""
        at = self._world.env.now
        way = [(at, places[0])]
        for place, leg in zip(places[1:], days, strict=True):
            at += leg
            way.append((at, place))
        self._ways[formation] = way
        self.note([formation])

    def follows(
        self, formation: Formation, start: float, start_km: float, end: float, end_km: float
    ) -> None:
        """A formation of a column passes a stretch of its way from one day to another."""
        if start < inf:
            self._behind.setdefault(formation, []).extend([(start, start_km), (end, end_km)])

    def embarks(self, formation: Formation, passage: Passage) -> None:
        """A formation goes aboard."""
        seen, column = self._seen.get(formation), formation.column
        last = seen[-1].spot if seen else self._noted[formation]
        place = column.place if column is not None else last.place
        self._afloat[formation] = place, passage
        self.note([formation])

    def stays(self, siege: Column, column: Column) -> None:
        """A detachment stays where its column is now, before a place; who is behind comes up."""
        self._posted[siege] = column.milestones[column.index], column.km

    def moment_over(self) -> None:
        """Look at those whom something befell."""
        for formation in self._noted:
            self._look(formation)
        self._noted.clear()

    def day_over(self) -> None:
        """Look at everybody, as the daily series do."""
        for formation in self._world.formations.values():
            if not self._is_over(formation):
                self._look(formation)

    def rows(self) -> list[Track]:
        """All rows by day, those of a moment in the order of the scenario's formations."""
        formations = self._world.formations.values()
        found = [row for formation in formations for row in self._rows(formation)]
        return sorted(found, key=lambda row: row.day)

    # --- how it is seen ------------------------------------------------------------------------

    def _is_over(self, formation: Formation) -> bool:
        """Whether the last that there is to say of it is said."""
        seen = self._seen.get(formation, [])
        return bool(seen) and seen[-1].status in ("surrendered", "destroyed")

    def _look(self, formation: Formation) -> None:
        world = self._world
        # The clock stops in the instant after the campaign's end.
        now = float(min(world.env.now, world.scenario.days))
        gone = formation.status == GONE
        spot = self._noted[formation] if gone else self._spot(formation)
        sighting = _Sighting(
            now, spot, formation.personnel, formation.tanks, self._status(formation)
        )
        seen = self._seen.setdefault(formation, [])
        if seen and seen[-1].day == now:
            seen[-1] = sighting
        else:
            seen.append(sighting)

    def _rows(self, formation: Formation) -> list[Track]:
        """The rows of one formation, without those that tell nothing new."""
        rows: list[Track] = []
        for sighting in self._seen.get(formation, []):
            share = sighting.spot.share_at(sighting.day)
            sets_out = sighting.status in ("marching", "retreating", "aboard")
            toward = sighting.spot.toward if share > _NEAR or sets_out else ""
            row = Track(
                sighting.day, formation.id, sighting.spot.place, toward,
                share if toward else 0.0, sighting.personnel, sighting.tanks, sighting.status,
            )  # fmt: skip
            if not rows or row[1:] != rows[-1][1:]:
                rows.append(row)
        return rows

    def _status(self, formation: Formation) -> TrackStatus:
        if formation.status == GONE:
            return "destroyed" if isnan(formation.surrender_day) else "surrendered"
        if formation.status == POCKET:
            return "pocket"
        if formation.ceased_fire:
            return "ceased fire"
        if self._is_afloat(formation):
            return "aboard"
        if formation.status == RETREATING:
            return "marching" if formation.id in self._by_order else "retreating"
        assert formation.status == HOLDING
        return self._status_in_the_field(formation)

    def _status_in_the_field(self, formation: Formation) -> TrackStatus:
        column = formation.column
        if formation.engagement is not None:
            return "defending"
        if column is None:
            return "off the map" if formation.place is None else "holding"
        up = formation.closed_up <= self._world.env.now + _NEAR
        if up and column.engagement is not None:
            return "attacking"
        return "holding" if up and not column.moving else "marching"

    def _is_afloat(self, formation: Formation) -> bool:
        held = self._afloat.get(formation)
        return held is not None and held[1].is_afloat()

    def _spot(self, formation: Formation) -> _Spot:
        """Where a formation is now."""
        now, column = self._world.env.now, formation.column
        if self._is_afloat(formation):
            place, passage = self._afloat[formation]
            return _Spot(place, passage.node.id, passage.share_ashore())
        way = self._ways.get(formation)
        on_its_way = formation.status == RETREATING or column is not None
        if way is not None and on_its_way and now < way[-1][0]:
            return _on_way(way, now)
        if column is None:
            return _Spot(formation.place or "")
        if column in self._posted:
            return self._spot_in_siege(formation, column)
        return self._spot_in_column(formation, column)

    def _spot_in_siege(self, formation: Formation, siege: Column) -> _Spot:
        here, there = siege.places
        node = self._world.network.nodes[there]
        if node.masked_by is not siege and node.coalition == siege.coalition:
            return _Spot(there)
        start_km, km = self._posted[siege]
        gone = min(km, self._most_km(formation)) - start_km
        return _Spot(here, there, max(0.0, gone / node.legs[here].length_km))

    def _spot_in_column(self, formation: Formation, column: Column) -> _Spot:
        """At the head if it has closed up, else on the way behind it."""
        index, most = column.index, self._most_km(formation)
        while index > 0 and most < column.milestones[index] - _NEAR:
            index -= 1
        if index + 1 >= len(column.places):
            return _Spot(column.places[index])
        here, there = column.places[index], column.places[index + 1]
        length = self._world.network.nodes[here].legs[there].length_km
        return _Spot(here, there, 0.0, column, column.milestones[index], length, most)

    def _most_km(self, formation: Formation) -> float:
        """How far one who has not closed up has come on its column's way; inf for others."""
        now, points = self._world.env.now, self._behind.get(formation)
        return _km(points, now) if points and formation.closed_up > now + _NEAR else inf


def _on_way(way: Sequence[tuple[float, str]], now: float) -> _Spot:
    """Where one is who moves evenly from each place of a way to the next."""
    i = max([k for k, (day, _) in enumerate(way[:-1]) if day <= now], default=0)
    (start, here), (end, there) = way[i], way[i + 1]
    if here == there:
        return _Spot(here)
    return _Spot(here, there, (now - start) / (end - start))


def _km(points: Sequence[tuple[float, float]], now: float) -> float:
    """Kilometres gained by one who moves evenly between points (day, km), in order of the days."""
    for i in range(len(points) - 1, -1, -1):
        day, km = points[i]
        if day <= now:
            if i + 1 == len(points):
                return km
            after, further = points[i + 1]
            return km + (further - km) * (now - day) / (after - day)
    return points[0][1]
