"""The campaign in play: formations, columns, network, laws, and what can befall them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import simpy

from sandtable.engine.events import Event
from sandtable.engine.network import Network
from sandtable.engine.state import Column, Formation
from sandtable.laws.armour import TANK_CAUSES
from sandtable.laws.cohesion import QUIT_CAUSES
from sandtable.laws.planning import Depth
from sandtable.laws.sampler import Laws
from sandtable.scenario.resolved import ResolvedScenario
from sandtable.streams import Draws, Streams
from sandtable.vocabulary import Echelon

if TYPE_CHECKING:
    from sandtable.engine.engagement import Engagement


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
        self.env = simpy.Environment()
        self.scenario, self.laws = scenario, laws
        self.planning = laws.planning
        self.on = scenario.mechanisms
        self.step = step_days
        self.network = Network(scenario)
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
        self.sides = {side.id: side for side in scenario.sides}
        self.cut_off: dict[str, list[Formation]] = {"attacker": [], "defender": []}
        self.columns: dict[str, Column] = {}
        self.engagements: dict[tuple[str, str], Engagement] = {}
        self.fought: dict[str, int] = {}
        self.battle_personnel: dict[tuple[str, str], float] = {}
        self.battle_tanks: dict[tuple[str, str], float] = {}
        self.tank_causes = {side.id: [0.0] * len(TANK_CAUSES) for side in scenario.sides}
        self.quits = dict.fromkeys(QUIT_CAUSES, 0)
        self.in_repair: list[tuple[float, Formation, float]] = []
        self.aircraft = {air.side: air.aircraft for air in scenario.air}
        self.aircraft_lost = {side.id: 0.0 for side in scenario.sides}
        self.sortie_share = {"attacker": 0.5, "defender": 0.5}
        self.wet = self._weather()

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

    def draws(self, name: str) -> Draws:
        """The named stream of this replication."""
        found = self._draws.get(name)
        if found is None:
            found = self._draws[name] = self._streams.within(name, self._replication)
        return found

    def close(self) -> None:
        """Undo the references in a circle; nothing can be asked of the world afterwards.

        Left to the garbage collector they would cost a sixth of a replication.
        """
        for formation in self.formations.values():
            formation.column = formation.engagement = None
        for node in self.network.nodes.values():
            node.formations.clear()
            node.columns.clear()
            node.masked_by = None
        for column in self.columns.values():
            column.engagement = column.defending = column.process = None
        # Events that will never come still hold the processes that wait for them, and an
        # unfinished engagement its own process, which holds the engagement.
        waited_for = [event for *_, event in self.env._queue]
        for engagement in self.engagements.values():
            waited_for.append(engagement.done)
            engagement.done = self.env.event()
        for event in waited_for:
            if event.callbacks is not None:
                event.callbacks.clear()
        self.env._queue.clear()
        self.engagements.clear()

    def log(
        self,
        kind: str,
        place: str = "",
        formation: str = "",
        side: str = "",
        cause: str = "",
        text: str = "",
    ) -> None:
        """Add an event to the log, if there is one."""
        if self.events is not None:
            self.events.append(Event(self.env.now, kind, place, formation, side, cause, text))
