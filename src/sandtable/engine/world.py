"""The campaign in play: formations, columns, network, laws, and what can befall them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandtable.engine.air import AirForces
from sandtable.engine.clock import Clock
from sandtable.engine.events import Details, Event, EventKind
from sandtable.engine.losses import Losses
from sandtable.engine.network import Network
from sandtable.engine.night import Nights
from sandtable.engine.occasions import Occasions
from sandtable.engine.state import Column, Formation
from sandtable.engine.tracks import Tracks, WatchedClock
from sandtable.laws.planning import Depth
from sandtable.laws.sampler import Laws
from sandtable.outcomes import QUIT_CAUSES, of_phase
from sandtable.scenario.resolved import ResolvedScenario
from sandtable.streams import Draws, Streams
from sandtable.vocabulary import Echelon, RainEffect

if TYPE_CHECKING:
    from sandtable.engine.battle import Battle
    from sandtable.engine.engagement import Engagement
    from sandtable.engine.lift import Lift


DEPTH_OF: dict[Echelon, Depth] = {
    "theatre": "army", "front": "army", "area-army": "army", "army": "army", "group": "corps",
    "corps": "corps", "division": "division", "brigade": "brigade", "regiment": "regiment",
    "battalion": "battalion", "detachment": "detachment",
}  # fmt: skip
"""Echelon to whose depth each echelon defends."""


class World:
    """All that a replication changes: state, random streams, accounts of losses, event log."""

    def __init__(
        self,
        scenario: ResolvedScenario,
        laws: Laws,
        streams: Streams,
        replication: int,
        step_days: float,
        record_events: bool,
    ) -> None:
        self.tracks = Tracks(self) if record_events else None
        self.env = Clock() if self.tracks is None else WatchedClock(self.tracks.moment_over)
        self.scenario, self.laws = scenario, laws
        self.planning = laws.planning
        self.on = scenario.mechanisms
        self.step = step_days
        self.network = Network(scenario)
        self.nights = Nights(scenario)
        self.events: list[Event] | None = [] if record_events else None
        self._streams, self._replication = streams, replication
        self._draws: dict[str, Draws] = {}
        self.formations: dict[str, Formation] = {}
        self.by_side: dict[str, list[Formation]] = {side.id: [] for side in scenario.sides}
        self.by_coalition: dict[str, list[Formation]] = {"attacker": [], "defender": []}
        for spec in scenario.formations:
            if spec.personnel <= 0.0:
                continue
            depth = spec.depth_km or self.planning.depth[DEPTH_OF[spec.echelon]]
            formation = Formation(spec, depth)
            self.formations[spec.id] = formation
            self.by_side[spec.side].append(formation)
            self.by_coalition[spec.coalition].append(formation)
            if spec.start is not None:
                self.network.nodes[spec.start].formations.append(formation)
        armed = [f for f in self.formations.values() if f.guns > 0.0 and f.range_km > 0.0]
        self.ranged = armed if self.on.artillery else []
        self.firing: list[Formation] = []
        self.overlooking: dict[str, list[str]] = {}
        for height in scenario.places:
            for seen in height.overlooks:
                self.overlooking.setdefault(seen, []).append(height.id)
        self.sides = scenario.sides_by_id
        self.cut_off: dict[str, list[Formation]] = {"attacker": [], "defender": []}
        self.columns: dict[str, Column] = {}
        self.engagements: dict[tuple[str, str], Engagement] = {}
        self.battles: list[Battle] = []
        self.opened: list[Battle] = []
        self.sieges: dict[tuple[str, str], Battle] = {}
        self.armies: dict[str, str] = {}
        self.fought: dict[str, int] = {}
        self.occasions = Occasions(scenario)
        self.held_back: dict[Formation, float] = {}
        self.parked = {
            p.id: (p.parked_tanks, p.parked_aircraft)
            for p in scenario.places if p.parked_tanks + p.parked_aircraft > 0.0
        }  # fmt: skip
        self.lines: dict[tuple[str, str], float] = {}
        self.passable: dict[tuple[str, str], float] = {}
        self.lifts: dict[str, Lift] = {}
        self.losses = Losses(self.planning, scenario.sides, repair=self.on.repair)
        self.air = self._air()
        self.quits = dict.fromkeys(QUIT_CAUSES, 0)
        self.wet = self._weather()
        if self.tracks is not None:
            self.tracks.begin()

    def _weather(self) -> dict[str, list[bool]]:
        """Wet days by place, drawn for each weather zone."""
        wet: dict[str, list[bool]] = {}
        if not self.on.weather:
            return wet
        days = int(self.scenario.days) + 2
        for zone in self.scenario.weather:
            draws = self.draws(f"weather/{zone.id}")
            calendar = [draws.uniform() < zone.rain for _ in range(days)]
            wet.update(dict.fromkeys(zone.places, calendar))
        return wet

    def _air(self) -> AirForces:
        """The air forces over the places of the campaign."""
        scenario, figures = self.scenario, self.planning.air
        wet: dict[RainEffect, float] = {"none": 1.0, "slows": figures.slows, "closes": 0.0}
        return AirForces(
            scenario.air if self.on.air else (),
            scenario.sides,
            tuple(place.id for place in scenario.places),
            wet if self.on.air_weather else dict.fromkeys(wet, 1.0),
        )

    def is_wet(self, place: str) -> bool:
        """Whether today is wet at a place."""
        calendar, day = self.wet.get(place), int(self.env.now)
        return calendar is not None and day < len(calendar) and calendar[day]

    def wet_places(self, when: float) -> set[str]:
        """The places at which the day of a moment is wet."""
        day = int(when)
        return {id for id, calendar in self.wet.items() if day < len(calendar) and calendar[day]}

    def draws(self, name: str) -> Draws:
        """The named stream of this replication."""
        found = self._draws.get(name)
        if found is None:
            # A phase draws its own luck, alone or in a run through all.
            stream = of_phase(self.scenario.phase, name)
            found = self._draws[name] = self._streams.within(stream, self._replication)
        return found

    def close(self) -> None:
        """Undo the references in a circle; nothing can be asked of the world afterwards.

        Left to the garbage collector they would cost a sixth of a replication.
        """
        for formation in self.formations.values():
            formation.column = formation.engagement = formation.battle = None
        for node in self.network.nodes.values():
            node.formations.clear()
            node.columns.clear()
            node.masked_by = node.stirred = None
        for column in self.columns.values():
            column.engagement = column.defending = column.process = column.battle = None
            column.ammunition = None
        # An unfinished battle holds its own process, which holds the battle.
        for engagement in self.engagements.values():
            engagement.battle.process = None
            engagement.battle.phases.clear()
            if not engagement.done.processed:
                engagement.done.callbacks.clear()
            engagement.done = self.env.event()
        self.engagements.clear()
        self.battles.clear()
        self.opened.clear()
        self.sieges.clear()
        self.occasions.clear()
        for lift in self.lifts.values():
            lift.close()
        self.lifts.clear()
        self.tracks = None
        self.env.close()

    def log(
        self,
        kind: EventKind,
        *,
        place: str | None,
        formation: Formation | None = None,
        column: Column | None = None,
        cause: str = "",
        text: str = "",
        battle: int = 0,
        details: Details | None = None,
    ) -> None:
        """Add an event to the log, if there is one: what a formation or a column did."""
        if self.events is None or self.tracks is None:
            return
        befallen = [formation] if formation is not None else []
        self.tracks.event(kind, column.formations if column is not None else befallen)
        who = formation
        if who is None and column is not None and column.formations:
            who = column.head()
        coalition = column.coalition if who is None and column is not None else ""
        self.events.append(
            Event(
                self.env.now,
                kind,
                formation=who.id if who is not None else "",
                axis=column.axis if column is not None else "",
                place=place or "",
                side=who.side if who is not None else "",
                coalition=who.coalition if who is not None else coalition,
                cause=cause,
                text=text,
                battle=battle,
                details=details or {},
            )
        )
