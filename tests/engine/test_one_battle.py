"""One battle however it is cut: into places along its axis, columns beside or behind one another.

Battles of the table, and some made up, each become a campaign in which a march takes no time:
first as one engagement, then cut. Casualties of both sides, duration and ground come out as for
the whole: medians within a tenth, nine tenths of the battles within three tenths.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from math import expm1, inf
from pathlib import Path
from statistics import median
from unittest.mock import patch

import pytest

from engine.builder import JAPAN, USSR, axis, blue, changed, leg, order, place, play, red, scenario
from sandtable.battles.sample import circumstances_of
from sandtable.battles.table import load_table
from sandtable.engine.engagement import Engagement
from sandtable.engine.world import World
from sandtable.laws.circumstances import Circumstances
from sandtable.laws.coefficients import load_coefficients
from sandtable.laws.sampler import LawSampler
from sandtable.mechanisms import MECHANISMS

REAL = Path(__file__).resolve().parents[2].parent / "shared" / "battles" / "battles.csv"
WORKS = {"hasty": 0.0, "prepared": 0.4, "fortified": 0.8, "delay": 0.0, "withdrawal": 0.0}
FEW = frozenset({"attrition", "fortification", "cohesion", "withdrawal", "opposed-advance"})
ALL = frozenset(MECHANISMS)
DEPTH_KM = 3000.0
"""Of the defended zone: more ground than any battle gains."""
AT_ONCE = 1e12
"""Rate of march, km a day, at which a march takes no time."""
MADE_UP = [
    Circumstances(12_000.0, 6_000.0, "hasty", 1943.0),
    Circumstances(90_000.0, 60_000.0, "prepared", 1944.0, attacker_tanks=300.0),
    Circumstances(20_000.0, 4_000.0, "fortified", 1945.0, surprise=2.0),
    Circumstances(250_000.0, 200_000.0, "prepared", 1916.0),
    Circumstances(5_000.0, 2_000.0, "delay", 1940.0),
]


class Middle:
    """Draws without luck."""

    def normal(self):
        return 0.0

    def exponential(self):
        return 1.0

    def uniform(self):
        return 0.5

    def between(self, low, high):
        return (low + high) / 2


@dataclass(frozen=True)
class Cut:
    """Places one after another, columns abreast, echelons so many days behind each other."""

    places: int = 1
    columns: int = 1
    echelons: int = 1
    days_behind: float = 0.0


CUTS = [
    Cut(places=2), Cut(places=4), Cut(columns=2), Cut(columns=3), Cut(places=2, columns=2),
    Cut(places=4, columns=3), Cut(echelons=4, days_behind=3.0),
]  # fmt: skip


def tanks(count: float | None, men: float, side: str) -> float:
    """Tanks of a side; where unknown, as many as count as the mean."""
    density = load_coefficients().scales[f"{side}-tanks"].centre
    return men * expm1(density) / 1000.0 if count is None else count


def campaign_of(c: Circumstances, cut: Cut, on: frozenset[str]):
    """The battle, so cut, as a campaign."""
    parts, positions = cut.columns * cut.echelons, cut.places * cut.columns
    attacking = tanks(c.attacker_tanks, c.attacker, "attacker") / parts
    defending = tanks(c.defender_tanks, c.defender, "defender") / positions
    attackers, defenders, nodes, legs, axes, supply = [], [], [], [], [], {}
    for j in range(cut.columns):
        ids = [f"p{j}x{i}" for i in range(cut.places + 2)]
        for i, id in enumerate(ids):
            at = place("a", "japan" if i else "ussr")
            nodes.append(replace(at, id=id, name=id, lat=45.0, lon=120.0 + 0.01 * j + 0.001 * i))
        legs += [replace(leg("ab", DEPTH_KM + 1.0), a=a, b=b) for a, b in pairwise(ids)]
        supply |= {ids[0]: "attacker", ids[-1]: "defender"}
        own = [
            replace(
                red(f"r{j}x{n}", ids[0], c.attacker / parts, tanks=attacking,
                    type="rifle" if n and cut.days_behind else "tank"),
                parent="ahq",
            )
            for n in range(cut.echelons)
        ]  # fmt: skip
        attackers += own
        defenders += [
            replace(
                blue(f"d{j}x{i}", ids[i], c.defender / positions, tanks=defending, type="tank",
                     fortification=WORKS[c.posture], depth_km=DEPTH_KM / cut.places),
                parent="dhq",
            )
            for i in range(1, cut.places + 1)
        ]  # fmt: skip
        width = (c.front_km or 0.0) / cut.columns
        column = axis(f"x{j}", own[0].id, "ab", frontage_km=width, starts=1.0)
        axes.append(replace(column, formations=tuple(f.id for f in own), places=tuple(ids[:-1])))
    headquarters = [
        replace(red("ahq", None, 0.0), echelon="army"),
        replace(blue("dhq", None, 0.0), echelon="army"),
    ]
    moves = c.posture in ("delay", "withdrawal")
    return scenario(
        nodes, legs, [*headquarters, *attackers, *defenders], axes,
        [order("o", "delay", " ".join(f.id for f in defenders), 0.0)] if moves else [],
        days=400.0, sides=(replace(USSR, sick=0.0), replace(JAPAN, sick=0.0)), year=c.year,
        without=sorted(ALL - on), attrition="full", advance="fitted", supply=supply,
    )  # fmt: skip


def under(c: Circumstances, cut: Cut, *, certain: bool):
    """The shipped laws; ``certain``: the attacker wins. Marches take no time but the echelons'."""
    armies = {"ussr": c.attacker_nation, "japan": c.defender_nation}
    found = LawSampler.shipped("full", "fitted", armies, c.year).central()
    planning = found.planning
    for pace in ("pace", "mobile_pace"):
        planning = changed(planning, ["pursuit", pace], AT_ONCE)
    # After one attack was broken off there is no other.
    planning = changed(planning, ["attack", "regroup"], 1e9)
    for mobility in ("motor", "tracked", "horse", "foot"):
        planning = changed(planning, ["march", mobility], AT_ONCE)
    if cut.days_behind:
        planning = changed(planning, ["march", "foot"], DEPTH_KM / cut.days_behind)
        planning = changed(planning, ["road", "foot", "road"], 1.0)
    odds = found.outcome.odds
    if certain:
        odds = replace(odds, core=(odds.core[0] + 60.0, *odds.core[1:]))
    return replace(found, planning=planning, outcome=replace(found.outcome, odds=odds))


def fight(c: Circumstances, cut: Cut, on: frozenset[str], replication: int | None):
    """Losses of attackers and defenders, days until the decision, km fought through.

    Without a replication there is no luck and the attacker wins.
    """
    certain, decided = replication is None, ("defence broken", "attack broken off")
    laws, gained = under(c, cut, certain=certain), []
    gain_ground = Engagement.gain_ground

    def watched(engagement, km):
        before = engagement.penetration
        gain_ground(engagement, km)
        gained.append((engagement.penetration - before) * engagement.depth_km)

    with patch.object(Engagement, "gain_ground", watched):
        if certain:
            with patch.object(World, "draws", lambda self, name: Middle()):
                run = play(campaign_of(c, cut, on), laws)
        else:
            run = play(campaign_of(c, cut, on), laws, replication=replication)
    sides = run.world.by_coalition
    lost = [sum(f.lost for f in sides[side]) for side in ("attacker", "defender")]
    days = max((e.day for e in run.events if e.kind in decided), default=inf) - 1.0
    return (*lost, days, sum(gained) / cut.columns)


def battles(every: int) -> Iterator[Circumstances]:
    """Those made up and, where it lies at hand, so many of the table."""
    yield from MADE_UP
    if REAL.exists():
        for c in list(circumstances_of(load_table(REAL)))[::every]:
            if c.attacker_nation != c.defender_nation:
                yield c


def hold(cut: Cut, on: frozenset[str], luck: bool, every: int) -> None:
    """Hold the bounds on the ratios of the cut battles to the whole ones."""
    # Where an attack is broken off before the last of four places, only part of the defence has
    # been engaged.
    least = 0.75 if luck and cut.places == 4 else 0.9
    ratios: list[list[float]] = [[], [], [], []]
    for number, c in enumerate(battles(every)):
        replication = number if luck else None
        whole, parts = (fight(c, each, on, replication) for each in (Cut(), cut))
        for found, one, other in zip(ratios, parts, whole, strict=True):
            if other > 0.0:
                found.append(one / other)
    for found in ratios:
        assert len(found) >= 5
        near = sum(0.7 < ratio < 1.3 for ratio in found) / len(found)
        assert 0.9 < median(found) < 1.1, (cut, sorted(found))
        assert near >= least, (cut, sorted(found))


@pytest.mark.parametrize("cut", CUTS, ids=repr)
@pytest.mark.parametrize("on", [FEW, ALL], ids=["few", "all"])
def test_without_luck(cut, on):
    hold(cut, on, luck=False, every=40)


@pytest.mark.verify
@pytest.mark.parametrize("cut", CUTS, ids=repr)
@pytest.mark.parametrize("on", [FEW, ALL], ids=["few", "all"])
@pytest.mark.parametrize("luck", [False, True])
def test_every_third_battle_of_the_table(cut, on, luck):
    hold(cut, on, luck, every=3)
