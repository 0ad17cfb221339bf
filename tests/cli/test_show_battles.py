"""`show RUN --battles`: the battles of a run by place, and those of one replication."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from sandtable import load, open_run
from sandtable.cli.output import figure
from sandtable.cli.run_battles import _days
from sandtable.plain_text import NBSP
from sandtable.runs.battle_summary import fights_by_place
from sandtable.runs.results import read_calendar, read_names
from shells import in_terminals

WIDTHS = (80, 120)
CAMPAIGN = "sedan-1940"


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("runs") / "sedan"
    load(CAMPAIGN).run(4, out=folder)
    return folder


def words(text: str) -> Counter[str]:
    return Counter(word.strip("();,") for word in text.replace(NBSP, " ").split())


@pytest.mark.verify
def test_by_place_every_number_is_whole(run: Path) -> None:
    opened = open_run(run)
    found = fights_by_place(opened.battles, 4)
    assert found
    wanted, names = Counter[str](), read_names(run)["places"]
    for fights in found:
        wanted += words(names[fights.place])
        wanted += words(read_calendar(run).date_text(fights.start))
        persons = (fights.attackers, fights.defenders, fights.attacker_casualties,
                   fights.defender_casualties)  # fmt: skip
        wanted += words(_days(fights.days))
        numbers = [fights.ratio, *(float(round(value)) for value in persons)]
        wanted += Counter(map(figure, numbers))
        wanted += Counter(f"{share:.0%}" for share in (fights.share, *fights.decisions.values()))
    for columns, shown in in_terminals(WIDTHS, "show", run, "--battles").items():
        assert not wanted - words(shown), columns
        assert all(len(line.rstrip()) <= columns for line in shown.splitlines()[1:])


@pytest.mark.parametrize(
    ("days", "told"), [(1e-08, f"<{NBSP}0.001"), (0.0, f"<{NBSP}0.001"), (0.001, "0.001")]
)
def test_a_duration_of_no_time_is_told_in_plain_digits(days: float, told: str) -> None:
    assert _days(days) == told


def test_a_run_in_place_of_a_scenario_is_one_fault(run: Path, call: Any) -> None:
    for verb in ("show", "run"):
        said = call(verb, run)
        assert said.code == 2
        (fault,) = said.err.splitlines()
        own = run / "inputs" / "scenario" / CAMPAIGN
        allowed = f"allowed: a scenario, such as the run's own: {own}"
        assert fault == f"error: {run}: scenario: found the folder of a run; {allowed}"
    # What is named is one.
    assert call("show", own, "--quiet").code == 0


def test_a_misspelt_run_is_answered_with_the_run_beside_it(run: Path, call: Any) -> None:
    said = call("show", run.with_name("sedam"), "--battles")
    assert said.err.endswith(f"the folder of a finished run; did you mean '{run}'?\n")


def test_one_replication_in_order(run: Path, call: Any) -> None:
    rows = open_run(run).battles.of_replication(2)
    told = json.loads(call("show", run, "--battles", "--replication", 2, "--json").out)
    assert told["replication"] == 2
    flat = [{k: v for k, v in one.items() if k != "phases"}
            for battle in told["battles"] for one in (battle, *battle["phases"])]  # fmt: skip
    assert flat == json.loads(json.dumps(rows).replace("NaN", "null"))
    wanted = Counter[str]()
    for row in rows:
        for name in ("days", "ratio"):
            wanted[figure(row[name])] += 1
        for side in ("attacker", "defender"):
            for name in ("committed", "casualties"):
                wanted[figure(float(round(row[f"{side}_{name}"])))] += 1
        wanted += words(row["decision"])
    for columns, shown in in_terminals(
        WIDTHS, "show", run, "--battles", "--replication", "2"
    ).items():
        assert not wanted - words(shown), columns
    quiet = call("show", run, "--battles", "--replication", 2, "--quiet").out.splitlines()
    assert quiet == [f"{r['battle']} {r['place'] or r['name']} {r['decision']}" for r in rows]


def test_by_place_for_programs(run: Path, call: Any) -> None:
    found = fights_by_place(open_run(run).battles, 4)
    told = json.loads(call("show", run, "--battles", "--json").out)
    assert told["replications"] == 4
    assert [place["place"] for place in told["places"]] == [fights.place for fights in found]
    assert told["places"][0]["decisions"] == found[0].decisions
    lines = call("show", run, "--battles", "--quiet").out.splitlines()
    assert lines[0].split() == [found[0].place, found[0].coalition, f"{found[0].share:.3g}"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--battles", "--replication", "4"], "--replication: found 4; allowed: one of the run's"),
        (["--replication", "0"], "--replication: allowed with --battles and --formation only"),
        (["--battles", "--resolved"], "--battles: not allowed with --resolved"),
        (["formation", "--battles"], "--battles: not allowed with KEY"),
    ],
)
def test_what_does_not_go_together_is_told(
    run: Path, call: Any, words: list[str], said: str
) -> None:
    found = call("show", run, *words)
    assert found.code == 2 and said in found.err


def test_a_scenario_is_no_run_and_an_older_run_has_no_battles(
    run: Path, call: Any, tmp_path: Path
) -> None:
    found = call("show", CAMPAIGN, "--battles")
    assert (found.code, found.err) == (
        2, f"error: {CAMPAIGN}: run: found no such folder; allowed: the folder of a finished run\n",
    )  # fmt: skip
    older = Path(shutil.copytree(run, tmp_path / "older"))
    (older / "battles.parquet").unlink()
    found = call("show", older, "--battles")
    assert found.code == 2
    assert found.err == (
        f"error: {older / 'battles.parquet'}: file: found none; allowed: a run that tells its "
        "battles: `sandtable rerun` makes one of an older run\n"
    )
