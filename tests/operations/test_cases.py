"""The tables of cases: what is read, and every fault told with its row and column."""

import csv

import pytest

from sandtable.battles.table_faults import TableError
from sandtable.operations.cases import (
    read_days,
    read_exploitations,
    read_landings,
    read_pockets,
    read_sieges,
)
from sandtable.shipped import operations_root

READERS = {
    "sieges.csv": read_sieges, "pockets.csv": read_pockets,
    "pursuits.csv": read_exploitations, "landings.csv": read_landings, "daily.csv": read_days,
}  # fmt: skip


def changed(name, tmp_path, row, **cells):
    """The shipped table with some cells of one row changed."""
    with (operations_root() / name).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    rows[row] |= cells
    path = tmp_path / name
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    return path


@pytest.mark.parametrize("name", READERS)
def test_every_row_of_a_shipped_table_is_read_and_has_a_source(name):
    path = operations_root() / name
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(READERS[name](path).rows) == len(rows) > 9
    assert all(row["source"] for row in rows)
    for row in rows:
        told = " ".join(row.values()).lower()
        for campaign in ("khasan", "khalkhin", "nomonhan", "manchuria", "sakhalin", "kuril"):
            assert campaign not in told


def test_a_siege_is_read_as_it_stands(tmp_path):
    path = changed("sieges.csv", tmp_path, 0, days="30", garrison_low="9000", garrison_high="16000",
                   works="field works", ended="relieved", confidence="low")  # fmt: skip
    siege = read_sieges(path).rows[0]
    assert (siege.days, siege.men, siege.field, siege.held) == (30.0, 12_000.0, True, True)
    assert not siege.sure and read_sieges(path).rows[1].sure


@pytest.mark.parametrize(
    ("name", "cells", "told"),
    [
        ("sieges.csv", {"days": "0"},
         "row 2, column days: found '0'; allowed: a number from 0.001 to 3,660"),
        ("sieges.csv", {"days": ""}, "row 2, column days: found nothing"),
        ("sieges.csv", {"works": "field work"},
         "row 2, column works: found 'field work'; allowed: permanent works, field works, or "
         "empty; did you mean 'field works'?"),
        ("sieges.csv", {"ended": ""}, "row 2, column ended: found nothing; allowed: stormed, "),
        ("sieges.csv", {"start": "1914"}, "row 2, column start: found '1914'; allowed: an ISO"),
        ("sieges.csv", {"garrison_low": "9", "garrison_high": "3"},
         "row 2, column garrison_high: found 3; allowed: at least garrison_low, which is 9"),
        ("pockets.csv", {"escaped_high": "9000000"},
         "row 2, column escaped_high: found 4.545e+06 on average; allowed: no more than were"),
        ("pursuits.csv", {"km_day_low": "-1"}, "row 2, column km_day_low: found '-1'"),
        ("daily.csv", {"day": "2"},
         "Ardennes, German offensive, defender: found day 2; allowed: day 1 next, each day once"),
        ("daily.csv", {"day": "1.5"}, "row 2, column day: found '1.5'; allowed: a whole number"),
    ],
)  # fmt: skip
def test_a_fault_names_row_column_and_what_is_allowed(name, cells, told, tmp_path):
    path = changed(name, tmp_path, 0, **cells)
    with pytest.raises(TableError) as raised:
        READERS[name](path)
    assert str(raised.value).startswith(f"{path}: {told}")


def test_a_table_without_a_column_or_without_rows(tmp_path):
    path = tmp_path / "sieges.csv"
    path.write_text("place,war\nFort,War\n")
    with pytest.raises(TableError, match="row 1, column start: found no such column"):
        read_sieges(path)
    head = (operations_root() / "sieges.csv").read_text().splitlines()[0]
    path.write_text(head + "\n")
    with pytest.raises(TableError, match="row 2: found no case; allowed: at least one case"):
        read_sieges(path)
