"""The net of places and legs: who holds what, who is cut off, which way to go."""

from __future__ import annotations

from collections.abc import Container
from functools import lru_cache
from heapq import heapify, heappop, heappush
from itertools import takewhile
from math import inf, nan
from typing import TYPE_CHECKING, NamedTuple

from sandtable.engine.state import Column, Formation
from sandtable.scenario.geometry import great_circle_km
from sandtable.scenario.resolved import Leg, ResolvedScenario

if TYPE_CHECKING:
    import simpy

ENEMY = {"attacker": "defender", "defender": "attacker"}
Pairs = tuple[tuple[str, str], ...]


class Position(NamedTuple):
    """Where a place lies, in degrees."""

    place: str
    lat: float
    lon: float


Positions = tuple[Position, ...]


class Node:
    """A place in play: its legs, what stands there, and whose it is.

    ``coalition`` holds the place itself, ``owner`` held it at H-hour; ``holder`` gets supply
    and troops past it: who masks it, or else who holds it. ``stirred`` comes when somebody
    leaves or joins those who stand there, or attacks them, if anybody waits for that.
    ``front_km`` is the width on which it can be attacked, inf if nothing bounds it.
    """

    __slots__ = (
        "changed", "coalition", "columns", "depot_km", "formations", "front_km", "holder", "id",
        "kind", "legs", "masked_by", "owner", "stirred",
    )  # fmt: skip

    def __init__(
        self, id: str, kind: str, coalition: str, depot_km: float, front_km: float = 0.0
    ) -> None:
        self.id, self.kind, self.front_km = id, kind, front_km or inf
        self.coalition = self.owner = self.holder = coalition
        self.depot_km = depot_km
        self.legs: dict[str, Leg] = {}
        self.formations: list[Formation] = []
        self.columns: list[Column] = []
        self.masked_by: Column | None = None
        self.changed = nan
        self.stirred: simpy.Event | None = None

    def next_stir(self, env: simpy.Environment) -> simpy.Event:
        """The next change among those who stand here."""
        if self.stirred is None:
            self.stirred = env.event()
        return self.stirred

    def stir(self) -> None:
        """Let those who wait before this place look again."""
        if self.stirred is not None:
            self.stirred.succeed()
            self.stirred = None

    def defenders(self, coalition: str) -> list[Formation]:
        """Formations of a coalition that fight for this place; columns at rest count."""
        found = [f for f in self.formations if f.coalition == coalition and f.fights()]
        if not self.columns:
            return found
        for column in self.columns:
            at_rest = column.engagement is None and not column.moving
            if at_rest and column.coalition == coalition:
                found += [
                    f for f in column.formations if not f.ceased_fire and f.closed_up < inf
                ]  # fmt: skip
        return found


class Ways:
    """The net as it is on the map: ``neighbours`` of each place, and the shortest ways.

    Ways are the shortest by straight distances, as a staff plans them.
    """

    def __init__(self, legs: Pairs, places: Positions) -> None:
        import networkx as nx

        at = {position.place: position for position in places}
        self._graph: nx.Graph[str] = nx.Graph()
        self._graph.add_nodes_from(at)
        self._graph.add_weighted_edges_from((a, b, great_circle_km(at[a], at[b])) for a, b in legs)
        self.neighbours = {place: frozenset(self._graph[place]) for place in self._graph}
        self._next: dict[str, dict[str, str]] = {}
        self._at = at
        self._outwards: dict[str, list[tuple[float, str]]] = {}

    def outwards(self, here: str) -> list[tuple[float, str]]:
        """All places with their distance from ``here`` in km, as the crow flies, by distance."""
        found = self._outwards.get(here)
        if found is None:
            origin = self._at[here]
            found = sorted((great_circle_km(origin, at), place) for place, at in self._at.items())
            self._outwards[here] = found
        return found

    def distance_km(self, here: str, there: str) -> float:
        """How far two places are from each other, as the crow flies."""
        return great_circle_km(self._at[here], self._at[there])

    def next_place(self, here: str, target: str) -> str | None:
        """Next place on the way from ``here`` to ``target``; None when there, or no way leads."""
        hops = self._next.get(target)
        if hops is None:
            import networkx as nx

            paths = nx.single_source_dijkstra_path(self._graph, target)
            hops = {place: path[-2] for place, path in paths.items() if len(path) > 1}
            self._next[target] = hops
        return hops.get(here)


@lru_cache(maxsize=4)
def _ways(legs: Pairs, places: Positions) -> Ways:
    return Ways(legs, places)


class Network:
    """Control of the places; ``version`` counts its changes, ``bounds``: any front is given."""

    def __init__(self, scenario: ResolvedScenario) -> None:
        self.nodes = {
            p.id: Node(p.id, p.kind, p.coalition, p.depot_km, p.front_km) for p in scenario.places
        }
        fronts = [p.front_km for p in scenario.places] + [leg.front_km for leg in scenario.legs]
        self.bounds = any(fronts)
        for leg in scenario.legs:
            self.nodes[leg.a].legs[leg.b] = leg
            self.nodes[leg.b].legs[leg.a] = leg
        self._held: dict[str, set[str]] = {"attacker": set(), "defender": set()}
        for node in self.nodes.values():
            self._held[node.holder].add(node.id)
        self.sources = scenario.supply
        self._plan = _ways(
            tuple([(leg.a, leg.b) for leg in scenario.legs]),
            tuple([Position(p.id, p.lat, p.lon) for p in scenario.places]),
        )
        self._neighbours = self._plan.neighbours
        self.version = 0
        self._hops: dict[str, dict[str, int]] = {}

    def change_hands(self, node: Node, coalition: str, masked_by: Column | None) -> set[str]:
        """Give a place to a coalition, or only the way past it to a column that masks it.

        Returns the places that the other coalition's supply no longer reaches.
        """
        loser = ENEMY[coalition]
        hops = self.hops_from_supply(loser)
        node.masked_by = masked_by
        if masked_by is None:
            node.coalition = coalition
        if node.holder == coalition:
            return set()
        self._held[loser].discard(node.id)
        self._held[coalition].add(node.id)
        node.holder = coalition
        self.version += 1
        self._hops.pop(coalition, None)
        return self._cut(hops, node.id) if node.id in hops else set()

    def _cut(self, hops: dict[str, int], place: str) -> set[str]:
        """Take a place out of a supply net; returns it and the places cut off with it.

        First all that were supplied through it lose their supply, ring by ring; then those
        with another way get it again, the nearest first.
        """
        neighbours, distance, adrift = self._neighbours, hops.pop(place), set[str]()
        ring = {place}
        while ring:
            beyond = {p for here in ring for p in neighbours[here] if hops.get(p) == distance + 1}
            ring = {p for p in beyond if all(hops.get(q) != distance for q in neighbours[p])}
            for here in ring:
                del hops[here]
            adrift |= ring
            distance += 1
        ways = [(hops[q] + 1, p) for p in adrift for q in neighbours[p] if q in hops]
        heapify(ways)
        while ways:
            distance, here = heappop(ways)
            if here not in hops:
                hops[here] = distance
                for there in adrift & neighbours[here]:
                    heappush(ways, (distance + 1, there))
        return {place} | (adrift - hops.keys())

    def hops_from_supply(self, coalition: str) -> dict[str, int]:
        """Places that a coalition's supply reaches, and over how many legs."""
        hops = self._hops.get(coalition)
        if hops is None:
            hops = self._hops[coalition] = self._spread(coalition)
        return hops

    def _spread(self, coalition: str) -> dict[str, int]:
        held, neighbours = self._held[coalition], self._neighbours
        ring = {place for place, owner in self.sources if owner == coalition} & held
        hops = dict.fromkeys(ring, 0)
        distance = 0
        left = held - ring
        while ring:
            distance += 1
            ring = left.intersection(set().union(*[neighbours[place] for place in ring]))
            left -= ring
            hops.update(dict.fromkeys(ring, distance))
        return hops

    def nearest(self, place: str, among: Container[str]) -> str | None:
        """The place with the fewest legs from ``place`` among some places, if any is linked."""
        seen, ring = {place}, [place]
        while ring:
            found = [here for here in ring if here in among]
            if found:
                return min(found)
            beyond = {there for here in ring for there in self.nodes[here].legs} - seen
            seen |= beyond
            ring = sorted(beyond)
        return None

    def way_back(self, place: str, coalition: str) -> str | None:
        """Where a broken formation falls back to: the neighbour nearest to supply, if any."""
        hops = self.hops_from_supply(coalition)
        reached = [(hops[n], n) for n in self.nodes[place].legs if n in hops]
        return min(reached)[1] if reached else None

    def way(self, here: str, target: str) -> tuple[str, ...]:
        """The shortest way from ``here`` to ``target``, both ends included."""
        places = [here]
        while (there := self._plan.next_place(places[-1], target)) is not None:
            places.append(there)
        return tuple(places)

    def distance_km(self, here: str, there: str) -> float:
        """How far two places are from each other, as the crow flies."""
        return self._plan.distance_km(here, there)

    def within(self, here: str, km: float) -> list[str]:
        """Places not further than ``km`` from ``here`` as the crow flies, the nearest first."""
        return [place for far, place in takewhile(lambda x: x[0] <= km, self._plan.outwards(here))]

    def exposure(self, zone: set[str], coalition: str) -> tuple[float, float]:
        """Share of the friendly places around a zone lost, and of those left, without reserves.

        The places around it are those next to it that the coalition held at H-hour.
        """
        own = lost = reserves = 0
        for there in {n for place in zone for n in self._neighbours[place]} - zone:
            node = self.nodes[there]
            if node.owner != coalition:
                continue
            own += 1
            if node.holder != coalition:
                lost += 1
            elif any(f.coalition == coalition and f.fights() for f in node.formations):
                reserves += 1
        if own == 0:
            return 0.0, 1.0
        return lost / own, 1.0 - reserves / own
