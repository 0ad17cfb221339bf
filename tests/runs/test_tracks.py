"""The table of tracks: read as it was written, by other readers too, small, the same bytes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from sandtable.errors import InputError
from sandtable.runs.tracks import Tracks, table_of_tracks, write_tracks
from sandtable.track_columns import TRACK_COLUMNS, Track


def rows(number: int) -> list[Track]:
    """Two formations, of whose rows every number can be held in 32 bits."""
    first = Track(0.0, "überfluss", "a", "", 0.0, 1000.0 + number, 12.5, "holding")
    return [
        first,
        first._replace(formation="other", place="", status="off the map"),
        first._replace(day=1.25, toward="b", share=0.125 * number, status="marching"),
    ]


KEPT = {17: rows(3), 0: rows(1), 4: rows(2)}


@pytest.mark.parametrize("held", [False, True])
def test_what_is_written_is_what_is_read(tmp_path: Path, held: bool) -> None:
    table, path = table_of_tracks(KEPT), tmp_path / "t"
    write_tracks(path, table)
    found = Tracks(table if held else path)
    assert list(found) == ["replication", *TRACK_COLUMNS] and found.rows == 9
    assert found.numbers == [0, 4, 17]
    for number, told in KEPT.items():
        assert found.of_replication(number) == told
    assert found.of_replication(1) == []
    assert found["formation"].tolist()[:2] == ["überfluss", "other"]
    assert found["share"].dtype == np.float32
    with pytest.raises(KeyError, match="no column of the tracks 'shar'; did you mean 'share'"):
        found["shar"]


def test_numbers_are_rounded_to_32_bits() -> None:
    exact = rows(1)[0]._replace(personnel=1e5 / 3.0)
    (found,) = Tracks(table_of_tracks({0: [exact]})).of_replication(0)
    assert found.personnel == float(np.float32(1e5 / 3.0)) != exact.personnel


def test_other_readers_find_the_same(tmp_path: Path) -> None:
    pandas, polars, duckdb = map(pytest.importorskip, ("pandas", "polars", "duckdb"))
    path = tmp_path / "t.parquet"
    write_tracks(path, table_of_tracks(KEPT))
    expected = [row.toward for number in sorted(KEPT) for row in KEPT[number]]
    assert pandas.read_parquet(path)["toward"].tolist() == expected
    assert polars.read_parquet(path)["toward"].to_list() == expected
    asked = f"SELECT sum(share) FROM '{path}' WHERE status = 'marching'"
    assert duckdb.sql(asked).fetchall() == [(0.75,)]


def test_every_column_has_unit_and_meaning(tmp_path: Path) -> None:
    write_tracks(tmp_path / "t", table_of_tracks({}))
    for field in pq.read_schema(tmp_path / "t"):
        assert not field.nullable
        assert all(field.metadata[key] for key in (b"unit", b"description")), field.name
    assert Tracks(tmp_path / "t").numbers == []


def test_an_older_run_is_told_from_a_broken_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"found none; allowed: .*tracks: `sandtable rerun`"):
        Tracks(tmp_path / "tracks.parquet")
    (tmp_path / "tracks.parquet").write_bytes(b"no table")
    with pytest.raises(InputError, match="a table of tracks"):
        Tracks(tmp_path / "tracks.parquet")
