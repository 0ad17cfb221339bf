"""A stored table of rows that carry a replication's number: columns by name, rows by number."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from sandtable.errors import InputError, Problem, UnknownNameError
from sandtable.runs.tables import check_size, column_of, damage_told, numbers_of, unheld


class RowTable(Mapping[str, NDArray[Any]]):
    """The columns of a table by name, each with a value a row, and the rows of a replication.

    Texts are objects of ``str``, lists of ids tuples of them. Of a file nothing is read before
    it is asked for, and nothing is kept. Raises InputError if the file cannot be read as such a
    table.
    """

    COLUMNS: ClassVar[tuple[str, ...]]
    SCHEMA: ClassVar[pa.Schema]
    TEXTS: ClassVar[tuple[str, ...]]
    """Columns with a text in each row."""
    UNKNOWN: ClassVar[frozenset[str]] = frozenset()
    """Columns that may hold NaN."""
    TELLS: ClassVar[str]
    """What the table tells of, in words."""

    def __init__(self, source: Path | pa.Table) -> None:
        self._held = None if isinstance(source, Path) else source
        if isinstance(source, Path):
            self._path, self._file = source, self._opened(source)

    def __getitem__(self, name: str) -> NDArray[Any]:
        if name not in self.COLUMNS:
            raise UnknownNameError(f"column of the {self.TELLS}", name, self.COLUMNS)
        with self._damage_told():
            held = self._held
            return self._known(name, column_of(self._file, name) if held is None else held[name])

    def __contains__(self, name: object) -> bool:
        return name in self.COLUMNS

    def __iter__(self) -> Iterator[str]:
        return iter(self.COLUMNS)

    def __len__(self) -> int:
        return len(self.COLUMNS)

    @property
    def rows(self) -> int:
        """How many rows there are, of all replications."""
        return int(self._file.metadata.num_rows if self._held is None else self._held.num_rows)

    def _rows_of(self, number: int) -> list[tuple[Any, ...]]:
        """The rows of one replication, in their order, its number first in each."""
        found: list[tuple[Any, ...]] = []
        with self._damage_told():
            for table in self._tables_with(number):
                at = np.searchsorted(_values(table.column("replication")), [number, number + 1])
                own = table.slice(at[0], at[1] - at[0])
                columns = [self._known(name, own.column(name)).tolist() for name in self.COLUMNS]
                found += zip(*columns, strict=True)
        return found

    def _known(self, name: str, column: pa.ChunkedArray) -> NDArray[Any]:
        """A column's values. Raises ValueError for no number where there has to be one."""
        values = _values(column)
        if name not in self.UNKNOWN and values.dtype.kind == "f" and np.isnan(values).any():
            raise ValueError(f"no number in {name}")
        return values

    def _damage_told(self) -> AbstractContextManager[None]:
        if self._held is not None:
            return nullcontext()
        return damage_told(self._path, f"a table of {self.TELLS}")

    def _tables_with(self, number: int) -> Iterator[pa.Table]:
        """Yield the pieces of the table that may hold a replication."""
        if self._held is not None:
            yield self._held
            return
        for k in range(self._file.metadata.num_row_groups):
            span = self._file.metadata.row_group(k).column(0).statistics
            if span.min <= number <= span.max:
                yield self._file.read_row_group(k)

    @classmethod
    def _opened(cls, path: Path) -> pq.ParquetFile:
        if not os.path.lexists(path):
            asked = f"a run that tells its {cls.TELLS}: `sandtable rerun` makes one of an older run"
            raise InputError([Problem(str(path), "file", "none", asked)])
        with damage_told(path, f"a table of {cls.TELLS}"):
            file = pq.ParquetFile(unheld(path))
            check_size(path, file)
            _check_schema(path, file.schema_arrow, cls.SCHEMA)
            coded = list(cls.TEXTS)
            return pq.ParquetFile(unheld(path), metadata=file.metadata, read_dictionary=coded)


def _check_schema(path: Path, found: pa.Schema, wanted: pa.Schema) -> None:
    """Raise InputError unless columns and their types are those that are written."""
    if found.names != wanted.names:
        names = ", ".join(found.names), ", ".join(wanted.names)
        raise InputError([Problem(str(path), "columns", *names)])
    problems = [
        Problem(str(path), f"column {one.name}", str(one.type), str(other.type))
        for one, other in zip(found, wanted, strict=True)
        if _kind(one.type) != _kind(other.type)
    ]
    if problems:
        raise InputError(problems)


def _kind(kind: pa.DataType) -> tuple[bool, pa.DataType]:
    # What the items of a list are called is of no matter, and differs between versions.
    is_list = pa.types.is_list(kind)
    return is_list, kind.value_type if is_list else kind


def _values(column: pa.ChunkedArray) -> NDArray[Any]:
    """Return a column's values; a word that comes again and again is one object."""
    kind = column.type
    if not len(column):
        return np.empty(0, dtype=object if _is_text(kind) else kind.to_pandas_dtype())
    if not _is_text(kind):
        return np.concatenate([numbers_of(piece) for piece in column.chunks])
    values = np.empty(len(column), dtype=object)
    if pa.types.is_list(kind):
        values[:] = [tuple(ids) for ids in column.to_pylist()]
        return values
    at = 0
    for piece in column.chunks:
        coded = piece if pa.types.is_dictionary(kind) else piece.dictionary_encode()
        words = np.array(coded.dictionary.to_pylist(), dtype=object)
        values[at : at + len(coded)] = words[numbers_of(coded.indices)]
        at += len(coded)
    return values


def _is_text(kind: pa.DataType) -> bool:
    tests = (pa.types.is_list, pa.types.is_string, pa.types.is_dictionary)
    return any(test(kind) for test in tests)
