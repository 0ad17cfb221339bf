"""A battle above its places: who takes part, when it is over, how its clock runs."""

from dataclasses import replace
from math import log
from unittest.mock import patch

import pytest

from engine.builder import (
    FOOT,
    about,
    axis,
    blue,
    duel,
    laws,
    leg,
    line,
    place,
    play,
    red,
    scenario,
)
from sandtable.engine.assessment import Assessment, Rates
from sandtable.engine.battle import Battle
from sandtable.laws.outcome import OutcomeLaw
from sandtable.scenario.resolved import Bypass


def test_a_column_that_marched_off_counts_no_more():
    """Axis x breaks through at c in hours and marches on; y goes on against the same army at d."""
    places = [
        place("a", "ussr"), place("b", "ussr", lon=120.1), place("c", lon=120.2),
        place("d", lon=120.3), place("e", lon=140.0), place("f", lon=120.4),
    ]  # fmt: skip
    legs = [leg(ends, 2000.0 if ends == "ce" else 10.0) for ends in ("ac", "bd", "ce", "df", "cf")]
    army = replace(blue("army", None, 0.0), echelon="army", type="headquarters")
    formations = [
        red("x1", "a", 60_000.0, type="tank"), red("y1", "b", 9000.0, type="tank"), army,
        replace(blue("j1", "c", 50.0), parent="army"),
        replace(blue("j2", "d", 8000.0, fortification=0.4, depth_km=10.0), parent="army"),
    ]  # fmt: skip
    s = scenario(
        places, legs, formations, [axis("x", "x1", "ace"), axis("y", "y1", "bd")], days=6.0,
        supply={"a": "attacker", "b": "attacker", "e": "defender", "f": "defender"},
        without=["envelopment", "neighbours", "encirclement"],
    )  # fmt: skip
    seen: list[tuple[float, set[str]]] = []
    attackers = Battle.attackers

    def watched(battle):
        force = attackers(battle)
        seen.append((battle.world.env.now, {f.id for f in force.formations}))
        return force

    with patch.object(Battle, "attackers", watched):
        run = play(s, laws(breaks=0.02, certain=True), replication=3)
    gone = run.day("captured", "c") + 1.0
    assert gone < 5.0
    assert any(ids == {"x1", "y1"} for day, ids in seen if day < gone)
    assert {frozenset(ids) for day, ids in seen if day > gone + 0.1} == {frozenset({"y1"})}


def test_the_heads_of_all_columns_fight_abreast():
    """4,500 men are three to one: the heads of both columns, and nobody's second echelon."""
    places = [place("a", "ussr"), place("b", "ussr", lon=120.1), place("c"), place("d", lon=120.2)]
    legs = [leg(ends, 9.0) for ends in ("ac", "bc", "cd")]
    reds = [red(f"{at}{i}", at, 3000.0) for at in "ab" for i in range(2)]
    formations = [*reds, blue("j", "c", 1500.0)]
    axes = [axis("x", "a0 a1", "ac"), axis("y", "b0 b1", "bc")]
    s = scenario(places, legs, formations, axes, days=0.5,
                 supply={"a": "attacker", "b": "attacker", "d": "defender"})  # fmt: skip
    run = play(s, laws(breaks=0.0))
    lost = {f.id: run.world.formations[f.id].losses.in_action > 0.0 for f in formations}
    assert lost == {"a0": True, "b0": True, "a1": False, "b1": False, "j": True}


def test_surprise_begins_to_fade_with_the_attack():
    """A head of 100 waits before 900 men until the rifle division behind it is up."""
    head, body = red("head", "a", 100.0, type="tank"), red("body", "a", 3000.0)
    s = duel([head, body], [blue("j", "b", 900.0, depth_km=9.0)], days=3.0, surprise=3.0)
    places, legs = line("abc", 60.0)
    s = replace(s, places=tuple(places), legs=tuple(legs))
    run = play(s, laws(breaks=0.0))
    assert run.day("contact", "b") == about(51.0 / FOOT)
    assert run.world.columns["x"].attack_day == about(51.0 / FOOT)


def test_the_pace_of_a_decision_goes_by_those_counted_in_and_not_by_those_left():
    """As the table counts a battle's men: all who took part, whoever has fallen since."""
    seen: list[float] = []
    rates = OutcomeLaw.rates

    def watched(law, ratio, persons, levels):
        seen.append(persons)
        return rates(law, ratio, persons, levels)

    with patch.object(OutcomeLaw, "rates", watched):
        run = play(duel([red("r", "a", 10_000.0)], [blue("j", "b", 5000.0)], days=3.0),
                   laws(breaks=0.0))  # fmt: skip
    assert run.world.formations["j"].personnel < 4900.0
    assert len(seen) > 3 and set(seen) == {15_000.0}


def test_it_would_be_decided_when_the_whole_grouping_is_beaten():
    """Not the half of it that stands at b, where it is fought now."""
    army = replace(blue("army", None, 0.0), echelon="army", type="headquarters")
    blues = [replace(blue(id, at, 500.0, depth_km=9.0), parent="army") for id, at in ("jb", "kc")]
    found: list[tuple[Battle, Rates]] = []
    rates = Assessment.rates

    def watched(one, battle, lines):
        found.append((battle, rates(one, battle, lines)))
        return found[-1][1]

    with patch.object(Assessment, "rates", watched):
        play(duel([red("r", "a", 3000.0)], [army, *blues], days=1.0), laws(breaks=0.1))
    battle, first = found[0]
    (phase,) = first.phases
    assert len(battle.members) == 2
    assert first.reckoning.end == pytest.approx(battle.resolve / phase.breaks)


def outpost_and_main_position():
    """400 of 4,000 men before the others, in the way of 6,000 who go through with it."""
    army = replace(blue("army", None, 0.0), echelon="army", type="headquarters")
    men = {"b": 400.0, "c": 3600.0}
    blues = [replace(blue(f"j{at}", at, men[at], depth_km=9.0), parent="army") for at in men]
    s = duel([red("r", "a", 6000.0, type="tank")], [army, *blues], days=30.0,
             without=["combat-fatigue", "envelopment", "neighbours", "supply"])  # fmt: skip
    places, legs = line("abcd", 0.1)
    s = replace(s, places=tuple(places), legs=tuple(legs),
                axes=(replace(s.axes[0], places=tuple("abcd")),))  # fmt: skip
    known = laws(breaks=0.1, certain=True)
    return s, replace(known, outcome=replace(known.outcome, shape=1.6))


def test_a_small_first_position_bears_its_share_of_the_losses():
    """A tenth of the battle's casualties, though the battle begins with it."""
    run = play(*outpost_and_main_position())
    whole, first, second = run.battles[:3]
    assert (whole["place"], first["place"], second["place"]) == ("", "b", "c")
    assert first["decision"] == second["decision"] == "won"
    share = whole["defender_casualties"] / 4000.0
    assert 0.0 < share < 0.5
    assert first["defender_casualties"] / 400.0 == pytest.approx(share, rel=0.1)


def test_what_a_beaten_position_has_borne_stays_borne():
    """The second one begins where the first has left off, at a tenth of the battle's casualties."""
    found: dict[str, list[float]] = {}
    rates = Assessment.rates

    def watched(one, battle, lines):
        told = rates(one, battle, lines)
        found.setdefault(lines[0].engagement.node.id, []).append(told.reckoning.borne)
        return told

    with patch.object(Assessment, "rates", watched):
        play(*outpost_and_main_position())
    assert found["b"][0] == 0.0 < found["b"][-1] < 0.1
    assert found["c"][0] == pytest.approx(0.1)
    assert found["c"] == sorted(found["c"])


def test_a_column_at_the_end_of_its_way_holds_the_place_with_its_army():
    """Column z came to c in hours and is grouped with j at b; w is on its way to f and isn't."""
    army = replace(blue("army", None, 0.0), echelon="army", type="headquarters")
    blues = [
        replace(blue(id, at, 500.0, depth_km=9.0), parent="army")
        for id, at in (("j", "b"), ("k", "d"), ("m", "e"))
    ]
    places, legs = line("abcdef", 9.0)
    s = scenario(
        places, legs, [red("r", "a", 3000.0), army, *blues],
        [axis("x", "r", "ab", starts=2.0), axis("z", "k", "dc"), axis("w", "m", "ef", starts=9.0)],
        days=3.0, supply={"a": "attacker", "f": "defender"},
    )  # fmt: skip
    run = play(s, laws(breaks=0.0))
    (battle,) = run.world.battles
    assert {f.id for f in battle.members} == {"j", "k"}
    assert battle.zone == {"b", "c"}


def test_a_beaten_grouping_fights_a_new_battle_where_it_stands_next():
    s = duel([red("r", "a", 9000.0)], [blue("j", "b", depth_km=9.0)], days=6.0)
    places, legs = line("abcd", 9.0)
    s = replace(s, places=tuple(places), legs=tuple(legs),
                axes=(replace(s.axes[0], places=tuple("abcd")),))  # fmt: skip
    run = play(s, laws(breaks=2.0, certain=True))
    fought = [(row["battle"], row["place"]) for row in run.battles if row["place"]]
    assert fought[:2] == [(1, "b"), (2, "c")]


def test_whoever_loses_the_way_back_in_mid_battle_stands_at_bay():
    """Column y takes c, behind j, on the second day of its fight with x at b."""
    places, legs = line("abc", 9.0)
    s = scenario(
        [*places, place("e", "ussr", lat=45.5)], [*legs, leg("ec", 30.0)],
        [red("r", "a"), red("q", "e"), blue("j", "b", 2000.0, depth_km=9.0)],
        [axis("x", "r", "ab"), axis("y", "q", "ec", starts=1.0)], days=6.0,
        supply={"a": "attacker", "e": "attacker", "c": "defender"},
    )  # fmt: skip
    run = play(s, laws(breaks=0.0, law__pocket__escaping=-40.0))
    assert run.day("contact", "b") == 0.0
    taken = run.day("captured", "c")
    assert taken == about(1.0 + 30.0 / FOOT)
    assert taken <= run.day("at bay", "b") <= taken + 1.0


@pytest.mark.parametrize("days", [5.0, 9.0])
def test_a_sieges_clock_runs_on_between_assaults(days):
    """Every assault is repulsed at once, and comes again in two days: more than keeps contact."""
    places, legs = line("abc")
    places[1] = place("b", kind="fortified-region")
    formations = [red("r1", "a"), red("r2", "a"), blue("g", "b", fortification=0.8)]
    column = axis("x", "r1 r2", "abc", fortified_regions={"b": Bypass("besiege", ("r2",))})
    s = scenario(places, legs, formations, [column], days=30.0)
    under = laws(
        breaks=0.0, quits=1e6, attack__regroup=2.0, law__fortress__permanent=log(days),
        law__fortress__spread=0.0, law__pocket__escaping=-40.0,
    )  # fmt: skip
    opened: list[dict[str, float]] = []
    rates = Assessment.rates

    def watched(one, battle, lines):
        opened.append(dict(battle.opened))
        return rates(one, battle, lines)

    with patch.object(Assessment, "rates", watched):
        held = play(s, under).outcomes["captured/b"] - 51.0 / FOOT
    assert days <= held <= days + 2.0
    # What it costs is reckoned from the first assault on.
    assert len(opened) > 2 and all(at == {"b": 0.0} for at in opened)
