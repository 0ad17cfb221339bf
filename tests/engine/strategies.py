"""Random small scenarios: a connected net, two coalitions, axes, orders of every kind."""

from __future__ import annotations

from dataclasses import replace
from math import inf
from typing import Any

import networkx as nx
from hypothesis import strategies as st

from engine.builder import JAPAN, USSR, Air, Fuel, Weather, axis, leg, order, place
from engine.builder import formation as make
from engine.builder import scenario as put_together
from sandtable.laws.attrition import FORMS
from sandtable.mechanisms import MECHANISMS
from sandtable.scenario.resolved import (
    After,
    Ammunition,
    Ban,
    Border,
    Bypass,
    Demolition,
    ForwardDetachment,
    Lift,
    ResolvedScenario,
)

TYPES = ("rifle", "tank", "cavalry", "garrison", "motor-rifle", "puppet")
MARCHING_ORDERS = (
    "counterattack", "withdraw", "reinforce", "advance", "relieve", "break-out", "redeploy",
)  # fmt: skip
ORDERS = ("hold", "delay", "cease-fire", "surrender", "bombard", *MARCHING_ORDERS)
NIGHT = st.sampled_from([("attack",), ("march",), ("attack", "march")])
HOW = st.sampled_from(["mask", "besiege", "assault"])


def sometimes(draw: Any, choices: Any, otherwise: Any) -> Any:
    return draw(st.one_of(st.just(otherwise), choices))


_until = st.one_of(st.just(inf), st.floats(0.0, 12.0))
_bans = st.builds(Ban, st.sampled_from([("tanks",), ("aircraft",), ("tanks", "aircraft")]), _until)
_ammunition = st.builds(Ammunition, st.floats(0, 5), st.floats(0, 2), st.floats(20, 300))
_demolitions = st.builds(
    Demolition, st.sampled_from(["attacker", "defender"]), st.floats(0, 1),
    st.sampled_from([0.0, 0.3]), st.floats(0.0, 5.0), st.sampled_from([-1.0, 0.5]),
)  # fmt: skip


FLEETS = {"attacker": "ussr", "defender": "japan"}
"""The coalition and the side of each flotilla, which is named after the coalition."""


def _lifts(draw: Any, names: str) -> list[Lift]:
    """A flotilla for each coalition, from one boat to more than anybody needs."""
    return [
        Lift(
            coalition, side, coalition, draw(st.floats(1, 100)), draw(st.floats(1, 500)),
            draw(st.floats(0.01, 2.0)), sometimes(draw, st.floats(0, 3), None),
            tuple(draw(st.lists(st.sampled_from(names), max_size=2, unique=True))),
            draw(st.sampled_from(["none", "slows", "closes"])),
        )
        for coalition, side in FLEETS.items()
    ]  # fmt: skip


def _after(draw: Any, number: int, names: str, formations: list[Any]) -> After:
    """An event that may never come, or an order given before."""
    kinds = ["captured", "encircled", "ceased_fire", "surrendered", *(["order"] if number else [])]
    kind = draw(st.sampled_from(kinds))
    befalls = [f.id for f in formations]
    earlier = [f"o{i}" for i in range(number)]
    pool = {"captured": list(names), "order": earlier}.get(kind, befalls)
    return After(kind, draw(st.sampled_from(pool)))


def _borders(names: str) -> Any:
    beyond = st.lists(st.sampled_from(names), min_size=1, max_size=2, unique=True)
    return st.builds(Border, beyond.map(tuple), _until)


@st.composite
def scenarios(draw: Any) -> ResolvedScenario:
    names = "abcdefg"[: draw(st.integers(2, 7))]
    graph = nx.Graph()
    graph.add_nodes_from(names)
    for i, name in enumerate(names[1:], 1):
        graph.add_edge(name, names[draw(st.integers(0, i - 1))])
    for _ in range(draw(st.integers(0, 3))):
        ends = draw(st.lists(st.sampled_from(names), min_size=2, max_size=2, unique=True))
        graph.add_edge(*ends)
    side = st.sampled_from(["ussr", "japan"])
    places = [
        place(
            n, draw(side), depot_km=sometimes(draw, st.floats(1, 200), 0.0),
            parked_tanks=sometimes(draw, st.floats(0, 50), 0.0),
            parked_aircraft=sometimes(draw, st.floats(0, 50), 0.0),
            front_km=sometimes(draw, st.floats(0.1, 20.0), 0.0),
            overlooks=tuple(draw(st.lists(st.sampled_from(names), max_size=2, unique=True))),
        )
        for n in names
    ]  # fmt: skip
    legs = [
        leg(
            "".join(ends), draw(st.floats(1.0, 150.0)),
            terrain=draw(st.sampled_from(["flat", "mountain", "marsh"])),
            road=draw(st.sampled_from(["none", "track", "road", "rail"])),
            obstacle=draw(st.sampled_from(["none", "river"])),
            rain=draw(st.sampled_from(["none", "closes"])),
            demolition=sometimes(draw, _demolitions, None),
            trains=sometimes(draw, st.floats(0.5, 30.0), 0.0),
            lift=sometimes(draw, st.sampled_from(sorted(FLEETS)), None),
            front_km=sometimes(draw, st.floats(0.1, 20.0), 0.0),
        )
        for ends in graph.edges
    ]  # fmt: skip
    formations = [_formation(draw, i, names, side) for i in range(draw(st.integers(2, 8)))]
    axes = _axes(draw, graph, formations)
    orders = [_order(draw, i, names, formations, axes) for i in range(draw(st.integers(0, 6)))]
    endurance = st.sampled_from([0.0, 3.0, inf])
    sides = [
        replace(
            s,
            sick=draw(st.sampled_from([0.0, 0.01])),
            pocket_endurance=draw(endurance),
            border=sometimes(draw, _borders(names), None),
            ban=sometimes(draw, _bans, None),
        )
        for s in (USSR, JAPAN)
    ]
    supply = {
        n: draw(st.sampled_from(["attacker", "defender"])) for n in names if draw(st.booleans())
    }
    air = [
        Air(s.id, s.coalition, draw(st.floats(0, 500)), 0.7, 2.0, 0.01,
            tuple(draw(st.lists(st.sampled_from(names), max_size=2, unique=True))))
        for s in sides
    ]  # fmt: skip
    return put_together(
        places, legs, formations, axes, orders,
        days=draw(st.floats(0.5, 20.0)), sides=sides, supply=supply,
        air=sometimes(draw, st.just(air), []), lifts=_lifts(draw, names),
        weather=[Weather("all", tuple(names), draw(st.floats(0, 1)))],
        without=draw(st.lists(st.sampled_from(sorted(MECHANISMS)), max_size=2)),
        attrition=draw(st.sampled_from(sorted(FORMS))),
        advance=draw(st.sampled_from(["dupuy", "fitted"])),
        day_fraction=draw(st.sampled_from([0.0, 0.25, 0.9])),
    )  # fmt: skip


def _formation(draw: Any, number: int, names: str, side: Any) -> Any:
    return make(
        f"f{number}", draw(side), sometimes(draw, st.sampled_from(names), None),
        draw(st.floats(50.0, 50_000.0)), type=draw(st.sampled_from(TYPES)),
        tanks=sometimes(draw, st.floats(0, 300), 0.0), guns=draw(st.floats(0, 200)),
        antitank_guns=draw(st.floats(0, 50)), armoured_cars=sometimes(draw, st.floats(0, 50), 0.0),
        effectiveness=draw(st.floats(0.1, 1.0)), fortification=draw(st.floats(0.0, 1.0)),
        desertion=sometimes(draw, st.floats(0.0, 1.0), 0.0),
        echelon=draw(st.sampled_from(["regiment", "division", "army"])),
        depth_km=sometimes(draw, st.floats(0.5, 80.0), 0.0),
        infantry=sometimes(draw, st.floats(0.0, 60_000.0), None),
        tank_hunters=sometimes(draw, st.floats(0.0, 1.0), 0.0),
        range_km=sometimes(draw, st.floats(0.0, 200.0), 0.0),
    )  # fmt: skip


def _axes(draw: Any, graph: Any, formations: list[Any]) -> list[Any]:
    """One or two axes a coalition, each of its own formations along a simple way."""
    axes = []
    for coalition in ("attacker", "defender"):
        own = [f.id for f in formations if f.coalition == coalition]
        for number in range(draw(st.integers(0, 2))):
            size = draw(st.integers(0, min(3, len(own))))
            column, own = own[:size], own[size:]
            ends = draw(
                st.lists(st.sampled_from(sorted(graph)), min_size=2, max_size=2, unique=True)
            )
            way = nx.shortest_path(graph, *ends)
            if not column:
                continue
            bypasses = {p: Bypass(draw(HOW), (column[-1],)) for p in way[1:] if draw(st.booleans())}
            fuel = sometimes(
                draw,
                st.builds(Fuel, st.floats(20, 300), st.floats(1, 200), st.floats(20, 300)), None,
            )  # fmt: skip
            axes.append(
                axis(f"{coalition}-{number}", " ".join(column), "".join(way),
                     starts=draw(st.floats(0.0, 5.0)), surprise=draw(st.floats(0.0, 3.0)),
                     fortified_regions=bypasses, fuel=fuel,
                     forward_detachment=ForwardDetachment((column[0],), draw(st.floats(0, 60)))
                     if len(column) > 1 and draw(st.booleans()) else None,
                     ammunition=sometimes(draw, _ammunition, None),
                     by_night=sometimes(draw, NIGHT, ()),
                     border=sometimes(draw, _borders("".join(sorted(graph))), None))
            )  # fmt: skip
    return axes


def _order(draw: Any, number: int, names: str, formations: list[Any], axes: list[Any]) -> Any:
    when, target = draw(st.floats(0.0, 10.0)), draw(st.sampled_from(names))
    fuelled = [a.id for a in axes]
    absent = [
        f.id for f in formations if f.start is None and not any(f.id in a.formations for a in axes)
    ]
    kinds = ORDERS + (("airlift-fuel",) if fuelled else ())
    kinds += ("land-from-sea", "land-from-air") if absent else ()
    what = draw(st.sampled_from(kinds))
    if what == "airlift-fuel":
        return order(f"o{number}", what, draw(st.sampled_from(fuelled)), when, amount_km=50.0)
    pool = absent if what.startswith("land") else [f.id for f in formations]
    who = draw(st.sampled_from(pool))
    coalition = next(f.coalition for f in formations if f.id == who)
    joined = [a.id for a in axes if a.id.startswith(coalition)]
    return order(
        f"o{number}", what, who, when, place=target, delay=(0.0, draw(st.floats(0.0, 3.0))),
        heeded=draw(st.sampled_from([1.0, 0.5])),
        days=draw(st.floats(0.0, 5.0)) if what == "bombard" else 0.0,
        by_night=sometimes(draw, NIGHT, ()) if what in ("counterattack", "relieve") else (),
        axis=sometimes(draw, st.sampled_from(joined), None)
        if what in ("reinforce", "land-from-sea") and joined else None,
        after=sometimes(draw, st.just(_after(draw, number, names, formations)), None),
        lift=sometimes(draw, st.just(coalition), None) if what == "land-from-sea" else None,
    )  # fmt: skip
