"""Reading the battle table: values, unknowns, and every fault with its row and column."""

import csv
import hashlib
import os
import pickle
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandtable.battles import table_rows
from sandtable.battles.columns import COLUMNS, RESULTS, Numbers
from sandtable.battles.table import load_table
from sandtable.errors import InputError

REAL = Path(__file__).resolve().parents[2].parent / "shared" / "battles" / "battles.csv"
INPUTS = Path(__file__).parents[1] / "inputs" / "battles"
BAD = sorted(path.name for path in INPUTS.glob("*.csv"))
NONSENSE = ["", "many", "-5", "nan", "1e999", "9,000", "won", "a\nb", 'a "b"', "x" * 3000, "\0",
            "\udcfc", "٩", "=1+1", "1943-02-30"]  # fmt: skip
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
    with path.open("w", newline="", encoding="utf-8", errors="surrogateescape") as stream:
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


@pytest.mark.parametrize("name", BAD)
def test_each_bad_table_is_told_in_full(monkeypatch, name):
    """Each table under inputs/battles has one fault; beside it stands what is said of it."""
    monkeypatch.chdir(INPUTS)
    with pytest.raises(InputError) as error:
        load_table(Path(name))
    assert str(error.value) == Path(name).with_suffix(".txt").read_text("utf-8").rstrip("\n")


def test_every_bad_table_has_its_message():
    assert len(BAD) > 50
    assert sorted(f"{path.stem}.csv" for path in INPUTS.glob("*.txt")) == BAD


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


@pytest.mark.parametrize("cell", ["1e9", "-1e9", "1e308", "9" * 400])
def test_no_number_is_beyond_all_measure(tmp_path, cell):
    columns = [name for name, column in COLUMNS.items() if isinstance(column, Numbers)]
    problems = faults(write(tmp_path / "t.csv", GOOD | dict.fromkeys(columns, cell)))
    assert list(problems) == [f"row 2, column {name}" for name in columns]


@pytest.mark.parametrize("day", ["0943-09-09", "2943-09-09"])
def test_a_day_is_of_these_centuries(tmp_path, day):
    problem = faults(write(tmp_path / "t.csv", GOOD | {"start": day}))["row 2, column start"]
    assert problem.allowed == "an ISO date such as 1943-09-09, from 1600 to 2100, or empty"


def test_nearest_names(tmp_path):
    problems = faults(write(tmp_path / "t.csv", GOOD | {"defender_posture": "prepard"}))
    assert problems["row 2, column defender_posture"].nearest == "prepared"
    header = ["atacker_strength" if n == "attacker_strength" else n for n in GOOD]
    problems = faults(write(tmp_path / "u.csv", header=header))
    assert problems["row 1, cell 5"].nearest == "attacker_strength"
    assert problems["row 1, column attacker_strength"].found == "no such column"


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
    assert faults(tmp_path / "absent.csv")["file"].found == "No such file or directory"
    assert faults(tmp_path)["file"].found == "a folder"


def test_a_wrong_header_does_not_hide_what_is_wrong_below(tmp_path):
    names = [name for name in GOOD if name != "outcome"]
    row = {name: GOOD[name] for name in names} | {"attacker_strength": "-1"}
    assert list(faults(write(tmp_path / "t.csv", row | {"zeal": "1"}))) == [
        "row 1, cell 10",
        "row 1, column outcome",
        "row 2, column attacker_strength",
    ]


def bad_rows(path, number):
    rows = [GOOD | {"cdb90_id": str(i), "attacker_strength": "many"} for i in range(number)]
    return write(path, *rows)


def test_fifty_faults_are_told_in_the_table_s_order_and_the_rest_counted(tmp_path):
    path = bad_rows(tmp_path / "t.csv", 50 + 1234)
    assert list(faults(path)) == [f"row {n}, column attacker_strength" for n in range(2, 52)]
    with pytest.raises(InputError) as error:
        load_table(path)
    lines = str(error.value).splitlines()
    assert len(lines) == 51 and lines[-1] == f"{path}: and 1,234 more"
    assert str(pickle.loads(pickle.dumps(error.value))) == str(error.value)
    with pytest.raises(InputError) as error:
        load_table(bad_rows(path, 50))
    assert len(str(error.value).splitlines()) == 50


def test_what_ends_the_reading_is_told_after_any_number_of_faults(tmp_path):
    path = bad_rows(tmp_path / "t.csv", 60)
    with path.open("a") as stream:
        stream.write('61,"Alpha')
    problems = faults(path)
    assert len(problems) == 51 and "row 62" in problems


def test_a_long_cell_is_not_told_in_full_and_a_long_row_not_read(tmp_path):
    path = write(tmp_path / "t.csv", GOOD | {"attacker_strength": "y" * 150})
    assert len(str(faults(path)["row 2, column attacker_strength"])) < len(str(path)) + 200
    path = write(path, GOOD, GOOD | {"battle": "y" * 10**6})
    assert "more than 100,000 characters" in faults(path)["row 3"].found
    assert "/dev/zero" in str(faults(Path("/dev/zero"))["file"])


def test_marks_and_line_ends_of_any_program(tmp_path):
    path = write(tmp_path / "t.csv", GOOD, GOOD | {"cdb90_id": "2", "battle": "München"})
    text = path.read_text("utf-8")
    for end in ("\n", "\r\n", "\r"):
        path.write_bytes(b"\xef\xbb\xbf" + text.replace("\n", end).encode())
        table = load_table(path)
        assert table.words["battle"].tolist() == ["Alpha", "München"]
        assert table.words["outcome"].tolist() == ["attacker", "attacker"]
        assert table.warnings == ()


def test_line_breaks_within_a_cell_are_kept(tmp_path):
    table = load_table(write(tmp_path / "t.csv", GOOD | {"battle": "Al\r\npha"}))
    assert table.words["battle"].tolist() == ["Al\r\npha"]


def test_empty_lines_are_skipped_with_a_warning(tmp_path):
    path = write(tmp_path / "t.csv", GOOD)
    path.write_text(
        path.read_text() + "\n" + ",".join((GOOD | {"cdb90_id": "2"}).values()) + "\n\n"
    )
    table = load_table(path)
    assert len(table) == 2
    assert table.warnings == (f"{path}: row 3: an empty line; 2 of them skipped",)


def test_an_unknown_cell_of_a_required_column_is_not_a_number(tmp_path):
    needed = ("duration_days", "attacker_strength", "defender_strength", "attacker_casualties")
    table = load_table(write(tmp_path / "t.csv", GOOD | dict.fromkeys(needed, "")))
    assert all(np.isnan(table.numbers[name]).all() for name in needed)


def test_a_duration_of_minutes_is_kept_as_recorded(tmp_path):
    table = load_table(write(tmp_path / "t.csv", GOOD | {"duration_days": "0.02"}))
    assert table.numbers["duration_days"].tolist() == [0.02] and table.warnings == ()


def many(stream, number):
    stream.write(",".join(GOOD) + "\n")
    rest = ",".join(list(GOOD.values())[1:])
    stream.writelines(f"{i},{rest}\n" for i in range(number))


@pytest.mark.verify
@pytest.mark.parametrize(("number", "warnings"), [(10_000, 0), (10_001, 1), (20_000, 1)])
def test_a_very_large_table_has_a_warning(tmp_path, number, warnings):
    path = tmp_path / "t.csv"
    with path.open("w") as stream:
        many(stream, number)
    table = load_table(path)
    assert len(table) == number and len(table.warnings) == warnings
    assert all(f"{path}: {number:,} battles" in warning for warning in table.warnings)


@pytest.mark.verify
def test_a_table_above_the_limit_is_not_read_to_its_end(tmp_path, monkeypatch):
    path, read = tmp_path / "large.csv", []
    with path.open("w") as stream:
        many(stream, 200_000)
    readinto = table_rows.HashedFile.readinto

    def counted(self, buffer):
        read.append(readinto(self, buffer))
        return read[-1]

    monkeypatch.setattr(table_rows.HashedFile, "readinto", counted)
    problem = faults(path)["file"]
    assert "20,000" in problem.found and "20,000" in problem.allowed
    assert 0 < sum(read) < path.stat().st_size / 5


def test_a_pipe_is_refused_and_not_waited_for(tmp_path):
    path = tmp_path / "pipe"
    os.mkfifo(path)
    assert faults(path)["file"].found == "a pipe"


def test_the_results_are_what_a_battle_leaves():
    """As the description of the table has it: casualties, losses, advance, judgements, outcome."""
    losses = {name for name in COLUMNS if "casualties" in name or name.endswith("_losses")}
    beforehand = {"attacker_surprise_advantage", "attacker_air_superiority_advantage"}
    judged = {name for name in COLUMNS if name.endswith("_advantage")} - beforehand
    assert losses | judged | {"attacker_advance_km", "outcome"} == RESULTS
    assert len(losses) == 12 and len(judged) == 9


def same(one, other):
    assert one.numbers.keys() == other.numbers.keys() and one.words.keys() == other.words.keys()
    for name, values in one.numbers.items():
        assert np.array_equal(values, other.numbers[name], equal_nan=True)
    assert all((one.words[name] == other.words[name]).all() for name in one.words)
    assert (one.starts, one.warnings) == (other.starts, other.warnings)


@pytest.mark.parametrize("nonsense", NONSENSE)
def test_results_may_be_absent_or_nonsense_where_none_are_wanted(tmp_path, nonsense):
    rows = [GOOD | {"cdb90_id": str(i), "attacker_surprise_advantage": "2"} for i in range(3)]
    kept = [{n: c for n, c in row.items() if n not in RESULTS} for row in rows]
    absent = load_table(write(tmp_path / "absent.csv", *kept), results=False)
    assert not RESULTS & (absent.numbers.keys() | absent.words.keys())
    assert absent.numbers.keys() | absent.words.keys() | RESULTS == set(COLUMNS)
    assert absent.numbers["attacker_surprise_advantage"].tolist() == [2, 2, 2]
    path = write(tmp_path / "t.csv", *(row | dict.fromkeys(RESULTS, nonsense) for row in rows))
    table = load_table(path, results=False)
    same(table, absent)
    assert table.digest == hashlib.sha256(path.read_bytes()).hexdigest() != absent.digest
    if nonsense:
        assert faults(path)


def test_what_else_is_wrong_is_told_without_results_too(tmp_path):
    row = GOOD | {"outcome": "won", "outcom": "won", "defender_strength": "many"}
    del row["defender_posture"]
    with pytest.raises(InputError) as error:
        load_table(write(tmp_path / "t.csv", row), results=False)
    assert [problem.key for problem in error.value.problems] == [
        "row 1, cell 10",
        "row 1, column defender_posture",
        "row 2, column defender_strength",
    ]


@given(st.data())
def test_no_bytes_whatever_are_more_than_a_fault(tmp_path_factory, data):
    path = write(tmp_path_factory.getbasetemp() / "fuzz.csv", GOOD, GOOD | {"cdb90_id": "2"})
    content = path.read_bytes()
    start, end = sorted(data.draw(st.tuples(*[st.integers(0, len(content))] * 2)))
    path.write_bytes(content[:start] + data.draw(st.binary(max_size=40)) + content[end:])
    try:
        table = load_table(path, results=data.draw(st.booleans()))
    except InputError as error:
        assert all(line.startswith(f"{path}: ") for line in str(error).splitlines())
    else:
        assert table.digest == hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.mark.skipif(not REAL.exists(), reason=f"the battle table is not at {REAL}")
def test_the_whole_battle_table_reads_as_its_cells_say():
    table = load_table(REAL)
    with REAL.open(newline="", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    assert len(table) == len(rows) == 272
    # Parts of battles alone name what they are part of.
    assert set(rows[0]) == set(COLUMNS) - {"parent_id"}
    for name, values in table.numbers.items():
        known = [float(row[name]) for row in rows if row[name]]
        assert values[np.isfinite(values)].tolist() == known
