from __future__ import annotations

import dataclasses
import json
from pathlib import Path

from sandtable.scenario import describe
from sandtable.scenario.description import inherited


def test_order_of_battle_adds_up(load) -> None:
    corps, division = describe(load()).order_of_battle
    assert (corps.id, [unit.id for unit in corps.below]) == (
        "corps",
        ["40-division", "32-division"],
    )
    assert corps.strength["personnel"] == (16000.0, 20000.0)
    assert corps.strength["guns"] == (100.0, 100.0)
    assert corps.strength["tanks"] == (20.0, 30.0)
    assert (corps.effectiveness, corps.below[0].effectiveness) == (None, (0.7, 0.9))
    assert (division.start, division.strength["personnel"]) == ("hill", (7000.0, 11000.0))


def test_what_an_establishment_gives_stands_under_the_formations_key(load) -> None:
    told = {use.key: use for use in inherited(load())}
    guns = told["formation.40-division.guns"]
    assert (guns.low, guns.high, guns.kind) == (60.0, 60.0, "assumed")
    assert guns.inherited_from == "establishment.rifle.guns"
    assert "formation.32-division.guns" not in told
    # What is set for the formation itself is its own.
    changed = inherited(load(overrides=["formation.40-division.guns=5"]))
    assert "formation.40-division.guns" not in {use.key for use in changed}


def test_a_side_has_the_army_that_the_battle_table_knows_in_its_era(load, variation) -> None:
    side = '[[side]]\nid = "japan"\n'
    told = [
        describe(load(variation((side, side + army)))).sides[1]
        for army in ("", 'army = "Japan"\nname = "Empire"\n', 'army = "Jordan"\n')
    ]
    assert [(line.id, line.name, line.coalition, line.army) for line in told] == [
        ("japan", "japan", "defender", None),
        ("japan", "Empire", "defender", "Japan 1937-1945"),
        # The table knows that army from 1946 on.
        ("japan", "japan", "defender", None),
    ]


def test_axis_tells_distances_and_planned_days(load) -> None:
    axis = describe(load(overrides=["leg.camp--ford.length_km=50"])).axes[0]
    assert [(stage.place, round(stage.km, 3), stage.planned_day) for stage in axis.stages] == [
        ("camp", 0.0, None),
        ("ford", 50.0, None),
        ("hill", 154.607, 3.0),
    ]


def test_reasons_are_counted(load) -> None:
    text = Path(load().path).read_text()
    written = text.count("{fact") + text.count("{assumed")
    counts = describe(load()).quantities
    # One leg has no length of its own: that one is derived.
    assert counts == {"cited": 7, "assumed": 26, "derived": 2}
    assert sum(counts.values()) == written + 1


def test_description_is_plain_data(load) -> None:
    description = describe(load(variant="weak"))
    text = json.dumps(dataclasses.asdict(description))
    assert json.loads(text)["switched_off"] == ["surprise"]
    assert description.sizes == {"places": 3, "legs": 2, "formations": 4, "axes": 1, "orders": 2}
    assert description.end == "1938-08-12T00:00:00+10:00"
    assert description.variants[0] == ("weak", "Would half the defenders have held?")
