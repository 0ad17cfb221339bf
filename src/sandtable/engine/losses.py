"""Losses in action: personnel, tanks by cause, guns, armoured cars; and what is repaired."""

from __future__ import annotations

from collections.abc import Sequence
from math import fsum
from typing import NamedTuple

from sandtable.engine.network import Node
from sandtable.engine.state import Formation
from sandtable.laws.armour import cause_weights, exposed, exposure, share_lost
from sandtable.laws.planning import Planning, Tanks
from sandtable.outcomes import TANK_CAUSES
from sandtable.scenario import resolved

_ARTILLERY = TANK_CAUSES.index("artillery")


class Threat(NamedTuple):
    """What threatens tanks: the weight of all causes of loss, and the share of each in it."""

    weight: float
    shares: tuple[float, ...]


class Losses:
    """Takes losses from formations in action and keeps account of them.

    ``personnel`` and ``tanks`` out of action by place and side, ``tank_causes`` by side in the
    order of ``TANK_CAUSES``; ``without_battle`` the persons lost in mere contact, to bombardment
    or on the water and ``craft`` those sunk, by side; ``parked_tanks`` those taken without crews,
    by side; ``in_repair`` has the day on which tanks
    come back to a formation.
    """

    def __init__(self, planning: Planning, sides: Sequence[resolved.Side], *, repair: bool) -> None:
        self._tanks, self._guns = planning.tanks, planning.guns
        self._repairable = planning.tanks.repairable if repair else 0.0
        self.personnel: dict[tuple[str, str], float] = {}
        self.tanks: dict[tuple[str, str], float] = {}
        self.without_battle = {side.id: 0.0 for side in sides}
        self.tank_causes = {side.id: [0.0] * len(TANK_CAUSES) for side in sides}
        self.craft: dict[str, float] = {}
        self.parked_tanks = {side.id: 0.0 for side in sides}
        self.in_repair: list[tuple[float, Formation, float]] = []

    def take(
        self, formations: Sequence[Formation], share: float, threat: Threat, node: Node, now: float
    ) -> float:
        """Take the ``share`` of their personnel, and what goes with it, from ``formations``.

        ``threat`` is that of the enemy's weapons to tanks; ``node`` where it happens. Returns
        the persons lost.
        """
        tanks = share_lost(share, self._tanks.rate_ratio * threat.weight)
        guns = share_lost(share, self._guns.rate_ratio)
        total = 0.0
        for formation in formations:
            lost = formation.personnel * share
            formation.personnel -= lost
            formation.losses.in_action += lost
            total += lost
            if formation.tanks > 0.0:
                self.disable(formation, formation.tanks * tanks, threat, node, now)
            if formation.armoured_cars > 0.0:
                cars = formation.armoured_cars * tanks
                formation.armoured_cars -= cars
                formation.losses.armoured_cars += cars
            if formation.guns > 0.0 or formation.antitank_guns > 0.0:
                formation.lose_guns(guns)
            self.count(node, formation.side, lost)
        return total

    def take_by_fire(
        self, formations: Sequence[Formation], share: float, node: Node, now: float
    ) -> float:
        """Take the ``share`` of their personnel by a bombardment, and what goes with it.

        Tanks are lost as in action, to the cause artillery alone. Returns the persons lost.
        """
        alone = tuple([1.0 if i == _ARTILLERY else 0.0 for i in range(len(TANK_CAUSES))])
        threat, total = Threat(self._tanks.shares[_ARTILLERY], alone), 0.0
        for formation in formations:
            lost = self.take([formation], share, threat, node, now)
            self.without_battle[formation.side] += lost
            total += lost
        return total

    def take_without_battle(self, formations: Sequence[Formation], share: float) -> None:
        """Take the ``share`` of their personnel without a battle, and nothing with it."""
        for formation in formations:
            lost = formation.personnel * share
            formation.personnel -= lost
            formation.losses.in_action += lost
            self.without_battle[formation.side] += lost

    def take_afloat(self, formation: Formation, men: float, weapons: float, node: Node) -> None:
        """Take so many men of a formation on the water off a place, and a share of its weapons.

        What sinks is not repaired.
        """
        formation.personnel -= men
        formation.losses.in_action += men
        self.without_battle[formation.side] += men
        self.count(node, formation.side, men)
        tanks, cars = formation.tanks * weapons, formation.armoured_cars * weapons
        formation.tanks -= tanks
        formation.losses.tanks += tanks
        formation.armoured_cars -= cars
        formation.losses.armoured_cars += cars
        formation.lose_guns(weapons)

    def count(self, node: Node, side: str, lost: float) -> None:
        """Count persons among the casualties in action at a place."""
        key = (node.id, side)
        self.personnel[key] = self.personnel.get(key, 0.0) + lost

    def disable(
        self, formation: Formation, tanks: float, threat: Threat, node: Node, now: float
    ) -> None:
        """Put tanks out of action; what can be repaired comes back later."""
        formation.tanks -= tanks
        formation.losses.tanks_disabled += tanks
        repairable = self._repairable
        formation.losses.tanks += tanks * (1.0 - repairable)
        if repairable > 0.0:
            back = now + self._tanks.repair_days
            self.in_repair.append((back, formation, tanks * repairable))
        causes = self.tank_causes[formation.side]
        for i, share in enumerate(threat.shares):
            causes[i] += tanks * share
        key = (node.id, formation.side)
        self.tanks[key] = self.tanks.get(key, 0.0) + tanks

    def give_back(self, now: float) -> None:
        """Return the tanks whose repair is done; of a formation that is no more, they are lost."""
        due = [job for job in self.in_repair if job[0] <= now]
        if not due:
            return
        self.in_repair = [job for job in self.in_repair if job[0] > now]
        for _, formation, tanks in due:
            if formation.personnel > 0.0:
                formation.tanks += tanks
            else:
                formation.losses.tanks += tanks


def threat_of(
    tanks: Tanks, shares: Sequence[float], enemy: Sequence[Formation], hostile_air: float, *,
    hunted: bool = True,
) -> Threat:  # fmt: skip
    """What an ``enemy`` and his share of the sky are to tanks; ``shares`` by cause.

    ``hunted``: whether his tank hunters count.
    """
    persons = max(fsum([f.personnel for f in enemy]), 1.0)
    men = persons / 1000.0
    antitank = fsum([f.antitank_guns for f in enemy]) / men
    guns = fsum([f.guns for f in enemy]) / men
    hunters = fsum([f.tank_hunters * f.personnel for f in enemy]) / persons if hunted else 0.0
    return _threat(cause_weights(shares, tanks, antitank, guns, hostile_air, hunters))


def to_attack(threat: Threat, tanks: Tanks, attackers: Sequence[Formation]) -> Threat:
    """A threat to the tanks of an attack, by how much infantry goes with them."""
    if all(f.infantry is None or f.tanks <= 0.0 for f in attackers):
        return threat
    number = fsum([f.tanks for f in attackers])
    covered = fsum([f.tanks for f in attackers if f.infantry is None]) * tanks.escort
    men = covered + fsum([f.infantry * f.personnel for f in attackers if f.infantry is not None])
    factor = exposure(men / number, tanks.escort, tanks.unescorted)
    return _threat(exposed([threat.weight * share for share in threat.shares], factor))


def _threat(weights: Sequence[float]) -> Threat:
    total = fsum(weights)
    return Threat(total, tuple([weight / total for weight in weights]))
