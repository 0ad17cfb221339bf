"""``sandtable report``: where it writes, what it refuses, and that every run writes its own."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

import sandtable
from sandtable.report import write_report

RUNS = Path(__file__).parents[1] / "inputs" / "runs"


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("report") / "base"
    campaign = sandtable.load(RUNS / "hill.toml", register=RUNS / "register")
    campaign.run(4, seed=1, out=folder, options=sandtable.RunOptions(report=write_report))
    return folder


@pytest.fixture
def folder(ran: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(ran, tmp_path / "base"))


def test_a_run_writes_its_report_unless_told_not_to(
    folder: Path, call: Any, hill: list[str], tmp_path: Path
) -> None:
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert page.startswith("<!doctype html>") and page.count("<h1>") == 1
    words = ["-n", 2, "--jobs", 1, "--no-figures", "--no-report", "--out", tmp_path / "without"]
    assert call("run", *hill, *words).code == 0
    assert not (tmp_path / "without/report.html").exists()


@pytest.mark.verify
def test_it_is_written_anew_where_that_is_asked(folder: Path, call: Any) -> None:
    before = (folder / "report.html").read_bytes()
    refused = call("report", folder)
    assert refused.code == 2 and "found a report; allowed: --overwrite" in refused.err
    assert call("report", folder, "--overwrite", "--quiet").out == f"{folder / 'report.html'}\n"
    assert (folder / "report.html").read_bytes() == before
    told = call("report", folder, "--replication", 1, "--replication", 2, "--overwrite", "--json")
    assert json.loads(told.out) == {"report": str(folder / "report.html")}
    assert (folder / "report.html").read_bytes() != before
    # A report is a view: neither check nor a later run minds that it is another now.
    assert call("check", folder).code == 0


@pytest.mark.verify
def test_it_goes_where_out_says(folder: Path, call: Any, tmp_path: Path) -> None:
    out = tmp_path / "page.html"
    assert call("report", folder, "--out", out).code == 0
    assert out.read_bytes() == (folder / "report.html").read_bytes()
    assert call("report", folder, "--out", out).code == 2
    assert call("report", folder, "--out", out, "--overwrite").code == 0
    inside = call("report", folder, "--out", folder / "other.html")
    assert inside.code == 2 and "in the folder of a finished run" in inside.err


@pytest.mark.verify
def test_two_runs_stand_beside_each_other(
    folder: Path, call: Any, hill: list[str], tmp_path: Path
) -> None:
    other = tmp_path / "without-air"
    words = ["-n", 4, "--jobs", 1, "--no-figures", "--without", "air", "--out", other]
    assert call("run", *hill, *words).code == 0
    said = call("report", folder, other)
    assert said.code == 0
    page = tmp_path / "base-and-without-air.html"
    assert str(page) in said.out
    assert page.read_text(encoding="utf-8").count("<h1>") == 2


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--replication", "4"], "--replication: found 4; allowed: one of the run's, 0 to 3"),
        (["nowhere"], "nowhere: run: found no such folder"),
    ],
)
def test_what_is_refused(
    words: list[str], told: str, folder: Path, call: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder.parent)
    said = call("report", folder, *words, "--overwrite")
    assert said.code == 2 and told in said.err
    assert "Traceback" not in said.err


def test_runs_of_different_campaigns_are_refused(folder: Path, call: Any) -> None:
    other = folder.parent / "other"
    shutil.copytree(folder, other)
    manifest = json.loads((other / "manifest.json").read_text(encoding="utf-8"))
    (other / "manifest.json").write_text(json.dumps({**manifest, "scenario": "valley"}))
    said = call("report", folder, other)
    assert said.code == 2
    assert f"{other}: RUN2: found a run of valley; allowed: one of hill" in said.err
