"""The table of battles of a run: a row a battle or phase, held in memory or in its folder."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from sandtable.battle_columns import BATTLE_COLUMNS
from sandtable.battle_rows import NO_BATTLES, BattleRows
from sandtable.runs.row_table import RowTable
from sandtable.runs.tables import WRITING, array_of, key_field, table_field, texts_of

COLUMNS = ("replication", *BATTLE_COLUMNS)
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
            # Its own way to the type of numpy would load pandas, where that is installed.
            whole = pa.types.is_integer(field.type)
            arrays.append(array_of(values.astype(np.int32) if whole else values, field.type))
    return pa.table(arrays, schema=told)


def table_of_battles(parts: Iterable[BattleRows]) -> pa.Table:
    """Return the battles of all parts as a table in memory."""
    told = schema()
    return pa.concat_tables([_table(part, told) for part in (NO_BATTLES, *parts)])


class Battles(RowTable):
    """The columns of the table of battles by name, each with a value a row, and rows by number.

    Texts are objects of ``str``, lists of ids tuples of them; ``rows`` counts battles and phases.
    Raises InputError if a file cannot be read as such a table.
    """

    COLUMNS = COLUMNS
    SCHEMA = schema()
    TEXTS = tuple(name for name, column in BATTLE_COLUMNS.items() if column.kind == "text")
    UNKNOWN = frozenset({"end", "attacker_strength", "defender_strength", "ratio"})
    TELLS = "battles"

    def __repr__(self) -> str:
        return f"<{len(self)} columns of {self.rows} battles and phases>"

    def of_replication(self, number: int) -> list[dict[str, Any]]:
        """Return the battles of one replication, each followed by its phases, as they opened."""
        return [dict(zip(COLUMNS, row, strict=True)) for row in self._rows_of(number)]
