"""What `sandtable cite NAME --disputes` prints: where the sources of a campaign disagree."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from sandtable.cli.output import print_table, print_wrapped
from sandtable.comparison import load_claims
from sandtable.plain_text import NBSP
from sandtable.studies.disputes import (
    ClaimDispute,
    FactDispute,
    claim_disputes,
    fact_disputes,
    printed,
    use_told,
)

if TYPE_CHECKING:
    from sandtable.comparison import Claim
    from sandtable.evidence import Fact
    from sandtable.scenario import Scenario


class Disputes:
    """The contradictions among the facts and among the claims of a scenario's campaign."""

    def __init__(self, scenario: Scenario) -> None:
        self._scenario = scenario
        self.facts: list[FactDispute] = fact_disputes(scenario)
        campaign = scenario.file.scenario.campaign
        known = (scenario.register / "outcomes" / f"{campaign}.csv").is_file()
        claims = load_claims(scenario.register, campaign) if known else []
        self.claims: list[ClaimDispute] = claim_disputes(claims, scenario.calendar)

    def as_json(self) -> dict[str, Any]:
        """Return all of them, for JSON."""
        return {
            "facts": [{**asdict(one), "figures": len(one.facts)} for one in self.facts],
            "claims": [asdict(one) for one in self.claims],
        }

    def lines(self) -> Iterator[str]:
        """Facts of a dispute on a line, then outcomes with disputed claims."""
        for dispute in self.facts:
            yield " ".join(fact.id for fact in dispute.facts)
        yield from (dispute.outcome for dispute in self.claims)

    def show(self) -> None:
        """Print facts with their use, then claims."""
        name, calendar = self._scenario.name, self._scenario.calendar
        for number, dispute in enumerate(self.facts, start=1):
            print_table(
                f"{number}. {dispute.title}",
                ["figure>", "date", "source", "line>", "fact"],
                [_cells(fact, fact.date) for fact in dispute.facts],
            )
            for use in dispute.uses:
                verb = "drawn" if use.input else "chosen"
                print_wrapped(f"{verb}: {use_told(use, dispute, calendar)}", 2)
            if not dispute.uses:
                print_wrapped("in no input", 2)
        for one in self.claims:
            print_table(
                f"Claims of {one.outcome}",
                ["figure>", "claimant", "source", "line>", "claim"],
                [_cells(claim, claim.claimant) for claim in one.claims],
            )
        print_wrapped(
            f"{name}: {len(self.facts)} disputes among facts, {len(self.claims)} among claims; "
            "what they do to the outcome is told in docs/disputes.md"
        )


def _cells(row: Fact | Claim, told: str) -> list[str]:
    """A row of the register: its figure, what is ``told`` of it, and where it stands."""
    said = printed(row.printed, row.unit).replace(" ", NBSP)
    return [said, told, row.source, str(row.line or ""), row.id]
