"""What is kept of battles: who fought, how strong, what it cost, how it ended."""

from __future__ import annotations

from dataclasses import replace
from math import isnan
from typing import Any

import pytest

from engine.builder import (
    AT_ONCE,
    Played,
    about,
    axis,
    blue,
    duel,
    laws,
    line,
    order,
    play,
    red,
    scenario,
)
from sandtable.battle_columns import BATTLE_COLUMNS

NO_ONE_QUITS = laws(breaks=0.0)


def rows(run: Played) -> list[tuple[int, str, str]]:
    return [(row["battle"], row["place"], row["decision"]) for row in run.battles]


def test_a_fight_to_the_campaigns_end_is_unfinished() -> None:
    s = duel(
        [red("r1", "a", 9000.0), red("r2", "a", 3000.0, effectiveness=0.5)],
        [blue("j", "b", 4000.0, effectiveness=0.8)],
        days=5.0,
    )
    run = play(s, NO_ONE_QUITS)
    whole, phase = run.battles
    assert (whole["name"], whole["coalition"], whole["place"], phase["place"]) == (
        "j", "attacker", "", "b",
    )  # fmt: skip
    for row in (whole, phase):
        assert isnan(row["end"]) and (row["decision"], row["cause"]) == ("unfinished", "")
        assert row["start"] == 0.0 and row["days"] == about(5.0)
        assert (row["columns"], row["attackers"], row["defenders"]) == (
            ("x",), ("r1", "r2"), ("j",),
        )  # fmt: skip
        # 9000 men of full worth and 3000 of half against 4000 of 0.8.
        assert (row["attacker_committed"], row["defender_committed"]) == (12_000.0, 4000.0)
        assert (row["attacker_strength"], row["defender_strength"]) == (10_500.0, 3200.0)
        assert row["ratio"] == 10_500.0 / 3200.0
        assert row["ground"] == pytest.approx(9.0)
    assert not [e for e in run.events if e.kind == "battle ends"]


def test_attackers_count_up_to_the_ceiling() -> None:
    """Two to one of 1000: 2000 of 10,000 men, worth half."""
    s = duel([red("r", "a", 10_000.0, effectiveness=0.5)], [blue("j", "b", 1000.0)], days=2.0)
    whole, phase = play(s, laws(breaks=0.0, battle__ceiling=2.0)).battles
    for row in (whole, phase):
        assert (row["attacker_committed"], row["attacker_in_contact"]) == (2000.0, 10_000.0)
        assert (row["attacker_strength"], row["ratio"]) == (1000.0, 1.0)


def test_a_broken_position_and_the_next_are_phases_of_one_battle() -> None:
    places, legs = line("abcd", 9.0)
    army = blue("army", None, 0.0, echelon="army")
    beaten = [blue("j", "b", 1000.0, parent="army"), blue("k", "c", 3000.0, parent="army")]
    s = scenario(places, legs, [red("r", "a"), army, *beaten], [axis("x", "r", "abc")])
    run = play(s, laws(breaks=AT_ONCE), step_days=0.1)
    assert rows(run) == [(1, "", "won"), (1, "b", "won"), (1, "c", "won")]
    whole, first, second = run.battles
    assert whole["name"] == "army" and whole["defenders"] == ("j", "k")
    assert (first["defenders"], whole["defender_committed"]) == (("j",), 4000.0)
    # j has fallen back on k meanwhile.
    assert second["defenders"] == ("k", "j")
    assert whole["end"] == second["end"] and first["cause"] and whole["cause"] == second["cause"]
    # From the edge of b's zone to that of c's.
    assert whole["ground"] == pytest.approx(9.0)


def test_an_attack_broken_off_is_a_battle_lost_and_the_next_a_new_one() -> None:
    s = duel([red("r", "a")], [blue("j", "b")], days=2.0, without=["attrition"])
    run = play(s, laws(breaks=0.0, quits=AT_ONCE))
    assert rows(run) == [(n, place, "repulsed") for n in (1, 2) for place in ("", "b")]
    (first, second) = [e for e in run.events if e.kind == "battle ends"]
    assert (first.battle, second.battle) == (1, 2)
    assert first.text == "repulsed after 0.00 days, attackers lost 0 men, defenders 0"


def test_a_garrison_at_bay_has_a_battle_of_its_own_and_no_loss_is_told_twice() -> None:
    """Ordered to hold when it has fought for a day, in the field until then."""
    hold = order("stay", "hold", "j", 1.0)
    s = duel([red("r", "a")], [blue("j", "b", 5000.0)], days=4.0, orders=[hold])
    run = play(s, laws(breaks=0.0, law__pocket__ln_days=20.0, law__pocket__escaping=-40.0))
    assert rows(run) == [
        (1, "", "at bay"), (1, "b", "at bay"), (2, "", "unfinished"), (2, "b", "unfinished"),
    ]  # fmt: skip
    field, siege = run.battles[0], run.battles[2]
    assert (field["name"], siege["name"]) == ("j", "siege/b")
    assert field["end"] == siege["start"] == about(1.0)
    assert field["days"] + run.battles[3]["days"] == about(4.0)
    lost = run.world.formations["j"].losses.in_action
    assert 0.0 < field["defender_casualties"] < lost
    assert field["defender_casualties"] + siege["defender_casualties"] == pytest.approx(lost)


def test_a_place_that_nobody_defends_any_more_is_abandoned() -> None:
    away = order("away", "withdraw", "j", 1.0, place="c")
    s = duel([red("r", "a")], [blue("j", "b", 5000.0)], days=3.0, orders=[away])
    run = play(s, NO_ONE_QUITS)
    assert rows(run) == [(1, "", "abandoned"), (1, "b", "abandoned")]
    assert run.battles[0]["end"] == about(1.0) and run.battles[0]["cause"] == ""


def test_an_attack_that_ceases_is_given_up() -> None:
    stop = order("stop", "cease-fire", "r", 1.0)
    s = duel([red("r", "a")], [blue("j", "b", 5000.0)], days=3.0, orders=[stop])
    assert rows(play(s, NO_ONE_QUITS)) == [(1, "", "given up"), (1, "b", "given up")]


def test_who_comes_later_is_told_and_counted() -> None:
    places, legs = line("abc", 9.0)
    s = scenario(
        places, legs, [red("r", "a"), red("s", "a", 2000.0), blue("j", "b", 5000.0)],
        [axis("x", "r", "ab"), axis("y", "s", "ab", starts=1.0)], days=3.0,
    )  # fmt: skip
    run = play(s, NO_ONE_QUITS)
    begins, joins = [e for e in run.events if e.kind in ("battle begins", "joins")]
    assert begins.text == "j: 10000 men in 1 formation against 5000 men in 1 formation"
    assert (joins.day, joins.axis, joins.formation, joins.text, joins.battle) == (
        about(1.0), "y", "s", "2000 men in 1 formation", 1,
    )  # fmt: skip
    whole, phase = run.battles
    assert whole["columns"] == phase["columns"] == ("x", "y")
    assert whole["attacker_committed"] == 12_000.0


def test_the_head_alone_is_in_contact() -> None:
    """5000 men are enough against 1000 of j: s stands behind them as a second echelon."""
    s = duel([red("r", "a", 5000.0), red("s", "a", 7000.0)], [blue("j", "b", 1000.0)], days=0.5)
    whole, phase = play(s, NO_ONE_QUITS).battles
    assert (whole["attacker_committed"], whole["attacker_in_contact"]) == (12_000.0, 5000.0)
    assert phase["attackers"] == ("r", "s")


def test_a_contact_that_never_opens_is_no_battle() -> None:
    """The head waits for its main body; before that comes up, the defence is ordered away."""
    places, legs = line("abc", 9.0)
    away = order("away", "withdraw", "j", 0.5, place="c")
    join = order("join", "reinforce", "s", 0.0, axis="x", place="a")
    places.insert(0, replace(places[0], id="z"))
    legs.insert(0, replace(legs[0], a="z", b="a", length_km=102.0))
    formations = [red("r", "a", 1000.0), red("s", "z", 9000.0), blue("j", "b", 5000.0)]
    s = scenario(places, legs, formations, [axis("x", "r", "ab", starts=0.1)], [away, join])
    run = play(s, NO_ONE_QUITS)
    assert run.log("defence gone") and not run.battles
    assert not [e for e in run.events if e.battle]


def test_a_replication_without_a_fight_has_no_row() -> None:
    places, legs = line("ab")
    assert play(scenario(places, legs, [red("r", "a")], [axis("x", "r", "ab")])).battles == []


def test_rows_have_the_kinds_of_their_columns() -> None:
    kinds: dict[str, type[Any]] = {"ordinal": int, "number": float, "text": str, "texts": tuple}
    for row in play(duel([red("r", "a")], [blue("j", "b")])).battles:
        for name, value in row.items():
            assert isinstance(value, kinds[BATTLE_COLUMNS[name].kind]), name
