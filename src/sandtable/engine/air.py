"""Aircraft: who has how much of the sky over a place, and what it costs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from math import fsum

from sandtable.scenario import resolved
from sandtable.vocabulary import RainEffect

_EVEN = {"attacker": 0.5, "defender": 0.5}
"""Shares of a sky that is nobody's."""


class _Force:
    """An air force: its aircraft now, its bases left, whether it may fly.

    ``density``: sorties over one of its places, to those of a force that flies everywhere.
    ``wet``: share of its sorties that it flies on a wet day (0-1).
    """

    __slots__ = ("aircraft", "area", "bases", "density", "grounded", "spec", "wet")

    def __init__(self, spec: resolved.Air, places: Sequence[str], wet: float) -> None:
        self.spec, self.wet = spec, wet
        self.area = frozenset(spec.places or places)
        self.density = len(places) / len(self.area)
        self.aircraft, self.bases = spec.aircraft, list(spec.bases)
        self.grounded = False

    def sorties(self) -> float:
        """Sorties of a dry day over all of its area."""
        return self.aircraft * self.spec.serviceable * self.spec.sorties


class _Sky:
    """The sky over places that have the same forces above them.

    By whether the day is wet: each coalition's ``share`` of the sorties flown (0-1), and ``flown``,
    the part of a dry day's that these are.
    """

    __slots__ = ("flown", "forces", "number", "places", "share")

    def __init__(self, number: int, forces: list[_Force]) -> None:
        self.number, self.forces = number, forces
        self.places: set[str] = set()
        self.share, self.flown = [dict(_EVEN), dict(_EVEN)], [0.0, 0.0]

    def look(self) -> None:
        """Reckon the shares anew."""
        dry = 0.0
        for wet in (False, True):
            sorties = dict.fromkeys(_EVEN, 0.0)
            for force in self.forces:
                if not force.grounded:
                    over = force.sorties() * force.density * (force.wet if wet else 1.0)
                    sorties[force.spec.coalition] += over
            total = fsum(sorties.values())
            dry = dry if wet else total
            self.share[wet] = {c: s / total for c, s in sorties.items()} if total else dict(_EVEN)
            self.flown[wet] = total / dry if dry else 0.0


class AirForces:
    """Aircraft of all sides over all ``places``; ``lost`` by side.

    ``rain``: share of the sorties that are flown on a wet day (0-1), by what rain does to a force.
    """

    def __init__(
        self, air: Sequence[resolved.Air], sides: Sequence[resolved.Side], places: Sequence[str],
        rain: Mapping[RainEffect, float],
    ) -> None:  # fmt: skip
        self._forces = [_Force(spec, places, rain[spec.rain]) for spec in air]
        self.lost = {side.id: 0.0 for side in sides}
        found: dict[tuple[int, ...], _Sky] = {}
        self._over: dict[str, _Sky] = {}
        for place in places:
            above = tuple(i for i, force in enumerate(self._forces) if place in force.area)
            if above not in found:
                found[above] = _Sky(len(found), [self._forces[i] for i in above])
            self._over[place] = found[above]
            found[above].places.add(place)
        self._skies = list(found.values())
        self._look()

    def ground(self, side: str) -> None:
        """A side's aircraft may not fly."""
        self._let(side, grounded=True)

    def release(self, side: str) -> None:
        """They may fly again."""
        self._let(side, grounded=False)

    def _let(self, side: str, *, grounded: bool) -> None:
        for force in self._forces:
            if force.spec.side == side:
                force.grounded = grounded
        self._look()

    def overrun(self, place: str, coalition: str, caught: float) -> float:
        """A place falls to a coalition: aircraft taken of the enemy forces that have a base there.

        ``caught``: share (0-1) that does not get away to another base; of the last base all.
        """
        taken = 0.0
        for force in self._forces:
            if force.spec.coalition != coalition and place in force.bases:
                here = force.aircraft / len(force.bases)
                force.bases.remove(place)
                lost = here * (caught if force.bases else 1.0)
                force.aircraft -= lost
                self.lost[force.spec.side] += lost
                taken += lost
        if taken > 0.0:
            self._look()
        return taken

    def sky(self, place: str) -> int:
        """Number of the sky over a place; places with the same number have the same forces."""
        return self._over[place].number

    def superiority(self, coalition: str, place: str, *, wet: bool) -> float:
        """From -1, all sorties of a dry day are flown by the other side, to 1, by this coalition.

        What rain keeps on the ground is nobody's.
        """
        sky = self._over[place]
        return sky.flown[wet] * (2.0 * sky.share[wet][coalition] - 1.0)

    def overhead(self, coalition: str, place: str, *, wet: bool) -> tuple[float, float]:
        """Shares of a dry day's sorties that a coalition and its enemies fly over a place (0-1)."""
        sky = self._over[place]
        share = sky.share[wet][coalition]
        return sky.flown[wet] * share, sky.flown[wet] * (1.0 - share)

    def fly(self, days: float, wet: AbstractSet[str]) -> None:
        """Aircraft lost: a share of the sorties, in proportion to the enemy's share of the sky.

        ``wet``: the places at which the day is wet.
        """
        wet_places = [(sky, len(sky.places & wet)) for sky in self._skies]
        for force in self._forces:
            if force.grounded:
                continue
            sorties, coalition = force.sorties() * days, force.spec.coalition
            hostile = 0.0
            for sky, rained in wet_places:
                if force in sky.forces:
                    dry_sky, wet_sky = [2.0 * (1.0 - share[coalition]) for share in sky.share]
                    hostile += len(sky.places) / len(force.area) * dry_sky
                    hostile += rained / len(force.area) * (force.wet * wet_sky - dry_sky)
            lost = min(force.aircraft, sorties * force.spec.losses * hostile)
            force.aircraft -= lost
            self.lost[force.spec.side] += lost
        self._look()

    def _look(self) -> None:
        for sky in self._skies:
            sky.look()
