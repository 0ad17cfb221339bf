"""The sample of a battle table against cells read by hand."""

from math import log

import numpy as np
import pytest
from scipy.stats import norm

from battles.invented import battles, write
from sandtable.battles.columns import COLUMNS, RESULTS
from sandtable.battles.sample import (
    circumstances_of,
    days_of,
    recorded_variance,
    results_of,
    scales_of,
)
from sandtable.battles.table import load_table
from sandtable.laws.circumstances import (
    COVERS,
    NUMBERS,
    POSTURES,
    TERRAINS,
    Circumstances,
    features,
)

FULL = {
    "cdb90_id": "1", "war": "A War", "campaign": "Its Campaign", "start": "1943-07-05",
    "duration_days": 3.5, "attacker_actor": "Germany", "defender_actor": "USSR",
    "attacker_strength": 60_000, "defender_strength": 40_000, "attacker_tanks": 300,
    "defender_tanks": 0, "attacker_guns": 500, "defender_guns": 250, "attacker_front_km": 12.5,
    "defender_posture": "fortified", "terrain": "rolling", "cover": "mixed", "weather": "wet",
    "attacker_surprise_advantage": -1, "attacker_air_superiority_advantage": 1,
    "attacker_casualties": 4000, "defender_casualties": 7000, "attacker_advance_km": 9.5,
    "outcome": "draw",
}  # fmt: skip
REQUIRED = {name for name, column in COLUMNS.items() if column.required}
BARE = {name: FULL[name] if name in REQUIRED else "" for name in FULL} | {
    "cdb90_id": "2", "start": "1950-01-01", "defender_posture": "withdrawal",
}  # fmt: skip


def table_of(tmp_path, *rows):
    return load_table(write(tmp_path / "table.csv", list(rows)))


def test_every_circumstance_comes_from_its_cell(tmp_path):
    known, bare = circumstances_of(table_of(tmp_path, FULL, BARE))
    assert known == Circumstances(
        attacker=60_000, defender=40_000, posture="fortified", year=1943.0, terrain="rolling",
        cover="mixed", wet=1.0, attacker_tanks=300, defender_tanks=0, attacker_guns=500,
        defender_guns=250, air=1, surprise=-1, front_km=12.5, attacker_nation="Germany",
        defender_nation="USSR", war="A War", campaign="Its Campaign",
    )  # fmt: skip
    assert bare == Circumstances(60_000, 40_000, "withdrawal", 1950.0)


@pytest.mark.parametrize(("weather", "wet"), [("wet", 1.0), ("dry", 0.0), ("", None)])
def test_weather(tmp_path, weather, wet):
    (found,) = circumstances_of(table_of(tmp_path, FULL | {"weather": weather}))
    assert found.wet == wet


def test_no_circumstance_is_a_result(tmp_path):
    """Without the columns of results the circumstances are the same."""
    path = write(tmp_path / "table.csv", rows := [FULL, BARE, *battles(20)])
    assert {"attacker_casualties", "attacker_advance_km", "outcome"} <= RESULTS
    bare = write(tmp_path / "bare.csv", rows, RESULTS)
    assert circumstances_of(load_table(bare, results=False)) == circumstances_of(load_table(path))


def test_words_are_those_of_the_table_s_own_description():
    assert POSTURES == ("hasty", "prepared", "fortified", "delay", "withdrawal")
    assert set(TERRAINS) == {"rolling", "rugged", "flat"}
    assert set(COVERS) == {"mixed", "bare", "wooded", "desert"}
    for name, words in (("defender_posture", POSTURES), ("terrain", TERRAINS), ("cover", COVERS)):
        assert set(COLUMNS[name].allowed) == set(words)


def test_a_battle_lasts_half_a_day_at_least(tmp_path):
    rows = [
        FULL | {"cdb90_id": str(i), "duration_days": d} for i, d in enumerate((0.1, 0.5, 9, ""))
    ]
    assert days_of(table_of(tmp_path, *rows)) == pytest.approx([0.5, 0.5, 9.0, np.nan], nan_ok=True)


def bounded(tmp_path, *bounds):
    names = ("attacker_casualties_error_low_pct", "attacker_casualties_error_high_pct")
    rows = [
        FULL | {"cdb90_id": str(i)} | dict(zip(names, pair, strict=True))
        for i, pair in enumerate(bounds)
    ]
    return recorded_variance(table_of(tmp_path, *rows), "attacker_casualties")


def test_the_bounds_of_a_record_hold_nine_tenths_of_its_error(tmp_path):
    variance = bounded(tmp_path, (-20, 25), (-5, 5), (0, 0))
    inside = norm(0, np.sqrt(variance[0])).cdf([log(0.8), log(1.25)])
    assert inside[1] - inside[0] == pytest.approx(0.9)
    assert variance[1] == pytest.approx(((log(1.05) - log(0.95)) / (2 * norm.ppf(0.95))) ** 2)
    assert variance[2] == 0.0


def test_a_record_without_usable_bounds_is_as_good_as_the_others(tmp_path):
    """A low bound of everything has no logarithm."""
    variance = bounded(tmp_path, (-20, 25), ("", 25), ("", ""), (-100, 50), (-10, 0))
    assert variance[1:4] == pytest.approx([variance[[0, 4]].mean()] * 3)


def test_no_bounds_at_all_are_no_known_error(tmp_path):
    assert bounded(tmp_path, ("", ""), ("", "")).tolist() == [0.0, 0.0]


def made_up(count=50, seed=8):
    rng = np.random.default_rng(seed)
    return [
        Circumstances(
            float(a), float(d), "hasty", 1914.0 + i, attacker_tanks=float(t) if i % 3 else None,
            front_km=float(f), wet=float(i % 2),
        )
        for i, (a, d, t, f) in enumerate(rng.uniform(1.0, 1000.0, (count, 4)))
    ]  # fmt: skip


def test_scales_are_of_the_battles_that_know_the_number():
    found, scales = made_up(), scales_of(made_up())
    assert list(scales) == list(NUMBERS)
    tanks = np.log1p([1000 * b.attacker_tanks / b.attacker for b in found if b.attacker_tanks])
    assert len(tanks) < 50
    spread = np.sqrt(((tanks - tanks.mean()) ** 2).mean())
    expected = (tanks.mean(), spread, tanks.min(), tanks.max())
    assert scales["attacker-tanks"] == pytest.approx(expected)
    assert scales["year"] == pytest.approx((1938.5, np.sqrt((50**2 - 1) / 12), 1914, 1963))


def test_features_of_the_sample_have_mean_nought_and_spread_one():
    found = made_up()
    x = np.array([features(battle, scales_of(found)) for battle in found])
    for name in ("year", "density", "wet"):
        column = x[:, -len(NUMBERS) + NUMBERS.index(name)]
        assert column.mean() == pytest.approx(0.0, abs=1e-12)
        assert column.std() == pytest.approx(1.0)


def test_a_number_that_is_always_the_same_or_never_known_says_nothing():
    same = [Circumstances(100.0, 50.0, "hasty", 1944.0, air=1.0) for _ in range(3)]
    scales = scales_of(same)
    assert scales["air"] == (1.0, 1.0, 1.0, 1.0)
    assert scales["surprise"] == (0.0, 1.0, 0.0, 0.0)
    for battle in (*same, Circumstances(10.0, 5.0, "hasty", 1800.0, air=-1.0, surprise=3.0)):
        assert set(features(battle, scales)) == {0.0}


def test_results_are_those_recorded(tmp_path):
    results = results_of(table_of(tmp_path, FULL, BARE | {"attacker_casualties": ""}))
    assert results.attacker_casualties == pytest.approx([4000, np.nan], nan_ok=True)
    assert results.defender_casualties.tolist() == [7000, 7000]
    assert results.advance == pytest.approx([9.5, np.nan], nan_ok=True)
    assert results.won.tolist() == ["draw", "draw"]
