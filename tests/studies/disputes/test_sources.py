"""Contradictions are found where there are any, and nowhere else."""

from __future__ import annotations

import csv
from itertools import combinations
from pathlib import Path

import pytest

from sandtable.evidence.claims import load_claims
from sandtable.scenario import Scenario, load_scenario
from sandtable.shipped import register_root
from sandtable.studies.disputes import claim_disputes, fact_disputes
from shipped import shipped

HILL = Path(__file__).parents[2] / "inputs" / "runs" / "hill.toml"
FACTS = "id,campaign,side,subject,quantity,low,high,unit,date,source,line,confidence,note"
CLAIMS = "id,campaign,outcome,low,high,unit,claimant,source,line,note"


@pytest.fixture(scope="module")
def khasan() -> Scenario:
    return shipped("lake-khasan-1938")


def hill(tmp_path: Path, rows: list[str], cited: str) -> Scenario:
    """The small scenario with facts of its own, the defender's strength from those ``cited``."""
    register = tmp_path / "register"
    for folder in ("facts", "outcomes"):
        (register / folder).mkdir(parents=True)
    told = [FACTS, "fm-rifle,lake-khasan-1938,ussr,division,personnel,9000,9000,person,,doc,,high,"]
    name = "lake-khasan-1938.csv"
    (register / "facts" / name).write_text("\n".join([*told, *rows, ""]), encoding="utf-8")
    (register / "outcomes" / name).write_text(CLAIMS + "\n", encoding="utf-8")
    (register / "sources.toml").write_text(
        '[doc]\ntitle = "A document"\nkind = "book"\ngood_for = "strengths"\n', encoding="utf-8"
    )
    path = tmp_path / "hill.toml"
    text = HILL.read_text(encoding="utf-8").replace('{fact = "fm-defender"}', f"{{fact = {cited}}}")
    path.write_text(text, encoding="utf-8")
    return load_scenario(path, register_root=register)


def row(id: str, low: object, high: object = None, note: str = "", **changes: str) -> str:
    """A fact about the defender's strength, unless changed."""
    cells = {"side": "japan", "subject": "9th Division", "quantity": "personnel", "unit": "person"}
    cells |= changes
    about = ",".join(cells[name] for name in ("side", "subject", "quantity"))
    end = low if high is None else high
    return f"{id},lake-khasan-1938,{about},{low},{end},{cells['unit']},,doc,,medium,{note}"


def groups(scenario: Scenario) -> list[list[str]]:
    return [[fact.id for fact in one.facts] for one in fact_disputes(scenario)]


def test_figures_apart_are_a_dispute_and_figures_that_meet_are_none(tmp_path: Path) -> None:
    rows = [
        row("a-high", 9000), row("b-low", 7000, 8000), row("c-within", 7500, 9000),
        row("d-other-subject", 100, subject="another"),
        row("e-other-unit", 5, unit="tank"), row("f-meets", 120, 130, subject="third"),
        row("g-meets", 130, 140, subject="third"),
    ]  # fmt: skip
    scenario = hill(tmp_path, rows, '["a-high", "b-low"]')
    assert groups(scenario) == [["b-low", "a-high"]]
    (dispute,) = fact_disputes(scenario)
    (use,) = dispute.uses
    assert use.keys == ("formation.9-division.personnel",)
    assert (use.low, use.high, use.input) == (7000.0, 9000.0, "fact:a-high+b-low")
    assert use.input in scenario.sampler.uncertain


def test_one_figure_of_several_is_chosen(tmp_path: Path) -> None:
    rows = [row("a", 9000), row("b", 7000)]
    (dispute,) = fact_disputes(hill(tmp_path, rows, '"a"'))
    (use,) = dispute.uses
    assert (use.low, use.high, use.input) == (9000.0, 9000.0, "")


def test_what_a_note_calls_a_contradiction_is_one(tmp_path: Path) -> None:
    rows = [
        row("a-one", 9000, note="Contradicts b-two and differs from c-three"),
        row("b-two", 5, subject="x", quantity="y"), row("c-three", 6, subject="z"),
        row("d-four", 7, subject="w", note="same as a-one"),
    ]  # fmt: skip
    assert groups(hill(tmp_path, rows, '"a-one"')) == [["b-two", "c-three", "a-one"]]


def test_what_a_scenario_draws_between_is_one(tmp_path: Path) -> None:
    rows = [row("a", 9000), row("b", 7000, subject="the same by another name")]
    assert groups(hill(tmp_path, rows, '["a", "b"]')) == [["b", "a"]]
    (tmp_path / "apart").mkdir()
    assert groups(hill(tmp_path / "apart", rows, '"a"')) == []


def test_every_pair_of_the_register_that_says_two_things_is_listed(khasan: Scenario) -> None:
    """Found anew from the file itself."""
    file = register_root() / "facts" / "lake-khasan-1938.csv"
    with file.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    listed = {frozenset(p) for group in groups(khasan) for p in combinations(group, 2)}
    about = ("side", "subject", "quantity", "unit")
    for a, b in combinations([r for r in rows if r["unit"] not in ("date", "name")], 2):
        if all(a[key] == b[key] for key in about):
            ends = (
                [float(r["low"] or "-inf") for r in (a, b)],
                [float(r["high"] or "inf") for r in (a, b)],
            )
            if max(ends[0]) > min(ends[1]):
                assert frozenset((a["id"], b["id"])) in listed


def test_claims_far_apart_are_disputed() -> None:
    scenario = shipped("manchuria-1945")
    claims = load_claims(scenario.register, "manchuria-1945")
    found = {one.outcome: one for one in claim_disputes(claims, scenario.calendar)}
    # Encyclopaedia: more than 300 destroyed, and elsewhere 78.
    assert "losses/ussr/tanks" in found
    ids = {claim.id for claim in found["losses/ussr/tanks"].claims}
    assert {"inv-ussr-tanks-300", "inv-ussr-tanks-78"} <= ids
    for one in found.values():
        ranges = [claim.interval(scenario.calendar)[:2] for claim in one.claims]
        assert max(low for low, _ in ranges) > min(high for _, high in ranges)
