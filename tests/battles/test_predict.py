"""Predictions: what they read, what they do not, and what they say of gaps."""

import csv
from dataclasses import replace

import numpy as np
import pytest

from battles.invented import battles, write
from sandtable.battles.columns import COLUMNS as OF_TABLE
from sandtable.battles.columns import RESULTS, Numbers
from sandtable.battles.predict import COLUMNS, predict_to_file
from sandtable.battles.table import load_table
from sandtable.errors import InputError

ROWS = battles(30)
FACTS = {name: column for name, column in OF_TABLE.items() if name not in RESULTS}
NONSENSE = ["many", "-5", "1e999", "nan", "won", "", "9,000"]


def read(path):
    with path.open(newline="", encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def predicted(tmp_path, rows, **options):
    summary = predict_to_file(write(tmp_path / "t.csv", rows, **options), tmp_path / "p.csv")
    return read(tmp_path / "p.csv"), summary


def test_a_row_a_battle_in_the_tables_order(tmp_path):
    rows, summary = predicted(tmp_path, ROWS[::-1])
    assert [row["cdb90_id"] for row in rows] == [row["cdb90_id"] for row in ROWS[::-1]]
    assert tuple(rows[0]) == COLUMNS
    assert {row["law"] for row in rows} == {"full"}
    assert (summary.battles, summary.predicted, summary.warnings) == (30, 30, ())


def test_results_are_not_read(tmp_path):
    """Filled in, filled with nonsense, or not there: the same bytes."""
    contents = []
    for i, rows in enumerate(
        (ROWS, [row | {n: NONSENSE[k % 7] for k, n in enumerate(sorted(RESULTS))} for row in ROWS])
    ):
        table = write(tmp_path / f"{i}.csv", rows)
        predict_to_file(table, tmp_path / "p.csv")
        contents.append((tmp_path / "p.csv").read_bytes())
    bare = write(tmp_path / "bare.csv", ROWS, without=frozenset(RESULTS))
    assert not RESULTS & set(bare.read_text(encoding="utf-8").splitlines()[0].split(","))
    predict_to_file(bare, tmp_path / "p.csv")
    assert contents == [(tmp_path / "p.csv").read_bytes()] * 2


def test_what_is_known_beforehand_is_read(tmp_path):
    before, _ = predicted(tmp_path, ROWS)
    after, _ = predicted(tmp_path, [row | {"attacker_surprise_advantage": 3} for row in ROWS])
    changed = [a != b for a, b in zip(before, after, strict=True)]
    assert changed == [row["attacker_surprise_advantage"] != 3 for row in ROWS]


@pytest.mark.filterwarnings("error")
def test_a_prediction_at_any_bound_is_a_number(tmp_path):
    """Each number known beforehand at each of its bounds, alone and all at once."""
    bounds = {
        n: c for n, c in FACTS.items() if isinstance(c, Numbers) and "duration_days_" not in n
    }
    ends = [{name: f"{getattr(c, end):g}"} for name, c in bounds.items() for end in ("low", "high")]
    ends += [{n: f"{getattr(c, end):g}" for n, c in bounds.items()} for end in ("low", "high")]
    rows = [ROWS[0] | at | {"cdb90_id": str(k)} for k, at in enumerate(ends)]
    found, _ = predicted(tmp_path, rows)
    told = [row for row, asked in zip(found, rows, strict=True) if predictable(asked)]
    assert len(told) == len(rows) - 3
    assert all(0 <= abs(float(row[name])) < 1e9 for row in told for name in COLUMNS[2:])


def predictable(row):
    return float(row["attacker_strength"]) > 0 and float(row["defender_strength"]) > 0


def test_quantiles_rise_within_their_bounds(tmp_path):
    rows, _ = predicted(tmp_path, ROWS)
    for row, battle in zip(rows, ROWS, strict=True):
        for name, most in (
            ("attacker_casualties", battle["attacker_strength"]),
            ("defender_casualties", battle["defender_strength"]),
            ("advance_km", np.inf),
        ):
            points = [float(row[f"{name}_p{p}"]) for p in ("05", "25", "50", "75", "95")]
            assert points == sorted(points)
            assert points[0] >= 0 and points[-1] <= most
        assert 0 < float(row["p_attacker_wins"]) < 1
        for name in COLUMNS[2:]:
            assert len(row[name].lstrip("0.").replace(".", "")) <= 6


def test_casualties_end_at_the_strength(tmp_path):
    rows, _ = predicted(tmp_path, [ROWS[0] | {"attacker_strength": 40, "duration_days": 300}])
    assert rows[0]["attacker_casualties_p95"] == "40"


@pytest.mark.parametrize(
    ("column", "cell"),
    [("attacker_strength", ""), ("defender_strength", "0"), ("duration_days", "")],
)
def test_what_cannot_be_predicted_stays_empty_and_is_told(tmp_path, column, cell):
    all_of_them, _ = predicted(tmp_path, ROWS)
    rows, summary = predicted(tmp_path, [*ROWS[:3], ROWS[3] | {column: cell}, *ROWS[4:]])
    assert set(list(rows[3].values())[2:]) == {""}
    assert rows[3]["cdb90_id"] == "b3"
    assert rows[:3] + rows[4:] == all_of_them[:3] + all_of_them[4:]
    assert summary.predicted == 29
    (warning,) = summary.warnings
    assert f"row 5 (battle b3), column {column}: unknown" in warning


def test_nothing_can_be_predicted(tmp_path):
    rows, summary = predicted(tmp_path, [row | {"attacker_strength": ""} for row in ROWS])
    assert (len(rows), summary.predicted, len(summary.warnings)) == (30, 0, 30)


def test_unknown_posture_counts_as_hasty(tmp_path):
    hasty, _ = predicted(tmp_path, [row | {"defender_posture": "hasty"} for row in ROWS[:4]])
    unknown, summary = predicted(tmp_path, [row | {"defender_posture": ""} for row in ROWS[:4]])
    assert unknown == hasty
    assert [w.split(": ")[1] for w in summary.warnings] == [
        f"row {i} (battle b{i - 2}), column defender_posture" for i in range(2, 6)
    ]


def test_an_undated_battle_has_the_mean_year_and_unknown_armies(tmp_path):
    from sandtable.battles.predict import predict
    from sandtable.laws.coefficients import load_coefficients
    from sandtable.laws.fitted import NATIONS

    nation = {"attacker_actor": "USSR", "defender_actor": "Germany"}
    table = load_table(write(tmp_path / "t.csv", [ROWS[0] | nation | {"start": ""}]), results=False)
    laws = load_coefficients()
    cells, warnings = predict(table, laws)
    assert "column start: unknown" in warnings[0]
    assert np.isfinite(cells).all()
    # The same where no army is known and the mean year is any other: both weigh nothing.
    other = replace(
        laws,
        scales=laws.scales | {"year": laws.scales["year"]._replace(centre=1800.0, low=1700.0)},
        fits={
            name: replace(
                fit,
                effects={
                    group: replace(e, levels={} if group in NATIONS else e.levels)
                    for group, e in fit.effects.items()
                },
                estimates=fit.estimates[: len(fit.coefficients)],
                covariance=fit.covariance[: len(fit.coefficients), : len(fit.coefficients)],
            )
            for name, fit in laws.fits.items()
        },
    )
    np.testing.assert_allclose(predict(table, other)[0], cells, rtol=1e-12)


def test_an_early_battle_is_told(tmp_path):
    _, summary = predicted(tmp_path, [ROWS[0] | {"start": "1870-09-01"}])
    assert "column start: 1870; the laws hold for 1914 to" in summary.warnings[0]


def test_other_coefficients_are_used(tmp_path):
    from importlib.resources import files

    text = (files("sandtable.laws") / "coefficients.toml").read_text(encoding="utf-8")
    changed = tmp_path / "c.toml"
    lines = text.splitlines()
    at = next(i for i, line in enumerate(lines) if line.startswith("decided"))
    lines[at] = "decided = 0.5"
    changed.write_text("\n".join(lines), encoding="utf-8")
    before, _ = predicted(tmp_path, ROWS)
    own = float(lines[at].split()[-1])
    predict_to_file(tmp_path / "t.csv", tmp_path / "q.csv", changed)
    shipped = float(text.splitlines()[at].split()[-1])
    for old, new in zip(before, read(tmp_path / "q.csv"), strict=True):
        ratio = float(new["p_attacker_wins"]) / float(old["p_attacker_wins"])
        assert ratio == pytest.approx(own / shipped, rel=1e-4)


def test_whole_or_not_at_all(tmp_path):
    out = tmp_path / "p.csv"
    out.write_text("as before", encoding="utf-8")
    bad = write(tmp_path / "bad.csv", [ROWS[0] | {"attacker_strength": "many"}])
    with pytest.raises(InputError, match="attacker_strength"):
        predict_to_file(bad, out)
    assert out.read_text(encoding="utf-8") == "as before"
    good = write(tmp_path / "good.csv", ROWS)
    (tmp_path / "folder").mkdir()
    for place, allowed in (
        (tmp_path / "no" / "p.csv", "a file that can be written"),
        (tmp_path / "folder", "a regular file, or none"),
    ):
        with pytest.raises(InputError, match=allowed):
            predict_to_file(good, place)
    assert not list(tmp_path.rglob("*.draft"))
