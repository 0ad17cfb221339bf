"""A forward detachment: the mobile part of a column that runs ahead of its main body."""

from __future__ import annotations

from collections.abc import Mapping
from math import fsum, inf

from sandtable.engine.network import Node
from sandtable.engine.state import Column, Formation
from sandtable.engine.world import World
from sandtable.scenario import resolved


class ForwardDetachment:
    """What the leading formations of one column owe to the others, its main body."""

    def __init__(self, world: World, column: Column, spec: resolved.ForwardDetachment) -> None:
        self._world, self._column = world, column
        self._members, self._bound_km = frozenset(spec.formations), spec.bound_km
        self._stands_before: Node | None = None

    def leads(self) -> bool:
        """Whether one of its formations is the head of the column."""
        return self._column.head().id in self._members

    def _main_body(self) -> list[Formation]:
        """The formations behind it. Once it is no more they are the head, and bound by nothing."""
        return [f for f in self._column.formations if f.id not in self._members]

    def is_alone(self) -> bool:
        """Whether it is ashore and all the main body still aboard."""
        main = self._main_body()
        return bool(main) and all(f.closed_up == inf for f in main)

    def earliest(self, start: float, km: float, days: Mapping[str, float], delay: float) -> float:
        """Day before which it may not be ``km`` farther on, lest it outrun its bound.

        That is when the first of the main body has less than the bound to go. ``days`` that the
        way takes from ``start``, by mobility; ``delay`` of them at an obstacle.
        """
        main = self._main_body()
        if not main or km <= 0.0:
            return start
        behind = self._bound_km / km
        return min(
            [
                max(f.closed_up, start) + days[f.mobility] - (days[f.mobility] - delay) * behind
                for f in main
            ]
        )

    def waits(self, node: Node, enemies: list[Formation]) -> float:
        """Days to wait for the main body before the defence of a place; 0 if it attacks.

        It attacks what it outnumbers by ``attack.detachment_ratio`` in men, what others of its
        coalition attack already, and whatever it is once the first of the main body is up.
        """
        world, now = self._world, self._world.env.now
        coming = min([f.closed_up - now for f in self._main_body()], default=0.0)
        if coming <= 1e-9 or (node.id, self._column.coalition) in world.engagements:
            return 0.0
        men = fsum([f.personnel for f in self._column.present(now)])
        theirs = fsum([f.personnel for f in enemies])
        if men >= world.planning.attack.detachment_ratio * theirs:
            return 0.0
        if self._stands_before is not node:
            self._stands_before = node
            text = f"{men:.0f} men before {theirs:.0f}"
            world.log("waits for the main body", column=self._column, place=node.id, text=text,
                      details={"men": men, "against": theirs})  # fmt: skip
        return coming if coming < inf else world.step
