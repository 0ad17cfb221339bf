"""The planning figures: each has a source, every range is drawn within its ends."""

import tomllib
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandtable.laws.planning import load_planning

PLANNING = load_planning()
DOCUMENT = tomllib.loads((files("sandtable.laws") / "planning.toml").read_text())


def leaves(node, prefix=""):
    """Every number and list of the file, by a walk of our own."""
    for key, value in node.items():
        if isinstance(value, dict):
            yield from leaves(value, f"{prefix}{key}.")
        elif not isinstance(value, str):
            yield f"{prefix}{key}", value


def test_nothing_in_the_file_is_left_out():
    found = {*PLANNING.fixed, *PLANNING.ranges, *PLANNING.tables}
    for name, value in leaves(DOCUMENT):
        bare = name.removesuffix(".low").removesuffix(".high")
        assert bare in found, name
        if bare != name:
            continue
        if isinstance(value, list) and len(value) == 2:
            assert PLANNING.ranges[name] == tuple(value)
        elif isinstance(value, list):
            assert PLANNING.tables[name] == tuple(value)
        else:
            assert PLANNING.fixed[name] == value


def test_ends_of_ranges():
    low = PLANNING.draw([0.0] * len(PLANNING.uncertain))
    high = PLANNING.draw([1.0] * len(PLANNING.uncertain))
    foot = DOCUMENT["march"]["foot"]
    assert (low["march.foot"], high["march.foot"]) == (foot["low"], foot["high"])
    for name, (a, b) in PLANNING.ranges.items():
        assert 0.0 <= a < b
        assert (low[name], high[name]) == pytest.approx((a, b))


@given(st.lists(st.floats(0, 1, exclude_max=True), min_size=len(PLANNING.uncertain),
                max_size=len(PLANNING.uncertain)))  # fmt: skip
def test_every_draw_lies_within(u):
    drawn = PLANNING.draw(u)
    assert drawn.keys() == {*PLANNING.fixed, *PLANNING.ranges}
    for name, (low, high) in PLANNING.ranges.items():
        assert low - 1e-9 <= drawn[name] <= high + 1e-9


def test_a_draw_takes_one_number_for_each_range():
    with pytest.raises(ValueError):
        PLANNING.draw([0.5])


def test_every_figure_has_a_source():
    for name in (*PLANNING.fixed, *PLANNING.ranges, *PLANNING.tables):
        section = name.rpartition(".")[0]
        sources = [s for s in PLANNING.sources if name == s or name.startswith(f"{s}.")]
        assert sources, name
        assert any(PLANNING.sources[s] for s in sources), section


def test_factors_are_shares_and_rates_positive():
    for name in (*PLANNING.fixed, *PLANNING.ranges):
        low, high = PLANNING.ranges.get(name) or (PLANNING.fixed.get(name, 0.0),) * 2
        if name.startswith(("terrain.", "road.", "rain.")):
            assert 0.0 < low <= high <= 1.0, name
        if name.startswith("march."):
            assert 0.0 < low < high, name
