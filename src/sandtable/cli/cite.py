"""``sandtable cite``: which documents a campaign rests on, and what each is cited for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sandtable.cli.options import Json, KeyPath, Quiet, Register, ScenarioName, VariantName

if TYPE_CHECKING:
    from sandtable.evidence import Fact, Source
    from sandtable.scenario import QuantityUse, Scenario


def cite(
    scenario: ScenarioName,
    key: KeyPath = None,
    assumptions: Annotated[
        bool,
        typer.Option("--assumptions", help="Also list the assumptions with their reasons."),
    ] = False,
    disputes: Annotated[
        bool,
        typer.Option("--disputes", help="Instead, list where sources contradict one another."),
    ] = False,
    variant: VariantName = None,
    register: Register = None,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """List the sources a campaign uses, the facts cited from each and the keys they set.

    With KEY, explain where its value comes from: each fact with its author, title and line, or
    the reason for the assumption. With --disputes, list the facts and the claims that contradict
    one another, and how the scenario uses them.
    """
    import sandtable
    from sandtable import evidence
    from sandtable.cli.output import print_json, print_lines
    from sandtable.cli.reasons import Reasons, quantities
    from sandtable.errors import SandtableError

    campaign = sandtable.load(scenario, variant=variant, register=register)
    loaded = campaign.scenario
    if disputes:
        if key is not None or assumptions:
            raise SandtableError("--disputes: allowed without KEY and without --assumptions")
        _list_disputes(loaded, quiet, as_json)
        return
    uses = list(loaded.quantities) if key is None else quantities(loaded, key)
    cited = _cited(uses, loaded.facts)
    sources = evidence.load_sources(campaign.register)
    assumed = [use for use in uses if use.kind != "cited"] if assumptions else []
    if as_json:
        told = [_as_json(sources[name], cited[name]) for name in sorted(cited)]
        reasons = {"assumptions": list(map(_assumption, assumed))} if assumptions else {}
        print_json({"sources": told, **reasons})
    elif quiet:
        print_lines(sorted(cited))
    elif key is not None:
        Reasons(loaded).show(uses)
    else:
        for name in sorted(cited):
            _print_source(sources[name], cited[name])
        _print_assumptions(loaded.name, assumed)


def _list_disputes(loaded: Scenario, quiet: bool, as_json: bool) -> None:
    from sandtable.cli.disputes import Disputes
    from sandtable.cli.output import print_json, print_lines

    found = Disputes(loaded)
    if as_json:
        print_json(found.as_json())
    elif quiet:
        print_lines(found.lines())
    else:
        found.show()


def _cited(
    uses: list[QuantityUse], facts: Mapping[str, Fact]
) -> dict[str, list[tuple[Fact, list[str]]]]:
    """By source, the facts that quantities cite, in order of their lines, each with its keys."""
    keys: dict[str, list[str]] = {}
    for use in uses:
        for name in use.facts:
            keys.setdefault(name, []).append(use.key)
    found: dict[str, list[tuple[Fact, list[str]]]] = {}
    for name in sorted(keys, key=lambda name: (facts[name].line or 0, name)):
        found.setdefault(facts[name].source, []).append((facts[name], sorted(keys[name])))
    return found


def _as_json(source: Source, cited: list[tuple[Fact, list[str]]]) -> dict[str, Any]:
    from dataclasses import asdict

    facts = [{**asdict(fact), "fact": fact.id, "keys": keys} for fact, keys in cited]
    return {**asdict(source), "facts": facts}


def _assumption(use: QuantityUse) -> dict[str, Any]:
    names = ("key", "low", "high", "unit", "because", "until")
    return {name: getattr(use, name) for name in names}


def _print_source(source: Source, cited: list[tuple[Fact, list[str]]]) -> None:
    from sandtable.cli.output import print_table
    from sandtable.cli.reasons import stated
    from sandtable.plain_text import NBSP

    rows = [
        (
            fact.id,
            str(fact.line or ""),
            f"{stated(fact.low, fact.high)}{NBSP}{fact.unit}",
            ", ".join(keys),
        )
        for fact, keys in cited
    ]
    print_table(f"{source.id}: {source.reference}", ["fact", "line>", "says>", "sets"], rows)


def _print_assumptions(name: str, assumed: list[QuantityUse]) -> None:
    from sandtable.cli.output import print_table
    from sandtable.cli.reasons import reason_of, value_of

    if assumed:
        rows = [(use.key, value_of(use), reason_of(use)) for use in assumed]
        print_table(f"Assumptions of {name}", ["key", "value>", "because"], rows)
