"""The run's Parquet tables: stable schema, units in the columns' metadata, the same bytes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from sandtable.record.names import describe_outcome, describe_series

_WRITE: dict[str, Any] = {
    "compression": "zstd",
    "use_dictionary": False,
    "version": "2.6",
    "data_page_version": "1.0",
}
# Rows are grouped by number, never by the parts they came in, so that a resumed run and one
# with parts of another size write the same bytes. Values of one group are held in memory.
_GROUP_REPLICATIONS = 4000


def write_outcomes(path: Path, names: Sequence[str], parts: Iterable[NDArray[np.float64]]) -> None:
    """Write one row a replication, one column an outcome, from parts in order of replication."""
    schema = pa.schema(
        [pa.field("replication", pa.int32(), nullable=False)]
        + [_field(name, pa.float64(), *describe_outcome(name)) for name in names]
    )
    with pq.ParquetWriter(path, schema, **_WRITE) as writer:
        for first, rows in _groups(parts):
            number = np.arange(first, first + len(rows), dtype=np.int32)
            arrays = [number, *np.ascontiguousarray(rows.T)]
            writer.write_table(pa.table([pa.array(a) for a in arrays], schema=schema))


def write_timeline(path: Path, names: Sequence[str], parts: Iterable[NDArray[np.float32]]) -> None:
    """Write one row a replication and day, one column a series; parts of shape (n, days, s)."""
    schema = pa.schema(
        [
            pa.field("replication", pa.int32(), nullable=False),
            _field("day", pa.int16(), "day", "end of that day of the campaign; 0: H-hour"),
        ]
        + [_field(name, pa.float32(), *describe_series(name)) for name in names]
    )
    with pq.ParquetWriter(path, schema, **_WRITE) as writer:
        for first, rows in _groups(parts):
            count, days, width = rows.shape
            number = np.repeat(np.arange(first, first + count, dtype=np.int32), days)
            day = np.tile(np.arange(days, dtype=np.int16), count)
            series = np.ascontiguousarray(rows.reshape(count * days, width).T)
            arrays = [number, day, *series]
            writer.write_table(pa.table([pa.array(a) for a in arrays], schema=schema))


class OutcomeColumns(Mapping[str, NDArray[np.float64]]):
    """The outcomes of a stored table by name, each read when it is first asked for."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._names = [n for n in pq.read_schema(path).names if n != "replication"]
        self._known = frozenset(self._names)
        self._read: dict[str, NDArray[np.float64]] = {}

    def __getitem__(self, name: str) -> NDArray[np.float64]:
        if name not in self._known:
            raise KeyError(name)
        if name not in self._read:
            column = pq.read_table(self._path, columns=[name]).column(0)
            self._read[name] = column.to_numpy()
        return self._read[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


def series_names(path: Path) -> tuple[str, ...]:
    """Return the names of a stored timeline's series, in order."""
    return tuple(pq.read_schema(path).names[2:])


def read_timeline(path: Path) -> NDArray[np.float32]:
    """Read a stored timeline as an array of shape (replications, days + 1, series)."""
    table = pq.read_table(path)
    days = int(table.column("day").to_numpy().max()) + 1
    flat = np.empty((table.num_rows, table.num_columns - 2), dtype=np.float32)
    for index, column in enumerate(table.columns[2:]):
        flat[:, index] = column.to_numpy()
    return flat.reshape(-1, days, flat.shape[1])


def _field(name: str, kind: pa.DataType, unit: str, description: str) -> pa.Field:
    return pa.field(name, kind, metadata={"unit": unit, "description": description})


def _groups(parts: Iterable[NDArray[Any]]) -> Iterator[tuple[int, NDArray[Any]]]:
    """Regroup consecutive parts; yield (first replication, rows) of each group."""
    first, held, size = 0, list[NDArray[Any]](), 0
    for part in parts:
        held.append(part)
        size += len(part)
        while size >= _GROUP_REPLICATIONS:
            rows = np.concatenate(held)
            yield first, rows[:_GROUP_REPLICATIONS]
            first += _GROUP_REPLICATIONS
            held, size = [rows[_GROUP_REPLICATIONS:]], size - _GROUP_REPLICATIONS
    if size:
        yield first, np.concatenate(held)
