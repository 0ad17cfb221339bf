"""Tables of a run whose numbers no run comes to, and whose digests are as they should be."""

from __future__ import annotations

import hashlib
import json
import math
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from attack.conftest import Survives
from cli.conftest import BARE, SCENARIO

TABLES = ("outcomes.parquet", "timeline.parquet", "battles.parquet", "tracks.parquet")


@pytest.mark.verify
@pytest.mark.filterwarnings("error::RuntimeWarning")
@pytest.mark.parametrize("table", TABLES)
def test_any_number_is_read_or_refused(table: str, survives: Survives, tmp_path: Path) -> None:
    run, aside = tmp_path / "run", tmp_path / "page"
    words = ("--jobs", 1, "-n", 3, "--quiet", *BARE)
    assert survives("run", *SCENARIO, *words, "--out", run) == 0
    assert survives("run", *SCENARIO, *words, "--seed", 2, "--out", tmp_path / "other") == 0
    sound = pq.read_table(run / table)
    verbs: list[tuple[object, ...]] = [
        ("compare", run), ("compare", "--all", run), ("compare", "--unanswered", run),
        ("compare", tmp_path / "other", run), ("show", run, "--battles"), ("tell", run),
        ("show", run, "--battles", "--replication", 0),
        ("report", run, "--out", aside, "--overwrite"),
        *(
            ("export", run, "--format", form, "--out", aside, "--overwrite")
            for form in ("kml", "geojson", "csv", "orbat-mapper")
        ),
    ]  # fmt: skip
    for value in (1e308, -1e308, 1e7, -1.0, math.inf, math.nan):
        pq.write_table(filled(sound, value), run / table)
        sign(run, table)
        for verb in verbs:
            survives(*verb)


def filled(table: pa.Table, value: float) -> pa.Table:
    """A table in which every number that is no count is ``value``."""
    columns = [
        pa.array(np.full(len(column), value), type=field.type)
        if pa.types.is_floating(field.type)
        else column
        for field, column in zip(table.schema, table.columns, strict=True)
    ]
    return pa.table(columns, schema=table.schema)


def sign(folder: Path, name: str) -> None:
    """Put the digest of a file into the manifest of its folder."""
    path = folder / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    manifest["files"][name] = hashlib.sha256((folder / name).read_bytes()).hexdigest()
    path.write_text(json.dumps(manifest), encoding="utf-8")
