from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sandtable import engine

Call = Callable[..., Any]
SMALL = ["--trajectories", "4", "--repeats", "1", "--samples", "64", "--strongest", "2"]
ONE = ["--outcomes", "captured/hill", "--jobs", "1"]


@pytest.mark.verify
def test_answer_folder_and_announcement(call: Call, hill: list[str], tmp_path: Path) -> None:
    out = tmp_path / "out"
    said = call("sensitivity", *hill, *SMALL, *ONE, "--out", out)
    assert said.code == 0
    assert "captured/hill: mean" in said.out and f"written to {out}" in said.out
    # 4 trajectories; 2 strongest, all others and chance; five sources.
    groups = len(
        {
            line.split(",")[2]
            for line in (out / "morris.csv").read_text(encoding="utf-8").splitlines()[1:]
        }
    )
    screening, indices, split = 4 * (groups + 1), 64 * (2 + 2 + 2), 64 * (5 + 2)
    assert (
        f"{screening + indices + split} runs: {screening} for the screening, "
        f"{indices} for the indices, {split} for the split" in said.err
    )
    assert re.search(rf"runs .*{screening + indices + split}/.* \d+/s", said.err)
    names = {path.name for path in out.iterdir()}
    assert names == {
        "manifest.json", "morris.csv", "sobol.csv", "variance.csv", "samples.parquet",
        "answer.txt", "failures.csv", "inputs", "figures",
    }  # fmt: skip
    drawn = {path.name for path in (out / "figures").iterdir()}
    assert drawn == {"tornado.png", "sobol.png", "variance.png"}
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["command"].startswith("sandtable sensitivity hill.toml --seed 1")
    assert manifest["specification"]["samples"] == 64 and "SALib" in manifest["versions"]


@pytest.mark.verify
def test_json_and_quiet(call: Call, hill: list[str], tmp_path: Path) -> None:
    out = tmp_path / "out"
    asked = ["sensitivity", *hill, *SMALL, *ONE, "--no-figures", "--out", out]
    quiet = call(*asked, "--quiet")
    assert (quiet.code, quiet.out, quiet.err) == (0, f"{out}\n", "")
    found = json.loads(call(*asked, "--resume", "--json", "--quiet").out)
    assert found["folder"] == str(out)
    shares = [row["first"] for row in found["variance"]]
    assert sum(shares) == pytest.approx(1.0, abs=1e-4)
    assert found["variance"][-1]["source"] == "interactions"
    assert found["variance"][-1]["total"] is None
    assert (found["fitted_to"], found["warnings"]) == ([], [])


@pytest.mark.verify
def test_it_is_said_that_the_campaign_was_fitted(
    call: Call, hill: list[str], tmp_path: Path
) -> None:
    overlay = tmp_path / "overlay.toml"
    value = '{assumed = [9000, 12000], because = "fitted to the record: aa-losses"}'
    overlay.write_text(f'"formation.9-division.personnel" = {value}\n', encoding="utf-8")
    asked = ["--set-file", overlay, "--no-figures", "--json", "--out", tmp_path / "out"]
    said = call("sensitivity", *hill, *SMALL, *ONE, *asked)
    found = json.loads(said.out)
    assert found["fitted_to"] == ["aa-losses"]
    (warning,) = found["warnings"]
    assert found["answer"][0] == warning
    assert warning.startswith("fitted to the record: aa-losses; ")
    assert said.err.endswith(f"warning: {warning}\n")


def test_too_few_are_refused_before_anything_is_run(
    call: Call, hill: list[str], tmp_path: Path
) -> None:
    out = tmp_path / "out"
    said = call("sensitivity", *hill, "--samples", "100", "--trajectories", "3", "--out", out)
    assert said.code == 2
    found = "samples: found 100; allowed: a power of two from 64 to 65,536; 128 will do"
    assert found in said.err
    assert "trajectories: found 3" in said.err
    assert not list(tmp_path.iterdir())


@pytest.mark.verify
def test_runs_that_fail_are_worked_again_or_left_out(
    call: Call, hill: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    right = engine.run

    def sometimes(*arguments: Any, replication: int, **more: Any) -> engine.Run:
        # Chance beyond the first replications is drawn after the screening alone.
        if 0 < replication < 20_000:
            raise ZeroDivisionError("no front left")
        return right(*arguments, replication=replication, **more)

    asked = ["sensitivity", *hill, *SMALL, *ONE, "--no-figures", "--out", tmp_path / "out"]
    with monkeypatch.context() as patched:
        patched.setattr(engine, "run", sometimes)
        for more in ((), ("--resume",)):
            said = call(*asked, *more)
            assert (said.code, said.out) == (1, "")
            total = re.search(r"^(\d+) runs: ", said.err)
            assert total is not None
            assert re.search(rf"error: \d+ of {total[1]} replications failed", said.err)
            assert re.search(r"replication \d+, seed 1: sobol, row \d+: ZeroDivision", said.err)
            assert "--resume repeats the failed ones; --resume --keep-failures" in said.err
            assert re.search(r"/s \S+ \d+ failed", said.err)
        kept = call(*asked, "--resume", "--keep-failures")
    assert kept.code == 0
    assert "of sobol failed and are left out with their blocks, see failures.csv" in kept.out
    assert (tmp_path / "out/failures.csv").read_text(encoding="utf-8").count("no front left") > 1
    whole = call(*asked[:-1], tmp_path / "whole")
    mended = call(*asked, "--overwrite")
    assert (whole.code, mended.code) == (0, 0)
    for name in ("samples.parquet", "answer.txt", "failures.csv"):
        assert (tmp_path / "out" / name).read_bytes() == (tmp_path / "whole" / name).read_bytes()


def test_without_salib_it_says_what_to_install(
    call: Call, hill: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in sys.modules if name.split(".")[0] == "SALib"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "SALib", None)
    said = call("sensitivity", *hill, *SMALL, *ONE, "--out", tmp_path / "out")
    assert said.code == 2
    needs = "sensitivity needs SALib, which is not installed"
    assert said.err == f"error: {needs}: pip install 'sandtable-campaigns[sensitivity]'\n"
    assert not list(tmp_path.iterdir())
