"""What cards tell of a number's origin, held against the register's own files."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest

from sandtable.campaign import CampaignRun
from sandtable.report.card_data import QUANTITY_COLUMNS, evidence_block
from sandtable.report.material import Material

CAMPAIGN = "lake-khasan-1938"


@pytest.fixture(scope="module")
def evidence(khasan: CampaignRun) -> dict[str, Any]:
    """The block with its quantities as a reader wants them."""
    told = evidence_block(Material.of(khasan))
    words = told["words"]
    uses = [dict(zip(QUANTITY_COLUMNS, row, strict=True)) for row in told["quantities"]]
    for use in uses:
        use |= {name: words[use[name]] for name in ("kind", "unit", "because", "until")}
        use["facts"] = [words[fact] for fact in use["facts"]]
    return {**told, "quantities": uses}


def rows(folder: str) -> dict[str, dict[str, str]]:
    """The register's rows, read as any reader of CSV would."""
    found = {}
    for path in sorted((Path(__file__).parents[2] / "seeds" / folder).glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            found |= {row["id"]: row for row in csv.DictReader(file)}
    return found


def test_each_fact_has_its_line_as_the_register_has_it(evidence: dict[str, Any]) -> None:
    register = rows("facts")
    cited = {fact for use in evidence["quantities"] for fact in use["facts"]}
    assert cited and cited <= evidence["facts"].keys()
    for name, fact in evidence["facts"].items():
        row = register[name]
        assert str(fact["line"] or "") == row["line"]
        assert fact["source"] == row["source"] and fact["source"] in evidence["sources"]
        assert row["subject"] in fact["what"]


def test_each_claim_has_its_line(evidence: dict[str, Any], khasan: CampaignRun) -> None:
    register = rows("outcomes")
    assert [*evidence["claims"]] == [claim.id for claim in khasan.campaign.claims]
    for name, line in evidence["claims"].items():
        assert str(line or "") == register[name]["line"]
        assert register[name]["source"] in evidence["sources"]


def test_a_formations_figures_are_its_own_or_its_establishments(
    evidence: dict[str, Any], khasan: CampaignRun
) -> None:
    written = {one.id: one for one in khasan.campaign.scenario.file.formation}
    assert evidence["formations"].keys() <= written.keys()
    for name, figures in evidence["formations"].items():
        for figure, place in figures.items():
            table, _, rest = evidence["quantities"][place]["key"].partition(".")
            owner = rest.rpartition(".")[0]
            field, _, phase = figure.partition(", ")
            assert rest.endswith(f".{field}")
            if table == "formation":
                assert owner == name and not phase
            elif table == "order_of_battle":
                assert owner == f"{phase}--{name}" or (not phase and owner.endswith(f"--{name}"))
            else:
                assert table == "establishment"


def test_every_assumption_tells_why(evidence: dict[str, Any]) -> None:
    assumed = [use for use in evidence["quantities"] if use["kind"] == "assumed"]
    assert assumed and all(use["because"] for use in assumed)


def test_variants_tell_their_questions(evidence: dict[str, Any], khasan: CampaignRun) -> None:
    told = {variant["id"]: variant["question"] for variant in evidence["variants"]}
    assert told == {one.id: one.question for one in khasan.campaign.scenario.variants}
