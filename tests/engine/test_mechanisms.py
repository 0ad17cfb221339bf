"""Each mechanism, switched off in a scenario that exercises it, changes what it should.

A case gives the scenario, the laws and an outcome, and says how the outcome without the
mechanism stands to the outcome with it.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from math import isnan, log
from typing import Any

import pytest

from engine.builder import (
    AT_ONCE,
    JAPAN,
    USSR,
    Air,
    Fuel,
    Weather,
    axis,
    blue,
    laws,
    leg,
    lift,
    line,
    order,
    outcome,
    place,
    play,
    red,
    scenario,
)
from sandtable.laws.sampler import Laws
from sandtable.mechanisms import MECHANISMS
from sandtable.scenario.resolved import (
    Ammunition,
    Border,
    Bypass,
    Demolition,
    ForwardDetachment,
    ResolvedScenario,
)


@dataclass(frozen=True)
class Case:
    scenario: ResolvedScenario
    outcome: str
    expected: Callable[[float, float], bool]
    """What must hold of (with, without)."""
    laws: Laws = laws(breaks=0.0)  # noqa: RUF009


def sooner(on: float, off: float) -> bool:
    return off < on


def later(on: float, off: float) -> bool:
    return off > on or (isnan(off) and not isnan(on))


def never(on: float, off: float) -> bool:
    return isnan(off) and not isnan(on)


def nothing(on: float, off: float) -> bool:
    return off == 0.0 and on > 0.0


def sooner_than_never(on: float, off: float) -> bool:
    return isnan(on) and not isnan(off)


more, fewer = later, sooner


def march(km: float = 60.0, **ground: Any) -> ResolvedScenario:
    places, legs = line("ab", km, **ground)
    return scenario(
        places, legs, [red("r", "a")], [axis("x", "r", "ab")],
        weather=[Weather("w", ("b",), 1.0)], days=40.0,
    )  # fmt: skip


def duel(*blues, reds=None, days: float = 10.0, **changes) -> ResolvedScenario:
    """Contact at H-hour: all nine kilometres to b are defended."""
    reds = reds or [red("r", "a")]
    places, legs = line("abc", changes.pop("km", 9.0))
    column = axis("x", " ".join(f.id for f in reds), "ab", surprise=changes.pop("surprise", 0.0),
                  ammunition=changes.pop("ammunition", None))  # fmt: skip
    blues = blues or (blue("j", "b", 3000.0),)
    return scenario(places, legs, [*reds, *blues], [column], days=days, **changes)


def bare(s: ResolvedScenario, *off: str) -> ResolvedScenario:
    return replace(s, mechanisms=s.mechanisms.without(*off))


def halting(orders=()) -> ResolvedScenario:
    places, legs = line("abc")
    column = axis("x", "r", "abc", fuel=Fuel(80.0, 25.0, 60.0))
    formations = [red("r", "a", type="motor-rifle")]
    return scenario(places, legs, formations, [column], orders, days=20.0)


def spur(**changes) -> ResolvedScenario:
    """Formation j stands at e, off b; x takes b, y attacks it there from f later on."""
    places, legs = line("abcd")
    places[3:3] = [place("e"), place("f", "ussr")]
    legs += [leg("be"), leg("fe", 9.0)]
    formations = [red("r", "a"), red("s", "f"), blue("j", "e", 4000.0)]
    axes = [axis("x", "r", "ab"), axis("y", "s", "fe", starts=changes.pop("later", 15.0))]
    return scenario(places, legs, formations, axes, attrition="square", **changes)


def stopping(**changes) -> ResolvedScenario:
    places, legs = line("abc")
    stop = order("stop", "cease-fire", "j", 1.0, delay=(0.5, 0.5))
    formations = [red("r", "a"), blue("j", "b", 3000.0)]
    return scenario(places, legs, formations, [axis("x", "r", "ab")], [stop], **changes)


def pursuing() -> ResolvedScenario:
    places, legs = line("abc")
    formations = [red("r", "a"), blue("j", "b")]
    return scenario(places, legs, formations, [axis("x", "r", "abc")], days=60.0)


def facing() -> ResolvedScenario:
    places, legs = line("ab")
    formations = [red("r", "a"), blue("j", "b")]
    return scenario(places, legs, formations, [axis("x", "r", "ab", starts=50.0)])


def running_ahead() -> ResolvedScenario:
    places, legs = line("ab")
    column = [red("t", "a", type="motor-rifle"), red("r", "a")]
    ahead = ForwardDetachment(("t",), 20.0)
    return scenario(places, legs, column, [axis("x", "t r", "ab", forward_detachment=ahead)])


def narrow() -> ResolvedScenario:
    s = duel()
    places = [replace(p, front_km=1.0) if p.id == "b" else p for p in s.places]
    return replace(s, places=tuple(places))


def by_night() -> ResolvedScenario:
    s = duel(day_fraction=0.5)
    return replace(s, axes=(replace(s.axes[0], by_night=("attack",)),))


def bombarded() -> ResolvedScenario:
    places, legs = line("ab", 9.0)
    shell = order("shell", "bombard", "r", 1.0, place="b", days=2.0)
    forces = [red("r", "a", guns=40.0, range_km=60.0), blue("j", "b")]
    return scenario(places, legs, forces, [axis("x", "r", "ab", starts=50.0)], [shell])


def fortress() -> ResolvedScenario:
    places, legs = line("abc")
    places[1] = place("b", kind="fortified-region")
    formations = [red("r1", "a"), red("r2", "a"), blue("g", "b", fortification=0.8)]
    column = axis("x", "r1 r2", "abc", fortified_regions={"b": Bypass("mask", ("r2",))})
    return scenario(places, legs, formations, [column])


def retaken() -> ResolvedScenario:
    places, legs = line("abc")
    places[1] = place("b", "ussr")
    strike = order("strike", "counterattack", "j", 1.0, place="b")
    return scenario(
        places, legs, [red("r", "a"), blue("j", "c")], [axis("x", "r", "ab", starts=9.0)], [strike]
    )


def reinforced() -> ResolvedScenario:
    s = duel(blue("j", "b", 9000.0), reds=[red("r", "a")], days=4.0)
    join = order("join", "reinforce", "s", 1.0, axis="x", place="a")
    return replace(s, formations=(*s.formations, red("s", None, 5000.0)), orders=(join,))


def redeployed() -> ResolvedScenario:
    """J comes to the defence of b from c, in time only by rail."""
    places, legs = line("abc", 60.0)
    legs[1] = leg("bc", 300.0, trains=30.0)
    move = order("move", "redeploy", "j", 0.5, place="b")
    return scenario(
        places,
        legs,
        [red("r", "a"), blue("j", "c", 9000.0)],
        [axis("x", "r", "ab", starts=3.0)],
        [move],
    )


def broken_out() -> ResolvedScenario:
    s = fortress()
    places = (*s.places, place("d"))
    out = order("out", "break-out", "g", 2.01, place="d")
    japan = replace(JAPAN, pocket_endurance=2.0)
    return replace(s, places=places, legs=(*s.legs, leg("bd")), orders=(out,),
                   sides=(USSR, japan), supply=(("a", "attacker"), ("d", "defender")))  # fmt: skip


def parked() -> ResolvedScenario:
    s = march()
    return replace(s, places=(s.places[0], replace(s.places[1], parked_tanks=30.0)))


def landed() -> ResolvedScenario:
    s = replace(march(), formations=(red("r", "a"), red("p", None, 500.0, type="airborne")))
    drop = order("drop", "land-from-air", "p", 0.5, place="b")
    return replace(s, orders=(drop,))


def by_craft() -> ResolvedScenario:
    """The first wave is under fire; the others are still aboard at the end."""
    places, legs = line("abc")
    ashore = order("ashore", "land-from-sea", "r", 0.5, place="b", lift="flotilla")
    return scenario(
        places, legs, [red("r", None), blue("g", "b")], [], [ashore], lifts=[lift()], days=0.9
    )


def neighboured() -> ResolvedScenario:
    """c, beside b, falls to y at once; then the neighbour of the defence of b is gone."""
    places, legs = line("abc")
    places.insert(2, place("d"))
    places.insert(3, place("f", "ussr"))
    legs = [leg("ab", 9.0), leg("bc", 60.0), leg("bd", 60.0), leg("fd", 1.0)]
    formations = [red("r", "a"), red("s", "f"), blue("j", "b", 3000.0)]
    axes = [axis("x", "r", "ab"), axis("y", "s", "fd")]
    return bare(scenario(places, legs, formations, axes, days=60.0), "attrition", "envelopment")


WORKS = replace(laws(), outcome=outcome(1.0, 0.0, weights={"fortified": log(0.2)}))
AT_BAY = laws(breaks=AT_ONCE, law__pocket__escaping=-40.0)
SLOW = laws(breaks=0.2)
SQUARE = laws(breaks=0.0, attrition="square", certain=True)
ALONE = ("second-echelon", "opposed-advance", "surprise")
SKY = [
    Air("ussr", "attacker", 100.0, 1.0, 2.0, 0.01),
    Air("japan", "defender", 50.0, 1.0, 2.0, 0.01),
]

CASES = {
    "terrain": Case(march(terrain="mountain"), "captured/b", sooner),
    "road": Case(march(road="none"), "captured/b", sooner),
    "river": Case(march(obstacle="great-river"), "captured/b", sooner),
    "demolition": Case(
        march(demolition=Demolition("defender", 1.0, 0.0, 3.0, 0.0)), "captured/b", sooner
    ),
    "weather": Case(march(rain="closes"), "captured/b", sooner),
    "march-fatigue": Case(march(150.0), "captured/b", sooner),
    "forward-detachment": Case(running_ahead(), "captured/b", sooner),
    "attrition": Case(duel(), "losses/japan/personnel/total", nothing),
    "combined-arms": Case(
        duel(reds=[red("r", "a", tanks=100.0, infantry=0.0)]), "losses/ussr/tanks", fewer
    ),
    "artillery": Case(bombarded(), "losses/japan/personnel/total", nothing),
    "opposed-advance": Case(duel(km=60.0), "advance/x/4", fewer),
    "pursuit": Case(
        pursuing(), "captured/c", sooner, laws(breaks=AT_ONCE, law__pursuit__foot=log(10.0))
    ),
    "contact": Case(
        facing(), "losses/ussr/personnel/total", nothing, laws(law__contact__holding=1.0)
    ),
    "surprise": Case(duel(surprise=3.0), "losses/ussr/personnel/total", more),
    "night": Case(by_night(), "captured/b", sooner, laws(breaks=AT_ONCE)),
    "combat-fatigue": Case(
        duel(attrition="square", days=1.0), "losses/ussr/personnel/total", more, SQUARE
    ),
    "cohesion": Case(duel(days=60.0), "captured/b", never, laws(breaks=AT_ONCE)),
    "envelopment": Case(bare(duel(days=60.0), "attrition"), "captured/b", later, SLOW),
    "neighbours": Case(neighboured(), "captured/b", later, SLOW),
    "withdrawal": Case(duel(), "losses/japan/personnel/total", more, laws(breaks=AT_ONCE)),
    "encirclement": Case(spur(), "encircled/j", never),
    "fortification": Case(
        bare(duel(blue("j", "b", 3000.0, fortification=0.8), days=60.0), "attrition"),
        "captured/b", sooner, WORKS,
    ),
    "frontage": Case(
        narrow(), "losses/japan/personnel/total", more, laws(breaks=0.0, front__attackers_km=2e3)
    ),
    "siege": Case(fortress(), "captured/c", never),
    "fuel": Case(halting(), "captured/c", sooner),
    "ammunition": Case(
        duel(ammunition=Ammunition(1.0, 0.0, 100.0)), "losses/japan/personnel/total", later
    ),
    "supply": Case(
        bare(spur(days=16.0, later=12.0), *ALONE), "losses/s/personnel/total", more,
        laws(attrition="square", law__pocket__escaping=-40.0),
    ),
    "order-delay": Case(
        replace(stopping(), orders=(order("stop", "cease-fire", "j", 1.0, delay=(3.0, 3.0)),)),
        "surrendered/j", sooner,
    ),
    "rules-of-engagement": Case(
        replace(march(), sides=(replace(USSR, border=Border(("b",), 20.0)), JAPAN)),
        "captured/b", sooner,
    ),
    "cease-fire": Case(stopping(), "surrendered/j", never, laws(breaks=0.0)),
    "capitulation": Case(stopping(), "losses/j/personnel/captured", nothing),
    "rail": Case(redeployed(), "losses/j/personnel/total", nothing),
    "reinforcement": Case(reinforced(), "losses/s/personnel/total", nothing),
    "second-echelon": Case(
        duel(blue("j", "b", 900.0), reds=[red("r", "a", 3000.0), red("s", "a", 9000.0)], days=0.5),
        "losses/s/personnel/total", lambda on, off: on == 0.0 and off > 0.0,
    ),
    "counterattack": Case(retaken(), "captured/b", never),
    "relief": Case(broken_out(), "surrendered/g", sooner_than_never, AT_BAY),
    "landing": Case(landed(), "captured/b", later),
    "lift": Case(by_craft(), "losses/ussr/craft", nothing, laws(breaks=0.0)),
    "fire-on-water": Case(by_craft(), "losses/r/personnel/total", nothing, laws(breaks=0.0)),
    "airlift": Case(
        halting([order("fly", "airlift-fuel", "x", 0.6, amount_km=60.0)]), "captured/c", later
    ),
    "air": Case(duel(air=SKY), "losses/ussr/aircraft", nothing),
    "air-weather": Case(
        duel(
            air=[replace(SKY[0], rain="closes"), SKY[1]],
            weather=[Weather("w", tuple("abc"), 1.0)],
        ),
        "losses/ussr/aircraft", lambda on, off: on == 0.0 and off > 0.0,
    ),
    "overrun-parks": Case(parked(), "losses/japan/tanks", nothing),
    "desertion": Case(
        duel(blue("j", "b", 3000.0, desertion=0.5)), "losses/japan/personnel/deserted", nothing
    ),
    "repair": Case(duel(reds=[red("r", "a", tanks=100.0)]), "losses/ussr/tanks", more),
}  # fmt: skip


def test_every_mechanism_has_a_case():
    assert CASES.keys() == set(MECHANISMS)


@pytest.mark.parametrize("mechanism", sorted(MECHANISMS))
def test_without_it(mechanism):
    case = CASES[mechanism]
    on = play(case.scenario, case.laws).outcomes[case.outcome]
    off = play(bare(case.scenario, mechanism), case.laws).outcomes[case.outcome]
    assert case.expected(on, off), (on, off)


def test_air_superiority_is_worth_its_share_of_the_force_ratio():
    """Two thirds of the sky: the ratio rises by the effect times a third."""
    s = bare(duel(blue("j", "b", 3000.0, depth_km=9.0), reds=[red("r", "a", 6000.0)], air=SKY),
             "cohesion", "attrition", "combat-fatigue", *("surprise",))  # fmt: skip
    under = laws(air__effect=0.15)
    gained = play(s, under).outcomes["advance/x/1"]
    # 2 to 1 becomes 2.1 to 1; Dupuy's infantry has 8 km a day at 2.0 and 10 at 2.6.
    assert gained == pytest.approx(8.0 + 2.0 * 0.1 / 0.6, rel=5e-3)
    assert play(bare(s, "air"), under).outcomes["advance/x/1"] == pytest.approx(8.0)
