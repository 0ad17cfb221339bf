"""What a run reports: casualties divided, sums below a headquarters, days by half, fronts."""

from dataclasses import replace
from math import isnan

import pytest

from engine.builder import (
    AT_ONCE,
    FOOT,
    JAPAN,
    USSR,
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
from engine.richer import richer
from sandtable.engine.reporting import Reporter
from sandtable.engine.state import Column, positions

NO_ONE_QUITS = laws(breaks=0.0)
ALONE = ("cohesion", "surprise", "opposed-advance", "combat-fatigue", "air", "second-echelon")


def test_casualties_are_divided_as_the_side_says():
    sides = (USSR, replace(JAPAN, killed=0.5, captured=0.1, missing=0.15))
    s = duel([red("r", "a")], [blue("j", "b", 5000.0)], days=1.0, sides=sides)
    run = play(s, NO_ONE_QUITS).outcomes
    total = run["losses/japan/personnel/total"]
    parts = [
        run[f"losses/japan/personnel/{k}"] for k in ("killed", "captured", "missing", "wounded")
    ]
    assert parts == pytest.approx([0.5 * total, 0.1 * total, 0.15 * total, 0.25 * total])


def test_the_sick_are_counted_by_the_day():
    sides = (replace(USSR, sick=0.01), JAPAN)
    s = duel([red("r", "a")], [blue("j", "b")], days=3.0, starts=9.0, sides=sides)
    run = play(s).outcomes
    assert run["losses/ussr/personnel/sick"] == pytest.approx(10_000 * (1 - 0.99**3))


def test_so_many_are_sick_for_each_wounded():
    sides = (replace(USSR, sick_of_wounded=0.2), JAPAN)
    s = duel([red("r", "a")], [blue("j", "b", 500.0)], sides=sides)
    run = play(s)
    wounded = run.outcomes["losses/ussr/personnel/wounded"]
    assert wounded > 1.0
    assert run.outcomes["losses/ussr/personnel/sick"] == pytest.approx(0.2 * wounded)
    left = 10_000 - run.outcomes["losses/ussr/personnel/total"]
    assert run.series["strength/ussr/personnel"][-1] == pytest.approx(left)


def test_losses_of_the_last_instant_stand_in_the_last_row():
    s = duel([red("r", "a")], [blue("j", "b", 5000.0)], days=1.0, without=ALONE)
    run = play(s)
    lost = run.outcomes["losses/japan/personnel/total"]
    assert run.series["losses/japan/personnel/total"][-1] == pytest.approx(lost)
    assert run.series["strength/japan/personnel"][-1] == pytest.approx(5000.0 - lost)


def test_a_daily_series_ends_with_the_outcome_of_its_name():
    for replication in range(5):
        played = play(richer(), replication=replication)
        for side in ("ussr", "japan"):
            lost = played.series[f"losses/{side}/personnel/total"]
            assert lost == sorted(lost)
            assert played.outcomes[f"losses/{side}/personnel/sick"] > 0.0
        losses = [name for name in played.series if name.startswith("losses/")]
        assert len(losses) == 8
        for name in losses:
            assert played.series[name][-1] == pytest.approx(played.outcomes[name])
        for name in ("north", "south"):
            assert played.series[f"front/{name}"][-1] == pytest.approx(
                played.outcomes[f"advance/{name}/{richer().calendar.calendar_days}"]
            )


def test_a_headquarters_sums_what_is_below_it():
    played = play(richer(), replication=1).outcomes
    for kind in ("total", "killed", "captured"):
        below = [played[f"losses/{id}/personnel/{kind}"] for id in ("brigade", "militia")]
        assert played[f"losses/army/personnel/{kind}"] == pytest.approx(sum(below))
        assert min(below) >= 0.0 < max(below)


def accounts(**changes: float) -> dict[str, float]:
    """What a run of two idle days reports if its defender comes to have these accounts."""
    sides = (USSR, replace(JAPAN, killed=0.5, captured=0.1, missing=0.15))
    s = duel([red("r", "a")], [blue("j", "b", 5000.0)], days=2.0, starts=9.0, sides=sides)
    played = play(s)
    for account, value in changes.items():
        setattr(played.world.formations["j"].losses, account, value)
    reporter = Reporter(s)
    rows = [reporter.snapshot(played.world)] * len(reporter.ends)
    values, series = reporter.report(played.world, rows)
    told = dict(zip(reporter.outcomes, values, strict=True))
    last = dict(zip(reporter.series, series[-1], strict=True))
    assert {name: told[name] for name in last if name in told} == pytest.approx(
        {name: value for name, value in last.items() if name in told}
    )
    return told


def test_casualties_in_action_are_without_the_sick_and_those_who_capitulated():
    """Of 1,000 casualties 500 are killed, 100 taken, 150 missing; a sixth of 60 overrun taken."""
    told = accounts(in_action=1000.0, overrun=60.0, strayed=7.0, surrendered=400.0, sick=30.0)
    kinds = {
        "killed": 550.0, "captured": 100.0 + 10.0 + 400.0, "missing": 157.0, "wounded": 250.0,
        "sick": 30.0, "in-action": 1067.0, "irrecoverable": 550.0 + 510.0 + 157.0,
        "wounded-and-sick": 280.0, "total": 1067.0 + 400.0 + 30.0,
    }  # fmt: skip
    for kind, persons in kinds.items():
        assert told[f"losses/japan/personnel/{kind}"] == pytest.approx(persons)
        if kind not in ("missing", "wounded", "sick"):
            assert told[f"losses/j/personnel/{kind}"] == pytest.approx(persons)


def test_field_guns_are_the_guns_without_the_anti_tank_guns():
    """Three in four are field guns, and both kinds are lost alike."""
    defender = blue("j", "b", 5000.0, guns=30.0, antitank_guns=10.0)
    told = play(duel([red("r", "a")], [defender], days=1.0), NO_ONE_QUITS).outcomes
    assert told["losses/japan/guns"] > 0.0
    assert told["losses/japan/field-guns"] == pytest.approx(0.75 * told["losses/japan/guns"])


def test_those_overrun_fell_in_the_battle_for_the_place():
    garrison = blue("j", "b", 1000.0, fortification=0.9)
    s = duel([red("r", "a")], [garrison], days=9.0, without=["withdrawal"])
    places = tuple(replace(p, battles=("b",) if p.id == "b" else ()) for p in s.places)
    played = play(replace(s, places=places), laws(breaks=AT_ONCE))
    assert played.world.formations["j"].losses.overrun > 0.0
    told = played.outcomes
    assert told["battle/b/japan/personnel"] == pytest.approx(1000.0)
    assert told["losses/j/personnel/in-action"] == pytest.approx(1000.0)


def test_fighting_at_a_place_counts_to_each_of_its_battles():
    s = duel([red("r", "a")], [blue("j", "b", 5000.0)], days=1.0)
    held = tuple(replace(p, battles=("b", "both") if p.id == "b" else ("both",)) for p in s.places)
    told = play(replace(s, places=held), NO_ONE_QUITS).outcomes
    lost = told["losses/japan/personnel/in-action"]
    assert lost > 0.0
    assert told["battle/b/japan/personnel"] == told["battle/both/japan/personnel"]
    assert told["battle/b/japan/personnel"] == pytest.approx(lost)


def test_a_scenario_in_which_nothing_happens():
    places, legs = line("ab")
    played = play(scenario(places, legs, [red("r", "a")], [axis("x", "r", "ab", starts=99.0)]))
    assert played.events == []
    assert all(isnan(v) or v == 0.0 for v in played.outcomes.values())
    assert isnan(played.outcomes["quit/other"])


def test_a_front_moves_evenly_between_its_points():
    column = Column("x", "x", "attacker", [], ("a", "b"))
    assert positions(column, [0.0, 5.0]) == [0.0, 0.0]
    column.progress = [(1.0, 0.0), (3.0, 40.0), (4.0, 40.0), (4.0, 10.0)]
    times = [0.5, 1.0, 2.0, 3.0, 3.5, 4.0, 9.0]
    assert positions(column, times) == [0.0, 0.0, 20.0, 40.0, 40.0, 10.0, 10.0]


def test_a_headquarters_is_encircled_when_half_of_its_first_strength_is():
    """J has 3,000 of 5,000 men; k, with the others, was cut off before it."""
    army = blue("army", None, 0.0, type="headquarters")
    below = [blue("j", "c", 3000.0, parent="army"), blue("k", "e", 2000.0, parent="army")]
    places, legs = line("abcd")
    places.insert(3, place("e"))
    legs.append(leg("be"))
    s = scenario(places, legs, [red("r", "a"), army, *below], [axis("x", "r", "ab")], days=4.0,
                 without=["march-fatigue"])  # fmt: skip
    run = play(s, laws(law__pocket__escaping=-40.0)).outcomes
    assert run["encircled/k"] == about(60.0 / FOOT)
    assert isnan(run["encircled/j"]) and isnan(run["encircled/army"])
    most = replace(s, formations=(*s.formations[:2], below[0], replace(below[1], personnel=3001.0)))
    assert play(most, laws(law__pocket__escaping=-40.0)).outcomes["encircled/army"] == about(
        60.0 / FOOT
    )


def test_shares_of_the_causes_of_quitting_are_told_if_anybody_quit():
    quiet = play(duel([red("r", "a")], [blue("j", "b")], starts=9.99)).outcomes
    broken = play(duel([red("r", "a")], [blue("j", "b")], days=1.0), laws(breaks=1e9)).outcomes
    shares = [value for name, value in broken.items() if name.startswith("quit/")]
    assert sum(shares) == pytest.approx(1.0)
    assert all(isnan(value) for name, value in quiet.items() if name.startswith("quit/"))
