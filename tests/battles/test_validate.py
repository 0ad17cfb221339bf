"""Validation of laws on battles whose law is known, and the choice among made-up scores."""

import csv
from dataclasses import replace
from math import sqrt

import numpy as np
import pytest

from battles.invented import SD, battles, write
from sandtable.battles import validate
from sandtable.battles.cross_validation import CROSS, QUANTITIES, WAR_OUT, Foretold, unrecorded
from sandtable.battles.fit import sample_of
from sandtable.battles.scoring import Scored
from sandtable.battles.table import load_table
from sandtable.battles.validate import plan
from sandtable.battles.verdicts import ALL_BATTLES, SINCE, choices, scores, terms_of, worths
from sandtable.errors import InputError, SandtableError


@pytest.fixture(scope="module")
def table(tmp_path_factory):
    """Of ten wars whose effects don't look like a trend of the years, as they may by chance."""
    return write(tmp_path_factory.mktemp("t") / "t.csv", battles(300, wars=10, seed=6))


@pytest.fixture(scope="module")
def found(table):
    return plan(table, repeats=2, folds=3).run()


def score(found, law, quantity, measure, scheme=CROSS, battles=ALL_BATTLES):
    wanted = (scheme, battles, quantity, law, measure)
    (one,) = [
        s for s in found.scores if (s.scheme, s.battles, s.quantity, s.law, s.measure) == wanted
    ]
    return one


@pytest.mark.parametrize("scheme", [CROSS, WAR_OUT])
@pytest.mark.parametrize("side", ["attacker", "defender"])
def test_the_true_law_has_the_error_and_the_coverage_it_should(found, scheme, side):
    rms, *inside = (
        score(found, "fatigue", f"{side} casualties", m, scheme)
        for m in ("rms", "inside 50", "inside 90")
    )
    # A new war adds its own spread, 0.4, of which ten wars give a rough sample.
    truth = SD if scheme == CROSS else sqrt(SD**2 + 0.4**2)
    assert rms.value == pytest.approx(truth, abs=max(0.06, 3 * rms.error))
    assert rms.n == 300
    for one, share in zip(inside, (0.5, 0.9), strict=True):
        chance = sqrt(share * (1 - share) / 300)
        assert one.value == pytest.approx(share, abs=3 * max(chance, one.error))


def test_the_true_law_is_recommended(found):
    for scheme in (CROSS, WAR_OUT):
        chosen = {
            c.quantity: c for c in found.choices if (c.scheme, c.battles) == (scheme, ALL_BATTLES)
        }
        assert chosen["casualties of both sides"].recommended == "fatigue"
        assert chosen["advance"].recommended == "fitted"
        # The odds go by the force ratio alone: what the fitted odds add is nothing.
        assert chosen["attacker wins"].recommended == "force-ratio"


def test_battles_that_are_all_alike_are_refused_in_words(tmp_path):
    rows = [row | {"duration_days": 2} for row in battles(120, wars=4)]
    planned = plan(write(tmp_path / "t.csv", rows), repeats=1, folds=2)
    with pytest.raises(InputError, match=r"t\.csv: battles: found .* the same throughout"):
        planned.run()


def test_worse_laws_score_worse(found):
    for quantity in ("attacker casualties", "defender casualties"):
        errors = [
            score(found, law, quantity, "rms").value
            for law in ("fatigue", "constant-rate", "linear")
        ]
        assert errors == sorted(errors)
        assert errors[1] > errors[0] + 0.05


def test_scores_since_1937_rest_on_those_battles(found):
    late = sum(battle.year >= 1937 for battle in found.sample.battles)
    assert score(found, "full", "attacker casualties", "rms", battles=SINCE).n == late < 300


def test_files_hold_what_was_found(found, tmp_path):
    validate.write_scores(found, tmp_path / "scores.csv")
    validate.write_predictions(found, tmp_path / "predictions.csv")
    with (tmp_path / "scores.csv").open(newline="", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    assert len(rows) == len(found.scores)
    assert float(rows[0]["value"]) == pytest.approx(found.scores[0].value, rel=1e-5)
    with (tmp_path / "predictions.csv").open(newline="", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    # Two repeats and one round of wars, of 22 laws.
    assert len(rows) == 3 * 22 * 300
    own = [
        r for r in rows
        if (r["scheme"], r["quantity"], r["law"]) == (CROSS, "attacker casualties", "square")
    ]  # fmt: skip
    assert [r["cdb90_id"] for r in own] == [f"b{i}" for i in range(300)] * 2
    # The root mean square error can be had from the file.
    errors = [np.log(float(r["recorded"]) / float(r["p50"])) for r in own]
    stated = score(found, "square", "attacker casualties", "rms").value
    assert np.sqrt(np.mean(np.square(errors))) == pytest.approx(stated, rel=1e-4)


def test_predictions_for_figures(found):
    own = found.predictions
    assert len(own) == len(found.foretold) == 2 * 22
    for p in own:
        assert np.isfinite(p.recorded).all() and len(p.years) == len(p.recorded) == len(p.wars)
    (advance,) = [p for p in own if (p.quantity, p.law, p.scheme) == ("advance", "fitted", CROSS)]
    assert len(advance.recorded) == int((found.sample.advance > 0).sum())
    assert advance.unrecorded == {"no ground gained": int((found.sample.advance <= 0).sum())}
    assert all(not p.unrecorded for p in own if p.quantity != "advance")


def test_battles_without_a_record_are_counted_by_reason(sample):
    gaps = np.arange(300)
    lost = {**sample.casualties, "attacker": np.where(gaps < 4, [np.nan, 0, 0, 0] * 75, 9.0)}
    won = np.where(gaps < 2, "", sample.won)
    partial = replace(sample, casualties=lost, advance=np.where(gaps < 5, np.nan, -1.0), won=won)
    told = {quantity: unrecorded(partial, quantity) for quantity in QUANTITIES}
    assert told == {
        "attacker casualties": {"unknown": 1, "no casualties": 3},
        "defender casualties": {},
        "advance": {"unknown": 5, "no ground gained": 295},
        "attacker wins": {"unknown": 2},
        "ground gained": {"unknown": 5},
    }


def test_terms_count_coefficients_and_groups():
    assert terms_of("attacker casualties", "constant-rate") == 2
    assert terms_of("attacker casualties", "fatigue") == 4 + 3 + 1
    assert terms_of("advance", "dupuy") == 0
    assert terms_of("attacker wins", "base-rate") == 1
    assert terms_of("ground gained", "fitted") == terms_of("attacker wins", "fitted") + 2


def made(sample, law, errors, factor=""):
    """Casualties of the attacker foretold with these errors of the logarithm."""
    recorded = np.full(len(sample), 100.0)
    mean = np.log(100.0) - np.asarray(errors)
    values = np.stack([mean, np.ones(len(sample))], axis=1)[None]
    most = np.full(len(sample), np.inf)
    return Scored(Foretold("attacker casualties", law, CROSS, factor, values, recorded, most))


@pytest.fixture(scope="module")
def sample(table):
    return sample_of(load_table(table))


def test_fewer_terms_win_within_one_standard_error_of_the_difference(sample):
    rng = np.random.default_rng(1)
    base = rng.normal(size=300)
    tie = made(sample, "constant-rate", base + 0.001 + 0.3 * rng.normal(size=300))
    full, middle = made(sample, "full", base), made(sample, "fatigue", 1.5 * base)
    choice = next(c for c in choices(sample, [tie, middle, full]) if c.quantity.startswith("att"))
    assert choice.best in ("full", "constant-rate")
    shifted = made(sample, "constant-rate", np.sqrt(base**2 + 0.2))
    choice = next(c for c in choices(sample, [shifted, full]) if c.quantity.startswith("att"))
    # Every battle alike is 0.2 the worse: far more than the error of that difference.
    assert (choice.best, choice.as_good, choice.recommended) == ("full", (), "full")
    war = np.array([battle.war for battle in sample.battles])
    mixed = np.where(war == "war 0", 2.0 * base, 0.98 * base)
    varied = made(sample, "constant-rate", mixed)
    choice = next(c for c in choices(sample, [varied, full]) if c.quantity.startswith("att"))
    # Worse in one war of ten and better in nine: within one error of the difference over wars.
    assert (choice.best, choice.as_good) == ("full", ("constant-rate",))
    assert choice.recommended == "constant-rate"


def test_a_score_by_hand(sample):
    (first, *_) = scores(sample, [made(sample, "full", np.full(300, 0.5))])
    assert (first.measure, first.n) == ("rms", 300)
    assert (first.value, first.error) == (pytest.approx(0.5), pytest.approx(0.0, abs=1e-12))


def test_worth_is_what_the_error_rises_by(sample):
    full = made(sample, "full", np.full(300, 0.5))
    without = made(sample, "full", np.full(300, 0.7), "air")
    first = next(worths(sample, [full], [without]))
    assert (first.factor, first.battles, first.n) == ("air", ALL_BATTLES, 300)
    assert (first.change, first.error) == (pytest.approx(0.2), pytest.approx(0.0, abs=1e-12))


@pytest.mark.verify
def test_a_factor_with_an_effect_is_worth_it_and_one_without_is_not(tmp_path):
    rows = battles(300, wars=10)
    for row in rows:
        factor = np.exp(0.6 * (row["attacker_surprise_advantage"] - 1.5))
        row["defender_casualties"] = max(1, round(row["defender_casualties"] * factor))
    found = plan(write(tmp_path / "t.csv", rows), 1, 3, factors=True).run(jobs=2)
    worth = {
        (w.quantity, w.factor): w
        for w in found.worths
        if (w.scheme, w.battles) == (CROSS, ALL_BATTLES)
    }
    surprise = worth["defender casualties", "surprise"]
    assert surprise.change > 0.1 + 2 * surprise.error
    for pair in (("attacker casualties", "surprise"), ("defender casualties", "posture")):
        assert abs(worth[pair].change) < 0.03
    assert worth["defender casualties", "war"].change > 0.0
    # Nobody knows the weather of these battles: leaving it out changes nothing.
    assert worth["defender casualties", "weather"].change == pytest.approx(0.0, abs=1e-4)
    validate.write_worths(found, tmp_path / "factors.csv")
    assert len((tmp_path / "factors.csv").read_text().splitlines()) == len(found.worths) + 1


@pytest.mark.parametrize(("repeats", "parts"), [(0, 10), (1, 1), (1, 301)])
def test_numbers_out_of_range(table, repeats, parts):
    with pytest.raises(SandtableError, match=r"repeats: found 0|folds: found"):
        plan(table, repeats, parts)


def test_wars_must_be_known(tmp_path):
    rows = [row | {"war": f"war {i % 2}"} for i, row in enumerate(battles(60))]
    with pytest.raises(InputError, match="column war: found 2 different; allowed: at least 3"):
        plan(write(tmp_path / "t.csv", rows))
