"""What orders wait for: another order, a place taken, a formation cut off or out of the fight."""

from __future__ import annotations

from collections.abc import Callable
from math import fsum

from sandtable.scenario.resolved import After, ResolvedScenario
from sandtable.vocabulary import Occasion

ENOUGH = 0.5
"""Share of a headquarters' first strength that an event must have befallen, as of its outcomes."""


class _Wait:
    """An action that waits until an event has befallen so much strength."""

    __slots__ = ("action", "left")

    def __init__(self, left: float, action: Callable[[], None]) -> None:
        self.left, self.action = left, action


class Occasions:
    """Who waits for which event; each counts when it first befalls a formation or a place."""

    def __init__(self, scenario: ResolvedScenario) -> None:
        self._scenario = scenario
        self._waiting: dict[tuple[Occasion, str], list[_Wait]] = {}
        self.orders = frozenset(
            o.after.name for o in scenario.orders if o.after and o.after.kind == "order"
        )

    def wait(self, after: After, action: Callable[[], None]) -> None:
        """Let ``action`` happen when this has happened, with half the men below a headquarters."""
        scenario, weights = self._scenario, {after.name: 1.0}
        if after.kind in ("encircled", "ceased_fire", "surrendered"):
            below = scenario.combat_below.get(after.name, ())
            weights = {id: scenario.formations_by_id[id].personnel for id in below}
        wait = _Wait(ENOUGH * fsum(weights.values()), action)
        for name in weights:
            self._waiting.setdefault((after.kind, name), []).append(wait)

    def tell(self, kind: Occasion, name: str, weight: float = 1.0) -> None:
        """This has happened, to a formation of so many men when the campaign began."""
        for wait in self._waiting.pop((kind, name), ()):
            before, wait.left = wait.left, wait.left - weight
            if before > 0.0 >= wait.left - 1e-9:
                wait.left = 0.0
                wait.action()

    def clear(self) -> None:
        """Forget who waits."""
        self._waiting.clear()
