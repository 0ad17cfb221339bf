"""How many can fight on a front: the ground's room, and the ceiling of the force ratio.

    d = min(M_d, W D_d)        a = min(M_a, k d, W D_a)

M persons of attackers and defenders, W width of front in km, D most persons a km of front, k
most attackers that count against one defender. Persons include those behind the line, as the
strengths of the battle table do, from whose densest battles D comes. Those who count make the
ratio, the casualties and the ground gained; how long a battle lasts goes by all men of both sides,
as those behind a full front step into it.
"""

from __future__ import annotations

from math import inf
from typing import NamedTuple

from sandtable.laws.planning import FrontFigures


class Room(NamedTuple):
    """Persons of attackers and of defenders that a front has room for; inf: it bounds nobody."""

    attackers: float = inf
    defenders: float = inf

    def or_more(self, other: Room) -> Room:
        """The larger of two rooms, for each side."""
        return Room(max(self.attackers, other.attackers), max(self.defenders, other.defenders))


FREE = Room()
"""Where no front is given."""


def room_on(front_km: float, most: FrontFigures) -> Room:
    """The room of a front of this width (above 0, inf if it is not known)."""
    return Room(front_km * most.attackers_km, front_km * most.defenders_km)


def counting(attackers: float, defenders: float, ceiling: float, room: Room) -> tuple[float, float]:
    """Persons of (attackers, defenders) that count; ``ceiling``: attackers to one defender."""
    theirs = min(defenders, room.defenders)
    return min(attackers, ceiling * theirs, room.attackers), theirs
