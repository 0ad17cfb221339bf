"""Reading the battle table: values, unknowns, and every fault with its row and column."""

import csv
import hashlib
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from sandtable.battles.table import COLUMNS, load_table
from sandtable.errors import InputError

REAL = Path(__file__).resolve().parents[2].parent / "shared" / "battles" / "battles.csv"
GOOD = {
    "cdb90_id": "1",
    "battle": "Alpha",
    "start": "1943-09-09",
    "duration_days": "2.5",
    "attacker_strength": "12000",
    "attacker_casualties": "300",
    "defender_strength": "8000",
    "defender_casualties": "450",
    "defender_posture": "hasty",
    "outcome": "attacker",
}


def write(path, *rows, header=None):
    names = header or list(dict.fromkeys(name for row in rows for name in row))
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, names, restval="")
        writer.writeheader()
        writer.writerows(rows)
    return path


def faults(path):
    with pytest.raises(InputError) as error:
        load_table(path)
    assert all(p.file == str(path) for p in error.value.problems)
    return {p.key: p for p in error.value.problems}


def test_values_and_unknowns(tmp_path):
    second = GOOD | {"cdb90_id": "2", "start": "", "attacker_tanks": "0", "outcome": ""}
    path = write(tmp_path / "t.csv", GOOD, second)
    table = load_table(path)
    assert len(table) == 2
    assert table.numbers["duration_days"].tolist() == [2.5, 2.5]
    assert np.isnan(table.numbers["attacker_tanks"][0]) and table.numbers["attacker_tanks"][1] == 0
    assert np.isnan(table.numbers["defender_guns"]).all()
    assert table.starts == (date(1943, 9, 9), None)
    assert table.years[0] == 1943 and np.isnan(table.years[1])
    assert table.words["outcome"].tolist() == ["attacker", ""]
    assert table.digest == hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.mark.parametrize(
    ("column", "cell"),
    [
        ("duration_days", "0"),
        ("duration_days", "nan"),
        ("duration_days", "inf"),
        ("attacker_strength", "-5"),
        ("attacker_strength", "12.5"),
        ("defender_casualties", "many"),
        ("attacker_strength_error_low_pct", "5"),
        ("attacker_surprise_advantage", "4"),
        ("start", "09.09.1943"),
        ("outcome", "attackers"),
        ("defender_posture", "prepard"),
        ("terrain", "swamp"),
        ("cdb90_id", ""),
    ],
)
def test_a_wrong_cell_is_named_by_row_and_column(tmp_path, column, cell):
    path = write(tmp_path / "t.csv", GOOD, GOOD | {"cdb90_id": "2", column: cell})
    problems = faults(path)
    assert list(problems) == [f"row 3, column {column}"]


def test_nearest_names(tmp_path):
    problems = faults(write(tmp_path / "t.csv", GOOD | {"defender_posture": "prepard"}))
    assert problems["row 2, column defender_posture"].nearest == "prepared"
    header = ["atacker_strength" if n == "attacker_strength" else n for n in GOOD]
    problems = faults(write(tmp_path / "u.csv", header=header))
    assert problems["row 1"].nearest == "attacker_strength"
    assert problems["row 1, column attacker_strength"].found == "missing"


def test_all_faults_at_once(tmp_path):
    rows = [
        GOOD | {"duration_days_low": "3", "duration_days_high": "4"},
        GOOD | {"outcome": "won"},
        GOOD | {"cdb90_id": "3", "attacker_strength": "x", "start": "1943"},
    ]
    assert set(faults(write(tmp_path / "t.csv", *rows))) == {
        "row 2, column duration_days",
        "row 3, column cdb90_id",
        "row 3, column outcome",
        "row 4, column attacker_strength",
        "row 4, column start",
    }


@pytest.mark.parametrize("bounds", [("3", "4"), ("1", "2")])
def test_a_duration_lies_within_its_own_range(tmp_path, bounds):
    row = GOOD | dict(zip(("duration_days_low", "duration_days_high"), bounds, strict=True))
    assert list(faults(write(tmp_path / "t.csv", row))) == ["row 2, column duration_days"]


def test_rows_of_the_wrong_length(tmp_path):
    path = write(tmp_path / "t.csv", GOOD)
    path.write_text(path.read_text(encoding="utf-8") + "2,short\n", encoding="utf-8")
    assert "row 3" in faults(path)


def test_a_column_twice(tmp_path):
    path = tmp_path / "t.csv"
    names = [*GOOD, "battle"]
    path.write_text(",".join(names) + "\n" + ",".join([*GOOD.values(), "B"]) + "\n")
    assert "row 1, column battle" in faults(path)


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b'a,"b'])
def test_what_is_no_table(tmp_path, content):
    path = tmp_path / "t.csv"
    path.write_bytes(content)
    assert faults(path)


def test_no_battle_and_no_file(tmp_path):
    assert "row 2" in faults(write(tmp_path / "t.csv", header=list(GOOD)))
    assert "file" in faults(tmp_path / "absent.csv")


@pytest.mark.skipif(not REAL.exists(), reason=f"the battle table is not at {REAL}")
def test_the_whole_battle_table_reads_as_its_cells_say():
    table = load_table(REAL)
    with REAL.open(newline="", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    assert len(table) == len(rows) == 272
    assert set(rows[0]) == set(COLUMNS)
    for name, values in table.numbers.items():
        known = [float(row[name]) for row in rows if row[name]]
        assert values[np.isfinite(values)].tolist() == known
