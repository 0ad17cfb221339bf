"""Contact without a decision: what pursuit, rear security and holding cost by the day.

Whoever is in a battle loses men by the law of battles, and nobody twice.
"""

from __future__ import annotations

from sandtable.engine.network import ENEMY
from sandtable.engine.state import Column, Formation
from sandtable.engine.world import World


class Contact:
    """Who is within reach of an enemy, day by day; which places are near is found once."""

    def __init__(self, world: World) -> None:
        self.world = world
        most, nodes = world.planning.battle.support_km, world.network.nodes
        self._near = {
            id: (id, *(there for there, leg in node.legs.items() if leg.length_km <= most))
            for id, node in nodes.items()
        }

    def charge(self, days: float) -> None:
        """Take the losses of the last ``days`` from those who are now in contact without a battle.

        A column beyond the places that were its own side's pays the rate of pursuit, while the
        enemy is in the field; who invests a place or stands within supporting distance of an enemy,
        that of holding.
        """
        world, rates = self.world, self.world.laws.operations.contact
        pursuit, holding = rates.pursuit * days / 1000.0, rates.holding * days / 1000.0
        standing = [
            f for f in world.formations.values()
            if f.column is None and f.place is not None and f.fights()
        ]  # fmt: skip
        columns = [(c, self._where(c)) for c in world.columns.values() if c.formations]
        reach = self._reach(standing, columns)
        for column, here in columns:
            enemy = ENEMY[column.coalition]
            near = reach[enemy]
            if near and not _column_fights(column):
                pursues = here == column.place and world.network.nodes[here].owner == enemy
                if pursues or here in near:
                    for formation in column.formations:
                        world.losses.take_without_battle(formation, pursuit if pursues else holding)
        for formation in standing:
            if formation.place in reach[ENEMY[formation.coalition]] and not _fights(formation):
                world.losses.take_without_battle(formation, holding)

    def _reach(
        self, standing: list[Formation], columns: list[tuple[Column, str]]
    ) -> dict[str, set[str | None]]:
        """Places at which, or near enough to which, each coalition is in the field."""
        held: dict[str, set[str | None]] = {coalition: set() for coalition in ENEMY}
        for formation in standing:
            held[formation.coalition].add(formation.place)
        for column, here in columns:
            held[column.coalition].add(here)
        return {
            coalition: set().union(*[self._near[place] for place in places if place is not None])
            for coalition, places in held.items()
        }

    def _where(self, column: Column) -> str:
        """The place that a column invests, or else the last that it reached."""
        last = column.places[-1]
        return last if self.world.network.nodes[last].masked_by is column else column.place


def _column_fights(column: Column) -> bool:
    """Whether a column is in a battle, or was within the days that keep contact."""
    if column.engagement is not None or column.defending is not None:
        return True
    return column.battle is not None and column.battle.is_alive()


def _fights(formation: Formation) -> bool:
    """Whether a formation is in a battle, whose law counts all of the grouping."""
    if formation.engagement is not None:
        return True
    return formation.battle is not None and formation.battle.is_alive()
