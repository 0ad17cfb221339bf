"""What a battle costs: a state function of the persons that take part and of time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import inf
from typing import TYPE_CHECKING

from sandtable.engine.state import Formation
from sandtable.engine.world import World

if TYPE_CHECKING:
    from sandtable.engine.assessment import Line


class Toll:
    """The account of a battle's casualties; pairs are of attackers and defenders.

    ``committed`` are the attackers and ``members`` the defenders, each with its persons when it
    was first counted. ``persons`` are those of all of them at the last count, of the attackers no
    more than the ceiling lets. ``lost`` are the casualties, ``charged`` what the law has been
    charged for, before circumstances, quality and luck. ``luck``: factors on the casualties;
    ``within``: exponents of time within a battle.
    """

    def __init__(
        self, world: World, members: Mapping[Formation, float], luck: tuple[float, float],
        within: tuple[float, float],
    ) -> None:  # fmt: skip
        law, self._figures = world.laws.attrition, world.planning.battle
        self._law = law.attacker, law.defender
        self._on = world.on.attrition
        self.members, self.luck, self.within = members, luck, within
        self.committed: dict[Formation, float] = {}
        self.charged = [0.0, 0.0]
        self.lost = [0.0, 0.0]
        self.persons = 0.0, 0.0
        self._counted = 0, 0
        self._scales = 0.0, 0.0

    def commit(self, attackers: Sequence[Formation]) -> None:
        """Count attackers in, wherever on the march they are."""
        for formation in attackers:
            if formation not in self.committed:
                self.committed[formation] = formation.personnel

    def count(self) -> None:
        """See who takes part from now on."""
        counted = len(self.committed), len(self.members)
        if counted != self._counted:
            defenders = sum(self.members.values())
            attackers = min(sum(self.committed.values()), self._figures.ceiling * defenders)
            of_attackers, of_defenders = self._law
            self._counted, self.persons = counted, (attackers, defenders)
            self._scales = (
                of_attackers.scale(attackers, defenders, 1.0),
                of_defenders.scale(defenders, attackers, 1.0),
            )

    def factors(
        self, levels: tuple[float, float], attacker: float, defender: float
    ) -> tuple[float, float]:
        """Factors on the casualties: circumstances, quality, luck.

        ``levels``: of the circumstances; ``attacker``, ``defender``: what a man of either is worth.
        """
        if attacker <= 0.0 or defender <= 0.0:
            return 0.0, 0.0
        inflicts, suffers = self._figures.opponent_quality, -self._figures.own_quality
        return (
            levels[0] * self.luck[0] * defender**inflicts * attacker**suffers,
            levels[1] * self.luck[1] * attacker**inflicts * defender**suffers,
        )

    def defence_by(self, age: float, end: float, factors: tuple[float, float]) -> float:
        """Casualties of the defence by an age of the battle, if all goes on as now."""
        if not self._on:
            return 0.0
        due = self._law[1].by(self._scales[1], age, max(end, age), self.within[1])
        return self.lost[1] + max(0.0, due - self.charged[1]) * factors[1]

    def used_up(self, lines: Sequence[Line], end: float, factors: tuple[float, float]) -> float:
        """Age at which either side has lost all whom it has in contact; inf without losses."""
        age = inf
        if self._on:
            for side, men in enumerate(_in_action(lines)):
                scale = self._scales[side]
                if scale > 0.0 and factors[side] > 0.0:
                    casualties = self.charged[side] + men / factors[side]
                    within = self.within[side]
                    age = min(age, self._law[side].day_of(scale, casualties, end, within))
        return age

    def charge(
        self, lines: Sequence[Line], age: float, end: float, factors: tuple[float, float]
    ) -> tuple[float, float]:
        """Charge what the law says up to an age, less what was charged.

        Returns the shares (0-1) that those in contact lose. What they cannot bear is charged
        later. ``end``: age at which the battle would be decided.
        """
        shares = [0.0, 0.0]
        if self._on:
            for side, men in enumerate(_in_action(lines)):
                due = self._law[side].by(self._scales[side], age, max(end, age), self.within[side])
                lost = (due - self.charged[side]) * factors[side]
                if lost > 0.0 and men > 0.0:
                    shares[side] = min(1.0, lost / men)
                    self.lost[side] += shares[side] * men
                    self.charged[side] += shares[side] * men / factors[side]
        return shares[0], shares[1]


def _in_action(lines: Sequence[Line]) -> tuple[float, float]:
    return (
        sum([f.personnel for line in lines for f in line.front]),
        sum([f.personnel for line in lines for f in line.opposed.formations]),
    )
