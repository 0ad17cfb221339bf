"""The file of planning figures: read whole, each with a source, faults told one by one."""

import tomllib
from functools import reduce
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandtable.errors import InputError
from sandtable.laws.planning_file import load_planning
from sandtable.ranges import Uncertain

PLANNING = load_planning()
SHIPPED = (files("sandtable.laws") / "planning.toml").read_text()
DOCUMENT = tomllib.loads(SHIPPED)
RANGES = {key: f.span for key, f in PLANNING.named.items() if isinstance(f, Uncertain)}


def leaves(node, prefix=""):
    """Every number and list of the file, by a walk of our own."""
    for key, value in node.items():
        if isinstance(value, dict):
            yield from leaves(value, f"{prefix}{key}.")
        elif not isinstance(value, str):
            yield f"{prefix}{key}", value


def figure_of(planning, key):
    """A figure by its key in the file."""

    def step(node, name):
        return node[name] if isinstance(node, dict) else getattr(node, name.replace("-", "_"))

    return reduce(step, key.split("."), planning)


def test_nothing_in_the_file_is_left_out():
    read = set()
    for name, value in leaves(DOCUMENT):
        bare = name.removesuffix(".low").removesuffix(".high")
        read.add(bare)
        if bare != name:
            continue
        if isinstance(value, list) and len(value) == 2:
            assert RANGES[name] == tuple(value)
        else:
            assert PLANNING.named[name] == (tuple(value) if isinstance(value, list) else value)
    assert read == PLANNING.named.keys()


def test_uncertain_figures_stand_in_alphabetical_order():
    assert list(PLANNING.uncertain) == sorted(RANGES)


def test_ends_of_ranges():
    low = PLANNING.draw([0.0] * len(PLANNING.uncertain))
    high = PLANNING.draw([1.0] * len(PLANNING.uncertain))
    foot = DOCUMENT["march"]["foot"]
    assert (low.march["foot"], high.march["foot"]) == (foot["low"], foot["high"])
    for key, (a, b) in RANGES.items():
        assert 0.0 <= a < b
        assert (figure_of(low, key), figure_of(high, key)) == pytest.approx((a, b))


@given(st.lists(st.floats(0, 1, exclude_max=True), min_size=len(PLANNING.uncertain),
                max_size=len(PLANNING.uncertain)))  # fmt: skip
def test_every_draw_lies_within(u):
    drawn = PLANNING.draw(u)
    for key, figure in PLANNING.named.items():
        low, high = RANGES.get(key, (figure, figure))
        found = figure_of(drawn, key)
        assert found == figure if low == high else low - 1e-9 <= found <= high + 1e-9


def test_a_draw_takes_one_number_for_each_range():
    with pytest.raises(ValueError):
        PLANNING.draw([0.5])


def test_every_figure_has_a_source():
    for name in PLANNING.named:
        section = name.rpartition(".")[0]
        sources = [s for s in PLANNING.sources if name == s or name.startswith(f"{s}.")]
        assert sources, name
        assert any(PLANNING.sources[s] for s in sources), section


FAULTS = [
    ("recovery = 0.1", "recovry = 0.1",
     ["fatigue.recovery: found nothing; allowed: required; did you mean 'recovry'?",
      "fatigue.recovry: found an unknown key; allowed: one of loss, floor, recovery, broken; "
      "did you mean 'recovery'?"]),
    ("dunes = 0.6", "dunes = 0.6\nmoon = 0.1",
     ["terrain.vehicle.moon: found an unknown key; allowed: one of flat, rolling, rugged, "
      "mountain, desert, dunes, marsh, forest, sea"]),
    ("loss = 0.05", "loss = true",
     ["fatigue.loss: found True; allowed: a number, a range [low, high], or a table with low, "
      "high and source"]),
    ("regroup = [0.5, 2.0]", "regroup = [2.0, 0.5]",
     ["attack.regroup: found [2.0, 0.5]; allowed: a number, a range [low, high], or a table with "
      "low, high and source"]),
    ("surpriser = [1.0, 0.9, 0.6, 0.4]", 'surpriser = "low"',
     ["surprise.surpriser: found 'low'; allowed: an array of numbers"]),
    ("[guns]\nrate_ratio = [0.3, 1.0]", "[cannons]\nrate_ratio = [0.3, 1.0]",
     ["cannons: found an unknown key; allowed: one of " + ", ".join(DOCUMENT),
      "guns: found nothing; allowed: required; did you mean 'ground'?"]),
    ("anti-tank-guns = [0.45, 0.55]", "anti_tank_guns = [0.45, 0.55]",
     ["tanks.anti-tank-guns: found nothing; allowed: required; did you mean 'anti_tank_guns'?",
      "tanks.anti_tank_guns: found an unknown key; allowed: one of rate_ratio, antitank_density, "
      "gun_density, repairable, repair_days, escort, unescorted, hunters, anti-tank-guns, "
      "artillery, infantry-incendiaries, aircraft, mines-grenades; "
      "did you mean 'anti-tank-guns'?"]),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "told"), FAULTS)
def test_faults_are_told_with_their_key(old, new, told, tmp_path):
    assert SHIPPED.count(old) == 1
    path = tmp_path / "planning.toml"
    path.write_text(SHIPPED.replace(old, new))
    with pytest.raises(InputError) as caught:
        load_planning(path)
    assert str(caught.value).splitlines() == [f"{path}: {line}" for line in told]


def test_what_is_no_table_no_toml_or_no_file(tmp_path):
    path = tmp_path / "planning.toml"
    with pytest.raises(InputError, match="no such file"):
        load_planning(path)
    path.write_text("march = ")
    with pytest.raises(InputError, match="file: found"):
        load_planning(path)
    path.write_text(SHIPPED.replace("[air]", "[airs]") + "\n")
    with pytest.raises(InputError, match="airs: found an unknown key"):
        load_planning(path)
