"""Planning figures: published rates and stated assumptions that aren't fitted on battles.

``planning.toml`` has them, each with its source; `planning_file` reads it. A figure stands there
under the names that it has here, section by section: ``planning.fatigue.recovery`` is the key
``fatigue.recovery``, and as an uncertain input ``law.fatigue.recovery``. ``key`` among a field's
metadata is a name that Python wouldn't take.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import fsum
from typing import Literal

from sandtable.laws.cohesion import Cause
from sandtable.vocabulary import Mobility, Obstacle, Road, Terrain

Table = tuple[float, ...]


@dataclass(frozen=True, slots=True)
class TerrainFactors:
    """Factors on the unopposed rate off the road, by who marches (0-1)."""

    foot: Mapping[Terrain, float]
    vehicle: Mapping[Terrain, float]


@dataclass(frozen=True, slots=True)
class RoadFactors:
    """Factors on the unopposed rate, by who marches (0-1); horses go as foot troops."""

    foot: Mapping[Road, float]
    motor: Mapping[Road, float]
    tracked: Mapping[Road, float]


@dataclass(frozen=True, slots=True)
class DemolitionFigures:
    """What a blown bridge costs, and how often it isn't blown.

    ``bridging`` km a day by engineers once they are at work, ``prepare`` days before that;
    ``taken``: chance that a coup de main takes a prepared bridge intact (0-1).
    """

    bridging: float
    prepare: float
    taken: float


@dataclass(frozen=True, slots=True)
class MarchFatigue:
    """Fresh days of a continuous march, and the factor on its rate after them (0-1)."""

    days: float
    factor: float


@dataclass(frozen=True, slots=True)
class Surprise:
    """Factors by level of surprise: none, minor, substantial, complete; ``days`` to fade.

    ``mobility`` of the attacker (its square root enters the rate); on the losses of the
    ``surpriser`` and of the ``surprised``.
    """

    mobility: Table
    surpriser: Table
    surprised: Table
    days: float


@dataclass(frozen=True, slots=True)
class NightFigures:
    """Attack and march in darkness.

    Factors (0-1) on the rate of march of those on ``foot`` or horse and of a ``vehicle`` without
    lights, on opposed ``advance`` and on ``casualties`` of both sides; ``surprise`` (0-3) that
    darkness gives an attack; ``march_hours`` of a day's march.
    """

    foot: float
    vehicle: float
    march_hours: float
    advance: float
    casualties: float
    surprise: float


@dataclass(frozen=True, slots=True)
class CombatFatigue:
    """Effectiveness lost a day in action and regained a day at rest, its floor (0-1).

    ``broken``: lost by a formation that was beaten out of its position.
    """

    loss: float
    floor: float
    recovery: float
    broken: float


@dataclass(frozen=True, slots=True)
class Cohesion:
    """Why a defence quits.

    ``shares`` of the causes in the hazard; ``mean_intensity`` of each in the average battle
    (0-1); ``loss_scale``: share of its men lost at which losses are fully present.
    """

    shares: Mapping[Cause, float]
    mean_intensity: float
    loss_scale: float


@dataclass(frozen=True, slots=True)
class AttackFigures:
    """When an attacker opens and commits.

    ``sufficient_ratio`` of strengths up to which he engages formations; ``least_ratio`` below
    which he waits for more of the column; ``detachment_ratio`` of men below which a forward
    detachment waits for its main body; days to ``regroup`` after an attack was broken off;
    ``echelon_wait``: days until the second echelon is committed.
    """

    sufficient_ratio: float
    least_ratio: float
    detachment_ratio: float
    regroup: float
    echelon_wait: float


@dataclass(frozen=True, slots=True)
class BattleFigures:
    """How the fighting of a campaign is put together to battles.

    ``support_km``: distance up to which formations of one army support each other. ``gap_days``
    out of contact after which a battle is over. ``ceiling``: most attackers that count against
    one defender.
    ``opponent_quality``, ``own_quality``: exponents of effectiveness on the casualties that a
    force inflicts and suffers (the second with a minus). ``invest_ratio``: men of an investing
    force to one of a garrison.
    """

    support_km: float
    gap_days: float
    ceiling: float
    opponent_quality: float
    own_quality: float
    invest_ratio: float


@dataclass(frozen=True, slots=True)
class RailFigures:
    """Redeployment by railway.

    ``trains`` a day in each direction on a line, ``men`` to a train with all that goes with them,
    ``km`` a day that a train makes, days for ``loading`` the first and for unloading the last.
    """

    trains: float
    men: float
    km: float
    loading: float


@dataclass(frozen=True, slots=True)
class FrontFigures:
    """Most persons a km of front, those behind the line included: of attackers, of defenders."""

    attackers_km: float
    defenders_km: float


@dataclass(frozen=True, slots=True)
class Pursuit:
    """What being broken or cut off costs.

    Share of the guns left behind by a broken formation, share of its men that one which slips
    out of a pocket loses by that, effectiveness lost a day without supply.
    """

    guns_abandoned: float
    breakout_losses: float
    isolation_wear: float


@dataclass(frozen=True, slots=True)
class Tanks:
    """Loss of tanks.

    ``rate_ratio`` to the rate of personnel; the enemy's guns a thousand men at which the shares
    by cause were found; ``repairable`` share and days to repair; ``escort``: men on foot a tank at
    which it is covered, ``unescorted``: factor on its loss without any; ``hunters``: factor on what
    close attack takes where tank hunters are throughout; then the shares by cause.
    """

    rate_ratio: float
    antitank_density: float
    gun_density: float
    repairable: float
    repair_days: float
    escort: float
    unescorted: float
    hunters: float
    anti_tank_guns: float = field(metadata={"key": "anti-tank-guns"})
    artillery: float
    infantry_incendiaries: float = field(metadata={"key": "infantry-incendiaries"})
    aircraft: float
    mines_grenades: float = field(metadata={"key": "mines-grenades"})

    @property
    def shares(self) -> Table:
        """Shares of the causes, in the order of ``outcomes.TANK_CAUSES``, made to sum to 1."""
        return shares_of(
            (
                self.anti_tank_guns,
                self.artillery,
                self.infantry_incendiaries,
                self.aircraft,
                self.mines_grenades,
            )
        )


@dataclass(frozen=True, slots=True)
class Guns:
    """Loss of guns: ``rate_ratio`` to the rate of personnel."""

    rate_ratio: float


@dataclass(frozen=True, slots=True)
class ArtilleryFigures:
    """Guns that reach over ground.

    ``exponent`` of guns a thousand men in the opponent's casualties; ``unobserved``: worth (0-1)
    of fire that nobody observes; ``rounds`` a gun a day of a bombardment, ``rounds_to_a_casualty``;
    ``answer``: share (0-1) of their rounds that enemy guns give to those who bombard.
    """

    exponent: float
    unobserved: float
    rounds: float
    rounds_to_a_casualty: float
    answer: float


@dataclass(frozen=True, slots=True)
class AirFigures:
    """Aircraft over and before the armies.

    ``effect``: share by which full air superiority raises the attacker's strength; ``caught``:
    share of the aircraft at a base that is taken with it (0-1); ``slows``: share of a dry day's
    sorties that are flown on a wet day (0-1).
    """

    effect: float
    caught: float
    slows: float


@dataclass(frozen=True, slots=True)
class LandingFigures:
    """``afloat``: share of the first day's losses of a landing before the fight ashore (0-1)."""

    afloat: float


@dataclass(frozen=True, slots=True)
class Dupuy:
    """Dupuy's rates of opposed advance (km a day) by power ratio, and factors of works (0-1)."""

    ratio: Table
    armour: Table
    mechanised: Table
    infantry: Table
    prepared: float
    fortified: float


Rain = Literal["slows", "closes"]
"""What rain does to a leg, where it does anything."""
Depth = Literal["battalion", "detachment", "regiment", "brigade", "division", "corps", "army"]
"""Echelons that have a depth of defence of their own."""


@dataclass(frozen=True, slots=True)
class Planning:
    """All planning figures of one replication.

    ``march``: unopposed rate on a good road, km a day. ``ground``: exponent of the terrain
    factor, by road. ``obstacle``: days that one at the start of a leg costs. ``rain``: factor on
    the rate on a wet day. ``depth``: of the zone that a formation defends, km.
    """

    march: Mapping[Mobility, float]
    terrain: TerrainFactors
    road: RoadFactors
    ground: Mapping[Road, float]
    obstacle: Mapping[Obstacle, float]
    demolition: DemolitionFigures
    rain: Mapping[Rain, float]
    march_fatigue: MarchFatigue
    surprise: Surprise
    night: NightFigures
    fatigue: CombatFatigue
    cohesion: Cohesion
    attack: AttackFigures
    depth: Mapping[Depth, float]
    battle: BattleFigures
    rail: RailFigures
    front: FrontFigures
    pursuit: Pursuit
    tanks: Tanks
    guns: Guns
    artillery: ArtilleryFigures
    air: AirFigures
    landing: LandingFigures
    dupuy: Dupuy


def shares_of(figures: Sequence[float]) -> Table:
    """The figures made to sum to 1."""
    total = fsum(figures)
    return tuple([share / total for share in figures])
