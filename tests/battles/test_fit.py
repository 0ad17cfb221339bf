"""The fit against data made with known coefficients, and against other estimators."""

import csv
import tomllib
from importlib.resources import files
from math import exp
from pathlib import Path

import numpy as np
import pytest
from scipy.optimize import minimize

from sandtable.battles.fit import fit_table, fit_to_file, write_coefficients
from sandtable.battles.table import load_table
from sandtable.errors import InputError
from sandtable.laws.attrition import FORMS
from sandtable.laws.coefficients import load_coefficients
from sandtable.laws.outcome import Hazard, OutcomeLaw

REAL = Path(__file__).resolve().parents[2].parent / "shared" / "battles" / "battles.csv"
POSTURES = ("hasty", "prepared", "fortified", "delay", "withdrawal")
ATTACKER = FORMS["fatigue"].side((-3.0, -0.3, 0.4, -0.8, 0.7, 0.4, np.log(0.6)))
DEFENDER = FORMS["fatigue"].side((-2.0, 0.2, 0.5, -0.2, 0.6, 0.3, np.log(0.5)))
OUTCOME = OutcomeLaw(
    Hazard.of((-0.7, -0.3, -0.6, 0.4, 0.5, -0.4)), Hazard.of((-1.2, 0.3, 0.6, -0.4, -0.5, -0.3))
)
SIGMA = np.array([[0.5, 0.2], [0.2, 0.8]])


def battles(n, noise=1.0, seed=7):
    """Rows of a table whose every law is known; casualties and strengths kept as whole men."""
    rng = np.random.default_rng(seed)
    factor = np.linalg.cholesky(SIGMA) * noise
    rows = []
    for i in range(n):
        a, d = (round(float(v)) for v in np.exp(rng.uniform(8, 13, 2)))
        posture = POSTURES[i % 5]
        h_d, h_a = (h.rate(a, d, posture) for h in (OUTCOME.breaks, OUTCOME.quits))
        ends, limit = rng.exponential([1 / h_d, 1 / h_a]), rng.exponential(20.0)
        days = min(*ends, limit)
        outcome = ("attacker", "defender", "draw")[int(np.argmin([*ends, limit]))]
        e = factor @ rng.standard_normal(2)
        c_a = ATTACKER.between(ATTACKER.scale(a, d, posture), 0, days) * exp(e[0])
        c_d = DEFENDER.between(DEFENDER.scale(d, a, posture), 0, days) * exp(e[1])
        tanks = rng.integers(0, a // 50)
        drift = {"prepared": -0.3, "fortified": -1.0}.get(posture, 0.0)
        speed = 1.0 + 0.4 * np.log(a / d) + drift + 0.3 * np.log1p(1000 * tanks / a)
        rows.append(
            {
                "cdb90_id": i, "start": "1940-05-10", "duration_days": days,
                "attacker_strength": a, "attacker_casualties": max(1, round(c_a)),
                "defender_strength": d, "defender_casualties": max(1, round(c_d)),
                "attacker_tanks": tanks, "defender_posture": posture, "outcome": outcome,
                "attacker_advance_km": days * exp(speed + noise * 0.9 * rng.standard_normal()),
            }
        )  # fmt: skip
    return rows


def write(path, rows):
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


@pytest.fixture(scope="module")
def known(tmp_path_factory):
    path = write(tmp_path_factory.mktemp("known") / "table.csv", battles(3000))
    return path, fit_table(path)


def deviations(section, truth):
    """Fitted less true, in standard errors."""
    estimates = dict(zip(section["parameters"], section["estimates"], strict=True))
    errors = np.sqrt(np.diag(section["covariance"]))
    errors = dict(zip(section["parameters"], errors, strict=True))
    return np.array([(estimates[name] - truth[name]) / errors[name] for name in truth])


def test_attrition_is_recovered(known):
    truth = {
        "attacker.constant": -3.0, "attacker.fortified": 0.4, "attacker.delay": -0.8,
        "attacker.own": 0.7, "attacker.opponent": 0.4, "attacker.log-time": np.log(0.6),
        "defender.constant": -2.0, "defender.fortified": 0.5, "defender.delay": -0.2,
        "defender.own": 0.6, "defender.opponent": 0.3, "defender.log-time": np.log(0.5),
    }  # fmt: skip
    section = known[1]["attrition"]["fatigue"]
    assert np.abs(deviations(section, truth)).max() < 3.5
    assert section["residual_covariance"] == pytest.approx(SIGMA, abs=0.07)
    assert section["rms_cross_validated"] == pytest.approx(section["rms_in_sample"], rel=0.01)


def test_outcome_is_recovered(known):
    truth = {
        "breaks.constant": -0.7, "breaks.prepared": -0.3, "breaks.fortified": -0.6,
        "breaks.ratio": 0.5, "breaks.total": -0.4, "quits.constant": -1.2,
        "quits.fortified": 0.6, "quits.ratio": -0.5, "quits.total": -0.3,
    }  # fmt: skip
    section = known[1]["outcome"]["hazards"]
    assert np.abs(deviations(section, truth)).max() < 3.5
    assert section["weibull_shape"] == pytest.approx(1.0, abs=0.05)


def test_advance_is_recovered(known):
    truth = {"constant": 1.0, "prepared": -0.3, "fortified": -1.0, "ratio": 0.4, "tanks": 0.3}
    section = known[1]["advance"]["fitted"]
    assert np.abs(deviations(section, truth)).max() < 3.5
    assert section["residual_sd"] == pytest.approx(0.9, rel=0.05)


def test_a_slope_within_wars_is_not_taken_in_by_what_differs_between_them(tmp_path):
    rows = battles(600)
    for row in rows:
        # The second war is slower throughout, and fought at three times the force ratio.
        second = row["cdb90_id"] % 2
        row["war"] = ("first", "second")[second]
        row["attacker_strength"] *= 1 + 2 * second
        speed = 0.5 * np.log(row["attacker_strength"] / row["defender_strength"]) - 9.0 * second
        row["attacker_advance_km"] = row["duration_days"] * exp(speed)
    section = fit_table(write(tmp_path / "t.csv", rows))["advance"]["fitted"]
    slope, error = section["ratio_within_wars"]
    assert slope == pytest.approx(0.5) and error == pytest.approx(0, abs=1e-6)
    pooled = dict(zip(section["parameters"], section["estimates"], strict=True))["ratio"]
    assert pooled < 0.2


def test_covariance_is_that_of_generalised_least_squares(known):
    """Both sides stacked as one regression with correlated errors, solved directly."""
    path, fits = known
    table = load_table(path)
    section = fits["attrition"]["square"]
    posture = table.words["defender_posture"]
    x = np.column_stack(
        [np.ones(len(table)), posture == "prepared", posture == "fortified",
         np.isin(posture, ["delay", "withdrawal"])]
    ).astype(float)  # fmt: skip
    weight = np.linalg.inv(np.array(section["residual_covariance"]))
    information = np.kron(weight, x.T @ x)
    logs = [
        np.log(table.numbers[f"{s}_casualties"] / table.numbers[f"{o}_strength"])
        - np.log(table.numbers["duration_days"])
        for s, o in (("attacker", "defender"), ("defender", "attacker"))
    ]
    right = np.concatenate([x.T @ (weight[i] @ np.array(logs)) for i in (0, 1)])
    assert section["estimates"] == pytest.approx(np.linalg.solve(information, right), rel=1e-8)
    assert section["covariance"] == pytest.approx(np.linalg.inv(information), rel=1e-8)


def test_one_side_alone_is_ordinary_least_squares(tmp_path):
    """Unbiased residual variance, and the standard error of ln c by direct differentiation."""
    path = write(tmp_path / "few.csv", battles(60, seed=4))
    table, section = load_table(path), fit_table(path)["attrition"]["fatigue"]
    posture, numbers = table.words["defender_posture"], table.numbers
    x = np.column_stack(
        [np.ones(60), posture == "prepared", posture == "fortified",
         np.isin(posture, ["delay", "withdrawal"]),
         np.log(numbers["attacker_strength"]), np.log(numbers["defender_strength"]),
         np.log(numbers["duration_days"])]
    ).astype(float)  # fmt: skip
    y = np.log(numbers["attacker_casualties"])
    beta, (square_sum,), _, _ = np.linalg.lstsq(x, y, rcond=None)
    variance = square_sum / (60 - 7)
    error = np.sqrt(variance * np.linalg.inv(x.T @ x)[6, 6])
    assert section["residual_covariance"][0][0] == pytest.approx(variance)
    assert section["estimates"][6] == pytest.approx(np.log(beta[6]))
    assert np.sqrt(section["covariance"][6][6]) == pytest.approx(error / beta[6])


def test_outcome_maximises_the_likelihood_of_the_law(known, tmp_path):
    """A general-purpose optimiser on the law's own scalar likelihood finds the same maximum."""
    path = write(tmp_path / "few.csv", battles(400, seed=2))
    table, section = load_table(path), fit_table(path)["outcome"]["hazards"]
    rows = list(
        zip(
            table.words["outcome"].tolist(),
            table.numbers["attacker_strength"].tolist(),
            table.numbers["defender_strength"].tolist(),
            table.words["defender_posture"].tolist(),
            table.numbers["duration_days"].tolist(),
            strict=True,
        )
    )

    def loss(v):
        law = OutcomeLaw(Hazard.of(v[:6]), Hazard.of(v[6:]))
        return -sum(law.log_likelihood(*row) for row in rows)

    found = np.asarray(section["estimates"])
    best = minimize(loss, found + 0.1, method="BFGS")
    assert -loss(found) == pytest.approx(section["log_likelihood"])
    assert loss(found) <= best.fun + 1e-6
    assert found == pytest.approx(best.x, abs=1e-3)
    step = 1e-3 * np.eye(len(found))
    hessian = [
        [
            sum(i * j * loss(found + i * u + j * v) for i in (1, -1) for j in (1, -1)) / 4e-6
            for u in step
        ]
        for v in step
    ]
    assert section["covariance"] == pytest.approx(np.linalg.inv(hessian), rel=1e-3, abs=1e-6)


def test_without_noise_the_law_is_exact(tmp_path):
    rows = battles(200, noise=0.0)
    for row in rows:
        row["attacker_strength"] *= 1000
        row["defender_strength"] *= 1000
        own, opponent = row["attacker_strength"], row["defender_strength"]
        row["duration_days"] = days = 1 + row["cdb90_id"] % 7
        row["attacker_casualties"] = round(0.02 * opponent * days)
        row["defender_casualties"] = round(0.01 * own * days)
    section = fit_table(write(tmp_path / "t.csv", rows))["attrition"]["square"]
    values = dict(zip(section["parameters"], section["estimates"], strict=True))
    assert values["attacker.constant"] == pytest.approx(np.log(0.02), abs=1e-6)
    assert values["defender.constant"] == pytest.approx(np.log(0.01), abs=1e-6)
    assert max(section["rms_in_sample"]) < 1e-6


def test_what_cannot_be_used_is_left_out_and_counted(tmp_path):
    rows = battles(100)
    rows[0]["attacker_casualties"] = 0
    rows[1]["defender_casualties"] = ""
    rows[2]["start"] = "1913-12-31"
    rows[3]["outcome"] = ""
    rows[4]["attacker_advance_km"] = -2
    rows[5]["attacker_tanks"] = ""
    fits = fit_table(write(tmp_path / "t.csv", rows))
    assert fits["attrition"]["square"]["battles"] == 97
    assert fits["outcome"]["hazards"]["battles"] == 98
    assert fits["advance"]["fitted"]["battles"] == 98
    assert fits["advance"]["fitted"]["tanks_unknown_in"] == 1
    assert fits["meta"]["left_out_for_zero_casualties"] == 1
    assert fits["meta"]["rows"] == 100 and fits["meta"]["rows_since_1914"] == 99


def test_too_little_to_fit_on_is_said(tmp_path):
    rows = [row for row in battles(100) if row["defender_posture"] != "fortified"]
    with pytest.raises(InputError, match="no usable battle fortified"):
        fit_table(write(tmp_path / "t.csv", rows))
    rows = battles(100)
    for row in rows:
        if row["defender_posture"] == "prepared" and row["outcome"] == "defender":
            row["outcome"] = "draw"
    with pytest.raises(InputError, match="no battle in prepared won by the defender"):
        fit_table(write(tmp_path / "u.csv", rows))
    rows = battles(100)
    for row in rows:
        row["duration_days"] = 3
    with pytest.raises(InputError, match="differ in strength and duration"):
        fit_table(write(tmp_path / "v.csv", rows))
    with pytest.raises(InputError, match="since 1914"):
        fit_table(write(tmp_path / "w.csv", [r | {"start": "1870-09-01"} for r in battles(50)]))


def test_what_is_written_is_read_and_the_same_each_time(tmp_path):
    table = write(tmp_path / "t.csv", battles(300))
    summary = fit_to_file(table, tmp_path / "one.toml")
    fit_to_file(table, tmp_path / "two.toml")
    assert (tmp_path / "one.toml").read_bytes() == (tmp_path / "two.toml").read_bytes()
    assert sorted(p.name for p in tmp_path.iterdir()) == ["one.toml", "t.csv", "two.toml"]
    fits, coefficients = fit_table(table), load_coefficients(tmp_path / "one.toml")
    for group in ("attrition", "outcome", "advance"):
        for name, law in fits[group].items():
            fit = coefficients.fits[f"{group}.{name}"]
            assert fit.estimates == pytest.approx(np.asarray(law["estimates"]), rel=1e-10)
            assert fit.battles == law["battles"] == summary.battles[f"{group}.{name}"]
    assert coefficients.meta["table_digest"] == summary.table_digest


def test_a_place_that_cannot_be_written(tmp_path):
    with pytest.raises(InputError):
        write_coefficients({"meta": {"rows": 1}}, tmp_path / "absent" / "c.toml")


@pytest.mark.skipif(not REAL.exists(), reason=f"the battle table is not at {REAL}")
def test_the_shipped_coefficients_are_this_fit():
    shipped = tomllib.loads((files("sandtable.laws") / "coefficients.toml").read_text("utf-8"))
    fits = fit_table(REAL)
    assert shipped["meta"] == fits["meta"]
    for group in ("attrition", "outcome", "advance"):
        for name, law in fits[group].items():
            written = shipped[group][name]
            assert written["parameters"] == law["parameters"]
            assert written["battles"] == law["battles"]
            errors = np.sqrt(np.diag(law["covariance"]))
            shift = (np.array(written["estimates"]) - law["estimates"]) / errors
            assert np.abs(shift).max() < 1e-4
            scale = np.outer(errors, errors)
            written_scaled = np.array(written["covariance"]) / scale
            assert written_scaled == pytest.approx(law["covariance"] / scale, abs=1e-4)
