"""The verbs of `sandtable battles`, from a table to what they print and write."""

from __future__ import annotations

import csv
import json
import os
from pathlib import Path
from typing import Any

import pytest

from battles.invented import battles, write
from sandtable import load, open_run
from sandtable.battles.beyond_table import arguments_of, outside, ranges_of
from sandtable.battles.fit import sample_of
from sandtable.battles.invariance import CUTS
from sandtable.battles.table import load_table
from sandtable.cli.output import figure
from shells import in_terminals

ROWS = battles(120, wars=4)


@pytest.fixture
def table(tmp_path: Path) -> Path:
    return write(tmp_path / "t.csv", ROWS)


def test_help(call: Any) -> None:
    for verb, words in (
        ("fit", "TABLE"),
        ("predict", "Columns of results are not read"),
        ("validate", "jackknife over wars"),
    ):
        said = call("battles", verb, "--help")
        assert said.code == 0
        assert words in " ".join(said.out.split())
        for option in ("--out", "--quiet", "--json"):
            assert option in said.out


@pytest.mark.verify
def test_fit_tells_what_it_used_and_left_out(call: Any, table: Path, tmp_path: Path) -> None:
    out = tmp_path / "c.toml"
    said = call("battles", "fit", table, "--out", out)
    assert (said.code, said.err) == (0, "")
    assert "Fitted on a table of 120 battles" in said.out
    won = sum(row["outcome"] != "draw" for row in ROWS)
    (odds,) = [line for line in said.out.splitlines() if "outcome.odds" in line]
    assert str(won) in odds
    assert "left out, no ground gained" in said.out
    again = ("--out", out, "--overwrite")
    assert call("battles", "fit", table, *again, "-q").out == f"{out}\n"
    summary = json.loads(call("battles", "fit", table, *again, "--json").out)
    assert summary["battles"]["outcome.odds"] == won
    # What was fitted can be predicted with.
    said = call("battles", "predict", table, "--out", tmp_path / "p.csv", "--coefficients", out)
    assert said.out == f"120 of 120 battles predicted, written to {tmp_path / 'p.csv'}\n"
    fitted = (tmp_path / "p.csv").read_bytes()
    call("battles", "predict", table, "--out", tmp_path / "p.csv", "--overwrite")
    assert (tmp_path / "p.csv").read_bytes() != fitted


def test_predict_warns_on_stderr(call: Any, tmp_path: Path) -> None:
    rows = [*ROWS[:60], *(row | {"attacker_strength": ""} for row in ROWS[60:])]
    table, out = write(tmp_path / "t.csv", rows), tmp_path / "p.csv"
    said = call("battles", "predict", table, "--out", out)
    assert said.out == f"60 of 120 battles predicted, written to {out}\n"
    lines = said.err.splitlines()
    assert lines[0].startswith(f"warning: {table}: row 62 (battle b60), column attacker_strength")
    assert len(lines) == 51
    assert lines[-1] == "warning: and 10 more"
    said = call("battles", "predict", table, "--out", out, "--overwrite", "--quiet")
    assert (said.out, said.err) == (f"{out}\n", "")
    said = call("battles", "predict", table, "--out", out, "--overwrite", "--json")
    assert len(json.loads(said.out)["warnings"]) == 60


def test_bad_input_is_told_and_ends_with_2(call: Any, table: Path, tmp_path: Path) -> None:
    bad = write(tmp_path / "bad.csv", [ROWS[0] | {"duration_days": "long"}])
    for verb in ("fit", "predict", "validate"):
        said = call("battles", verb, bad, "--out", tmp_path / "x")
        assert (said.code, said.out) == (2, "")
        assert said.err.startswith(f"error: {bad}: row 2, column duration_days: found 'long'")
        assert not (tmp_path / "x").exists()
    said = call("battles", "validate", table, "--out", bad)
    assert (said.code, said.err) == (
        2, f"error: {bad}: --out: found a file; allowed: a folder, or one to be made\n",
    )  # fmt: skip
    said = call("battles", "validate", table, "--folds", 121)
    assert said.err == "error: folds: found 121; allowed: from 2 to 120, the battles\n"


def test_an_input_is_never_replaced(call: Any, table: Path, tmp_path: Path) -> None:
    before = table.read_bytes()
    other = tmp_path / "link.csv"
    other.symlink_to(table)
    for verb in ("fit", "predict"):
        for out, found in ((table, "a file that is read"), (other, "a link")):
            said = call("battles", verb, table, "--out", out, "--overwrite")
            assert (said.code, said.out) == (2, "")
            assert said.err.startswith(f"error: {out}: --out: found {found}; allowed: a")
    assert table.read_bytes() == before


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes")
def test_nothing_but_a_regular_file_is_replaced_and_that_on_demand_only(
    call: Any, table: Path, tmp_path: Path
) -> None:
    letter, pipe = tmp_path / "letter.txt", tmp_path / "pipe"
    letter.write_text("Dear mother", encoding="utf-8")
    os.mkfifo(pipe)
    for out, more, found in (
        (letter, (), "a file; allowed: a new file, or --overwrite to replace it"),
        (pipe, ("--overwrite",), "a pipe; allowed: a regular file, or none"),
        (Path("/dev/null"), ("--overwrite",), "a device; allowed: a regular file, or none"),
    ):
        said = call("battles", "predict", table, "--out", out, *more)
        assert (said.code, said.err) == (2, f"error: {out}: --out: found {found}\n")
    assert letter.read_text(encoding="utf-8") == "Dear mother"
    said = call("battles", "validate", table, "--cut", "--out", tmp_path)
    assert said.code == 2 and "--out: found files in it" in said.err


def test_a_file_of_a_run_is_never_replaced(call: Any, table: Path, tmp_path: Path) -> None:
    kept = tmp_path / "score.csv"
    kept.write_text("kept", encoding="utf-8")
    (tmp_path / "manifest.json").write_text("{}", encoding="utf-8")
    said = call("battles", "fit", table, "--out", kept)
    assert said.err.endswith(
        "--out: found a place in the folder of a finished run; allowed: another folder\n"
    )
    assert kept.read_text(encoding="utf-8") == "kept"


@pytest.mark.verify
def test_where_no_file_can_be_made_is_told_first(call: Any, table: Path, tmp_path: Path) -> None:
    for verb in ("fit", "predict"):
        said = call("battles", verb, table, "--out", tmp_path)
        assert said.err == f"error: {tmp_path}: --out: found a folder; allowed: a file\n"
        out = tmp_path / "nowhere" / "c.toml"
        said = call("battles", verb, table, "--out", out)
        found = f"no folder {out.parent}; allowed: a file in a folder that is there"
        assert said.err == f"error: {out}: --out: found {found}\n"


def test_what_is_not_fitted_has_no_factors(call: Any, table: Path) -> None:
    for options in (["--cut"], ["--parts", table], ["--run", table.parent]):
        said = call("battles", "validate", table, "--factors", *options)
        told = f"error: {options[0]}: not allowed with --factors\n"
        assert (said.code, said.out, said.err) == (2, "", told)


@pytest.mark.verify
def test_validate_prints_and_writes(call: Any, table: Path, tmp_path: Path) -> None:
    out = tmp_path / "deep" / "v"
    options = ("--repeats", 1, "--folds", 2, "--jobs", 1)
    said = call("battles", "validate", table, "--out", out, *options)
    assert said.code == 0
    assert "Probabilities: leave one war out, battles: since 1937" in said.out
    assert "(known) ridge on all columns" in said.out
    assert "plain regressions on other battles of the same data base" in said.out
    assert "recommended for casualties of both sides: " in said.out
    with (out / "scores.csv").open(newline="", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    (row,) = [
        r for r in rows
        if (r["scheme"], r["battles"], r["quantity"], r["law"], r["measure"])
        == ("cross-validation", "all", "defender casualties", "square", "rms")
    ]  # fmt: skip
    cell = f"{float(row['value']):.2f} ± {float(row['error']):.2f}"
    first, second, *_ = [
        line for line in said.out.splitlines() if "defender casualties | square" in line
    ]
    # What a campaign gets comes first: the error in a war that is new.
    assert cell in second and cell not in first
    assert rows[0]["scheme"] == "leave one war out"
    figures = sorted(path.name for path in out.glob("*.png"))
    assert len(figures) == 9
    assert {"calibration.png", "predicted-leave-one-war-out.png"} < set(figures)
    assert all(f"written: {path}" in said.out for path in out.iterdir())
    assert not list(out.glob("*.part"))
    assert not (out / "factors.csv").exists()


@pytest.mark.verify
def test_validate_bare_and_as_json(call: Any, table: Path) -> None:
    options = ("--repeats", 1, "--folds", 2, "--jobs", 1)
    bare = call("battles", "validate", table, *options, "--quiet")
    assert bare.err == ""
    lines = bare.out.splitlines()
    assert len(lines) == 6
    assert lines[0].startswith("recommended for casualties of both sides: ")
    said = json.loads(call("battles", "validate", table, *options, "--json", "--quiet").out)
    assert said["battles"] == 120
    chosen = {
        c["quantity"]: c["recommended"]
        for c in said["choices"]
        if (c["scheme"], c["battles"]) == ("leave one war out", "all")
    }
    assert [f"recommended for {q}: {law}" for q, law in chosen.items()] == lines
    assert said["known"]["source"].startswith("plain regressions")


@pytest.mark.verify
def test_battles_cut_in_pieces(call: Any, tmp_path: Path) -> None:
    table = write(tmp_path / "t.csv", [*ROWS[:3], ROWS[3] | {"defender_posture": ""}])
    said = call("battles", "validate", table, "--cut", "--jobs", 1, "--out", tmp_path / "out")
    assert said.code == 0
    assert "Battles cut in pieces, 3 of 4" in said.out
    assert "left out, the posture is unknown: 1" in said.out
    with (tmp_path / "out/cuts.csv").open(newline="", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    row = next(r for r in rows if (r["cut"], r["quantity"]) == ("4 places", "attacker"))
    assert f"{float(row['median']):.2f}, {100 * float(row['near']):.0f}%" in said.out
    bare = call("battles", "validate", table, "--cut", "--jobs", 1, "--quiet")
    assert len(bare.out.splitlines()) == len(CUTS) and bare.err == ""
    assert bare.out.startswith("2 places: ")
    found = json.loads(call("battles", "validate", table, "--cut", "-j", 1, "-q", "--json").out)
    assert (found["battles"], found["left_out"]) == (3, {"the posture is unknown": 1})
    assert len(found["ratios"]) == len(rows)


@pytest.mark.verify
def test_validate_sets_a_runs_battles_beside_the_tables_range(
    call: Any, table: Path, tmp_path: Path
) -> None:
    run = tmp_path / "run"
    load("sedan-1940").run(4, out=run)
    ranges = ranges_of(sample_of(load_table(table)))
    found = outside(arguments_of(open_run(run).battles), ranges)
    assert found[0].battles > 0
    told = json.loads(call("battles", "validate", table, "--run", run, "--json").out)["outside"]
    assert [one["quantity"] for one in told] == ["days", "persons", "ratio"]
    assert [one["above"] for one in told] == [one.above for one in found]
    lines = call("battles", "validate", table, "--run", run, "-q").out.splitlines()
    assert lines[2] == f"ratio {found[2].below + found[2].above:.4g}"
    for shown in in_terminals([80, 120], "battles", "validate", table, "--run", run).values():
        for one in found:
            for value in (one.below, one.above, one.beyond_middle):
                assert f"{value:.1%}" in shown
    said = call("battles", "validate", table, "--run", run, "--cut")
    assert (said.code, said.err) == (2, "error: --run: not allowed with --cut\n")


@pytest.mark.verify
def test_parts_of_battles(call: Any, table: Path, tmp_path: Path) -> None:
    own = [
        ROWS[k] | {"cdb90_id": f"p{k}", "parent_id": parent} for k, parent in ((3, "b1"), (4, "x"))
    ]
    parts = write(tmp_path / "p.csv", own)
    options = ("battles", "validate", table, "--parts", parts, "--jobs", 1)
    said = call(*options, "--out", tmp_path / "v")
    assert said.code == 0
    assert "left out, the battle that it is part of is not in the table: 1" in said.out
    assert f"written: {tmp_path / 'v' / 'parts.csv'}" in said.out
    found = json.loads(call(*options, "--quiet", "--json").out)
    assert found["battles"][0]["parts"] == ["p3"]
    for f in found["foretold"]:
        assert f"{f['method']}: inside 90 percent " in said.out
        assert figure(f["median"]) in said.out
    said = call(*options, "--cut")
    assert (said.code, said.err) == (2, "error: --parts: not allowed with --cut\n")
