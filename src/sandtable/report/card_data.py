"""What a card tells of where a number comes from: quantities, facts, documents, questions."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sandtable.battle_columns import DECISIONS
from sandtable.calendar import moment_text
from sandtable.comparison import Claim
from sandtable.evidence import Fact, Source, load_sources
from sandtable.evidence.tables import Bound
from sandtable.figures.context import units_text
from sandtable.report.material import Material
from sandtable.report.replication_data import Words
from sandtable.representation import number_text
from sandtable.scenario import QuantityUse
from sandtable.scenario.description import inherited

QUANTITY_COLUMNS = ("key", "low", "high", "kind", "unit", "because", "until", "facts")


def evidence_block(material: Material) -> dict[str, Any]:
    """Return what the scenario's numbers and the claims rest on.

    ``quantities``: rows of `QUANTITY_COLUMNS`, in order; ``words``: the texts whose numbers stand
    in them. Lengths that only follow from coordinates are left out. ``formations``: by id the place
    among the quantities of each figure of its own or of its establishment. ``facts``: those used;
    ``claims``: line in the document; ``unanswered``: claims that the run doesn't answer;
    ``sources``: the documents of all of these. ``decisions``: how battles end. ``variants``: their
    questions, and the keys they set.
    """
    campaign, scenario = material.run.campaign, material.run.campaign.scenario
    used = {name: scenario.facts[name] for name in sorted(scenario.facts_used)}
    documents = load_sources(campaign.register)
    cited = {fact.source for fact in used.values()} | {claim.source for claim in campaign.claims}
    uses = [use for use in scenario.quantities if use.kind != "derived" or use.facts]
    words = Words()
    return {
        "quantities": [_quantity(use, words) for use in uses],
        "words": words.listed,
        "formations": _of_formations(uses, inherited(scenario)),
        "facts": {name: _fact(fact) for name, fact in used.items()},
        "claims": {claim.id: claim.line for claim in campaign.claims},
        "unanswered": _unanswered(material),
        "sources": {name: _source(documents[name]) for name in sorted(cited)},
        "decisions": DECISIONS,
        "variants": [
            {
                "id": variant.id,
                "question": variant.question,
                "sets": [*variant.set, *(f"without {name}" for name in variant.without)],
            }
            for variant in scenario.variants
        ],
    }


def _quantity(use: QuantityUse, words: Words) -> list[Any]:
    """A row of ``QUANTITY_COLUMNS``."""
    low, high = number(use.low), number(use.high)
    told = (use.kind, use.unit, use.because or "", use.until or "")
    return [
        use.key,
        low,
        high,
        *map(words.number, told),
        [words.number(name) for name in use.facts],
    ]


def _of_formations(
    own: Iterable[QuantityUse], shared: Iterable[QuantityUse]
) -> dict[str, dict[str, int]]:
    """The places among the quantities of each formation's figures, by its id and their names.

    What it has in a phase alone is named so.
    """
    places = {use.key: place for place, use in enumerate(own)}
    found: dict[str, dict[str, int]] = {}
    for key, place in places.items():
        table, _, rest = key.partition(".")
        if table == "formation":
            name, _, field = rest.partition(".")
            found.setdefault(name, {})[field] = place
        elif table == "order_of_battle":
            phase, _, told = rest.partition("--")
            name, _, field = told.partition(".")
            found.setdefault(name, {})[f"{field}, {phase}"] = place
    for use in shared:
        _, name, field = use.key.split(".", 2)
        assert use.inherited_from is not None
        found.setdefault(name, {})[field] = places[use.inherited_from]
    return found


def _fact(fact: Fact) -> dict[str, Any]:
    unit = "" if fact.unit in ("name", "date") else f" {units_text(fact.unit)}"
    value = "" if fact.unit == "name" else f"{_stated(fact)}{unit}"
    return {
        "what": f"{fact.subject}, {fact.quantity}",
        "value": value,
        "date": fact.date,
        "source": fact.source,
        "line": fact.line,
        "confidence": fact.confidence,
        "note": fact.note,
    }


def _stated(fact: Fact) -> str:
    """A fact's range in words: an open end is at least, at most, from or until."""
    low, high = _end(fact.low), _end(fact.high)
    if low == high:
        return low
    dated = fact.unit == "date"
    if not low:
        return f"until {high}" if dated else f"at most {high}"
    if not high:
        return f"from {low}" if dated else f"at least {low}"
    return f"{low} to {high}"


def _end(end: Bound) -> str:
    if end is None:
        return ""
    return moment_text(end) if isinstance(end, datetime) else number_text(end)


def _unanswered(material: Material) -> list[dict[str, Any]]:
    claims = {claim.id: claim for claim in material.run.campaign.claims}
    return [
        {
            "claim": item.claim,
            "label": material.context.describe(item.outcome),
            "record": _printed(claims[item.claim]),
            "claimant": claims[item.claim].claimant,
            "source": claims[item.claim].source,
            "note": claims[item.claim].note,
            "reason": item.reason,
        }
        for item in material.run.unanswered()
    ]


def _printed(claim: Claim) -> str:
    """A claim as the register writes it."""
    unit = "" if claim.unit == "date" else f" {units_text(claim.unit)}"
    return " to ".join(dict.fromkeys(filter(None, claim.printed))) + unit


def _source(source: Source) -> dict[str, Any]:
    return {
        "reference": source.reference,
        "kind": source.kind,
        "good_for": source.good_for,
        "errors": list(source.known_errors),
        "url": source.url,
    }


def number(value: float) -> float:
    """Return a number to six digits."""
    return float(f"{value:.6g}")
