"""What the fit writes against what it found, and tables that it can do nothing with."""

import tomllib
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest

from battles.invented import battles, write
from sandtable.battles import coefficients_file
from sandtable.battles.coefficients_file import document, fit_to_file
from sandtable.battles.fit import fit_sample, left_out, sample_of
from sandtable.battles.table import load_table
from sandtable.errors import InputError
from sandtable.laws.coefficients import FITS, load_coefficients

REAL = Path(__file__).resolve().parents[2].parent / "shared" / "battles" / "battles.csv"


def spoilt(tmp_path):
    rows = battles(100)
    rows[0]["attacker_casualties"] = 0
    rows[1]["defender_casualties"] = ""
    rows[2]["start"] = "1913-12-31"
    rows[3]["start"] = ""
    rows[4]["outcome"] = ""
    rows[5]["attacker_advance_km"] = -2
    rows[6]["duration_days"] = ""
    rows[7]["attacker_strength"] = ""
    rows[8]["defender_posture"] = ""
    rows[9]["outcome"] = "draw"
    return write(tmp_path / "t.csv", rows), rows


def test_what_cannot_be_used_is_left_out_and_counted(tmp_path):
    path, rows = spoilt(tmp_path)
    summary = fit_to_file(path, tmp_path / "c.toml")
    used = [row for i, row in enumerate(rows) if i not in (2, 3, 6, 7, 8)]
    stalled = sum(not row["attacker_advance_km"] > 0 for row in used)
    assert summary.rows == 100
    assert summary.left_out == {
        "before 1914 or undated": 2,
        "without strength, posture or duration": 3,
        "attacker's casualties unknown or none": 1,
        "defender's casualties unknown or none": 1,
        "no ground gained, or unknown": stalled,
        "winner unknown": 1,
    }
    draws = sum(row["outcome"] == "draw" for row in used)
    assert summary.battles["attrition.square.attacker"] == 94
    assert summary.battles["attrition.square.defender"] == 94
    assert summary.battles["advance.fitted"] == 95 - stalled
    assert summary.battles["outcome.pace"] == 94
    assert summary.battles["outcome.odds"] == 94 - draws


def test_battles_keep_their_place_in_the_table(tmp_path):
    path, _ = spoilt(tmp_path)
    sample = sample_of(load_table(path))
    gone = {2, 3, 6, 7, 8}
    assert sample.places.tolist() == [place for place in range(100) if place not in gone]


def test_too_little_to_fit_on_is_said(tmp_path):
    rows = battles(100)
    early = [row | {"start": "1870-09-01"} for row in rows]
    with pytest.raises(InputError, match="0 since 1914 with") as error:
        fit_to_file(write(tmp_path / "t.csv", early), tmp_path / "c.toml")
    assert "at least 30" in str(error.value)
    with pytest.raises(InputError, match="29 since 1914 with strengths, duration and posture"):
        fit_to_file(write(tmp_path / "t.csv", rows[:29]), tmp_path / "c.toml")
    assert not (tmp_path / "c.toml").exists()


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"outcome": "attacker"}, "0 won by the defender"),
        ({"outcome": "draw"}, "0 won by the attacker; "),
        ({"attacker_advance_km": 0}, "0 with ground gained"),
        ({"defender_casualties": ""}, "0 with the casualties of the defender"),
    ],
)
def test_battles_all_of_a_kind_are_too_few_of_the_others(tmp_path, changes, found):
    path = write(tmp_path / "t.csv", [row | changes for row in battles(200)])
    with pytest.raises(InputError) as error:
        fit_to_file(path, tmp_path / "c.toml")
    (problem,) = error.value.problems
    assert (problem.file, problem.key) == (str(path), "battles")
    assert found in problem.found and "at least 30 battles, 10 of each" in problem.allowed
    assert not (tmp_path / "c.toml").exists()


@pytest.mark.parametrize("column", ["war", "attacker_surprise_advantage"])
def test_a_column_that_need_not_be_there(tmp_path, column):
    path = write(tmp_path / "t.csv", battles(100), frozenset({column}))
    fit_to_file(path, tmp_path / "c.toml")
    fit = load_coefficients(tmp_path / "c.toml").fits["attrition.full.attacker"]
    assert all((effects.levels == {}) for group, effects in fit.effects.items() if group != "war")
    assert (fit.effects["war"].levels == {}) == (column == "war")
    if column != "war":
        surprise = fit.parameters.index("surprise")
        assert fit.estimates[surprise] == pytest.approx(0.0, abs=1e-9)


@pytest.mark.verify
def test_what_is_written_is_read_and_the_same_each_time(tmp_path):
    path = write(tmp_path / "t.csv", battles(200))
    summary = fit_to_file(path, tmp_path / "one.toml")
    fit_to_file(path, tmp_path / "two.toml")
    assert (tmp_path / "one.toml").read_bytes() == (tmp_path / "two.toml").read_bytes()
    assert sorted(p.name for p in tmp_path.iterdir()) == ["one.toml", "t.csv", "two.toml"]
    sample = sample_of(load_table(path))
    fitted = fit_sample(sample, np.ones(len(sample), dtype=np.bool_))
    coefficients = load_coefficients(tmp_path / "one.toml")
    close = {"rel": 1e-9, "abs": 1e-12}
    for name, fit in fitted.fits.items():
        read = coefficients.fits[name]
        assert read.terms == fit.terms == FITS[name]
        assert read.estimates == pytest.approx(fit.estimates, **close)
        assert read.covariance == pytest.approx(fit.covariance, **close)
        assert read.residual_sd == pytest.approx(fit.residual_sd)
        assert read.battles == fit.battles == summary.battles[name]
        for group, effects in fit.effects.items():
            assert read.effects[group].spread == pytest.approx(effects.spread)
            assert read.effects[group].spread_error == pytest.approx(effects.spread_error)
            assert list(read.effects[group].levels) == list(effects.levels)
            for level, pair in effects.levels.items():
                assert read.effects[group].of(level) == pytest.approx(pair, **close)
    assert coefficients.shape == pytest.approx(fitted.shape)
    assert coefficients.decided == pytest.approx(fitted.decided)
    assert coefficients.stalled == pytest.approx(fitted.stalled)
    assert coefficients.correlations == pytest.approx(fitted.correlations)
    for name, scale in fitted.scales.items():
        assert coefficients.scales[name] == pytest.approx(scale)
    meta = coefficients.meta
    assert meta["table_digest"] == summary.table_digest == load_table(path).digest
    assert (meta["rows"], meta["left_out"]) == (200, summary.left_out)
    assert (meta["first_battle"], meta["last_battle"]) == ("1925-05-10", "1980-05-10")


def test_a_file_is_whole_or_not_at_all(tmp_path, monkeypatch):
    path, out = write(tmp_path / "t.csv", battles(60)), tmp_path / "c.toml"
    out.write_text("as it was")
    monkeypatch.setattr(coefficients_file, "document", lambda *_: {"meta": object()})
    with pytest.raises(TypeError):
        fit_to_file(path, out)
    assert out.read_text() == "as it was"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["c.toml", "t.csv"]


def test_a_place_that_cannot_be_written(tmp_path):
    path = write(tmp_path / "t.csv", battles(60))
    with pytest.raises(InputError, match="a file that can be written"):
        fit_to_file(path, tmp_path / "absent" / "c.toml")


@pytest.mark.skipif(not REAL.exists(), reason=f"the battle table is not at {REAL}")
def test_the_shipped_coefficients_are_this_fit():
    """To a hundredth of a standard error: processors round differently, and optimisers stop."""
    shipped = tomllib.loads((files("sandtable.laws") / "coefficients.toml").read_text("utf-8"))
    table = load_table(REAL)
    sample = sample_of(table)
    fitted = fit_sample(sample, np.ones(len(sample), dtype=np.bool_))
    found = document(table, sample, fitted, left_out(table, sample))
    assert shipped["meta"] == found["meta"]
    assert list(shipped["factors"]) == list(found["factors"])
    for name, scale in found["factors"].items():
        assert shipped["factors"][name] == pytest.approx(scale)
    assert shipped["outcome"]["shape"] == pytest.approx(found["outcome"]["shape"], rel=1e-3)
    assert shipped["outcome"]["decided"] == pytest.approx(found["outcome"]["decided"])
    assert shipped["advance"]["stalled"] == pytest.approx(found["advance"]["stalled"])
    coefficients = load_coefficients()
    assert coefficients.correlations == pytest.approx(fitted.correlations, abs=1e-3)
    assert set(coefficients.fits) == set(fitted.fits)
    for name, fit in fitted.fits.items():
        written = coefficients.fits[name]
        assert (written.terms, written.battles) == (fit.terms, fit.battles)
        errors = np.sqrt(fit.covariance.diagonal())
        assert (written.estimates - fit.estimates) / errors == pytest.approx(0.0, abs=0.01)
        scale = np.outer(errors, errors)
        assert written.covariance / scale == pytest.approx(fit.covariance / scale, abs=0.01)
        assert written.residual_sd == pytest.approx(fit.residual_sd, rel=1e-3)
        for group, effects in fit.effects.items():
            assert written.effects[group].spread == pytest.approx(effects.spread, rel=0.02)
            assert written.effects[group].spread_error == pytest.approx(
                effects.spread_error, abs=0.02
            )
            assert list(written.effects[group].levels) == list(effects.levels)
