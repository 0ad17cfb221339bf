"""The run's Parquet tables: stable schema, units in the columns' metadata, the same bytes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from io import SEEK_CUR, SEEK_END, SEEK_SET, RawIOBase
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from sandtable.errors import InputError, Problem, UnknownNameError
from sandtable.memory import exhausted, limit
from sandtable.outcomes import SERIES, describe, is_amount

_KEYS = {
    "replication": (pa.int32(), "number", "number of the replication, from 0"),
    "day": (pa.int16(), "day", "end of that day of the campaign; 0: H-hour"),
}
WRITING: dict[str, Any] = {
    "compression": "zstd",
    "use_dictionary": False,
    "version": "2.6",
    "data_page_version": "1.0",
    # Least and greatest value of a group pass over NaN, and DuckDB takes that for none: its
    # isnan() would be false in every row. Of what has no NaN they are good.
    "write_statistics": ["replication", "day", "point"],
}
"""How every Parquet table is written."""
# Rows are grouped by number, never by the parts they came in, so that a resumed run and one
# with parts of another size write the same bytes. Values of one group are held in memory.
_GROUP_REPLICATIONS = 4000


def write_outcomes(
    path: Path,
    names: Sequence[str],
    parts: Iterable[NDArray[np.float64]],
    *,
    left_out: Collection[int] = (),
) -> None:
    """Write one row a replication, one column an outcome, from parts in order of replication.

    ``left_out`` are the numbers of replications whose rows are not written.
    """
    schema = pa.schema([key_field("replication"), *map(outcome_field, names)])
    with pq.ParquetWriter(path, schema, **WRITING) as writer:
        for numbers, columns in _groups(parts, left_out):
            writer.write_table(_table([numbers, *columns], schema))


def write_timeline(
    path: Path,
    names: Sequence[str],
    parts: Iterable[NDArray[np.float32]],
    *,
    left_out: Collection[int] = (),
) -> None:
    """Write one row a replication and day, one column a series; parts of shape (n, days, s).

    ``left_out`` are the numbers of replications whose rows are not written.
    """
    schema = pa.schema(
        [key_field("replication"), key_field("day")]
        + [table_field(name, pa.float32(), *describe(name, SERIES)) for name in names]
    )
    with pq.ParquetWriter(path, schema, **WRITING) as writer:
        for numbers, columns in _groups(parts, left_out):
            days = columns.shape[1] // len(numbers)
            keys = [
                np.repeat(numbers, days),
                np.tile(np.arange(days, dtype=np.int16), len(numbers)),
            ]
            writer.write_table(_table([*keys, *columns], schema))


@contextmanager
def damage_told(path: Path, wanted: str) -> Iterator[None]:
    """Raise InputError, which asks for what is ``wanted``, where a table can't be decoded."""
    try:
        yield
    except (
        OSError,
        pa.ArrowException,
        ValueError,
        TypeError,
        IndexError,
        BufferError,
        AttributeError,
    ) as error:
        # Without a limit too much memory is asked for by a damaged size.
        if exhausted(error) and not (isinstance(error, MemoryError) and limit() is None):
            raise
        found = str(getattr(error, "strerror", None) or error)
        raise InputError([Problem(str(path), "file", found, wanted)]) from None


class StoredColumns(Mapping[str, NDArray[Any]]):
    """The outcomes or series of a stored table by name, each read when it is asked for.

    An outcome has shape (replications,), a series (replications, days + 1). None is kept: what
    a caller lets go is free again, however many there are. ``kind`` is what a column is called
    where there is none of a name. Raises InputError if the file cannot be read as such a table.
    """

    def __init__(self, path: Path, kind: str = "column") -> None:
        self._kind, self._path = kind, path
        with damage_told(path, _TABLE):
            self._table = pq.ParquetFile(unheld(path))
        check_size(path, self._table)
        if not self._table.metadata.num_rows:
            raise InputError([Problem(str(path), "rows", "none", "one replication at least")])
        names = self._table.metadata.schema.names
        self._names = {name: None for name in names if name not in _KEYS}
        self._shape = (-1, self._days()) if "day" in names else (-1,)

    def __getitem__(self, name: str) -> NDArray[Any]:
        if name not in self._names:
            raise UnknownNameError(self._kind, name, self._names)
        with damage_told(self._path, _TABLE):
            pieces = column_of(self._table, name).chunks
            values: NDArray[Any] = np.concatenate([numbers_of(piece) for piece in pieces])
            if np.isnan(values).any() and is_amount(name):
                raise ValueError(f"no number in {name}")
            return values.reshape(self._shape)

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return int(self._table.metadata.num_rows)

    def __contains__(self, name: object) -> bool:
        return name in self._names

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)

    def __repr__(self) -> str:
        return f"<{len(self)} columns, one each {self._kind}>"

    def of_replications(self, numbers: Collection[int]) -> dict[int, dict[str, float]]:
        """Return all outcomes of some replications by name, for those that have a row."""
        with damage_told(self._path, _TABLE):
            return self._rows_of(numbers)

    def _rows_of(self, numbers: Collection[int]) -> dict[int, dict[str, float]]:
        found = {}
        for k in range(self._table.metadata.num_row_groups):
            span = self._table.metadata.row_group(k).column(0).statistics
            if not any(span.min <= number <= span.max for number in numbers):
                continue
            group = self._table.read_row_group(k)
            held = numbers_of(group.column("replication").chunk(0))
            for at in np.flatnonzero(np.isin(held, list(numbers))):
                row = {name: group.column(name)[at].as_py() for name in self._names}
                found[int(held[at])] = row
        return found

    def _days(self) -> int:
        # A group holds whole replications, hence the last day.
        with damage_told(self._path, _TABLE):
            return int(self._table.metadata.row_group(0).column(1).statistics.max) + 1


def column_of(table: pq.ParquetFile, name: str) -> pa.ChunkedArray:
    """Read one column. Raises ValueError where it is damaged and has not a value a row."""
    column, rows = table.read(columns=[name]).column(0), table.metadata.num_rows
    if len(column) != rows:
        raise ValueError(f"{len(column)} values of {name} in {rows} rows")
    return column


def numbers_of(piece: pa.Array) -> NDArray[Any]:
    """Return a column's numbers.

    Raises TypeError where damage made something else of them, ValueError for one that no run
    comes to: sums and calendars hold it no more.
    """
    kind = piece.type
    if piece.null_count or not (pa.types.is_integer(kind) or pa.types.is_floating(kind)):
        raise TypeError(f"{piece.null_count} of {len(piece)} values missing, of type {kind}")
    values: NDArray[Any] = np.from_dlpack(piece)
    if len(values) and max(np.fmax.reduce(values), -np.fmin.reduce(values)) > _MOST:
        raise ValueError(f"a number beyond {_MOST:,.0f}")
    return values


def check_size(path: Path, table: pq.ParquetFile) -> None:
    """Raise InputError for a table that would take far more memory than its file takes room.

    Values that repeat are stored once: a file of megabytes may decode to gigabytes. Those of a
    run decode to some ten times their size.
    """
    told, size = table.metadata, path.stat().st_size
    decoded = told.num_rows * sum(_width(field.type) for field in table.schema_arrow)
    if decoded > max(_ALWAYS_READ, _MOST_UNPACKED * size) or told.num_columns > _MOST_COLUMNS:
        found = f"{told.num_rows:,} rows of {told.num_columns:,} columns in {size / 1e6:,.1f} MB"
        raise InputError([Problem(str(path), "file", found, "a table of a run")])


_TABLE = "a table of a run"
_MOST_COLUMNS = 100_000
# Far more than all the men of all formations that a scenario may have.
_MOST = 1e12
_MOST_UNPACKED = 100
_ALWAYS_READ = 64_000_000


def _width(kind: pa.DataType) -> int:
    """Bytes of a value in memory, at the least."""
    return kind.bit_width // 8 if pa.types.is_primitive(kind) else 8


class _Unheld(RawIOBase):
    """A file that is open only while a piece of it is read.

    An opened table is worth keeping, for with two thousand columns it takes long to open; but
    a file that is held open keeps its folder from being renamed or removed on some systems.
    """

    def __init__(self, path: Path) -> None:
        self._path, self._place = path, 0
        self._size = path.stat().st_size

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = SEEK_SET) -> int:
        self._place = offset + {SEEK_SET: 0, SEEK_CUR: self._place, SEEK_END: self._size}[whence]
        return self._place

    def tell(self) -> int:
        return self._place

    def readinto(self, buffer: Any) -> int:
        with self._path.open("rb") as file:
            file.seek(self._place)
            count = file.readinto(buffer)
        self._place += count
        return count


def unheld(path: Path) -> RawIOBase:
    """Open a file to be read now and then: it is not held open in between.

    Raises OSError for what is no regular file, which might be waited for.
    """
    if path.exists() and not path.is_file():
        raise OSError(None, "no regular file")
    return _Unheld(path)


def outcome_field(name: str) -> pa.Field:
    """Return the column of an outcome, with its unit and its meaning."""
    return table_field(name, pa.float64(), *describe(name))


def key_field(name: str) -> pa.Field:
    """Return a column of the number of a replication, or of a day."""
    return table_field(name, *_KEYS[name]).with_nullable(False)


def table_field(name: str, kind: pa.DataType, unit: str, description: str) -> pa.Field:
    """Return a column with its unit and its meaning."""
    return pa.field(name, kind, metadata={"unit": unit, "description": description})


def _table(columns: Iterable[NDArray[Any]], schema: pa.Schema) -> pa.Table:
    kinds = [field.type for field in schema]
    arrays = [array_of(column, kind) for kind, column in zip(kinds, columns, strict=True)]
    return pa.table(arrays, schema=schema)


def array_of(values: NDArray[Any], kind: pa.DataType) -> pa.Array:
    """Return numbers as a column of that kind, which is theirs."""
    # Numpy's own buffers: pa.array would load pandas, where that is installed, to ask whether
    # it was given a Series.
    buffer = pa.py_buffer(np.ascontiguousarray(values))
    return pa.Array.from_buffers(kind, len(values), [None, buffer])


def texts_of(words: Sequence[str]) -> pa.Array:
    """Return texts as a column."""
    coded = [word.encode() for word in words]
    ends = np.cumsum([0, *map(len, coded)]).astype(np.int32)
    buffers = [None, pa.py_buffer(ends), pa.py_buffer(b"".join(coded))]
    return pa.Array.from_buffers(pa.string(), len(words), buffers)


def _groups(
    parts: Iterable[NDArray[Any]], left_out: Collection[int]
) -> Iterator[tuple[NDArray[np.int32], NDArray[Any]]]:
    """Regroup consecutive parts; yield the numbers and the columns of each group's replications.

    The columns have shape (columns, rows). They are overwritten when the next group is asked
    for: one group is all that is ever held.
    """
    numbers, filled = np.empty(_GROUP_REPLICATIONS, dtype=np.int32), 0
    columns = np.empty((0, 0))
    for kept, rows in _kept(parts, left_out):
        days, width = rows[0, ..., 0].size, rows.shape[-1]
        if not columns.size:
            columns = np.empty((width, _GROUP_REPLICATIONS * days), rows.dtype)
        while len(kept):
            fit = min(len(kept), _GROUP_REPLICATIONS - filled)
            numbers[filled : filled + fit] = kept[:fit]
            columns[:, filled * days : (filled + fit) * days] = rows[:fit].reshape(-1, width).T
            kept, rows, filled = kept[fit:], rows[fit:], filled + fit
            if filled == _GROUP_REPLICATIONS:
                yield numbers, columns
                filled = 0
    if filled:
        yield numbers[:filled], columns[:, : filled * days]


def _kept(
    parts: Iterable[NDArray[Any]], left_out: Collection[int]
) -> Iterator[tuple[NDArray[np.int32], NDArray[Any]]]:
    """Yield numbers and rows of each part's replications but for those left out."""
    first, without = 0, np.array(sorted(left_out), dtype=np.int32)
    for part in parts:
        numbers = np.arange(first, first + len(part), dtype=np.int32)
        keep = ~np.isin(numbers, without)
        if keep.any():
            yield numbers[keep], part[keep]
        first += len(part)
