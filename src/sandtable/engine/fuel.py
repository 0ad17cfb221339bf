"""A column's fuel: what it burns, what the lift brings, and the halts when it runs out."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING, Any

import simpy

from sandtable.engine.state import Column
from sandtable.laws.condition import lift
from sandtable.scenario.resolved import Fuel, Leg

if TYPE_CHECKING:
    from sandtable.engine.world import World

# Published: half as much fuel again is burnt over the mountain passes.
MOUNTAIN_FUEL = 1.5


def need(leg: Leg, km: float) -> float:
    """Fuel for ``km`` of a leg, as distance on rolling ground."""
    return km * (MOUNTAIN_FUEL if leg.terrain == "mountain" else 1.0)


class FuelSupply:
    """Fuel of one column in kilometres on rolling ground, brought up to date when looked at."""

    def __init__(self, world: World, column: Column, fuel: Fuel) -> None:
        self._world, self._column, self._fuel = world, column, fuel
        self._reckoned = 0.0
        column.fuel_km = fuel.carried_km

    def _lift(self) -> float:
        return lift(self._fuel.lift_km, self._column.km, self._fuel.lift_halves_km)

    def _receive(self) -> None:
        """Add what the lift has brought; more than can be carried stays behind."""
        now, column = self._world.env.now, self._column
        brought = column.fuel_km + self._lift() * (now - self._reckoned)
        column.fuel_km = max(column.fuel_km, min(brought, self._fuel.carried_km))
        self._reckoned = now

    def burn(self, leg: Leg, km: float) -> None:
        """Burn the fuel for ``km`` of a leg."""
        self._column.fuel_km -= need(leg, km)
        self._receive()

    def halt(self, leg: Leg, km: float) -> Generator[simpy.Event, Any, None]:
        """Process: wait until there is fuel for ``km`` of a leg, or all that can be carried."""
        world, column = self._world, self._column
        self._receive()
        enough = min(need(leg, km), self._fuel.carried_km)
        while column.fuel_km < enough - 1e-6:
            world.log("halts for fuel", column.place, column.id, column.coalition)
            began = world.env.now
            wait = (enough - column.fuel_km) / max(self._lift(), 1e-6)
            column.waiting_for_fuel = True
            try:
                yield world.env.timeout(min(wait, world.scenario.days))
            except simpy.Interrupt:
                world.log("fuel arrives by air", column.place, column.id, column.coalition)
            column.waiting_for_fuel = False
            self._receive()
            column.halted_days += world.env.now - began
            column.marched_days = 0.0
            column.mark(world.env.now)
