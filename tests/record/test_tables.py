"""Tables: the same bytes whatever the parts, and in groups of a fixed size."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from sandtable.record import tables
from sandtable.record.names import describe_outcome, describe_series


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
    assert tables.OutcomeColumns(tmp_path / "one")["b"].tolist() == values[:, 1].tolist()
    file.close()


def test_timeline_rows_are_replications_and_days(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "_GROUP_REPLICATIONS", 2)
    values = np.arange(60, dtype=np.float32).reshape(5, 4, 3)
    tables.write_timeline(tmp_path / "t", ["a", "b", "c"], [values[:3], values[3:]])
    table = pq.read_table(tmp_path / "t")
    assert table.column("replication").to_pylist()[3:9] == [0, 1, 1, 1, 1, 2]
    assert table.column("day").to_pylist()[3:9] == [3, 0, 1, 2, 3, 0]
    assert np.array_equal(tables.read_timeline(tmp_path / "t"), values)
    assert tables.series_names(tmp_path / "t") == ("a", "b", "c")


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
    assert describe_outcome(name)[0] == unit


@pytest.mark.parametrize(
    ("name", "unit"),
    [
        ("strength/japan/personnel", "person"),
        ("strength/japan/tanks", "tank"),
        ("losses/japan/killed", "person"),
        ("front/36-army", "km"),
    ],
)
def test_units_of_series(name: str, unit: str) -> None:
    found, text = describe_series(name)
    assert found == unit
    assert name.split("/")[1] in text
