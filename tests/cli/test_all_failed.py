"""A run of which no replication came to its end: refused, kept, and taken up again."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest

from sandtable import RunOptions, engine, load, open_run
from sandtable.ensemble import ReplicationsFailed
from sandtable.errors import SandtableError

N = 10
STUDY = ["-n", str(N), "--jobs", "1", "--no-figures"]
SMALL = [*STUDY, "--no-report"]


def fail(monkeypatch: pytest.MonkeyPatch, failing: range) -> None:
    sound = engine.run

    def run(*args: Any, replication: int, **rest: Any) -> Any:
        if replication in failing:
            raise ZeroDivisionError(f"no men left in {replication}")
        return sound(*args, replication=replication, **rest)

    monkeypatch.setattr(engine, "run", run)


@pytest.mark.parametrize("more", [[], ["--keep-failures"], ["--keep-failures", "--check-step"]])
def test_it_is_refused_and_resumed(
    call: Any, hill: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, more: list[str]
) -> None:
    run, kept = tmp_path / "run", tmp_path / "run.partial"
    with monkeypatch.context() as patched:
        fail(patched, range(N))
        for again in ([], ["--resume"]):
            said = call("run", *hill, *SMALL, *more, *again, "--out", run)
            assert (said.code, said.out) == (1, "")
            assert said.err.splitlines()[-4:] == [
                f"error: all {N} replications failed; the first failure:",
                "  replication 0, seed 1: ZeroDivisionError: no men left in 0",
                f"all failures are listed in {kept / 'failures.csv'}",
                "use --resume to repeat them; without any replication there is no result",
            ]
            with open(kept / "failures.csv", encoding="utf-8", newline="") as file:
                assert [int(row["replication"]) for row in csv.DictReader(file)] == [*range(N)]
    said = call("compare", run)
    assert said.code == 2
    assert f"found only an interrupted run in {kept}; use --resume to complete it" in said.err
    assert call("run", *hill, *SMALL, "--resume", "--out", run).code == 0
    assert len(open_run(run).numbers) == N
    assert call("run", *hill, *SMALL, "--out", tmp_path / "whole").code == 0
    for name in ("outcomes.parquet", "timeline.parquet", "comparison.csv"):
        assert (run / name).read_bytes() == (tmp_path / "whole" / name).read_bytes()


def test_from_python(hill: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    fail(monkeypatch, range(N))
    with pytest.raises(ReplicationsFailed, match=f"all {N} replications failed"):
        load(hill[0], register=hill[2]).run(N, options=RunOptions(keep_failures=True))


def test_one_that_ended_is_enough(
    call: Any, hill: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        fail(patched, range(N - 1))
        said = call("run", *hill, *SMALL, "--keep-failures", "--out", tmp_path / "run")
        assert said.code == 0
    assert open_run(tmp_path / "run").numbers.tolist() == [N - 1]
    assert call("compare", tmp_path / "run").code == 0


def test_runs_without_a_replication_in_common_are_not_paired(
    call: Any, hill: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, failing in (("early", range(N - 2)), ("late", range(2, N))):
        with monkeypatch.context() as patched:
            fail(patched, failing)
            call("run", *hill, *SMALL, "--keep-failures", "--out", tmp_path / name)
    said = call("compare", tmp_path / "early", tmp_path / "late")
    assert said.code == 2
    assert "no replication was completed in both runs" in said.err


@pytest.mark.parametrize("content", [b"", b"PAR1 and nothing more"])
def test_a_broken_table_is_told(call: Any, hill: list[str], tmp_path: Path, content: bytes) -> None:
    run = tmp_path / "run"
    call("run", *hill, *SMALL, "--out", run)
    (run / "outcomes.parquet").write_bytes(content)
    with pytest.raises(SandtableError, match=r"outcomes\.parquet: file: found .*a table of a run"):
        open_run(run)
    said = call("compare", run)
    assert (said.code, "Traceback" in said.err) == (2, False)


VARIED = "formation.9-division.effectiveness=0.4,0.8"


def test_vary_refuses_too(
    call: Any, hill: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fail(monkeypatch, range(N))
    said = call("vary", *hill, VARIED, *STUDY, "--keep-failures", "--out", tmp_path / "vary")
    assert (said.code, said.out) == (1, "")
    assert f"error: all {2 * N} replications failed; the first failure:" in said.err
    assert "replication 0, seed 1: point 0: ZeroDivisionError: no men left in 0" in said.err
    assert (tmp_path / "vary.partial/failures.csv").is_file()


@pytest.mark.verify
@pytest.mark.parametrize(
    ("words", "left"),
    [
        (["run"], 5),
        (["vary", VARIED], 10),
        (["calibrate", "--keys", VARIED.replace(",", ".."), "--claims", "losses/ussr/*",
          "--waves", "1", "--points", "6"], 30),
    ],
)  # fmt: skip
def test_a_resumed_bar_counts_what_is_left(
    call: Any, hill: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    words: list[str], left: int,
) -> None:  # fmt: skip
    # A part of 25, and one of 5, of which each fails.
    asked = [words[0], *hill, *words[1:], *STUDY, "-n", "30", "--out", str(tmp_path / "out")]
    with monkeypatch.context() as patched:
        fail(patched, range(25, 30))
        assert call(*asked).code == 1
    said = call(*asked, "--resume")
    assert said.code == 0
    assert f"{left}/{left} " in said.err
