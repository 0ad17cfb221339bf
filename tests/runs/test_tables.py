"""Tables: the same bytes whatever the parts, groups of a fixed size, and a schema that stays."""

from __future__ import annotations

import gc
import weakref
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sandtable import RunOptions, load
from sandtable.errors import InputError
from sandtable.figures import draw_run
from sandtable.outcomes import SERIES, describe
from sandtable.runs import RunResults, tables

RUNS = Path(__file__).parents[1] / "inputs" / "runs"


@pytest.mark.parametrize("cuts", [[], [3], [1, 2, 3, 9], [10]])
def test_parts_do_not_show_in_the_file(
    tmp_path: Path, cuts: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "_GROUP_REPLICATIONS", 4)
    values = np.arange(22.0).reshape(11, 2)
    tables.write_outcomes(tmp_path / "one", ["a", "b"], [values])
    tables.write_outcomes(tmp_path / "many", ["a", "b"], np.split(values, cuts))
    assert (tmp_path / "one").read_bytes() == (tmp_path / "many").read_bytes()
    file = pq.ParquetFile(tmp_path / "one")
    assert [file.metadata.row_group(i).num_rows for i in range(3)] == [4, 4, 3]
    assert tables.StoredColumns(tmp_path / "one")["b"].tolist() == values[:, 1].tolist()
    file.close()


def test_timeline_rows_are_replications_and_days(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "_GROUP_REPLICATIONS", 2)
    values = np.arange(60, dtype=np.float32).reshape(5, 4, 3)
    path = tmp_path / "timeline.parquet"
    tables.write_timeline(path, ["a", "b", "c"], [values[:3], values[3:]])
    table = pq.read_table(path)
    assert table.column("replication").to_pylist()[3:9] == [0, 1, 1, 1, 1, 2]
    assert table.column("day").to_pylist()[3:9] == [3, 0, 1, 2, 3, 0]
    stored = tables.StoredColumns(path)
    assert list(stored) == ["a", "b", "c"]
    assert all(np.array_equal(stored[name], values[:, :, k]) for k, name in enumerate(stored))
    assert np.array_equal(RunResults({}, {}, tuple(stored), tmp_path).timeline, values)


@pytest.mark.parametrize("cuts", [[], [3], [1, 2, 3, 9], list(range(1, 11))])
def test_replications_left_out_have_no_row_and_keep_their_numbers(
    tmp_path: Path, cuts: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "_GROUP_REPLICATIONS", 4)
    values, without = np.arange(22.0).reshape(11, 2), (0, 3, 9)
    days = np.stack([values, values + 100], axis=1).astype(np.float32)
    tables.write_outcomes(tmp_path / "o", ["a", "b"], np.split(values, cuts), left_out=without)
    tables.write_timeline(tmp_path / "t", ["a", "b"], np.split(days, cuts), left_out=without)
    left = [1, 2, 4, 5, 6, 7, 8, 10]
    table = pq.read_table(tmp_path / "o")
    assert table.column("replication").to_pylist() == left
    assert table.column("b").to_pylist() == [2.0 * n + 1 for n in left]
    table = pq.read_table(tmp_path / "t")
    assert table.column("replication").to_pylist() == [n for n in left for _ in range(2)]
    assert table.column("a").to_pylist() == [2.0 * n + more for n in left for more in (0, 100)]


def test_a_column_is_read_when_asked_for_and_not_kept(tmp_path: Path) -> None:
    tables.write_outcomes(tmp_path / "o", ["a"], [np.arange(3.0).reshape(3, 1)])
    stored = tables.StoredColumns(tmp_path / "o")
    held = weakref.ref(stored["a"])
    gc.collect()
    assert held() is None
    assert "replication" not in stored
    with pytest.raises(KeyError, match="c"):
        stored["c"]


def test_rows_of_replications_come_from_any_group(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "_GROUP_REPLICATIONS", 4)
    values = np.arange(22.0).reshape(11, 2)
    tables.write_outcomes(tmp_path / "t", ["a", "b"], [values], left_out=[5])
    found = tables.StoredColumns(tmp_path / "t").of_replications([10, 0, 5])
    assert found == {0: {"a": 0.0, "b": 1.0}, 10: {"a": 20.0, "b": 21.0}}


def test_a_table_that_would_take_far_more_memory_than_room_is_refused(tmp_path: Path) -> None:
    rows = tables._ALWAYS_READ // 8
    tables.write_outcomes(tmp_path / "small", ["a"], [np.zeros((10_000, 1))])
    assert len(tables.StoredColumns(tmp_path / "small")["a"]) == 10_000
    zeros = pa.array(np.zeros(rows + 1))
    pq.write_table(pa.table({"replication": zeros, "a": zeros}), tmp_path / "vast")
    assert (tmp_path / "vast").stat().st_size < 1e6
    with pytest.raises(InputError, match=f"{rows + 1:,} rows of 2 columns in 0"):
        tables.StoredColumns(tmp_path / "vast")


def test_a_table_of_more_columns_than_any_run_has_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tables.write_outcomes(tmp_path / "t", ["a", "b"], [np.zeros((10, 2))])
    monkeypatch.setattr(tables, "_MOST_COLUMNS", 2)
    with pytest.raises(InputError, match="10 rows of 3 columns"):
        tables.StoredColumns(tmp_path / "t")


@pytest.mark.parametrize("value", [1e13, -1e308, np.inf, np.nan])
def test_what_no_run_comes_to_is_refused(tmp_path: Path, value: float) -> None:
    name, day = "losses/ussr/tanks", "captured/hill"
    path = tmp_path / "outcomes"
    tables.write_outcomes(path, [name, day], [np.array([[3.0, np.nan], [value, 2.0]])])
    stored = tables.StoredColumns(path)
    with pytest.raises(InputError, match=r"found (a number beyond|no number in)"):
        stored[name]
    # Never is no number, and may be.
    assert np.isnan(stored[day]).tolist() == [True, False]


def test_a_series_is_always_a_number(tmp_path: Path) -> None:
    path = tmp_path / "timeline"
    tables.write_timeline(path, ["front/main"], [np.full((1, 2, 1), np.nan, dtype=np.float32)])
    with pytest.raises(InputError, match="no number in front/main"):
        tables.StoredColumns(path)["front/main"]


def test_values_have_no_statistics_that_hide_nan(tmp_path: Path) -> None:
    values = np.array([[0.5], [np.nan]])
    tables.write_outcomes(tmp_path / "o", ["captured/hailar"], [values])
    group = pq.read_metadata(tmp_path / "o").row_group(0)
    assert [group.column(k).is_stats_set for k in (0, 1)] == [True, False]


def test_the_schema_of_a_run_stays(tmp_path: Path) -> None:
    campaign = load(RUNS / "hill.toml", register=RUNS / "register")
    campaign.run(2, 1, out=tmp_path / "run")
    lines = []
    for name in ("outcomes", "timeline", "battles"):
        for field in pq.read_schema(tmp_path / "run" / f"{name}.parquet"):
            assert set(field.metadata) == {b"unit", b"description"}
            unit, text = (field.metadata[key].decode() for key in (b"unit", b"description"))
            null = "" if field.nullable else " not null"
            lines.append(f"{name}: {field.name}: {field.type}{null}, {unit}: {text}")
    assert lines == (RUNS / "schema.txt").read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize(
    ("name", "unit"),
    [
        ("captured/mutanchiang", "day"),
        ("advance/6-guards-tank-army/5", "km"),
        ("losses/ussr/personnel/killed", "person"),
        ("losses/1-far-eastern-front/personnel/total", "person"),
        ("losses/ussr/tanks", "tank"),
        ("losses/ussr/tanks/disabled", "tank"),
        ("losses/ussr/tanks/by/anti-tank-guns", "share"),
        ("battle/mutanchiang/ussr/tanks", "tank"),
        ("encircled/107-division", "day"),
        ("halted/6-guards-tank-army/fuel", "day"),
        ("quit/encirclement", "share"),
        ("anything/else", ""),
    ],
)
def test_units_of_outcomes(name: str, unit: str) -> None:
    assert describe(name)[0] == unit


@pytest.mark.parametrize(
    ("name", "unit"),
    [
        ("strength/japan/personnel", "person"),
        ("strength/japan/tanks", "tank"),
        ("losses/japan/personnel/killed", "person"),
        ("front/36-army", "km"),
    ],
)
def test_units_of_series(name: str, unit: str) -> None:
    found, text = describe(name, SERIES)
    assert found == unit
    assert name.split("/")[1] in text


@pytest.mark.verify
def test_a_run_is_compared_and_drawn_without_all_series_in_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = property(lambda results: pytest.fail("the whole timeline was asked for"))
    monkeypatch.setattr(RunResults, "timeline", whole)
    campaign = load(RUNS / "hill.toml", register=RUNS / "register")
    campaign.run(2, 1, out=tmp_path / "run", options=RunOptions(draw=draw_run))
    assert list((tmp_path / "run" / "figures").glob("*.png"))
