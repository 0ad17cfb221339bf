"""The table of battles: the same bytes whatever the parts, read as it was written."""

from __future__ import annotations

from itertools import pairwise
from math import isnan, nan
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sandtable.battle_columns import BATTLE_COLUMNS
from sandtable.battle_rows import NO_BATTLES, BattleRows, battle_rows
from sandtable.errors import InputError
from sandtable.runs import battles
from sandtable.runs.battles import Battles, table_of_battles, write_battles


def row(number: int, **changes: Any) -> tuple[Any, ...]:
    """A battle of which every number is its own."""
    told: dict[str, Any] = {}
    for k, (name, column) in enumerate(BATTLE_COLUMNS.items()):
        told[name] = {
            "ordinal": number, "number": number + k / 100.0, "text": f"{name} {number}",
            "texts": tuple(f"{name}-{i}" for i in range(number % 4)),
        }[column.kind]  # fmt: skip
    assert changes.keys() <= told.keys()
    return tuple((told | changes).values())


ROWS = [(r, [row(10 * r + k, end=nan) for k in range(r % 5)]) for r in range(40)]


def parts(cuts: list[int]) -> list[BattleRows]:
    ends = [0, *cuts, len(ROWS)]
    return [battle_rows(ROWS[a:b]) for a, b in pairwise(ends)]


@pytest.mark.parametrize("cuts", [[1], [5, 6, 7, 30], list(range(1, 40))])
def test_parts_do_not_show_in_the_file(
    tmp_path: Path, cuts: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(battles, "_GROUP_ROWS", 7)
    write_battles(tmp_path / "one", parts([]))
    write_battles(tmp_path / "many", parts(cuts))
    assert (tmp_path / "one").read_bytes() == (tmp_path / "many").read_bytes()
    told = pq.ParquetFile(tmp_path / "one").metadata
    assert [told.row_group(k).num_rows for k in range(told.num_row_groups)] == [7] * 11 + [3]


@pytest.mark.parametrize("held", [False, True])
def test_what_is_written_is_what_is_read(
    tmp_path: Path, held: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(battles, "_GROUP_ROWS", 7)
    path = tmp_path / "b"
    write_battles(path, parts([11]))
    found = Battles(table_of_battles(parts([11])) if held else path)
    expected = [(r, *values) for r, rows in ROWS for values in rows]
    assert list(found) == ["replication", *BATTLE_COLUMNS] and found.rows == len(expected) == 80
    for k, name in enumerate(found):
        assert repr(found[name].tolist()) == repr([values[k] for values in expected]), name
    for number in (0, 3, 39):
        own = found.of_replication(number)
        assert repr([tuple(r.values()) for r in own]) == repr(
            [values for values in expected if values[0] == number]
        )
    assert found["days"].dtype == np.float64 and isnan(found["end"][0])
    with pytest.raises(
        KeyError, match="found no column of the battles 'rato'; did you mean 'ratio'"
    ):
        found["rato"]


def test_other_readers_find_lists_and_texts(tmp_path: Path) -> None:
    pandas, polars, duckdb = map(pytest.importorskip, ("pandas", "polars", "duckdb"))
    path = tmp_path / "b.parquet"
    write_battles(path, parts([]))
    expected = [list(values[8]) for _, rows in ROWS for values in rows]
    assert [list(ids) for ids in pandas.read_parquet(path)["attackers"]] == expected
    assert polars.read_parquet(path)["attackers"].to_list() == expected
    asked = f"SELECT count(*) FROM '{path}' WHERE list_contains(attackers, 'attackers-1')"
    count = sum("attackers-1" in ids for ids in expected)
    assert duckdb.sql(asked).fetchall() == [(count,)]
    assert duckdb.sql(f"SELECT count(*) FROM '{path}' WHERE isnan(\"end\")").fetchall() == [(80,)]


@pytest.mark.parametrize("none", [[], [NO_BATTLES], [battle_rows([(0, []), (1, [])])] * 2])
def test_a_run_without_a_fight_has_a_table_too(tmp_path: Path, none: list[BattleRows]) -> None:
    write_battles(tmp_path / "b", none)
    write_battles(tmp_path / "other", [])
    assert (tmp_path / "b").read_bytes() == (tmp_path / "other").read_bytes()
    for found in (Battles(tmp_path / "b"), Battles(table_of_battles(none))):
        assert (found.rows, found.of_replication(0)) == (0, [])
        assert [found[name].tolist() for name in found] == [[]] * len(found)


def test_every_column_has_unit_and_meaning(tmp_path: Path) -> None:
    write_battles(tmp_path / "b", [])
    for field in pq.read_schema(tmp_path / "b"):
        assert not field.nullable
        assert all(field.metadata[key] for key in (b"unit", b"description")), field.name


def test_rows_become_arrays_and_rows_again() -> None:
    rows = battle_rows(ROWS)
    again = BattleRows.of_arrays(list(rows.arrays().values()))
    assert np.array_equal(again.numbers, rows.numbers, equal_nan=True)
    assert np.array_equal(again.ids, rows.ids) and again.words == rows.words


def test_an_older_run_is_told_from_a_broken_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"found none; allowed: .*`sandtable rerun`"):
        Battles(tmp_path / "battles.parquet")
    (tmp_path / "battles.parquet").write_bytes(b"no table")
    with pytest.raises(InputError, match="a table of battles"):
        Battles(tmp_path / "battles.parquet")


@pytest.mark.parametrize(("name", "refused"), [("days", True), ("end", False), ("ratio", False)])
def test_only_what_may_be_unknown_is_no_number(tmp_path: Path, name: str, refused: bool) -> None:
    write_battles(tmp_path / "b", parts([]))
    table = pq.read_table(tmp_path / "b")
    unknown = pa.array(np.full(table.num_rows, np.nan))
    place = table.schema.get_field_index(name)
    pq.write_table(table.set_column(place, table.schema.field(place), unknown), tmp_path / "b")
    found = Battles(tmp_path / "b")
    first = int(found["replication"][0])
    for read in (lambda: found[name], lambda: found.of_replication(first)):
        if refused:
            with pytest.raises(InputError, match=f"no number in {name}"):
                read()
        else:
            read()
