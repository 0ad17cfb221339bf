"""A war of one's own, with the register that comes with it, from the check to the figures."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from cli.conftest import BARE
from sandtable.evidence.rows import ClaimRow, columns

INPUTS = Path(__file__).parents[1] / "inputs"
WAR = INPUTS / "wars" / "two-valleys-1951"


@pytest.fixture
def war(tmp_path: Path) -> Path:
    """A copy that the test may spoil."""
    return Path(shutil.copytree(WAR, tmp_path / WAR.name))


def test_check_takes_the_register_that_comes_with_a_folder(call: Any, war: Path) -> None:
    said = call("check", war)
    assert (said.code, said.err) == (0, "")
    assert said.out.splitlines() == [
        "two-valleys-1951: sound; 3 places, 2 legs, 3 formations, 1 axes, 0 orders, 23 quantities",
        f"register: {war}/register; sound; 3 facts, 4 claims",
    ]
    told = json.loads(call("check", war, "--json").out)
    read = f"{war}/register"
    assert told["register"] == {
        "read": read, "facts": 3, "claims": 4, "statements": 0, "repeats": 0, "lines_verified": 0
    }  # fmt: skip


def test_check_takes_the_register_that_lies_by_a_file(call: Any, war: Path) -> None:
    assert "3 facts, 4 claims" in call("check", war / "scenario.toml").out
    assert call("check", war / "scenario.toml", "--set", "side.hill-folk.army=Japan").code == 0


def test_the_option_goes_before_the_register_of_its_own(call: Any, war: Path) -> None:
    other = INPUTS / "runs" / "register"
    said = call("check", war, "--register", other)
    assert said.code == 2
    assert f"found 'tv-upper'; allowed: the id of a fact in the register {other}" in said.err


@pytest.mark.verify
def test_without_it_the_shipped_register_is_the_one(call: Any, war: Path) -> None:
    (war / "register").rename(war / "elsewhere")
    said = call("check", war).err
    assert "found 'tv-upper'; allowed: the id of a fact in the shipped register" in said
    assert "register: shipped" in call("check", "khalkhin-gol-1939").out
    told = json.loads(call("check", "khalkhin-gol-1939", "--json").out)
    assert told["register"] == {"read": "shipped"}
    (war / "register").write_text("no folder")
    said = call("check", war)
    assert (said.code, said.err) == (
        2, f"error: {war}/register: register: found no folder; allowed: a folder, or nothing\n"
    )  # fmt: skip


def test_a_register_about_other_campaigns_is_an_error(call: Any, war: Path) -> None:
    """Or a run would find no claim to answer, and say so only at its end."""
    file = war / "scenario.toml"
    text = file.read_text()
    file.write_text(text.replace('campaign = "two-valleys-1951"', 'campaign = "tunisia"'))
    said = call("check", war)
    allowed = f"a campaign of the register {war}/register: two-valleys-1951"
    assert (said.code, said.err) == (
        2, f"error: {file}: scenario.campaign: found 'tunisia'; allowed: {allowed}\n"
    )  # fmt: skip
    # A file of claims, or one of facts, makes the campaign known.
    (war / "register/outcomes/tunisia.csv").write_text(",".join(columns(ClaimRow)))
    assert call("check", war).code == 0
    file.write_text(text)
    (war / "register/outcomes/two-valleys-1951.csv").unlink()
    said = call("check", war)
    assert (said.code, said.err) == (
        0,
        f"warning: {war}/register/outcomes: campaign: found no file for campaign "
        "'two-valleys-1951'; expected: claims about it, beside those about tunisia\n",
    )


def test_claims_come_last(call: Any, war: Path) -> None:
    """A register grows: no row of claims yet, no folder of them, no facts."""
    claims = war / "register/outcomes/two-valleys-1951.csv"
    claims.write_text(claims.read_text().splitlines()[0])
    assert "3 facts, 0 claims" in call("check", war).out
    shutil.rmtree(claims.parent)
    assert "3 facts, 0 claims" in call("check", war).out
    shutil.rmtree(war / "register/facts")
    assert "found 'tv-upper'; allowed: the id of a fact in" in call("check", war).err


@pytest.mark.verify
def test_a_campaign_unknown_to_the_shipped_register_is_run_again(
    call: Any, hill: list[str], tmp_path: Path
) -> None:
    """What a folder keeps of the shipped register is the scenario's own when it is read again."""
    text = (INPUTS / "scenarios" / "valid" / "minimal.toml").read_text()
    reasons = {
        '{fact = "t-men"}': '{assumed = 9000, because = "b"}',
        '{fact = "t-value"}': '{assumed = 0.5, because = "b"}',
        '{fact = "t-term"}': '{assumed = 1938-08-08, because = "b"}',
        "lake-khasan-1938": "nowhere-2003",
    }
    for old, new in reasons.items():
        text = text.replace(old, new)
    (tmp_path / "nowhere.toml").write_text(text)
    asked = ("run", tmp_path / "nowhere.toml", "-n", "1", *BARE, "-j", "1")
    assert call(*asked, "--out", tmp_path / "one").code == 0
    said = call("rerun", tmp_path / "one", "--out", tmp_path / "two", "--quiet")
    assert (said.code, said.err) == (0, "")


def test_a_fact_told_twice_is_one_fault(call: Any, war: Path) -> None:
    facts = war / "register/facts/two-valleys-1951.csv"
    facts.write_text(facts.read_text() + facts.read_text().splitlines()[1] + "\n")
    said = call("check", war)
    assert said.err.count("error: ") == said.err.count("the id again, first in") == 1


def test_faults_of_scenario_and_register_are_told_at_once(call: Any, war: Path) -> None:
    facts = war / "register" / "facts" / "two-valleys-1951.csv"
    claims = war / "register" / "outcomes" / "two-valleys-1951.csv"
    facts.write_text(facts.read_text().replace("tv-winter,", "TV-winter,"))
    claims.write_text(claims.read_text().replace("captured/bridge", "capture/bridge"))
    (war / "register" / "outcomes" / "The Valleys.csv").write_text("x")
    said = call("check", war)
    assert (said.code, said.out) == (2, "")
    told = [line.removeprefix("error: ").split(": found")[0] for line in said.err.splitlines()]
    assert sorted(told) == sorted(
        [
            f"{facts}: TV-winter.id",
            f"{claims}: tv-c-bridge.outcome",
            f"{claims.with_name('The Valleys.csv')}: file name",
            f"{claims.with_name('The Valleys.csv')}: header",
        ]
    )
    text = (war / "scenario.toml").read_text()
    facts.write_text(facts.read_text().replace("TV-winter,", "tv-winter,"))
    (war / "scenario.toml").write_text(text.replace('army = "USA"', 'army = "Usa!"'))
    said = call("check", war)
    assert "side.lower-valley.army: found 'Usa!'" in said.err and "did you mean 'USA'?" in said.err
    assert "tv-c-bridge.outcome: found 'capture/bridge'" in said.err


def test_documents_need_a_register_at_hand(call: Any, war: Path, tmp_path: Path) -> None:
    said = call("check", "khalkhin-gol-1939", "--documents", tmp_path)
    assert said.code == 2
    assert said.err == (
        "error: --documents: found khalkhin-gol-1939, which has none; "
        "allowed with `check seeds`, or a scenario with a register of its own\n"
    )
    assert "0 lines hold the cited figure" in call("check", war, "--documents", tmp_path).out


def test_cite_and_show_take_it(call: Any, war: Path) -> None:
    (source,) = json.loads(call("cite", war, "--json").out)["sources"]
    assert source["id"] == "staff-history"
    assert [fact["fact"] for fact in source["facts"]] == ["tv-lower", "tv-upper"]
    shown = json.loads(call("show", war, "--json").out)
    assert [(side["id"], side["name"], side["army"]) for side in shown["sides"]] == [
        ("upper-valley", "Upper Valley", "North Korea 1946-1959"),
        ("hill-folk", "hill-folk", None),
        ("lower-valley", "Lower Valley", "USA 1946-1959"),
    ]


@pytest.mark.verify
def test_a_year_is_run_compared_and_drawn(call: Any, war: Path, tmp_path: Path) -> None:
    out = tmp_path / "run"
    said = call("run", war, "-n", "4", "--jobs", "1", "--out", out)
    assert (said.code, "not answered: 0" in said.out) == (0, True)
    assert {path.name for path in (out / "figures").iterdir()} >= {
        "advance.png", "claims.png", "losses-1.png", "map.png", "strength.png",
    }  # fmt: skip
    beside = json.loads(call("compare", out, "--json").out)
    assert {row["outcome"] for row in beside["comparison"]} == {
        "captured/bridge",
        "losses/lower-valley/personnel/total",
        "losses/hill-folk/personnel/killed",
        "advance/down-the-river/160",
    }
    headline = json.loads((out / "manifest.json").read_text())["headline"]
    assert "losses/hill-folk/personnel/total" in headline
    assert "advance/down-the-river/366" in headline
