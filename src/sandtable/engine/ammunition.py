"""A column's ammunition: what it fires in an attack, what the lift brings, what is left without."""

from __future__ import annotations

from sandtable.engine.fuel import km_between
from sandtable.engine.state import Column
from sandtable.engine.world import World
from sandtable.laws.endurance import lift, without_ammunition
from sandtable.scenario import resolved


class Ammunition:
    """Ammunition of one column in days of attack, brought up to date when looked at.

    ``factor`` on the strength of its formations is 1 while there is some left.
    """

    def __init__(self, world: World, column: Column, spec: resolved.Ammunition) -> None:
        self._world, self._column, self._spec = world, column, spec
        self._stock, self._reckoned = spec.carried_days, 0.0
        self._behind_km = 0.0
        if spec.depot is not None:
            self._behind_km = km_between(world.network, spec.depot, column.place)
        self.factor = 1.0

    def _lift(self) -> float:
        """Days of attack that come up a day; nothing over a line that is cut."""
        column = self._column
        if column.place not in self._world.network.hops_from_supply(column.coalition):
            return 0.0
        return lift(self._spec.lift, self._behind_km + column.km, self._spec.lift_halves_km)

    def receive(self) -> None:
        """Add what the lift has brought; more than can be carried stays behind."""
        self._reckon(0.0)

    def fire(self, days: float) -> None:
        """Fire what the days of attack that have just gone by need, or what there is."""
        before = self._stock
        self._reckon(days)
        if before > 0.0 >= self._stock:
            column, text = self._column, f"{self.factor:.2f} of its strength"
            self._world.log("runs short", column=column, place=column.place, text=text,
                            details={"strength": self.factor})  # fmt: skip

    def _reckon(self, fired: float) -> None:
        now, comes = self._world.env.now, self._lift()
        left = self._stock + comes * (now - self._reckoned) - fired
        self._stock = max(0.0, min(left, self._spec.carried_days))
        self._reckoned = now
        self.factor = 1.0 if self._stock > 0.0 else without_ammunition(comes)
