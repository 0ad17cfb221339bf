"""``sandtable cite``: which documents a campaign rests on, and what each is cited for."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sandtable.cli.options import Json, Quiet, Register, ScenarioName, VariantName

if TYPE_CHECKING:
    from sandtable.scenario import Scenario


def cite(
    scenario: ScenarioName,
    assumptions: Annotated[
        bool,
        typer.Option("--assumptions", help="List the assumptions and their reasons as well."),
    ] = False,
    variant: VariantName = None,
    register: Register = None,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """List the sources that a campaign uses, with the facts cited and the keys they feed."""
    import sandtable
    from sandtable.cli.output import print_json, print_lines

    campaign = sandtable.load(scenario, variant=variant, register=register)
    loaded = campaign.scenario
    cited = _sources(loaded, campaign.register)
    assumed = _assumptions(loaded) if assumptions else []
    if as_json:
        print_json({"sources": cited, **({"assumptions": assumed} if assumptions else {})})
    elif quiet:
        print_lines(source["id"] for source in cited)
    else:
        _print(loaded.name, cited, assumed)


def _sources(loaded: Scenario, root: Path) -> list[dict[str, Any]]:
    from sandtable import evidence

    facts, sources = evidence.load_facts(root), evidence.load_sources(root)
    used: dict[str, list[dict[str, Any]]] = {}
    for name, keys in loaded.facts_used.items():
        fact = facts[name]
        used.setdefault(fact.source, []).append(
            {
                "fact": name,
                "line": fact.line,
                "low": fact.low,
                "high": fact.high,
                "unit": fact.unit,
                "keys": sorted(keys),
            }
        )
    return [
        {
            "id": name,
            "title": sources[name].title,
            "good_for": sources[name].good_for,
            "facts": sorted(used[name], key=lambda fact: (fact["line"] or 0, fact["fact"])),
        }
        for name in sorted(used)
    ]


def _assumptions(loaded: Scenario) -> list[dict[str, Any]]:
    return [
        {
            "key": use.key,
            "low": use.low,
            "high": use.high,
            "unit": use.unit,
            "because": use.because,
        }
        for use in loaded.quantities
        if use.kind != "cited"
    ]


def _print(name: str, cited: list[dict[str, Any]], assumed: list[dict[str, Any]]) -> None:
    from sandtable.cli.output import print_table
    from sandtable.cli.words import stated

    for source in cited:
        rows = [
            (
                fact["fact"],
                str(fact["line"] or ""),
                f"{stated(fact['low'], fact['high'])} {fact['unit']}",
                ", ".join(fact["keys"]),
            )
            for fact in source["facts"]
        ]
        title = f"{source['id']}: {source['title']}"
        print_table(title, ["fact", "line>", "says>", "feeds"], rows)
    if assumed:
        reasons = [
            (use["key"], f"{stated(use['low'], use['high'])} {use['unit']}", use["because"] or "")
            for use in assumed
        ]
        print_table(f"Assumptions of {name}", ["key", "value>", "because"], reasons)
