"""Random battles: columns converge on places held by one or two armies, whatever befalls them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from math import inf
from random import Random
from typing import Any
from unittest.mock import patch

import networkx as nx

from engine.builder import JAPAN, USSR, axis, leg, order, place, scenario
from engine.builder import formation as make
from sandtable.engine.assessment import Assessment
from sandtable.engine.battle import Battle
from sandtable.engine.engagement import Engagement
from sandtable.engine.losses import Losses
from sandtable.mechanisms import MECHANISMS
from sandtable.scenario.resolved import Bypass, Formation, ResolvedScenario

MEN = (1.0, 1.5, 20.0, 500.0, 5_000.0, 30_000.0)
WORTH = (0.0, 1e-6, 0.1, 0.5, 1.0, 1.0)
"""Effectiveness: also none at all."""
DAYS = (0.3, 3.0, 12.0, 40.0)
ORDERS = ("hold", "delay", "cease-fire", "surrender", "withdraw", "counterattack", "reinforce")


def random_battle(r: Random) -> ResolvedScenario:
    """A net of three to seven places, up to four columns, up to six other formations."""
    names = "abcdefg"[: r.randint(3, 7)]
    ours = r.randint(1, min(3, len(names) - 1))
    net = nx.Graph()
    net.add_edges_from((names[r.randrange(i)], names[i]) for i in range(1, len(names)))
    net.add_edges_from(tuple(r.sample(names, 2)) for _ in range(r.randint(0, len(names))))
    places = [
        place(name, "ussr" if i < ours else "japan", lat=45.0 + r.uniform(-0.5, 0.5))
        for i, name in enumerate(names)
    ]
    ends = sorted(tuple(sorted(edge)) for edge in net.edges)
    legs = [leg("".join(edge), r.choice([0.5, 5.0, 30.0, 100.0])) for edge in ends]
    formations = [
        replace(make(f"{side}-hq", side, None, 0.0), type="headquarters", echelon="army")
        for side in ("ussr", "japan")
    ]
    axes = []
    for number in range(r.randint(1, 4)):
        side = "ussr" if number < 3 else "japan"
        start, end = r.choice(names[:ours] if side == "ussr" else names[ours:]), r.choice(names)
        if start != end:
            own = [_one(r, f"{side}{number}{k}", side, start) for k in range(r.randint(1, 3))]
            formations += own
            axes.append(_axis(r, number, own, nx.shortest_path(net, start, end)))
    formations += [
        _one(r, f"d{k}", r.choice(["japan", "japan", "japan", "ussr"]), r.choice(names[ours:]))
        for k in range(r.randint(1, 6))
    ]
    fighting = [f.id for f in formations if f.type != "headquarters"]
    orders = [
        order(f"o{k}", r.choice(ORDERS), r.choice(fighting), r.choice([0.0, 0.3, 1.0, 2.0, 5.0]),
              place=r.choice(names))
        for k in range(r.randint(0, 5))
    ]  # fmt: skip
    supply = {
        name: "attacker" if i < ours else "defender"
        for i, name in enumerate(names)
        if r.random() < 0.5
    }
    return scenario(
        places, legs, formations, axes, orders, days=r.choice(DAYS), supply=supply,
        sides=(USSR, replace(JAPAN, pocket_endurance=r.choice([0.0, 3.0, inf]))),
        without=[name for name in sorted(MECHANISMS) if r.random() < 0.06],
        attrition=r.choice(["full", "fatigue", "square", "linear"]),
        advance=r.choice(["fitted", "dupuy"]),
    )  # fmt: skip


def _one(r: Random, id: str, side: str, start: str) -> Formation:
    return make(
        id, side, start, r.choice(MEN), effectiveness=r.choice(WORTH),
        type=r.choice(["rifle", "tank", "motor-rifle", "cavalry", "garrison"]),
        fortification=r.choice([0.0, 0.0, 0.4, 0.9]), desertion=r.choice([0.0, 0.0, 0.5, 1.0]),
        tanks=r.choice([0.0, 50.0]), guns=r.choice([0.0, 30.0]),
        depth_km=r.choice([0.0, 0.2, 3.0, 40.0]), parent=r.choice([None, f"{side}-hq"]),
    )  # fmt: skip


def _axis(r: Random, number: int, own: list[Formation], way: list[str]) -> Any:
    bypasses = {
        p: Bypass(r.choice(["mask", "besiege", "assault"]), (own[-1].id,))
        for p in way[1:] if r.random() < 0.3
    }  # fmt: skip
    return axis(f"x{number}", " ".join(f.id for f in own), "".join(way),
                starts=r.choice([0.0, 0.0, 1.0, 2.5]), surprise=r.choice([0.0, 2.0]),
                fortified_regions=bypasses)  # fmt: skip


class Watched:
    """What is seen of the battles of a run.

    ``battles`` that began; ``ended``: how often each engagement ended; ``at_once``: assessments
    of each battle at each moment; ``tolls``: the day of each charge, and who had to bear it;
    ``accounts``: what a battle counted as lost in it, and what the formations of a side lost.
    """

    def __init__(self) -> None:
        self.battles: list[Battle] = []
        self.engagements: list[Engagement] = []
        self.ended = Counter[int]()
        self.at_once = Counter[tuple[int, float]]()
        self.tolls: list[tuple[float, list[Any]]] = []
        self.accounts: list[tuple[float, float]] = []


def _lost(battle: Battle) -> list[float]:
    """What attackers and defenders of a battle have lost anywhere so far."""
    own = battle.coalition
    sides = (own, "defender" if own == "attacker" else "attacker")
    return [sum(f.losses.in_action for f in battle.world.by_coalition[side]) for side in sides]


@contextmanager
def watching() -> Iterator[Watched]:
    """Watch the battles of the runs inside."""
    seen = Watched()
    begin, finish, assess = Battle.__init__, Engagement.finish, Assessment.rates
    charge, take = Battle._take_losses, Losses.take
    bearing: list[Any] = []

    def begun(battle: Battle, *given: Any, **named: Any) -> None:
        begin(battle, *given, **named)
        seen.battles.append(battle)

    def finished(engagement: Engagement, verdict: str, cause: str) -> None:
        # Kept, so that no other gets its number.
        seen.engagements.append(engagement)
        seen.ended[id(engagement)] += 1
        finish(engagement, verdict, cause)

    def assessed(one: Assessment, battle: Battle, *given: Any) -> Any:
        seen.at_once[id(battle), battle.world.env.now] += 1
        return assess(one, battle, *given)

    def taken(losses: Losses, formations: Any, *given: Any) -> float:
        bearing.extend(formations)
        return take(losses, formations, *given)

    def charged(battle: Battle, *given: Any) -> None:
        bearing.clear()
        before, counted = _lost(battle), list(battle.toll.lost)
        charge(battle, *given)
        seen.tolls.append((battle.world.env.now, list(bearing)))
        for i, (now, was) in enumerate(zip(_lost(battle), before, strict=True)):
            seen.accounts.append((battle.toll.lost[i] - counted[i], now - was))

    with ExitStack() as stack:
        for owner, name, value in (
            (Battle, "__init__", begun), (Engagement, "finish", finished),
            (Assessment, "rates", assessed), (Battle, "_take_losses", charged),
            (Losses, "take", taken),
        ):  # fmt: skip
            stack.enter_context(patch.object(owner, name, value))
        yield seen
