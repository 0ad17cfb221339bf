"""A campaign of two axes, two attackers and one defender, small enough to reckon by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sandtable.calendar import Calendar
from sandtable.scenario.resolved import Axis, Formation, Leg, Place, ResolvedScenario, Side


def formation(id: str, side: str, coalition: str, **given: object) -> Formation:
    plain = Formation(
        id, id, side, coalition, "rifle", "division", None, None,
        10_000.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0,
    )  # fmt: skip
    return replace(plain, **given)  # type: ignore[arg-type]


def place(id: str, coalition: str) -> Place:
    return Place(id, id, 45.0, 120.0, "town", "japan", coalition, id, 0.0)


def axis(id: str, formations: tuple[str, ...], places: tuple[str, ...], starts: float) -> Axis:
    return Axis(id, id, formations, places, (), (), starts, 0.0, 0.0, {}, None)


def leg(a: str, b: str, km: float) -> Leg:
    return Leg(a, b, km, "mountain", "none", "great-river", "closes")


RED, BLUE = "#D55E00", "#0072B2"


def small_campaign() -> ResolvedScenario:
    sides = (
        Side("ussr", "attacker", 0.25, 0.0, 0.05, 0.001, float("inf"), "Reds", RED, "USSR"),
        Side("mongolia", "attacker", 0.5, 0.0, 0.0, 0.0, float("inf"), "Greens", RED, ""),
        Side("japan", "defender", 0.5, 0.1, 0.1, 0.0, 5.0, "Blues", BLUE, "Japan"),
    )
    formations = (
        formation("a-front", "ussr", "attacker", type="headquarters", personnel=0.0),
        formation(
            "a-army", "ussr", "attacker", type="headquarters", personnel=0.0, parent="a-front"
        ),
        formation("1-tank", "ussr", "attacker", type="tank", tanks=200.0, parent="a-army"),
        formation("2-rifle", "ussr", "attacker", personnel=20_000.0, guns=50.0, parent="a-army"),
        formation(
            "3-cavalry", "mongolia", "attacker", type="cavalry", personnel=10_000.0,
            parent="a-front",
        ),
        formation(
            "4-division", "japan", "defender", personnel=15_000.0, effectiveness=0.5,
            fortification=0.3,
        ),
    )  # fmt: skip
    return ResolvedScenario(
        name="small",
        campaign="test-1945",
        calendar=Calendar(datetime(1945, 8, 9), 10.0),
        mechanisms=frozenset(),
        attrition="fatigue",
        advance="fitted",
        sides=sides,
        places=(
            place("start", "attacker"),
            place("middle", "defender"),
            place("far", "defender"),
            place("aside", "defender"),
            place("valley", "defender"),
        ),
        legs=(
            leg("start", "middle", 200.0),
            leg("middle", "far", 700.0),
            leg("far", "middle", 900.0),
            leg("valley", "middle", 50.0),
            leg("start", "aside", 100.0),
        ),
        formations=formations,
        axes=(
            axis("tanks", ("1-tank", "2-rifle"), ("start", "middle", "far"), 0.0),
            axis("riflemen", ("2-rifle",), ("start", "middle", "valley"), 2.0),
        ),
        orders=(),
        weather=(),
        air=(),
        supply=(),
    )
