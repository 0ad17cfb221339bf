"""The table of battles of a run: a row a battle or phase, held in memory or in its folder."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from sandtable.battle_columns import BATTLE_COLUMNS
from sandtable.errors import InputError, Problem, UnknownNameError
from sandtable.runs.tables import WRITING, array_of, key_field, table_field, texts_of, unheld

if TYPE_CHECKING:
    from sandtable.battle_rows import BattleRows

COLUMNS = ("replication", *BATTLE_COLUMNS)
KIND = "column of the battles"
_TYPES = {
    "ordinal": pa.int32(), "number": pa.float64(), "text": pa.string(),
    "texts": pa.list_(pa.field("element", pa.string(), nullable=False)),
}  # fmt: skip
_TEXTS = [name for name, column in BATTLE_COLUMNS.items() if column.kind.startswith("text")]
# A group has so many rows whatever the parts that they came in; they are held in memory.
_GROUP_ROWS = 10_000


def schema() -> pa.Schema:
    """Return the schema of the table, with unit and meaning of each column."""
    fields = [
        table_field(name, _TYPES[column.kind], column.unit, column.meaning).with_nullable(False)
        for name, column in BATTLE_COLUMNS.items()
    ]
    return pa.schema([key_field("replication"), *fields])


def write_battles(path: Path, parts: Iterable[BattleRows]) -> None:
    """Write the battles of all parts, in order of replication. None at all are a table too."""
    told = schema()
    how = {**WRITING, "use_dictionary": _paths(told)}
    with pq.ParquetWriter(path, told, **how) as writer:
        for group in _groups(_table(part, told) for part in parts if len(part.numbers)):
            writer.write_table(group, row_group_size=_GROUP_ROWS)


def _paths(told: pa.Schema) -> list[str]:
    """The columns of texts as Parquet names them: few words come again and again."""
    lists = [name for name in _TEXTS if pa.types.is_list(told.field(name).type)]
    return [f"{name}.list.element" if name in lists else name for name in _TEXTS]


def _groups(tables: Iterable[pa.Table]) -> Iterator[pa.Table]:
    held: list[pa.Table] = []
    rows = 0
    for table in tables:
        held.append(table)
        rows += table.num_rows
        while rows >= _GROUP_ROWS:
            whole = pa.concat_tables(held)
            # One chunk, or the pages of the file would tell of the parts.
            yield whole.slice(0, _GROUP_ROWS).combine_chunks()
            held, rows = [whole.slice(_GROUP_ROWS)], rows - _GROUP_ROWS
    if rows:
        yield pa.concat_tables(held).combine_chunks()


def _table(rows: BattleRows, told: pa.Schema) -> pa.Table:
    words = texts_of(rows.words)
    arrays = []
    for k, field in enumerate(told):
        if pa.types.is_list(field.type):
            places, counts = rows.places(k)
            ends = np.concatenate([[0], np.cumsum(counts)]).astype(np.int32)
            found = words.take(array_of(places, pa.int32()))
            arrays.append(pa.ListArray.from_arrays(array_of(ends, pa.int32()), found, field.type))
            continue
        values = rows.numbers[:, k]
        if pa.types.is_string(field.type):
            arrays.append(words.take(array_of(values.astype(np.int32), pa.int32())))
        else:
            arrays.append(array_of(values.astype(field.type.to_pandas_dtype()), field.type))
    return pa.table(arrays, schema=told)


def table_of_battles(parts: Iterable[BattleRows]) -> pa.Table:
    """Return the battles of all parts as a table in memory."""
    told = schema()
    return pa.concat_tables([told.empty_table(), *(_table(part, told) for part in parts)])


class Battles(Mapping[str, NDArray[Any]]):
    """The columns of the table of battles by name, each with a value a row, and rows by number.

    Texts are objects of ``str``, lists of ids tuples of them. Of a file nothing is read before
    it is asked for, and nothing is kept. Raises InputError if the file cannot be read as such a
    table.
    """

    def __init__(self, source: Path | pa.Table) -> None:
        self._held = None if isinstance(source, Path) else source
        if isinstance(source, Path):
            self._file = _opened(source)

    def __getitem__(self, name: str) -> NDArray[Any]:
        if name not in COLUMNS:
            raise UnknownNameError(KIND, name, COLUMNS)
        return _values(self._read([name]).column(0))

    def __contains__(self, name: object) -> bool:
        return name in COLUMNS

    def __iter__(self) -> Iterator[str]:
        return iter(COLUMNS)

    def __len__(self) -> int:
        return len(COLUMNS)

    def __repr__(self) -> str:
        return f"<{len(self)} columns of {self.rows} battles and phases>"

    @property
    def rows(self) -> int:
        """How many battles and phases there are, of all replications."""
        return int(self._file.metadata.num_rows if self._held is None else self._held.num_rows)

    def of_replication(self, number: int) -> list[dict[str, Any]]:
        """Return the battles of one replication, each followed by its phases, as they opened."""
        found = []
        for table in self._tables_with(number):
            at = np.searchsorted(_values(table.column("replication")), [number, number + 1])
            own = table.slice(at[0], at[1] - at[0])
            columns = {name: _values(own.column(name)).tolist() for name in COLUMNS}
            found += [
                dict(zip(COLUMNS, row, strict=True)) for row in zip(*columns.values(), strict=True)
            ]
        return found

    def _read(self, names: Sequence[str]) -> pa.Table:
        if self._held is not None:
            return self._held.select(names)
        return self._file.read(columns=names)

    def _tables_with(self, number: int) -> Iterator[pa.Table]:
        """Yield the pieces of the table that may hold a replication."""
        if self._held is not None:
            yield self._held
            return
        for k in range(self._file.metadata.num_row_groups):
            span = self._file.metadata.row_group(k).column(0).statistics
            if span.min <= number <= span.max:
                yield self._file.read_row_group(k)


def _opened(path: Path) -> pq.ParquetFile:
    try:
        file = pq.ParquetFile(unheld(path), read_dictionary=_plain_texts())
    except FileNotFoundError:
        asked = "a run that tells its battles: `sandtable rerun` makes one of an older run"
        raise InputError([Problem(str(path), "file", "none", asked)]) from None
    except (OSError, pa.ArrowException) as error:
        found = str(getattr(error, "strerror", None) or error)
        raise InputError([Problem(str(path), "file", found, "a table of battles")]) from None
    if tuple(file.schema_arrow.names) != COLUMNS:
        names = ", ".join(COLUMNS)
        raise InputError([Problem(str(path), "columns", ", ".join(file.schema_arrow.names), names)])
    return file


def _plain_texts() -> list[str]:
    return [name for name, column in BATTLE_COLUMNS.items() if column.kind == "text"]


def _values(column: pa.ChunkedArray) -> NDArray[Any]:
    """Return a column's values; a word that comes again and again is one object."""
    kind = column.type
    if not len(column):
        return np.empty(0, dtype=object if _is_text(kind) else kind.to_pandas_dtype())
    if not _is_text(kind):
        return np.concatenate([np.from_dlpack(piece) for piece in column.chunks])
    values = np.empty(len(column), dtype=object)
    if pa.types.is_list(kind):
        values[:] = [tuple(ids) for ids in column.to_pylist()]
        return values
    at = 0
    for piece in column.chunks:
        coded = piece if pa.types.is_dictionary(kind) else piece.dictionary_encode()
        words = np.array(coded.dictionary.to_pylist(), dtype=object)
        values[at : at + len(coded)] = words[np.from_dlpack(coded.indices)]
        at += len(coded)
    return values


def _is_text(kind: pa.DataType) -> bool:
    tests = (pa.types.is_list, pa.types.is_string, pa.types.is_dictionary)
    return any(test(kind) for test in tests)
