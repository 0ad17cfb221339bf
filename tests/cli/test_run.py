"""`run` and `compare` on a small scenario: folders, determinism, interruption."""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
import signal
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from cli.conftest import BARE
from sandtable import SandtableError, load, open_run, runs
from sandtable.figures import draw_run
from sandtable.mechanisms import MECHANISMS
from shells import PARTS, Shell


def contents(folder: Path) -> dict[str, bytes]:
    files = {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }
    manifest = json.loads(files["manifest.json"])
    assert set(manifest.pop("times")) == {"started", "finished", "jobs"}
    files["manifest.json"] = json.dumps(manifest).encode()
    return files


def test_a_run_writes_its_folder(call: Any, hill: list[str], tmp_path: Path) -> None:
    said = call("run", *hill, "-n", 8, "--jobs", 1, "--out", tmp_path / "run")
    assert said.code == 0
    assert f"written to {tmp_path / 'run'}" in said.out
    assert "8/8" in said.err
    files = {path.name for path in (tmp_path / "run").iterdir()}
    assert files == {
        "manifest.json",
        "scenario.resolved.toml",
        "outcomes.parquet",
        "timeline.parquet",
        "battles.parquet",
        "tracks.parquet",
        "events.jsonl",
        "comparison.csv",
        "score.csv",
        "score.json",
        "unanswered.csv",
        "inputs",
        "figures",
        "report.html",
    }
    figures = sorted((tmp_path / "run/figures").iterdir())
    assert [path.name for path in figures] == [
        "advance.png", "claims.png", "losses.png", "map.png", "order-of-battle.svg", "score.png",
        "strength.png",
    ]  # fmt: skip
    for path in figures:
        if path.suffix == ".png":
            # No program, no date, and as fine as promised.
            with Image.open(path) as image:
                assert image.info.keys() == {"dpi"}
                assert image.info["dpi"] == pytest.approx((160, 160), abs=0.1)
    results = open_run(tmp_path / "run").results
    assert {len(values) for values in results.outcomes.values()} == {8}
    days = results.timeline.shape[1]
    assert results.timeline.shape == (8, days, len(results.series))
    assert results.events


@pytest.mark.verify
@pytest.mark.processes
def test_jobs_change_no_byte(call: Any, hill: list[str], tmp_path: Path) -> None:
    for jobs in ("1", "2"):
        words = ["-n", "60", "--jobs", jobs, "--out", str(tmp_path / jobs), "--no-figures"]
        assert call("run", *hill, *words).code == 0
    assert contents(tmp_path / "1") == contents(tmp_path / "2")


def test_seeds_differ_and_zero_is_one(call: Any, hill: list[str], tmp_path: Path) -> None:
    tables = set()
    for seed in ("0", "1", "2"):
        words = ["-n", "5", "--jobs", "1", "--seed", seed, *BARE, "-q"]
        said = call("run", *hill, *words, "--out", tmp_path / seed)
        assert (said.code, said.err, said.out) == (0, "", f"{tmp_path / seed}\n")
        tables.add(contents(tmp_path / seed)["outcomes.parquet"])
    assert len(tables) == 3


@pytest.mark.verify
def test_altered_records_leave_the_run_as_it_was(
    call: Any, hill: list[str], tmp_path: Path
) -> None:
    register = tmp_path / "register"
    shutil.copytree(hill[2], register)
    claims = register / "outcomes/lake-khasan-1938.csv"
    claims.write_text(
        claims.read_text(encoding="utf-8").replace("500,900", "5000,9000"),
        encoding="utf-8",
        newline="\n",
    )
    for name, root in (("as-told", hill[2]), ("altered", register)):
        words = ["-n", "6", "--jobs", "1", "--no-figures", "--out", tmp_path / name]
        assert call("run", hill[0], "--register", root, *words).code == 0
    told, altered = contents(tmp_path / "as-told"), contents(tmp_path / "altered")
    compared = ("comparison.csv", "score.csv", "score.json")
    for name in (*compared, "report.html"):
        assert told.pop(name) != altered.pop(name)
    # Which replication is nearest to the record is told by it, not how any replication went.
    one, other = (open_run(tmp_path / name) for name in ("as-told", "altered"))
    common = set(one.tracks.numbers) & set(other.tracks.numbers)
    assert {0, one.named["typical"]} <= common
    for number in common:
        assert one.tracks.of_replication(number) == other.tracks.of_replication(number)
    # The folder keeps the claims that it was compared with, and the digests of both; all else is
    # the same.
    kept = "register/register/outcomes/lake-khasan-1938.csv"
    for files in (told, altered):
        assert files.pop(f"inputs/{kept}")
        manifest = json.loads(files["manifest.json"])
        assert manifest["inputs"]["digests"].pop(kept)
        assert files.pop("tracks.parquet")
        assert manifest["named"].pop("nearest to the record") in range(6)
        assert all(manifest["files"].pop(name) for name in (*compared, "tracks.parquet"))
        files["manifest.json"] = json.dumps(manifest).encode()
    assert told == altered


@pytest.mark.verify
@pytest.mark.processes
def test_interrupted_and_resumed(undisturbed: dict[str, bytes], tmp_path: Path) -> None:
    shell = Shell(tmp_path)
    process = shell.start("run")
    os.killpg(process.pid, signal.SIGINT)
    _, err = process.communicate(timeout=240)
    assert process.returncode == 130
    assert b"use --resume to continue" in err
    assert b"Traceback" not in err
    assert 1 <= len(shell.parts("run")) < PARTS

    refused = shell.here("run")
    assert refused.returncode == 2
    assert "use --resume to continue it" in refused.stderr
    assert shell.resumed("run") == undisturbed


def test_compare_prints_the_comparison(call: Any, hill: list[str], tmp_path: Path) -> None:
    call("run", *hill, "-n", 20, "--jobs", 1, *BARE, "--out", tmp_path / "run", "-q")
    with open(tmp_path / "run/comparison.csv", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["claim"] for row in rows] == ["aa-hill", "aa-losses"]
    said = call("compare", tmp_path / "run")
    assert said.code == 0
    (line,) = [text for text in said.out.splitlines() if "losses/ussr/personnel/total" in text]
    for cell in ("500–900", "person", "Attacker's report", rows[1]["verdict"]):
        assert cell in line
    quiet = call("compare", tmp_path / "run", "--quiet").out
    assert quiet.splitlines()[1] == f"losses/ussr/personnel/total {rows[1]['verdict']}"


@pytest.fixture
def doubtful(hill: list[str], tmp_path: Path) -> list[str]:
    """The small scenario beside a record of claims kept, missed and beyond it."""
    register = tmp_path / "register"
    shutil.copytree(hill[2], register)
    with open(register / "outcomes/lake-khasan-1938.csv", "a", encoding="utf-8") as file:
        for row in (
            "aa-least,losses/ussr/personnel/total,900000,,person",
            "aa-many,losses/japan/personnel/total,900000,910000,person",
            "aa-most,losses/ussr/personnel/total,,900000,person",
            "aa-tanks,losses/mongolia/tanks,1,2,tank",
            "aa-nowhere,captured/hil,,1938-08-08,date",
        ):
            id, rest = row.split(",", 1)
            file.write(f"{id},lake-khasan-1938,{rest},A rumour,after-action,,\n")
    return [hill[0], "--register", str(register)]


def test_the_headline_is_skill_and_not_a_count_of_verdicts(
    call: Any, doubtful: list[str], tmp_path: Path
) -> None:
    run = tmp_path / "run"
    words = ["-n", 20, "--jobs", 1, *BARE, "--out", run]
    printed = call("run", *doubtful, *words).out
    with open(run / "score.csv", encoding="utf-8", newline="") as file:
        scores = {row["outcome"]: row for row in csv.DictReader(file)}
    ours = [name for name, row in scores.items() if row["status"] == "scored"]
    assert ours == ["captured/hill", "losses/ussr/personnel/total", "losses/japan/personnel/total"]
    said = call("compare", run).out
    assert printed.splitlines()[:-1] == said.splitlines()
    assert "3 outcomes scored, worth" in said
    assert "2 bounds on 1 outcome: kept in 50% of replications, Brier score 0.5" in said
    assert "1 outcome missed: losses/japan/personnel/total" in said
    assert said.splitlines()[-1] == "claims not answered: 2"
    personnel = [scores[name] for name in ours[1:]]
    (line,) = [line for line in said.splitlines() if line.startswith("| personnel ")]
    for baseline in ("one_battle", "sceptic"):
        own = sum(float(row["score"]) for row in personnel)
        skill = 1 - own / sum(float(row[baseline]) for row in personnel)
        assert f"{skill:+.2f}".replace("-", "\u2212") in line

    # What misses stands last, next to the headline, and is marked; nothing else is.
    rows = [line for line in said.splitlines() if any(name in line for name in scores)][:3]
    missed = ["× " in line for line in rows]
    assert missed == ["outside" in line or "kept in 0%" in line for line in rows] == sorted(missed)
    assert missed == [False, True, True]

    document = json.loads(call("compare", run, "--json").out)
    assert len(document["comparison"]) == 5
    assert [row["outcome"] for row in document["score"]] == list(scores)
    summary = document["summary"]
    assert summary["bounds"] == {"claims": 2, "outcomes": 1, "kept": 0.5, "brier": 0.5}
    assert summary.pop("not_answered") == len(document["unanswered"]) == 2
    assert summary == json.loads((run / "score.json").read_text(encoding="utf-8"))


def test_unanswered_claims_are_listed(call: Any, doubtful: list[str], tmp_path: Path) -> None:
    run = tmp_path / "run"
    words = ["-n", 3, "--jobs", 1, *BARE, "-q", "--out", run]
    assert call("run", *doubtful, *words).code == 0
    said = call("compare", run, "--unanswered")
    assert said.code == 0
    (tanks,) = [line for line in said.out.splitlines() if "aa-tanks" in line]
    (typo,) = [line for line in said.out.splitlines() if "aa-nowhere" in line]
    assert "losses/mongolia/tanks" in tanks and "no such outcome" in tanks
    assert "captured/hil " in typo and "the nearest is captured/hill" in typo
    assert "aa-losses" not in said.out
    quiet = call("compare", run, "--unanswered", "-q").out.splitlines()
    assert [line.partition(":")[0] for line in quiet] == ["losses/mongolia/tanks", "captured/hil"]
    listed = json.loads(call("compare", run, "--unanswered", "--json").out)["unanswered"]
    assert [item["claim"] for item in listed] == ["aa-tanks", "aa-nowhere"]
    both = call("compare", run, run, "--unanswered")
    assert both.code == 2
    assert "--unanswered: allowed with one run only" in both.err


def test_a_run_without_its_table_is_said_to_lack_it(
    call: Any, hill: list[str], tmp_path: Path
) -> None:
    call("run", *hill, "-n", 3, "--jobs", 1, *BARE, "--out", tmp_path / "run", "-q")
    assert call("compare", tmp_path / "run", "--unanswered").out == "not answered: 0\n"
    (tmp_path / "run/unanswered.csv").unlink()
    said = call("compare", tmp_path / "run")
    assert said.code == 2
    assert "unanswered.csv: file: found no such file" in said.err
    assert "Traceback" not in said.err


def test_check_step_shows_difference_and_error(call: Any, hill: list[str], tmp_path: Path) -> None:
    words = ["-n", "30", "--jobs", "1", *BARE, "--check-step", "--json", "-q"]
    said = call("run", *hill, *words, "--out", tmp_path / "run")
    step = {row["outcome"]: row for row in json.loads(said.out)["step"]}
    whole = open_run(tmp_path / "run").outcomes["losses/ussr/personnel/total"]
    row = step["losses/ussr/personnel/total"]
    assert row["shifted"] == (row["adjusted"] < 0.05)
    assert row["first"] == pytest.approx(whole.mean())
    assert row["first_error"] == pytest.approx(whole.std(ddof=1) / 30**0.5)


def test_check_step_holds_what_it_shows_and_no_more(
    call: Any, hill: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = []

    class Watched(runs.InMemoryRun):
        def results(self, manifest: Any) -> Any:
            held.append(super().results(manifest))
            return held[-1]

    monkeypatch.setattr(runs, "InMemoryRun", Watched)
    words = ["-n", "5", "--jobs", "1", *BARE, "--check-step", "-q"]
    assert call("run", *hill, *words, "--out", tmp_path / "run").code == 0
    (half,) = held
    assert list(half.outcomes) == open_run(tmp_path / "run").manifest["headline"]
    assert half.timeline.size == 0


@pytest.mark.verify
def test_ablate_tells_what_each_mechanism_is_worth(
    call: Any, hill: list[str], tmp_path: Path
) -> None:
    words = ["-n", "8", "--jobs", "1", "--out", tmp_path / "run"]
    told = call("run", *hill, *words, *BARE, "--ablate", "--json", "-q")
    rows = {row["without"]: row for row in json.loads(told.out)["ablation"]}
    assert rows.keys() == {"none", *MECHANISMS}
    base = open_run(tmp_path / "run").score().all.skill
    assert rows["none"]["sceptic"] == pytest.approx(base["sceptic"].skill)
    assert rows["none"]["changed"] == 0 < rows["attrition"]["changed"]
    assert rows["fuel"] == {**rows["none"], "without": "fuel"}
    said = call("run", *hill, *words, "--ablate", "--resume").out
    assert said.endswith(f"written to {tmp_path / 'run-ablation'}\n")
    still = said.partition("no outcome changes beyond chance without ")[2]
    assert "fuel" in still and "attrition" not in still
    table = said.partition("Without each mechanism in turn")[2]
    assert re.search(r"\| \(none\) +\| +0 \|.*\n\| attrition +\|", table)
    assert not (tmp_path / "run-ablation/figures").exists()
    again = call("run", *hill, *words, "--ablate", "--overwrite", "-q")
    assert again.out == f"{tmp_path / 'run'}\n{tmp_path / 'run-ablation'}\n"
    assert (tmp_path / "run-ablation/figures/worth.png").is_file()


def test_outcomes_held_alone_are_those_of_the_whole(hill: list[str]) -> None:
    campaign = load(hill[0], register=hill[2])
    whole, some = campaign.run(30), campaign.run(30, only=["losses/ussr/personnel/*"])
    assert list(some.outcomes) == [n for n in whole.outcomes if n.startswith("losses/ussr/pers")]
    for name, values in some.outcomes.items():
        assert values.tobytes() == whole.outcomes[name].tobytes()
    with pytest.raises(SandtableError, match=r"only: found captured/hil; .*captured/hill"):
        campaign.run(30, only=["captured/hil"])


@pytest.mark.verify
def test_from_python_as_from_the_shell(call: Any, hill: list[str], tmp_path: Path) -> None:
    call("run", *hill, "-n", 30, "--jobs", 1, *BARE, "--out", tmp_path / "run", "-q")
    campaign = load(hill[0], register=hill[2])
    held, stored = campaign.run(replications=30, seed=1), open_run(tmp_path / "run")
    # As text: NaN equals nothing.
    assert repr(held.compare()) == repr(stored.compare())
    assert held.unanswered() == stored.unanswered()
    assert list(held.outcomes) == list(stored.outcomes)
    for name, values in stored.outcomes.items():
        assert held.outcomes[name].tobytes() == values.tobytes()
    assert held.results.timeline.tobytes() == stored.results.timeline.tobytes()
    assert held.results.events == stored.events
    assert [row.claim for row in held.compare()] == ["aa-hill", "aa-losses"]
    figures = draw_run(held, tmp_path / "figures")
    assert figures
    assert all(path.is_file() for path in figures)


def test_every_column_has_unit_and_meaning(hill: list[str]) -> None:
    from sandtable.ensemble import columns
    from sandtable.outcomes import SERIES, describe

    outcomes, series = columns(load(hill[0], register=hill[2]).scenario)
    assert [name for name in outcomes if "" in describe(name)] == []
    assert [name for name in series if "" in describe(name, SERIES)] == []


@pytest.mark.verify
@pytest.mark.processes
def test_until_the_means_are_known(call: Any, hill: list[str], tmp_path: Path) -> None:
    words = ["-n", 30, "--outcomes", "losses/[uj]*[rn]/personnel/total", "--until-error", "6%"]
    said = call("run", *hill, *words, "--jobs", 1, *BARE, "--out", tmp_path / "run")
    assert said.code == 0
    run = open_run(tmp_path / "run")
    names = ["losses/ussr/personnel/total", "losses/japan/personnel/total"]
    assert run.manifest["until"]["outcomes"] == names

    def error(n: int) -> float:
        values = [run.outcomes[name][:n] for name in names]
        return max(float(v.std(ddof=1) / n**0.5 / abs(v.mean())) for v in values)

    count = len(run.outcomes[names[0]])
    ends = [n for n in (50, 75, 125, 200, 300, 450, 675) if n <= count]
    assert ends[-1] == count == run.manifest["replications"]
    assert [n for n in ends if error(n) <= 0.06] == [count]
    assert f"{count} replications: every mean known to {error(count):.2%}" in said.out

    # The rule is what is resumed; processes and parts that were there change nothing.
    assert call("run", *hill, *words, "--jobs", 2, *BARE, "--out", tmp_path / "2").code == 0
    assert contents(tmp_path / "run") == contents(tmp_path / "2")
    other = call("run", *hill, *words[:-1], "5%", "--resume", "--out", tmp_path / "run")
    assert other.code == 2
    assert "until.error: 0.06 there, 0.05 here" in other.err


def test_the_most_allowed_is_told(call: Any, hill: list[str], tmp_path: Path) -> None:
    words = ["--until-error", "0.001", "--at-most", 60, "-n", 50, "--jobs", 1, *BARE]
    said = call("run", *hill, *words, "--out", tmp_path / "run")
    # A goal that is not reached is no failure of the run, which is written and shown.
    assert (said.code, (tmp_path / "run/manifest.json").is_file()) == (1, True)
    assert "--until-error was not reached in 60 replications, the most allowed" in said.out
    assert "some means are not known to 0.001" in said.out
    assert "  losses/ussr/personnel/total: " in said.out
    assert "  losses/ussr/tanks: left out, it occurs in fewer than 5% of replications" in said.out
    quiet = call("run", *hill, *words, "--resume", "--quiet", "--out", tmp_path / "run")
    assert (quiet.code, quiet.out) == (1, f"{tmp_path / 'run'}\n")
    assert quiet.err == "error: --until-error 0.001 was not reached\n"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--until-error", "few"], "--until-error: found few; allowed: a share, as 2% or 0.02"),
        (["--until-error", "200%"], "--until-error: found 2; allowed: above 0"),
        (["--until-error", "2%", "--at-most", "9"], "--at-most: found 9; allowed"),
        (["--at-most", "9"], "--at-most: allowed with --until-error only"),
        (["--outcomes", "a"], "--outcomes: allowed with --until-error only"),
        (
            ["--until-error", "2%", "--outcomes", "captured/hil"],
            "--outcomes: found captured/hil; allowed: an outcome of the campaign; "
            "did you mean 'captured/hill'?",
        ),
    ],
)
def test_rules_that_cannot_be(
    call: Any, hill: list[str], tmp_path: Path, words: list[str], message: str
) -> None:
    said = call("run", *hill, *words, "--out", tmp_path / "run")
    assert said.code == 2
    assert message in said.err
    assert not (tmp_path / "run").exists()


def test_a_folder_that_is_taken_is_told_without_a_bar(
    call: Any, hill: list[str], tmp_path: Path
) -> None:
    asked = ("run", *hill, "-n", "1", "-j", "1", *BARE, "--out", tmp_path / "run")
    assert "replications" in call(*asked).err
    said = call(*asked)
    assert said.code == 2 and said.err.startswith("error: ") and said.err.count("\n") == 1
