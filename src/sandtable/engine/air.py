"""Aircraft: who has how much of the sky, and what it costs."""

from __future__ import annotations

from collections.abc import Sequence

from sandtable.scenario import resolved


class AirForces:
    """Aircraft of all sides; ``lost`` by side, ``sortie_share`` by coalition (0-1)."""

    def __init__(self, air: Sequence[resolved.Air], sides: Sequence[resolved.Side]) -> None:
        self._air = air
        self._aircraft = {force.side: force.aircraft for force in air}
        self.lost = {side.id: 0.0 for side in sides}
        self.sortie_share = {"attacker": 0.5, "defender": 0.5}
        self._bases = {force.side: list(force.bases) for force in air}
        self._grounded: dict[str, None] = {}
        self._share_sorties()

    @property
    def any_fly(self) -> bool:
        """Whether any side has aircraft."""
        return bool(self._flying())

    def _flying(self) -> list[resolved.Air]:
        return [force for force in self._air if force.side not in self._grounded]

    def ground(self, side: str) -> None:
        """A side's aircraft may not fly."""
        self._grounded[side] = None
        self.sortie_share = {"attacker": 0.5, "defender": 0.5}
        self._share_sorties()

    def release(self, side: str) -> None:
        """They may fly again."""
        self._grounded.pop(side, None)
        self._share_sorties()

    def overrun(self, place: str, coalition: str, caught: float) -> dict[str, float]:
        """A place falls to a coalition: aircraft taken of each enemy force that has a base there.

        ``caught``: share (0-1) that does not get away to another base; of the last base all.
        """
        taken: dict[str, float] = {}
        for force in self._air:
            bases = self._bases[force.side]
            if force.coalition != coalition and place in bases:
                here = self._aircraft[force.side] / len(bases)
                bases.remove(place)
                lost = taken[force.side] = here * (caught if bases else 1.0)
                self._aircraft[force.side] -= lost
                self.lost[force.side] += lost
        self._share_sorties()
        return taken

    def superiority(self, coalition: str) -> float:
        """From -1, all sorties are the other side's, to 1, all are this coalition's."""
        return 2.0 * self.sortie_share[coalition] - 1.0

    def fly(self, days: float) -> None:
        """Aircraft lost: a share of the sorties, in proportion to the enemy's share of the sky."""
        for force in self._flying():
            sorties = self._aircraft[force.side] * force.serviceable * force.sorties * days
            hostile = 2.0 * (1.0 - self.sortie_share[force.coalition])
            lost = min(self._aircraft[force.side], sorties * force.losses * hostile)
            self._aircraft[force.side] -= lost
            self.lost[force.side] += lost
        self._share_sorties()

    def _share_sorties(self) -> None:
        """Each coalition's share of the sorties that can be flown."""
        sorties = {"attacker": 0.0, "defender": 0.0}
        for force in self._flying():
            flown = self._aircraft[force.side] * force.serviceable * force.sorties
            sorties[force.coalition] += flown
        total = sum(sorties.values())
        if total > 0.0:
            for coalition, flown in sorties.items():
                self.sortie_share[coalition] = flown / total
