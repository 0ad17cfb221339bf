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
            id: [id, *[there for there, leg in node.legs.items() if leg.length_km <= most]]
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
            (f, f.place) for f in world.formations.values()
            if f.column is None and f.place is not None and f.fights()
        ]  # fmt: skip
        columns = [(c, self._where(c)) for c in world.columns.values() if c.formations]
        reach = self._reach([*standing, *columns])
        for column, here in columns:
            enemy = ENEMY[column.coalition]
            near = reach[enemy]
            beyond = world.network.nodes[here].owner == enemy and here == column.place
            pursues = beyond and len(near) > 0
            if (pursues or here in near) and column.defending is None and not _fights(column):
                share = pursuit if pursues else holding
                world.losses.take_without_battle(column.formations, share)
        held = [f for f, here in standing if here in reach[ENEMY[f.coalition]] and not _fights(f)]
        world.losses.take_without_battle(held, holding)

    def _reach(self, present: list[tuple[Formation | Column, str]]) -> dict[str, set[str]]:
        """Places at which, or near enough to which, each coalition is in the field."""
        reach: dict[str, set[str]] = {}
        for coalition in ENEMY:
            places = {here for who, here in present if who.coalition == coalition}
            reach[coalition] = set().union(*[self._near[place] for place in places])
        return reach

    def _where(self, column: Column) -> str:
        """The place that a column invests, or else the last that it reached."""
        last = column.places[-1]
        return last if self.world.network.nodes[last].masked_by is column else column.place


def _fights(who: Formation | Column) -> bool:
    """Whether somebody is in a battle, whose law counts all of the grouping.

    A column that was in one within the days that keep contact still is.
    """
    if who.engagement is not None:
        return True
    return who.battle is not None and who.battle.is_alive()
