"""Features of an engagement against values worked out by hand."""

from dataclasses import replace
from math import log, nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandtable.laws.circumstances import (
    COVERS,
    FEATURES,
    GROUPS,
    NUMBERS,
    POSTURES,
    TERRAINS,
    Circumstances,
    Scale,
    era,
    features,
    nation_level,
    nation_of,
    posture_in,
    surprise_factor,
    surprise_left,
)

# Centre 0 and spread 1 leave a number as it is; the range is wide enough for all of it.
PLAIN = {name: Scale(0.0, 1.0, -1e9, 1e9) for name in NUMBERS}
UNKNOWN = Circumstances(attacker=10_000, defender=5_000, posture="hasty", year=1944)
KNOWN = replace(
    UNKNOWN, posture="fortified", terrain="rugged", cover="wooded", wet=1.0, attacker_tanks=200,
    defender_tanks=15, attacker_guns=500, defender_guns=50, air=1.0, surprise=2.0, front_km=8.0,
    attacker_nation="USSR", defender_nation="Germany", war="The War", campaign="The Campaign",
)  # fmt: skip
HELD = {
    "wet": "wet", "attacker_tanks": "attacker-tanks", "defender_tanks": "defender-tanks",
    "attacker_guns": "attacker-guns", "defender_guns": "defender-guns", "air": "air",
    "surprise": "surprise", "front_km": "density",
}  # fmt: skip
"""Feature that each number of the circumstances has."""


def named(circumstances, scales=PLAIN):
    return dict(zip(FEATURES, features(circumstances, scales), strict=True))


def test_every_feature_by_hand_in_the_order_of_its_name():
    assert features(KNOWN, PLAIN) == pytest.approx(
        (
            0, 1, 0,  # prepared, fortified, delay
            0, 0, 1,  # flat, rolling, rugged
            0, 0, 0, 1,  # bare, desert, mixed, wooded
            1.0, log(21), log(4), log(51), log(11), 1.0, 2.0, 1944.0, log(1250),
        )
    )  # fmt: skip
    assert FEATURES == (
        "prepared", "fortified", "delay", "flat", "rolling", "rugged", "bare", "desert", "mixed",
        "wooded", "wet", "attacker-tanks", "defender-tanks", "attacker-guns", "defender-guns",
        "air", "surprise", "year", "density",
    )  # fmt: skip


def test_what_is_unknown_is_zero_wherever_the_scale_stands():
    far = {name: Scale(50.0, 2.0, 40.0, 60.0) for name in NUMBERS}
    found = named(UNKNOWN, far)
    # The year is always known; 1944 lies beyond this scale's range.
    assert found.pop("year") == 5.0
    assert set(found.values()) == {0.0}


@pytest.mark.parametrize(("field", "feature"), HELD.items())
def test_one_unknown_number_leaves_the_others(field, feature):
    found, known = named(replace(KNOWN, **{field: None})), named(KNOWN)
    assert found.pop(feature) == 0.0 != known.pop(feature)
    assert found == known


def test_none_at_all_is_not_unknown():
    scales = PLAIN | {"defender-tanks": Scale(1.5, 0.5, 0.0, 4.0)}
    assert named(replace(KNOWN, defender_tanks=0), scales)["defender-tanks"] == -3.0
    assert named(replace(KNOWN, defender_tanks=None), scales)["defender-tanks"] == 0.0


def test_numbers_are_standardised_and_held_within_the_range_of_the_fit():
    scale = Scale(centre=10.0, spread=4.0, low=6.0, high=18.0)
    assert [scale.of(x) for x in (10.0, 12.0, 6.0, 18.0)] == [0.0, 0.5, -1.0, 2.0]
    assert scale.of(-1e6) == -1.0 and scale.of(1e6) == 2.0
    assert scale.of(None) == 0.0


@given(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6))
def test_a_larger_number_is_never_a_smaller_feature(a, b):
    scale = Scale(3.0, 2.0, -5.0, 9.0)
    low, high = (scale.of(x) for x in sorted((a, b)))
    assert -4.0 <= low <= high <= 3.0


@pytest.mark.parametrize("posture", POSTURES)
def test_hasty_defence_is_the_reference_and_withdrawal_counts_as_delay(posture):
    found = named(replace(UNKNOWN, posture=posture))
    marked = {name for name in ("prepared", "fortified", "delay") if found[name]}
    assert marked == ({"delay"} if posture == "withdrawal" else {posture} - {"hasty"})


@pytest.mark.parametrize("name", [*TERRAINS, *COVERS])
def test_ground_and_cover_have_a_feature_each(name):
    field = "terrain" if name in TERRAINS else "cover"
    found = named(replace(UNKNOWN, **{field: name}))
    assert {n for n in (*TERRAINS, *COVERS) if found[n]} == {name}


def test_pieces_count_by_the_thousand_men_of_their_own_side():
    found = named(replace(KNOWN, attacker=20_000))
    assert found["attacker-tanks"] == pytest.approx(log(11))
    assert found["defender-tanks"] == named(KNOWN)["defender-tanks"]


@pytest.mark.parametrize(
    ("year", "name"),
    [
        (1870, "before 1914"), (1913, "before 1914"),
        (1914, "1914-1918"), (1918, "1914-1918"), (1919, "1919-1936"), (1936, "1919-1936"),
        (1937, "1937-1945"), (1945, "1937-1945"), (1946, "1946-1959"), (1959, "1946-1959"),
        (1960, "since 1960"), (1982, "since 1960"),
    ],
)  # fmt: skip
def test_an_era_holds_its_first_and_its_last_year(year, name):
    assert era(year) == name
    assert nation_level("Great Britain", year) == f"Great Britain {name}"
    assert nation_of(nation_level("Great Britain", year)) == "Great Britain"


def test_levels_are_names_and_a_campaign_belongs_to_its_war():
    assert [KNOWN.level(group) for group in GROUPS] == [
        "The War", "The War: The Campaign", "USSR 1937-1945", "Germany 1937-1945",
    ]  # fmt: skip
    elsewhere = replace(KNOWN, war="Another War")
    assert elsewhere.level("campaign") != KNOWN.level("campaign")


def test_what_has_no_name_has_no_level():
    assert [UNKNOWN.level(group) for group in GROUPS] == [""] * 4
    assert replace(UNKNOWN, war="The War").level("campaign") == ""


def test_an_unknown_year_is_of_no_era():
    assert nation_level("Japan", nan) == replace(KNOWN, year=nan).level("attacking-nation") == ""
    with pytest.raises(ValueError, match="no era"):
        era(nan)


@pytest.mark.parametrize(
    ("works", "posture"),
    [
        (0.0, "hasty"), (0.24, "hasty"), (0.25, "prepared"), (0.59, "prepared"),
        (0.6, "fortified"), (1.0, "fortified"),
    ],
)  # fmt: skip
def test_works_make_the_posture(works, posture):
    assert posture_in(works) == posture


def test_surprise_fades_linearly_over_its_days():
    table = (1.0, 1.3, 3.0, 5.0)
    assert surprise_factor(table, 3.0, 0.0, 3.0) == 5.0
    assert surprise_factor(table, 2.0, 1.5, 3.0) == pytest.approx(2.0)
    assert surprise_factor(table, 1.5, 0.0, 3.0) == pytest.approx(2.15)
    assert surprise_factor(table, 3.0, 3.0, 3.0) == surprise_factor(table, 0.0, 0.0, 3.0) == 1.0
    assert [surprise_left(days, 4.0) for days in (0.0, 1.0, 4.0, 9.0)] == [1.0, 0.75, 0.0, 0.0]
