"""The laws of operations: what is fitted on what, what decides nothing, and the exam."""

import shutil
import tomllib
from dataclasses import replace
from importlib.resources import files

import numpy as np
import pytest

from sandtable.errors import InputError
from sandtable.laws.operational import load_operational
from sandtable.operations.exam import alternatives, examine
from sandtable.operations.fit import (
    FILES,
    bounds_of,
    fit_all,
    read_tables,
    samples_of,
    sieges_sample,
)
from sandtable.operations.fit_file import document, fit_to_file
from sandtable.shipped import operations_root

ROOT = operations_root()
TABLES = read_tables(ROOT)
FITS = fit_all(TABLES, ROOT)


def test_the_shipped_file_is_this_fit():
    shipped = tomllib.loads((files("sandtable.laws") / "operational.toml").read_text("utf-8"))
    made = document(TABLES, FITS, bounds_of(TABLES, ROOT))
    assert made.keys() == shipped.keys() and made["meta"] == shipped["meta"]
    for name, fit in FITS.items():
        section = shipped[name]
        assert section["estimates"] == pytest.approx(fit.estimates.tolist(), rel=1e-5)
        assert np.array(section["covariance"]) == pytest.approx(fit.covariance, rel=1e-4)
        assert section["spread"] == pytest.approx(fit.spread, rel=1e-5)
        assert {k: section[k] for k in ("cases", "terms", "table", "limits")} == {
            k: made[name][k] for k in ("cases", "terms", "table", "limits")
        }
    assert made["contact"] == shipped["contact"]


def test_what_is_written_is_read(tmp_path):
    out = tmp_path / "fits.toml"
    summary = fit_to_file(ROOT, out)
    found = load_operational(out)
    assert found.regressions["siege"].estimates == pytest.approx(summary.fits["siege"].estimates)
    with pytest.raises(InputError, match="a file that can be written"):
        fit_to_file(ROOT, tmp_path / "no" / "fits.toml")


def test_rows_of_low_confidence_decide_nothing():
    """However long they held out, the fits are the same to the last bit."""
    other = replace(
        TABLES,
        sieges=tuple(s if s.sure else replace(s, days=9.0 * s.days) for s in TABLES.sieges),
        pockets=tuple(p if p.sure else replace(p, days=1.0, escaped=0.9) for p in TABLES.pockets),
        exploitations=tuple(
            e if e.sure else replace(e, km_day=99.0) for e in TABLES.exploitations
        ),
        landings=tuple(x if x.sure else replace(x, lost=1.0) for x in TABLES.landings),
        days=tuple(d if d.sure else replace(d, casualties=9e9) for d in TABLES.days),
    )  # fmt: skip
    assert any(not s.sure for s in TABLES.sieges)
    for name, fit in fit_all(other, ROOT).items():
        assert fit.estimates.tolist() == FITS[name].estimates.tolist()
    assert bounds_of(other, ROOT) == bounds_of(TABLES, ROOT)


def test_the_published_summary_of_all_sieges_since_1914():
    """Of 41 sieges, those from memory among them: 2.63 ± 0.23, 0.21 ± 0.12 by size, 1.25."""
    found = sieges_sample(TABLES.sieges, ("size",)).fit()
    error = np.sqrt(np.diag(found.covariance))
    assert np.all(np.abs(found.estimates - [2.63, 0.21]) < 1.5 * error)
    assert error == pytest.approx([0.23, 0.12], abs=0.05)
    assert found.spread == pytest.approx(1.25, abs=0.1)


def test_a_siege_that_was_raised_lasted_at_least_as_long():
    ended = tuple(replace(s, ended="stormed") for s in TABLES.sieges)
    taken = fit_all(replace(TABLES, sieges=ended), ROOT)["siege"]
    assert FITS["siege"].estimates.sum() > taken.estimates.sum()
    assert any(s.held and s.sure for s in TABLES.sieges)


def test_pockets_that_lived_by_air_are_other_cases():
    sample = samples_of(TABLES)["pocket"]
    assert "Demyansk 1942" not in sample.groups and "Korsun 1944" in sample.groups
    assert len(sample) == FITS["pocket"].cases == FITS["escape"].cases


def test_quartiles_of_all_pockets_lie_where_they_were_published():
    """Of 21 pockets of up to 22 days: 5, 8 and 12 days; 0.03, 0.13 and 0.24 escaped."""
    short = [p for p in TABLES.pockets if p.days <= 22.0]
    assert len(short) == 21
    quartiles = (0.25, 0.5, 0.75)
    assert np.quantile([p.days for p in short], quartiles) == pytest.approx([5, 8, 12], abs=1)
    shares = np.quantile([p.escaped for p in short], quartiles)
    assert shares == pytest.approx([0.03, 0.13, 0.24], abs=0.04)


def test_straight_lines_are_lengthened_by_a_roads_winding():
    sample = samples_of(TABLES)["pursuit"]
    lodz = next(e for e in TABLES.exploitations if "Lodz to Poznan" in e.troops)
    assert lodz.straight and np.isclose(sample.y, np.log(1.2 * lodz.km_day)).any()
    assert not any("breakthrough" in e.troops for e in TABLES.exploitations if e.counts)


def test_losses_of_a_landing_are_those_of_its_first_day():
    """Geometric mean and standard deviation of eight rates, by hand."""
    rates = [1050.0, 300.0, 80.667, 111.803, 11.464, 12.813, 9.035, 381.055]
    logs = np.log(rates)
    fitted = FITS["landing"]
    assert fitted.cases == 8
    assert fitted.estimates[0] == pytest.approx(logs.mean(), abs=1e-4)
    assert fitted.spread == pytest.approx(logs.std(ddof=1), abs=1e-4)
    omaha = next(x for x in TABLES.landings if x.name == "Omaha")
    assert not omaha.sure and omaha.rate == pytest.approx(108.4, abs=0.1)


def test_contact_costs_less_than_anything_recorded():
    bounds = bounds_of(TABLES, ROOT)
    for operation, record in TABLES.operations:
        quick = record.depth_km >= 8.0 * operation.days
        if quick and record.counts and record.confidence != "low":
            rate = record.attacker_losses / operation.attacker_strength / operation.days
            assert not 1000.0 * rate < bounds["contact.pursuit"].rate
    assert bounds["contact.pursuit"].rate == pytest.approx(59_000 / 2_000_000 / 36 * 1000)
    assert bounds["contact.holding"].rate == pytest.approx(1128 / 775_373 * 1000)


def test_the_exam_leaves_out_what_it_judges():
    """A siege of a war by itself, far from all others, is missed by as much as it is far."""
    odd = replace(TABLES.sieges[0], war="War of its own", days=1e6)
    scores = {s.law: s for s in examine(replace(TABLES, sieges=(*TABLES.sieges, odd)))}
    usual = {s.law: s for s in examine(TABLES)}
    assert scores["siege"].rms > usual["siege"].rms + 0.5
    assert scores["siege"].groups == usual["siege"].groups + 1
    assert usual.keys() == {"siege", "pocket", "escape", "pursuit", "landing"}
    for score in usual.values():
        assert 0.0 <= score.covered[0] <= score.covered[1] <= score.covered[2] <= 1.0


def test_the_terms_that_were_kept_foretell_no_worse_than_those_that_were_not():
    scores = {s.law: s.rms for s in alternatives(TABLES.sieges)}
    assert scores["field works"] == min(scores.values())


@pytest.mark.parametrize("name", FILES)
def test_a_table_that_is_missing_or_too_short_is_told(name, tmp_path):
    for file in FILES:
        shutil.copy(ROOT / file, tmp_path / file)
    (tmp_path / name).unlink()
    with pytest.raises(InputError, match=f"{name}: file: found No such file"):
        read_tables(tmp_path)
    lines = (ROOT / name).read_text("utf-8").splitlines()
    (tmp_path / name).write_text("\n".join(lines[:2]) + "\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"allowed: (enough cases|an operation of 8 km)"):
        fit_to_file(tmp_path, None)
