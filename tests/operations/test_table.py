"""The table of operations: what is read, and every fault told at once."""

from __future__ import annotations

from math import isnan
from pathlib import Path

import pytest

from operations.made_up import INPUTS, ROWS, write
from sandtable.battles.table_faults import TableError
from sandtable.errors import InputError
from sandtable.operations.table import read_operations, read_records


def test_operations_are_read_in_the_order_of_the_file(tmp_path: Path) -> None:
    found = read_operations(write(tmp_path / "t.csv", reversed(ROWS)))
    assert [o.name for o in found.operations] == ["Dunes", "River", "Hill"]
    hill = found.operations[2]
    assert (hill.start.isoformat(), hill.days, hill.attacker) == ("1943-05-01", 3.0, "Soviet Union")
    assert (hill.attacker_strength, hill.defender_strength) == (9000.0, 4000.0)


@pytest.mark.parametrize(
    ("column", "cell", "allowed"),
    [
        ("start", "04.06.1916", "an ISO date such as 1943-09-09, from 1600 to 2100"),
        ("start", "1916-02-30", "an ISO date such as 1943-09-09, from 1600 to 2100"),
        ("start", "0016-06-04", "an ISO date such as 1943-09-09, from 1600 to 2100"),
        ("days", "", "a number from 1 to 200, written like 12000"),
        ("days", "0.2", "a number from 1 to 200"),
        ("days", "-3", "a number from 1 to 200"),
        ("days", "4000", "a number from 1 to 200"),
        ("attacker", "", "UTF-8 text of 1 to 200 characters on one line"),
        ("attacker_strength", "24,000", "a number from 1,000 to 20,000,000, written like 12000"),
        ("attacker_strength", "nan", "a number from 1,000 to 20,000,000, written like 12000"),
        ("defender_strength", "12", "a number from 1,000 to 20,000,000"),
        ("operation", "Hill", "each operation once"),
    ],
)
def test_a_fault_names_row_column_what_was_found_and_what_is_allowed(
    column: str, cell: str, allowed: str, tmp_path: Path
) -> None:
    path = write(tmp_path / "t.csv", [ROWS[0], ROWS[1] | {column: cell}])
    with pytest.raises(TableError) as raised:
        read_operations(path)
    (problem,) = raised.value.problems
    assert (problem.file, problem.key) == (str(path), f"row 3, column {column}")
    assert cell in problem.found or problem.found == "nothing"
    assert problem.allowed == allowed


def test_all_faults_are_told_at_once_in_the_order_of_the_table(tmp_path: Path) -> None:
    rows = [ROWS[0] | {"days": "x", "start": "?"}, ROWS[1] | {"attacker_strength": "few"}]
    with pytest.raises(TableError) as raised:
        read_operations(write(tmp_path / "t.csv", rows))
    keys = [problem.key for problem in raised.value.problems]
    assert keys == [
        "row 2, column start", "row 2, column days", "row 3, column attacker_strength",
    ]  # fmt: skip


def test_missing_columns_are_told_with_the_one_that_was_meant(tmp_path: Path) -> None:
    rows = [{("strenght_attacker" if k == INPUTS[4] else k): v for k, v in ROWS[0].items()}]
    rows = [{k: v for k, v in row.items() if k != "days"} for row in rows]
    with pytest.raises(TableError) as raised:
        read_operations(write(tmp_path / "t.csv", rows))
    assert [p.key for p in raised.value.problems] == [
        "row 1, column days", "row 1, column attacker_strength",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"", "an empty file"),
        (b"PK\x03\x04..", "a zipped file"),
        (b"operation;start;days\n", "semicolons"),
        (",".join(INPUTS).encode() + b"\n", "no operation"),
        (",".join(INPUTS).encode() + b"\nHill,1943-05-01,3\n", "3 cells"),
    ],
)
def test_other_files_are_refused(content: bytes, found: str, tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(content)
    with pytest.raises(InputError) as raised:
        read_operations(path)
    assert found in str(raised.value)


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="No such file"):
        read_operations(tmp_path / "none.csv")


def test_ids_tell_names_apart_that_differ_in_what_no_id_can_hold(tmp_path: Path) -> None:
    names = ["Kharkov (1)", "Kharkov [1]", "Харьков", "харьков 2"]
    rows = [ROWS[0] | {"operation": name} for name in names]
    ids = [o.id for o in read_operations(write(tmp_path / "t.csv", rows)).operations]
    assert len(set(ids)) == len(ids)
    assert ids[0].startswith("kharkov-1-")


def test_what_is_recorded_may_be_absent_or_empty_but_not_wrong(tmp_path: Path) -> None:
    (record,) = read_records(write(tmp_path / "t.csv", ROWS[:1]))
    assert isnan(record.attacker_losses) and isnan(record.depth_km)
    assert record.counts and not record.sick and not record.core
    row = ROWS[0] | {
        "attacker_losses": "800", "depth_km": "", "confidence": "low", "core": "1",
        "losses_counted": "sick counted in the losses", "in_test_set": "0",
    }  # fmt: skip
    (record,) = read_records(write(tmp_path / "t.csv", [row]))
    assert (record.attacker_losses, record.confidence) == (800.0, "low")
    assert record.sick and record.core and not record.counts
    with pytest.raises(TableError) as raised:
        read_records(write(tmp_path / "t.csv", [row | {"confidence": "hgh", "depth_km": "-5"}]))
    depth, confidence = sorted(raised.value.problems, key=lambda p: p.key, reverse=True)
    assert depth.allowed == "a number from 0 to 20,100, or empty"
    assert (confidence.key, confidence.nearest) == ("row 2, column confidence", "high")
