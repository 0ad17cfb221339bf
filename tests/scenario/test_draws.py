from __future__ import annotations

import pickle

import pytest

from sandtable.ranges import Sampler
from sandtable.scenario import to_toml


def _draw(sampler: Sampler, **at: float):
    """Draw with the named inputs at the given place in their range, all others in the middle."""
    names = {name.replace(":", "_").replace("-", "_").replace(".", "_"): name for name in at}
    u = []
    for name in sampler.uncertain:
        short = name.replace(":", "_").replace("-", "_").replace(".", "_")
        u.append(at.get(short, 0.5))
    assert names.keys() <= {
        n.replace(":", "_").replace("-", "_").replace(".", "_") for n in sampler.uncertain
    }
    return sampler.draw(u)


def test_uncertain_inputs_by_name(load) -> None:
    assert load().sampler.uncertain == (
        "side.ussr.killed",
        "side.japan.pocket_endurance",
        "fact:t-men-disputed",
        "establishment.rifle.effectiveness",
        "formation.32-division.tanks.times",
        "fact:t-men-at-least+t-men-other",
        "fact:t-value",
        "fact:t-first-day",
        "axis.main.surprise",
        "axis.main.fuel.lift_km",
        "air.ussr.serviceable",
    )


def test_draws_run_from_low_to_high(load) -> None:
    sampler = load().sampler
    resolved = _draw(sampler, side_ussr_killed=0.0, axis_main_fuel_lift_km=0.75, fact_t_value=1.0)
    assert resolved.sides[0].killed == pytest.approx(0.2)
    assert resolved.axes[0].fuel is not None
    assert resolved.axes[0].fuel.lift_km == pytest.approx(35.0)
    assert resolved.formations[3].effectiveness == pytest.approx(0.2)


def test_one_disputed_fact_moves_all_that_cite_it(load, minimal) -> None:
    low = _draw(load().sampler, fact_t_men_disputed=0.0)
    high = _draw(load().sampler, fact_t_men_disputed=1.0)
    assert [f.personnel for f in low.formations[1:3]] == [8000.0, 8000.0]
    assert [f.personnel for f in high.formations[1:3]] == [10000.0, 10000.0]


def test_factor_of_a_fixed_fact_is_drawn(load) -> None:
    sampler = load().sampler
    assert _draw(sampler, formation_32_division_tanks_times=0.0).formations[2].tanks == 20.0
    assert _draw(sampler, formation_32_division_tanks_times=1.0).formations[2].tanks == 30.0


def test_product_of_two_ranges_draws_both(load, minimal) -> None:
    change = 'formation.40-division.personnel={fact="t-men-disputed", times=[1, 3], because="x"}'
    sampler = load(minimal, overrides=[change]).sampler
    names = ["fact:t-men-disputed", "formation.40-division.personnel.times"]
    assert [name for name in sampler.uncertain if name in names] == names
    first, second = (sampler.uncertain.index(name) for name in names)
    u = [0.5] * len(sampler.uncertain)
    u[first], u[second] = 0.25, 0.75
    assert sampler.draw(u).formations[1].personnel == pytest.approx(8500 * 2.5)


def test_central_is_the_middle(load) -> None:
    sampler = load().sampler
    assert sampler.central() == sampler.draw([0.5] * len(sampler.uncertain))
    assert sampler.central().formations[3].personnel == 9000.0


def test_drawn_numbers_are_plain(load) -> None:
    resolved = load().sampler.central()
    numbers = [resolved.sides[0].killed, resolved.formations[1].personnel, resolved.axes[0].starts]
    assert [type(number) for number in numbers] == [float] * 3


def test_a_draw_leaves_the_template_as_it_was(load) -> None:
    sampler = load().sampler
    before = sampler.central()
    sampler.draw([0.0] * len(sampler.uncertain))
    assert sampler.central() == before
    assert sampler.central().places is before.places


def test_template_survives_pickling(load) -> None:
    scenario = load()
    copy = pickle.loads(pickle.dumps(scenario))
    u = [number / 11 for number in range(11)]
    assert copy.sampler.uncertain == scenario.sampler.uncertain
    # By text, since an objective without a date is NaN, which equals nothing.
    assert to_toml(copy.sampler.draw(u)) == to_toml(scenario.sampler.draw(u))


def test_scenario_without_ranges_draws_itself(load, minimal) -> None:
    fixed = load(minimal, overrides=["formation.19-division.effectiveness=0.5"]).sampler
    assert fixed.uncertain == ()
    assert fixed.draw([]) == fixed.central()


def test_wrong_number_of_draws(load) -> None:
    with pytest.raises(ValueError, match="3 draws for 11 uncertain inputs"):
        load().sampler.draw([0.1, 0.2, 0.3])
