"""What docs/results.md says of a run's folder is what a run writes."""

from __future__ import annotations

import csv
import json
import math
import re
from dataclasses import fields
from itertools import product
from pathlib import Path
from typing import Any, get_args

import numpy as np
import pyarrow.parquet as pq
import pytest

import sandtable
from sandtable.campaign.named import NAMES
from sandtable.comparison import COLUMNS, SCORE_COLUMNS, Status
from sandtable.comparison.verdicts import VERDICTS
from sandtable.engine.events import DETAILS, Event, EventKind
from sandtable.ensemble import columns
from sandtable.outcomes import FORMS, SERIES, Form, describe, parse
from sandtable.report import write_report
from sandtable.runs.request import RunOptions
from sandtable.track_columns import STATUSES, TRACK_COLUMNS, Track, TrackStatus
from shipped import shipped

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "results.md").read_text(encoding="utf-8")
RUNS = Path(__file__).parent / "inputs" / "runs"
ONE = "losses/japan/personnel/total"
# Keys that stand in the manifest of some runs only.
NOW_AND_THEN = {"phase", "until", "reached", "failures"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a tiny run, in some of whose replications the hill never falls."""
    place = tmp_path_factory.mktemp("run") / "hill"
    campaign = sandtable.load(RUNS / "hill.toml", register=RUNS / "register")
    campaign.run(12, 1, out=place, options=RunOptions(draw=no_figure, report=write_report))
    return place


def no_figure(_: object, folder: Path) -> list[Path]:
    folder.mkdir()
    return []


def section(heading: str) -> str:
    return re.split(r"^## ", PAGE.split(f"\n## {heading}\n")[1], flags=re.MULTILINE)[0]


def rows(text: str) -> list[list[str]]:
    """Cells of the tables of a text, headings left out."""
    lines = [line for line in text.splitlines() if line.startswith("| `")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def spelled_out(cell: str) -> list[str]:
    """The names of a cell; braces list alternatives."""
    pieces = re.split(r"\{(.*?)\}", cell.strip("`"))
    choices = [piece.split(",") if i % 2 else [piece] for i, piece in enumerate(pieces)]
    return list(map("".join, product(*choices)))


def test_the_lines_of_all_readers_give_what_the_program_gives(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = re.findall(r"^```python\n(.*?)\n```", PAGE, re.MULTILINE | re.DOTALL)
    assert [line.split(".")[0] for line in lines] == ["pandas", "polars", "duckdb"]
    expected = float(np.median(sandtable.open_run(folder).outcomes[ONE]))
    monkeypatch.chdir(folder)
    for line in lines:
        library = line.split(".")[0]
        value = eval(line, {library: pytest.importorskip(library)})
        assert value == pytest.approx(expected, rel=1e-12), library


def test_nan_is_left_out_as_the_page_says(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pandas, polars, duckdb = map(pytest.importorskip, ("pandas", "polars", "duckdb"))
    name, where = "captured/hill", 'WHERE NOT isnan("captured/hailar")'
    assert where in PAGE and ".fill_nan(None)" in PAGE
    days = sandtable.open_run(folder).outcomes[name]
    assert 0 < np.isnan(days).sum() < len(days)
    monkeypatch.chdir(folder)
    select = f"SELECT avg(\"{name}\") FROM 'outcomes.parquet' "
    column = polars.read_parquet("outcomes.parquet")[name]
    found = {
        "pandas": pandas.read_parquet("outcomes.parquet")[name].mean(),
        "polars": column.fill_nan(None).mean(),
        "duckdb": duckdb.sql(select + where.replace("hailar", "hill")).fetchall()[0][0],
    }
    assert found == pytest.approx(dict.fromkeys(found, float(np.nanmean(days))), rel=1e-12)
    assert math.isnan(column.mean())
    assert math.isnan(duckdb.sql(select).fetchall()[0][0])


def test_every_file_is_told_of(folder: Path) -> None:
    told = {row[0].strip("`/") for row in rows(PAGE.split("\n## ")[0])}
    assert {path.name for path in folder.iterdir()} == told - {"failures.csv"}


def test_the_columns_and_statuses_of_tracks_are_those_of_the_list() -> None:
    told = [tuple(row) for row in rows(section("Tracks"))]
    columns = [(f"`{name}`", c.unit, c.meaning) for name, c in TRACK_COLUMNS.items()]
    assert told == columns + [(f"`{name}`", meaning) for name, meaning in STATUSES.items()]
    assert tuple(TRACK_COLUMNS) == Track._fields and tuple(STATUSES) == get_args(TrackStatus)


def test_the_named_replications_are_those_of_the_list(folder: Path) -> None:
    told = [row[0].strip("`") for row in rows(section("Named replications"))]
    assert told == list(NAMES) == list(sandtable.open_run(folder).named)


def test_the_model_tells_of_every_outcome_and_of_no_other() -> None:
    model = (ROOT / "docs" / "model.md").read_text(encoding="utf-8")
    told = rows(re.split(r"^## ", model.split("\n## Outcomes\n")[1], flags=re.MULTILINE)[0])
    names = [name for row in told for name in spelled_out(row[0])]
    assert sorted(names) == sorted(name for form in FORMS for name in form.spelled_out)


@pytest.mark.parametrize(("table", "forms"), [("outcomes", FORMS), ("timeline", SERIES)])
def test_every_column_of_a_run_has_unit_and_meaning(
    folder: Path, table: str, forms: tuple[Form, ...]
) -> None:
    for field in pq.read_schema(folder / f"{table}.parquet"):
        if field.name not in ("replication", "day"):
            told = field.metadata[b"unit"].decode(), field.metadata[b"description"].decode()
            assert told == describe(field.name, forms)
            assert all(told), field.name


def test_shipped_campaigns_have_every_form_and_no_other_column() -> None:
    loaded = [columns(shipped(name)) for name, _ in sandtable.available()]
    for k, forms in enumerate((FORMS, SERIES)):
        names = [name for found in loaded for name in found[k]]
        assert [name for name in names if parse(name, forms) is None] == []
        for form in forms:
            emitted = [told.slots for name in names if (told := parse(name, [form]))]
            assert emitted, form.pattern
            # Each word that the form lists, too.
            for slot, words in form.choices.items():
                assert {slots[slot] for slots in emitted} == set(words), form.pattern


def test_the_keys_and_columns_of_the_other_files(folder: Path) -> None:
    text = section("The other files")
    manifest: dict[str, Any] = json.loads((folder / "manifest.json").read_text("utf-8"))
    keys = {key for row in rows(text) for key in re.findall(r"`(\w+)`", row[0])}
    assert keys - NOW_AND_THEN == set(manifest)


def test_the_columns_of_comparison_and_scores(folder: Path) -> None:
    text = section("The comparison and the scores")
    named = re.findall(r"`([\w -]+)`", text.split("`comparison.csv`:")[1].split("\n\n")[0])
    assert [name for name in named if name in COLUMNS] == list(COLUMNS)
    with (folder / "unanswered.csv").open(encoding="utf-8") as file:
        assert ", ".join(f"`{name}`" for name in next(csv.reader(file))) in text
    told = rows(text)
    assert [row[0].strip("`") for row in told[: len(VERDICTS)]] == list(VERDICTS)
    columns = [name for row in told[len(VERDICTS) :] for name in re.findall(r"`(\w+)`", row[0])]
    assert sorted(columns) == sorted(SCORE_COLUMNS)
    statuses = next(row[1] for row in told if row[0] == "`status`")
    assert re.findall(r"`([\w ]+)`", statuses) == list(Status)
    summary = json.loads((folder / "score.json").read_text("utf-8"))
    assert all(f"`{key}`" in text.split("`score.json`:")[1] for key in summary)


def test_the_details_of_events_are_those_of_the_list() -> None:
    told = {kind.strip("`"): names for kind, names in rows(section("Details of events"))}
    listed = {kind: ", ".join(f"`{name}`" for name in names) for kind, names in DETAILS.items()}
    assert told == listed


def test_fields_and_kinds_of_events_are_those_of_the_log(folder: Path) -> None:
    words = [row[0].strip("`") for row in rows(section("`events.jsonl`"))]
    named = [field.name for field in fields(Event)]
    assert words == [*named, *get_args(EventKind)]
    lines = (folder / "events.jsonl").read_text(encoding="utf-8").splitlines()
    assert lines and all(list(json.loads(line)) == named for line in lines)
