"""The table of tracks of a run: where formations stood in a few of its replications."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from sandtable.runs.row_table import RowTable
from sandtable.runs.tables import WRITING, array_of, key_field, table_field, texts_of
from sandtable.track_columns import TRACK_COLUMNS, Track

COLUMNS = ("replication", *TRACK_COLUMNS)
_TYPES = {"number": pa.float32(), "text": pa.string()}
_TEXTS = tuple(name for name, column in TRACK_COLUMNS.items() if column.kind == "text")


def schema() -> pa.Schema:
    """Return the schema of the table, with unit and meaning of each column."""
    fields = [
        table_field(name, _TYPES[column.kind], column.unit, column.meaning).with_nullable(False)
        for name, column in TRACK_COLUMNS.items()
    ]
    return pa.schema([key_field("replication"), *fields])


def table_of_tracks(tracks: Mapping[int, Sequence[Track]]) -> pa.Table:
    """Return the tracks of some replications by their numbers as a table in memory."""
    numbers = sorted(tracks)
    counts = [len(tracks[number]) for number in numbers]
    rows = list(chain.from_iterable(tracks[number] for number in numbers))
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(TRACK_COLUMNS)
    keys = array_of(np.repeat(np.array(numbers, dtype=np.int32), counts), pa.int32())
    arrays = [
        array_of(np.array(values, dtype=np.float32), pa.float32())
        if column.kind == "number"
        else texts_of(values)
        for column, values in zip(TRACK_COLUMNS.values(), columns, strict=True)
    ]
    return pa.table([keys, *arrays], schema=schema())


def write_tracks(path: Path, table: pa.Table) -> None:
    """Write a table that `table_of_tracks` returned."""
    pq.write_table(table, path, **{**WRITING, "use_dictionary": list(_TEXTS)})


class Tracks(RowTable):
    """The columns of the table of tracks by name, each with a value a row, and rows by number.

    Texts are objects of ``str``. Raises InputError if a file cannot be read as such a table.
    """

    COLUMNS = COLUMNS
    SCHEMA = schema()
    TEXTS = _TEXTS
    TELLS = "tracks"

    def __repr__(self) -> str:
        return f"<{len(self)} columns of {self.rows} rows of tracks>"

    @property
    def numbers(self) -> list[int]:
        """Numbers of the replications whose tracks are kept, in order."""
        return [int(number) for number in np.unique(self["replication"])]

    def of_replication(self, number: int) -> list[Track]:
        """Return the rows of one replication by day; none if it is not kept."""
        return [Track(*row[1:]) for row in self._rows_of(number)]
