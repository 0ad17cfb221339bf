"""Holding battles back: every battle once, nothing of it known, the same on any processes."""

from dataclasses import replace
from math import exp, log

import numpy as np
import pytest
from scipy.optimize import minimize

from battles.invented import battles, write
from sandtable.battles import alternatives
from sandtable.battles.cross_validation import (
    CROSS,
    WAR_OUT,
    WINS,
    Task,
    check,
    folds,
    foretell,
    hold_out,
    recorded_of,
    tasks_of,
)
from sandtable.battles.factors import FACTORS, USED
from sandtable.battles.fit import LEAST_BATTLES, fit_sample, sample_of
from sandtable.battles.table import load_table
from sandtable.errors import InputError
from sandtable.laws.circumstances import FEATURES, GROUPS, POSTURES, features
from sandtable.laws.coefficients import FITS

HELD = np.arange(0, 150, 7)


def loaded(path, rows):
    return sample_of(load_table(write(path, rows)))


@pytest.fixture(scope="module")
def sample(tmp_path_factory):
    return loaded(tmp_path_factory.mktemp("t") / "t.csv", battles(150, wars=5))


def test_folds_part_the_battles_evenly():
    first, second = folds(47, 10, 0), folds(47, 10, 1)
    assert sorted(np.bincount(first).tolist()) == [4] * 3 + [5] * 7
    assert (first == folds(47, 10, 0)).all()
    assert (first != second).any()
    # Neighbours in the table are apart as often as chance has it.
    assert len(set(first[:10].tolist())) > 3


def test_every_battle_is_held_back_once_a_repeat_and_with_its_war(sample):
    tasks = tasks_of(sample, 2, 4)
    for repeat in range(2):
        held = [t.held for t in tasks if (t.scheme, t.repeat) == (CROSS, repeat)]
        assert sorted(np.concatenate(held).tolist()) == list(range(150))
    assert [t.scheme for t in tasks] == [WAR_OUT] * 5 + [CROSS] * 8
    wars = [{sample.battles[i].war for i in t.held} for t in tasks if t.scheme == WAR_OUT]
    assert sorted(map(sorted, wars)) == [[f"war {i}"] for i in range(5)]
    assert sum(len(t.held) for t in tasks if t.scheme == WAR_OUT) == 150


def test_nothing_of_a_battle_held_back_is_known(sample):
    """Whatever had come of it, the same is foretold of it; not so of a battle fitted on."""
    task = Task(CROSS, 0, HELD, "")
    before = foretell(sample, task)

    def altered(rows):
        casualties = {side: c.copy() for side, c in sample.casualties.items()}
        advance, won = sample.advance.copy(), sample.won.copy()
        for c in casualties.values():
            c[rows] *= 9
        advance[rows] = np.nan
        won[rows] = np.where(won[rows] == "attacker", "defender", "attacker")
        return replace(sample, casualties=casualties, advance=advance, won=won)

    after, other = foretell(altered(HELD), task), foretell(altered(HELD + 1), task)
    assert len(before) == 22
    for key, values in before.items():
        np.testing.assert_array_equal(after[key], values)
        assert (other[key] != values).any(), key


@pytest.mark.verify
@pytest.mark.processes
def test_one_process_or_two(sample):
    tasks = tasks_of(sample, 1, 2)
    done = []
    one = hold_out(sample, tasks, 1, lambda: done.append(1))
    two = hold_out(sample, tasks, 2, lambda: None)
    assert len(done) == len(tasks) == 7
    for a, b in zip(one, two, strict=True):
        assert (a.quantity, a.law, a.scheme, a.factor) == (b.quantity, b.law, b.scheme, b.factor)
        np.testing.assert_array_equal(a.values, b.values)
        assert np.isfinite(a.values).all()


@pytest.mark.parametrize("factor", FACTORS)
def test_a_factor_left_out_leaves_no_column(sample, factor):
    battles = [
        replace(b, wet=float(i % 2), air=float(i % 3) - 1, attacker_tanks=i, defender_tanks=9.0 * i,
                front_km=1.0 + i, attacker_nation="ABC"[i % 3], defender_nation="DE"[i % 2],
                campaign=f"c{i % 4}", posture=POSTURES[i % 5])
        for i, b in enumerate(sample.battles)
    ]  # fmt: skip
    rows = np.ones(len(sample), dtype=bool)
    full = fit_sample(replace(sample, battles=battles), rows, ("advance.fitted",)).scales
    without = [FACTORS[factor](battle) for battle in battles]
    scales = fit_sample(replace(sample, battles=without), rows, ("advance.fitted",)).scales
    before = np.array([features(battle, full) for battle in battles])
    after = np.array([features(battle, scales) for battle in without])
    for i, name in enumerate(FEATURES):
        if name in USED[factor]:
            assert before[:, i].any() and not after[:, i].any(), name
        else:
            np.testing.assert_array_equal(after[:, i], before[:, i])
    for group in GROUPS:
        old, new = ([b.level(group) for b in own] for own in (battles, without))
        if group in USED[factor]:
            assert not any(new)
        else:
            assert len(set(zip(old, new, strict=True))) == len(set(old)) == len(set(new)), group


def test_every_feature_and_group_of_the_full_laws_is_a_factor():
    names = {n for t in FITS.values() for n in (*t.features, *t.groups)}
    assert set().union(*USED.values()) == names
    assert USED.keys() == FACTORS.keys()


def test_the_full_law_without_a_factor_does_not_see_it(sample):
    rng = np.random.default_rng(1)
    shuffled = [
        replace(b, surprise=float(s))
        for b, s in zip(sample.battles, rng.integers(-2, 4, len(sample)), strict=True)
    ]
    task = Task(CROSS, 0, HELD, "", "surprise")
    one, other = foretell(sample, task), foretell(replace(sample, battles=shuffled), task)
    assert set(one) == {("attacker casualties", "full"), ("defender casualties", "full"),
                        ("advance", "fitted"), ("attacker wins", "fitted")}  # fmt: skip
    for key in one:
        np.testing.assert_array_equal(one[key], other[key])
    whole = foretell(sample, Task(CROSS, 0, HELD, ""))
    assert (whole["attacker casualties", "full"] != one["attacker casualties", "full"]).any()


def test_effects_left_out_widen_nothing(sample):
    """Without any army known the spread of armies is none, not where its search began."""
    rows = np.ones(len(sample), dtype=bool)
    for name in ("advance.fitted", "outcome.odds"):
        effects = fit_sample(sample, rows, (name,)).fits[name].effects["attacking-nation"]
        assert (effects.spread, effects.levels) == (0.0, {})


def test_a_factor_is_judged_only_where_a_law_uses_it(sample):
    found = foretell(sample, Task(CROSS, 0, HELD, "", "density"))
    assert set(found) == {("advance", "fitted")}


def test_what_is_too_little_is_told_by_task(tmp_path):
    rows = battles(60, wars=3)
    for row in rows:
        if row["war"] == "war 1":
            row["outcome"] = "attacker"
        elif row["outcome"] == "attacker":
            row["outcome"] = "draw"
    sample = loaded(tmp_path / "t.csv", rows)
    with pytest.raises(InputError) as error:
        check(sample, tasks_of(sample, 1, 5), tmp_path / "t.csv")
    (problem,) = [p for p in error.value.problems if "war 1" in p.key]
    assert problem.key == "battles without war 1 (leave one war out)"
    assert "0 won by the attacker;" in problem.found
    few = loaded(tmp_path / "u.csv", battles(LEAST_BATTLES + 2, wars=4))
    with pytest.raises(InputError, match="with strengths, duration and posture"):
        check(few, tasks_of(few, 1, 4), tmp_path / "u.csv")


def test_records(sample):
    sample = replace(sample, advance=sample.advance.copy(), won=sample.won.copy())
    sample.advance[:3], sample.won[:3] = [np.nan, -2.0, 6.0], ["", "draw", "attacker"]
    advance, _ = recorded_of(sample, "advance")
    assert np.isnan(advance[:2]).all()
    assert advance[2] == pytest.approx(6.0 / sample.recorded_days[2])
    np.testing.assert_array_equal(recorded_of(sample, WINS)[0][:3], [np.nan, 0, 1])
    np.testing.assert_array_equal(recorded_of(sample, "ground gained")[0][:3], [np.nan, 0, 1])
    _, most = recorded_of(sample, "defender casualties")
    assert most[4] == sample.battles[4].defender


def test_rivals_against_their_definitions(sample):
    train = np.ones(len(sample), dtype=bool)
    train[HELD] = False
    speeds = [log(a / d) for a, d, t in zip(sample.advance, sample.recorded_days, train,
              strict=True) if t and a > 0]  # fmt: skip
    constant = alternatives.constant_rate(sample, train, HELD)
    n = len(speeds)
    assert constant.mean == pytest.approx(np.full(len(HELD), np.mean(speeds)))
    assert constant.sd[0] ** 2 == pytest.approx(np.var(speeds, ddof=1) * (1 + 1 / n))
    won = (sample.won == "attacker").astype(float)
    assert alternatives.base_rate(won, train, HELD)[0] == pytest.approx(won[train].mean())
    used = train & (sample.won != "draw")
    x = np.array([log(b.attacker / b.defender) for b in sample.battles])

    def loss(c):
        eta = c[0] + c[1] * x[used]
        return np.logaddexp(0, eta).sum() - won[used] @ eta

    best = minimize(loss, [0.0, 0.0], tol=1e-10).x
    expected = 0.9 / (1 + np.exp(-(best[0] + best[1] * x[HELD])))
    assert alternatives.force_ratio(sample, train, HELD, 0.9) == pytest.approx(expected, rel=1e-4)


def test_dupuys_table_by_hand(sample):
    """Hasty defence at 2.0 is 12 km a day of armour and 8 of infantry; prepared half of it."""
    b = replace(sample.battles[0], attacker=20_000.0, defender=10_000.0, posture="hasty")
    own = [b, replace(b, attacker_tanks=300.0), replace(b, posture="prepared")]
    own += sample.battles[3:]
    changed = replace(sample, battles=own)
    found = alternatives.dupuy(changed, np.arange(len(sample)) > 2, np.arange(3))
    assert np.exp(found.mean) == pytest.approx([8.0, 12.0, 4.0])
    assert (found.sd == found.sd[0]).all() and exp(found.sd[0]) > 1.0
