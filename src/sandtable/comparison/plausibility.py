"""Claims that a scenario can hardly be compared with as their author will have thought."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path

from sandtable.comparison.compare import UNNAMED_BATTLE, any_answer_meets
from sandtable.errors import Doubt, listed, nearest
from sandtable.evidence import CLAIMS, campaigns
from sandtable.evidence.claims import Claim
from sandtable.outcomes import Kind, Parsed, parse
from sandtable.scenario.resolved import ResolvedScenario
from sandtable.shipped import is_shipped_register


def claim_doubts(claims: Sequence[Claim], scenario: ResolvedScenario, file: Path) -> list[Doubt]:
    """Return what is hardly meant in the ``claims`` of a ``file`` about a campaign.

    These are claims about a side, formation, place, axis or battle that the scenario lacks, and
    claims so wide that no run can miss them.
    """
    found = list[Doubt]()
    known = {part.phase: _ids(part) for part in (scenario, *scenario.phases)}
    for claim in claims:
        parsed = parse(claim.outcome)
        if parsed is None:
            continue
        if parsed.phase not in known:
            expected, close = "a phase of the scenario", nearest(parsed.phase, known)
            key = f"{claim.id}.outcome"
            found.append(Doubt(str(file), key, f"'{parsed.phase}'", expected, close))
        else:
            found += _unknown(claim, parsed, known[parsed.phase], file)
            found += _wide(claim, parsed, scenario, file)
    return sorted(found, key=lambda doubt: (doubt.file, doubt.key))


def no_claims(register: Path, campaign: str) -> list[Doubt]:
    """Return a doubt if a register of one's own has claims, but none about the campaign."""
    others = campaigns(register, CLAIMS)
    if campaign in others or not others or is_shipped_register(register):
        return []
    found = f"no file for campaign '{campaign}'"
    expected = f"claims about it, beside those about {listed(others)}"
    close = nearest(campaign, others)
    return [Doubt(str(register / CLAIMS), "campaign", found, expected, close)]


def _ids(scenario: ResolvedScenario) -> Mapping[str, Collection[str]]:
    """The ids that the scenario has for each slot of an outcome's name."""
    sides = [side.id for side in scenario.sides]
    formations = [formation.id for formation in scenario.formations]
    return {
        # The losses of sides and of formations have the same form.
        "side": [*sides, *formations],
        "formation": formations,
        "place": [place.id for place in scenario.places],
        "axis": [axis.id for axis in scenario.axes],
        "battle": scenario.battles,
    }


def _unknown(
    claim: Claim, parsed: Parsed, known: Mapping[str, Collection[str]], file: Path
) -> Iterator[Doubt]:
    for slot, word in parsed.slots.items():
        if slot in known and word not in known[slot]:
            expected = f"{'an' if slot == 'axis' else 'a'} {slot} of the scenario"
            if slot == "battle" and word in known["place"]:
                expected += f"; {UNNAMED_BATTLE}"
            close = nearest(word, known[slot])
            yield Doubt(str(file), f"{claim.id}.outcome", f"'{word}'", expected, close)


def _wide(claim: Claim, parsed: Parsed, scenario: ResolvedScenario, file: Path) -> Iterator[Doubt]:
    low, high, _ = claim.interval(scenario.calendar)
    if not any_answer_meets(claim.outcome, low, high, scenario.calendar):
        return
    if parsed.form.kind is Kind.SHARE:
        expected = "a range narrower than 0 to 1, which every run meets"
        yield Doubt(str(file), f"{claim.id}.low", f"{low:g} to {high:g}", expected)
        return
    expected = "a range narrower than the campaign: every run in which it happens meets this"
    first, last = claim.printed
    found = f"{first} to {last}, the whole campaign" if first else f"nothing, with high {last}"
    yield Doubt(str(file), f"{claim.id}.low", found, expected)
