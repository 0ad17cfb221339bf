"""What a battle costs: a state function of the persons that take part and of time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import fsum, inf
from typing import TYPE_CHECKING

from sandtable.engine.reckoning import Reckoning
from sandtable.engine.state import Formation
from sandtable.engine.world import World
from sandtable.laws.frontage import FREE, Room, counting

if TYPE_CHECKING:
    from sandtable.engine.assessment import Line


class Toll:
    """The account of a battle's casualties; pairs are of attackers and defenders.

    ``committed`` are the attackers and ``members`` the defenders, each with its persons when it
    was first counted. ``persons`` are those of all of them at the last count, no more than the
    ceiling lets and the ``room`` of the widest front that was fought on; ``size`` are the persons
    of both sides with no regard to fronts. ``lost`` are the casualties, ``charged`` what the law
    has been charged for, before circumstances, quality and luck. ``luck``: factors on the
    casualties; ``within``: exponents of time within a battle.
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
        self.persons, self.size = (0.0, 0.0), 0.0
        self.room = Room(0.0, 0.0)
        self._counted = 0, 0, self.room
        self._scales = 0.0, 0.0

    def commit(self, attackers: Sequence[Formation]) -> None:
        """Count attackers in, wherever on the march they are."""
        for formation in attackers:
            if formation not in self.committed:
                self.committed[formation] = formation.personnel

    def count(self, room: Room) -> None:
        """See who takes part from now on; ``room``: that of the fronts now fought on."""
        self.room = self.room.or_more(room)
        counted = len(self.committed), len(self.members), self.room
        if counted != self._counted:
            committed, members = fsum(self.committed.values()), fsum(self.members.values())
            ceiling = self._figures.ceiling
            attackers, defenders = counting(committed, members, ceiling, self.room)
            self.size = fsum(counting(committed, members, ceiling, FREE))
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

    def defence_by(self, age: float, by: Reckoning) -> float:
        """Casualties of the defence by an age of the battle, if all goes on as now."""
        if not self._on:
            return 0.0
        due = self._of_defenders(age, by) - self.charged[1]
        return self.lost[1] + max(0.0, due) * by.factors[1]

    def used_up(self, lines: Sequence[Line], by: Reckoning) -> float:
        """Age at which either side has lost all whom it has in contact; inf without losses."""
        if not self._on:
            return inf
        of_attackers, of_defenders = _in_action(lines)
        return min(
            self._day_of_attackers(of_attackers, by), self._day_of_defenders(of_defenders, by)
        )

    def charge(self, lines: Sequence[Line], age: float, by: Reckoning) -> tuple[float, float]:
        """Charge what the law says up to an age, less what was charged.

        Returns the shares (0-1) that those in contact lose. What they cannot bear is charged
        later.
        """
        shares = [0.0, 0.0]
        if self._on:
            due = self._of_attackers(age, by), self._of_defenders(age, by)
            for side, men in enumerate(_in_action(lines)):
                factor = by.factors[side]
                lost = (due[side] - self.charged[side]) * factor
                if lost > 0.0 and men > 0.0:
                    shares[side] = min(1.0, lost / men)
                    self.lost[side] += shares[side] * men
                    self.charged[side] += shares[side] * men / factor
        return shares[0], shares[1]

    def _of_attackers(self, age: float, by: Reckoning) -> float:
        """Casualties of the attackers by an age, before factors."""
        return self._law[0].by(self._scales[0], age, max(by.end, age), self.within[0])

    def _of_defenders(self, age: float, by: Reckoning) -> float:
        """Casualties of the defenders by an age, before factors: what falls to the positions."""
        law, scale, within = self._law[1], self._scales[1], self.within[1]
        if by.end == inf:
            return law.by(scale, age, inf, within)
        return law.whole(scale, max(by.end, age)) * _borne(age, within, by)

    def _day_of_attackers(self, men: float, by: Reckoning) -> float:
        """Age at which these men in action have all been lost."""
        scale, factor = self._scales[0], by.factors[0]
        if scale <= 0.0 or factor <= 0.0:
            return inf
        casualties = self.charged[0] + men / factor
        return self._law[0].day_of(scale, casualties, by.end, self.within[0])

    def _day_of_defenders(self, men: float, by: Reckoning) -> float:
        """The same of defenders."""
        law, scale, factor, within = self._law[1], self._scales[1], by.factors[1], self.within[1]
        if scale <= 0.0 or factor <= 0.0:
            return inf
        casualties = self.charged[1] + men / factor
        if by.end == inf:
            return law.day_of(scale, casualties, inf, within)
        if by.growth <= 0.0:
            return inf
        left = casualties / law.whole(scale, by.end) - by.borne
        return float(max(0.0, by.since + left / by.growth) ** (1.0 / within))


def _borne(age: float, within: float, by: Reckoning) -> float:
    return min(1.0, float(by.borne + by.growth * (age**within - by.since)))


def _in_action(lines: Sequence[Line]) -> tuple[float, float]:
    return (
        fsum([f.personnel for line in lines for f in line.front]),
        fsum([f.personnel for line in lines for f in line.opposed.formations]),
    )
