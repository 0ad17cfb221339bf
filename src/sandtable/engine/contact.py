"""Contact without a decision: what pursuit, rear security and holding cost by the day.

Whoever is in a battle loses men by the law of battles, and nobody twice.
"""

from __future__ import annotations

from sandtable.engine.network import ENEMY
from sandtable.engine.state import Column, Formation
from sandtable.engine.world import World


class Contact:
    """Who is within reach of an enemy, day by day; what never changes is found once."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._combatants = {
            coalition: [f for f in world.by_coalition[coalition] if f.combatant]
            for coalition in ENEMY
        }
        most, nodes = world.planning.battle.support_km, world.network.nodes
        self._near = {
            id: (id, *[there for there, leg in node.legs.items() if leg.length_km <= most])
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
        standing = {coalition: self._standing(coalition) for coalition in ENEMY}
        columns = {coalition: self._columns(coalition) for coalition in ENEMY}
        reach = {who: self._reach([*standing[who], *columns[who]]) for who in ENEMY}
        for coalition, enemy in ENEMY.items():
            near = reach[enemy]
            if not near:
                continue
            for column, here in columns[coalition]:
                pursues = world.network.nodes[here].owner == enemy and here == column.place
                if (pursues or here in near) and column.defending is None and not _fights(column):
                    share = pursuit if pursues else holding
                    world.losses.take_without_battle(column.formations, share)
            held = [f for f, here in standing[coalition] if here in near and not _fights(f)]
            world.losses.take_without_battle(held, holding)

    def _standing(self, coalition: str) -> list[tuple[Formation, str]]:
        """Formations of a coalition that stand by themselves in somebody's way, and where."""
        return [
            (f, f.place) for f in self._combatants[coalition]
            if f.column is None and f.place is not None and f.fights()
        ]  # fmt: skip

    def _columns(self, coalition: str) -> list[tuple[Column, str]]:
        """Columns of a coalition that are still any, and where they are."""
        columns = self.world.columns.values()
        return [(c, self._where(c)) for c in columns if c.coalition == coalition and c.formations]

    def _reach(self, present: list[tuple[Formation | Column, str]]) -> set[str]:
        """Places at which some are in the field, and those near enough to these."""
        return set().union(*[self._near[here] for here in {here for _, here in present}])

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
