"""A column's fuel: what it burns, what the lift brings, and the halts when it runs out."""

from __future__ import annotations

from collections.abc import Generator
from itertools import pairwise
from math import fsum
from typing import Any

import simpy

from sandtable.engine.network import Network
from sandtable.engine.state import Column
from sandtable.engine.world import World
from sandtable.laws.endurance import fuel_for, lift
from sandtable.scenario.resolved import Fuel, Leg


class FuelSupply:
    """Fuel of one column in kilometres on rolling ground, brought up to date when looked at."""

    def __init__(self, world: World, column: Column, fuel: Fuel) -> None:
        self._world, self._column, self._fuel = world, column, fuel
        self._reckoned = 0.0
        self._behind_km = 0.0
        if fuel.depot is not None:
            self._behind_km = km_between(world.network, fuel.depot, column.place)
        column.fuel_km = fuel.carried_km

    def _lift(self) -> float:
        line = self._behind_km + self._column.km
        return lift(self._fuel.lift_km, line, self._fuel.lift_halves_km)

    def _receive(self) -> None:
        """Add what the lift has brought; more than can be carried stays behind."""
        now, column = self._world.env.now, self._column
        brought = column.fuel_km + self._lift() * (now - self._reckoned)
        column.fuel_km = max(column.fuel_km, min(brought, self._fuel.carried_km))
        self._reckoned = now

    def burn(self, leg: Leg, km: float) -> None:
        """Burn the fuel for ``km`` of a leg."""
        self._column.fuel_km -= _needed(leg, km)
        self._receive()

    def halt(self, leg: Leg, km: float) -> Generator[simpy.Event, Any, None]:
        """Process: wait until there is fuel for ``km`` of a leg, or all that can be carried."""
        world, column = self._world, self._column
        self._receive()
        enough = min(_needed(leg, km), self._fuel.carried_km)
        while column.fuel_km < enough - 1e-6:
            world.log("halts for fuel", column=column, place=column.place)
            began = world.env.now
            wait = (enough - column.fuel_km) / max(self._lift(), 1e-6)
            column.waiting_for_fuel = True
            if not (yield from world.env.pause(min(wait, world.scenario.days))):
                world.log("fuel arrives by air", column=column, place=column.place)
            column.waiting_for_fuel = False
            self._receive()
            column.halted_days += world.env.now - began
            column.marched_days = 0.0
            column.mark(world.env.now)


def _needed(leg: Leg, km: float) -> float:
    """Fuel for ``km`` of a leg, as distance on rolling ground."""
    return fuel_for(km, leg.terrain) if leg.fuel is None else km * leg.fuel


def km_between(network: Network, depot: str, place: str) -> float:
    """Length of the way from a depot to a place."""
    way = pairwise(network.way(depot, place))
    return fsum([network.nodes[a].legs[b].length_km for a, b in way])
