"""A scenario of two axes in which most of what the engine knows takes place."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from engine.builder import (
    JAPAN,
    USSR,
    Air,
    Fuel,
    Weather,
    axis,
    blue,
    leg,
    lift,
    order,
    place,
    red,
    scenario,
)
from sandtable.scenario.resolved import Bypass, ForwardDetachment, ResolvedScenario


@cache
def richer() -> ResolvedScenario:
    """A tank column past a fortress and a rifle army along the railway, to meet at g.

    a - b - c - d - g is the northern way, a - h - i - g the southern; e lies off c, k is a
    port behind g.
    """
    places = [
        place("a", "ussr"), place("b"), place("c", kind="fortified-region"),
        place("d", depot_km=60.0), place("e"), place("h"), place("i"), place("k", kind="port"),
        place("g"),
    ]  # fmt: skip
    legs = [
        leg("ab", 60.0, terrain="desert", road="track", rain="closes"),
        leg("bc", 50.0, terrain="mountain", road="track", obstacle="fordable-river"),
        leg("cd", 80.0), leg("dg", 70.0, obstacle="river"), leg("ce", 40.0, road="none"),
        leg("ah", 40.0, terrain="rolling", rain="slows"), leg("hi", 60.0, road="rail"),
        leg("ig", 80.0, lift="ferries"), leg("gk", 30.0), leg("dk", 60.0),
    ]  # fmt: skip
    formations = [
        red("tank-corps", None, 18_000.0, type="tank", tanks=200.0, guns=60.0, armoured_cars=30.0),
        red("motor-corps", None, 16_000.0, type="mechanised", tanks=120.0, guns=80.0),
        red("siege-brigade", None, 6_000.0, guns=60.0, antitank_guns=20.0),
        red("rifle-1", None, 12_000.0, guns=90.0), red("rifle-2", None, 12_000.0, tanks=40.0),
        red("rifle-3", "a", 10_000.0),
        red("marines", None, 3_000.0, type="naval-infantry", guns=12.0),
        red("drop", None, 500.0, type="airborne"),
        blue("fort", "c", 3_000.0, type="garrison", fortification=0.9, guns=30.0),
        blue("division-1", "b", 6_000.0, guns=30.0, antitank_guns=12.0, armoured_cars=8.0),
        blue("division-2", "h", 9_000.0, guns=40.0, antitank_guns=20.0, fortification=0.4),
        blue("division-3", "i", 8_000.0, guns=40.0, effectiveness=0.7, tanks=20.0),
        blue("brigade", "e", 4_000.0, echelon="brigade", guns=20.0),
        blue("militia", "d", 5_000.0, type="puppet", desertion=0.5, effectiveness=0.4),
        blue("reserve", "g", 12_000.0, guns=60.0, effectiveness=0.8),
        blue("port-guard", "k", 1_500.0, echelon="regiment"),
    ]  # fmt: skip
    formations = [
        replace(f, parent="army") if f.id in ("brigade", "militia") else f for f in formations
    ]
    formations.insert(8, blue("army", None, 0.0, type="headquarters", echelon="army"))
    north = axis(
        "north", "tank-corps motor-corps siege-brigade", "abcdg", surprise=2.5,
        objectives=(("g", 8.0),), fuel=Fuel(90.0, 12.0, 80.0),
        fortified_regions={"c": Bypass("besiege", ("siege-brigade",))}, neighbours=("south",),
        forward_detachment=ForwardDetachment(("tank-corps",), 30.0),
    )  # fmt: skip
    south = axis("south", "rifle-1 rifle-2", "ahig", starts=0.25, neighbours=("north",))
    orders = [
        order("follow", "reinforce", "rifle-3", 1.0, axis="south", place="h"),
        order("fly", "airlift-fuel", "north", 5.0, amount_km=80.0),
        order("ashore", "land-from-sea", "marines", 7.0, place="k", lift="flotilla"),
        order("paradrop", "land-from-air", "drop", 9.0, place="d"),
        order("strike", "counterattack", "brigade", 4.0, place="c", delay=(0.0, 1.0)),
        order("back", "withdraw", "division-3", 3.0, place="g", delay=(0.0, 2.0), heeded=0.7),
        order("screen", "delay", "division-1", 0.0),
        order("stand", "hold", "fort", 0.0),
        order("peace", "cease-fire", "reserve port-guard division-2 division-3 militia", 12.0,
              delay=(0.0, 5.0), heeded=0.9),
        order("arms", "surrender", "reserve division-2", 14.0, delay=(0.0, 4.0)),
    ]  # fmt: skip
    return scenario(
        places, legs, formations, [north, south], orders, days=18.0, day_fraction=0.3,
        attrition="full", advance="fitted",
        sides=[replace(USSR, sick=0.001), replace(JAPAN, sick=0.002, pocket_endurance=9.0)],
        lifts=[
            lift("flotilla", men=150.0, weapons_after=0.3, fire_from=("g",), rain="slows"),
            lift("ferries", craft=40.0, turn_round=0.2),
        ],
        weather=[Weather("steppe", ("b", "c"), 0.5), Weather("plain", ("h", "i", "g"), 0.3)],
        air=[
            Air("ussr", "attacker", 300.0, 0.8, 1.5, 0.004),
            Air("japan", "defender", 120.0, 0.6, 1.5, 0.004),
        ],
    )  # fmt: skip
