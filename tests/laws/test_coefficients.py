"""The shipped coefficients: what is read is what is written, and draws have its covariance."""

import hashlib
import subprocess
import sys
import time
import tomllib
from importlib.resources import files
from math import exp, log

import numpy as np
import pytest

from sandtable.errors import InputError
from sandtable.laws.attrition import FORMS, POSTURES
from sandtable.laws.coefficients import load_coefficients

SHIPPED = files("sandtable.laws") / "coefficients.toml"
RAW = tomllib.loads(SHIPPED.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def coefficients():
    return load_coefficients()


def raw(law, name):
    section = RAW[law[0]][law[1]]
    return dict(zip(section["parameters"], section["estimates"], strict=True))[name]


def test_digest_is_that_of_the_file(coefficients):
    assert coefficients.digest == hashlib.sha256(SHIPPED.read_bytes()).hexdigest()


def test_the_file_says_what_it_is(coefficients):
    assert "first, simple fit" in coefficients.meta["what"]
    assert len(coefficients.meta["table_digest"]) == 64


def test_the_same_content_is_read_once(coefficients):
    assert load_coefficients() is coefficients


@pytest.mark.parametrize("name", FORMS)
def test_central_laws_give_the_estimates(coefficients, name):
    law = coefficients.central(name).attrition[name]
    for side in ("attacker", "defender"):
        k = raw(("attrition", name), f"{side}.constant")
        fortified = raw(("attrition", name), f"{side}.fortified")
        factors = getattr(law, side).factors
        assert log(factors["hasty"]) == pytest.approx(k)
        assert log(factors["fortified"]) == pytest.approx(k + fortified)
        assert factors["withdrawal"] == factors["delay"]
    if name == "fatigue":
        time_exponent = raw(("attrition", name), "defender.log-time")
        assert law.defender.time == pytest.approx(exp(time_exponent))


def test_central_outcome_and_advance(coefficients):
    laws = coefficients.central()
    assert laws.outcome.breaks.ratio == pytest.approx(raw(("outcome", "hazards"), "breaks.ratio"))
    assert laws.outcome.quits.total == pytest.approx(raw(("outcome", "hazards"), "quits.total"))
    assert laws.advance.tanks == pytest.approx(raw(("advance", "fitted"), "tanks"))
    assert tuple(laws.advance.factors) == POSTURES


def test_only_the_law_asked_for_is_drawn(coefficients):
    assert list(coefficients.central("square").attrition) == ["square"]


def drawn_parameters(laws, name):
    law = laws.attrition[name]
    values = []
    for side in (law.attacker, law.defender):
        k = log(side.factors["hasty"])
        values += [k, *(log(side.factors[p]) - k for p in ("prepared", "fortified", "delay"))]
        values += [side.own, side.opponent] if FORMS[name].own is None else []
        values += [log(side.time)] if FORMS[name].time is None else []
    return values


@pytest.mark.parametrize("name", FORMS)
def test_draws_have_the_mean_and_covariance_written(coefficients, name):
    z = np.random.default_rng(5).standard_normal((20_000, coefficients.normals))
    drawn = np.array([drawn_parameters(coefficients.draw(row, name), name) for row in z])
    section = RAW["attrition"][name]
    covariance = np.array(section["covariance"])
    errors = np.sqrt(np.diag(covariance))
    assert (drawn.mean(axis=0) - section["estimates"]) / errors == pytest.approx(0, abs=0.04)
    scaled = np.cov(drawn.T) / np.outer(errors, errors)
    assert scaled == pytest.approx(covariance / np.outer(errors, errors), abs=0.05)


def test_residual_factor_gives_back_the_residual_covariance(coefficients):
    for name in FORMS:
        l11, l21, l22 = coefficients.central(name).attrition[name].residual
        factor = np.array([[l11, 0], [l21, l22]])
        written = RAW["attrition"][name]["residual_covariance"]
        assert factor @ factor.T == pytest.approx(np.array(written))


def test_scenarios_with_different_laws_share_the_other_draws(coefficients):
    z = np.random.default_rng(1).standard_normal(coefficients.normals)
    one, other = coefficients.draw(z, "square"), coefficients.draw(z, "fatigue")
    assert one.outcome == other.outcome and one.advance == other.advance
    assert one.outcome != coefficients.central().outcome


def test_every_normal_matters_to_the_widest_law(coefficients):
    for i in range(coefficients.normals):
        z = np.zeros(coefficients.normals)
        z[i] = 1.0
        assert coefficients.draw(z, "fatigue") != coefficients.central("fatigue")


def test_no_draw_however_far_lets_time_run_backwards(coefficients):
    for sign in (-8.0, 8.0):
        law = coefficients.draw(np.full(coefficients.normals, sign)).attrition["fatigue"]
        assert law.attacker.time > 0 and law.defender.time > 0


def test_wrong_requests_are_refused(coefficients):
    with pytest.raises(ValueError, match="is none of logarithmic"):
        coefficients.draw(np.zeros(coefficients.normals), "cubic")
    with pytest.raises(ValueError, match="normals"):
        coefficients.draw(np.zeros(3))


def test_a_draw_is_cheap(coefficients):
    z = np.zeros(coefficients.normals)
    best = min(timed(lambda: coefficients.draw(z)) for _ in range(20))
    assert best < 40e-6


def timed(call, repeats=100):
    start = time.perf_counter()
    for _ in range(repeats):
        call()
    return (time.perf_counter() - start) / repeats


def test_importing_the_laws_imports_nothing_heavy():
    code = (
        "import sys, sandtable.laws.coefficients;"
        "print([m for m in ('numpy', 'scipy', 'sandtable.battles') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def broken(tmp_path, *changes):
    text = SHIPPED.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    path = tmp_path / "coefficients.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as error:
        load_coefficients(path)
    assert all(p.file == str(path) for p in error.value.problems)
    return error.value.problems


def test_all_faults_of_a_file_at_once(tmp_path):
    sd = f"residual_sd = {RAW['advance']['fitted']['residual_sd']:.12g}"
    problems = broken(
        tmp_path,
        (sd, "residual_sd = -1.0"),
        ("[attrition.square]", "[attrition.sqare]"),
        ('parameters = ["breaks.constant"', 'parameters = ["breaks.konstant"'),
    )
    keys = {p.key for p in problems}
    assert {"advance.fitted.residual_sd", "outcome.hazards.parameters"} <= keys
    missing = next(p for p in problems if p.key == "attrition.square.parameters")
    assert missing.nearest == "sqare"


def test_a_covariance_must_be_one(tmp_path):
    first = RAW["advance"]["fitted"]["covariance"][0][0]
    problems = broken(tmp_path, (f"{first:.12g}", "-1.0"))
    assert [p.key for p in problems] == ["advance.fitted.covariance"]


def test_not_toml_and_not_there(tmp_path):
    assert broken(tmp_path, ("[meta]", "[meta"))[0].allowed == "TOML in UTF-8"
    with pytest.raises(InputError):
        load_coefficients(tmp_path / "absent.toml")
