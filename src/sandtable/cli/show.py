"""``sandtable show``: what a scenario holds, and where its numbers come from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from sandtable.cli.options import (
    Json,
    Overlay,
    Overrides,
    Quiet,
    Register,
    ScenarioName,
    VariantName,
    Without,
)

if TYPE_CHECKING:
    from sandtable.scenario import Description, QuantityUse, Scenario
    from sandtable.scenario.description import AxisLine, Unit


def show(
    scenario: ScenarioName,
    key: Annotated[
        str | None,
        typer.Argument(metavar="[KEY]", help="Only quantities whose key path begins so."),
    ] = None,
    quantities: Annotated[
        bool, typer.Option("--quantities", help="List every quantity with its reason.")
    ] = False,
    resolved: Annotated[
        bool, typer.Option("--resolved", help="Print the fully resolved scenario as TOML.")
    ] = False,
    variant: VariantName = None,
    overrides: Overrides = None,
    overlay: Overlay = None,
    without: Without = None,
    register: Register = None,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Show what a scenario holds, and how many of its numbers are cited and how many assumed."""
    from dataclasses import asdict

    import sandtable
    from sandtable.cli.output import print_json, print_lines
    from sandtable.scenario import describe, to_toml

    loaded = sandtable.load(
        scenario,
        overrides=overrides or (),
        overlay=overlay,
        variant=variant,
        without=without or (),
        register=register,
    ).scenario
    listed = _quantities(loaded, key) if quantities or key else []
    if resolved:
        print(to_toml(loaded.sampler.central(), loaded.quantities), end="")
        return
    description = describe(loaded)
    if as_json:
        uses = [asdict(use) for use in listed or loaded.quantities]
        print_json({**asdict(description), "quantity": uses})
    elif quiet:
        print_lines(f"{kind} {count}" for kind, count in description.quantities.items())
    elif listed:
        _print_quantities(loaded.name, listed)
    else:
        _print_description(description)


def _quantities(loaded: Scenario, key: str | None) -> list[QuantityUse]:
    found = [
        use
        for use in loaded.quantities
        if key is None or use.key == key or use.key.startswith(f"{key}.")
    ]
    if key and not found:
        _no_such_key(loaded, key)
    return found


def _no_such_key(loaded: Scenario, key: str) -> None:
    from sandtable.errors import InputError, Problem, nearest

    names = {use.key for use in loaded.quantities}
    names |= {name.rpartition(".")[0] for name in names}
    allowed = "a key path that `show --quantities` lists, or the beginning of one"
    close = nearest(key, names)
    raise InputError([Problem(loaded.path, "KEY", f"'{key}'", allowed, close)])


def _print_quantities(name: str, listed: Sequence[QuantityUse]) -> None:
    from sandtable.cli.output import print_table
    from sandtable.cli.words import stated

    rows = [
        (
            use.key,
            f"{stated(use.low, use.high)} {use.unit}",
            use.kind,
            use.because or ", ".join(use.facts),
        )
        for use in listed
    ]
    print_table(f"Quantities of {name}", ["key", "value>", "kind", "reason"], rows)


def _print_description(description: Description) -> None:
    from sandtable.cli.output import figure, print_table

    d = description
    print(f"{d.title} ({d.name})\n\n{d.summary}\n")
    counted = ", ".join(f"{count} {kind}" for kind, count in d.quantities.items())
    rows = [
        ("time", f"{d.start} to {d.end} ({figure(d.days)} days)"),
        *((side.coalition, f"{side.name}; army {side.army or 'unknown'}") for side in d.sides),
        ("size", ", ".join(f"{count} {table}" for table, count in d.sizes.items())),
        ("quantities", f"{counted}; {d.facts} facts used"),
        ("uncertain", f"{d.uncertain} inputs, drawn anew in each replication"),
        ("laws", f"attrition {d.attrition}, opposed advance {d.advance}"),
        ("switched off", ", ".join(d.switched_off) or "no mechanism"),
    ]
    print_table("What it holds", ["", ""], rows)
    headings = ["formation", "type", "at", "personnel>", "tanks>", "guns>", "effectiveness>"]
    units = [row for top in d.order_of_battle for row in _unit_rows(top, 0)]
    print_table("Order of battle", headings, units)
    headings = [
        "axis of advance",
        "first formation",
        "from",
        "to",
        "km>",
        "objectives (planned day)",
    ]
    print_table("Axes of advance", headings, map(_axis_row, d.axes))
    if d.variants:
        print_table("Variants", ["name", "question"], d.variants)


def _unit_rows(unit: Unit, depth: int) -> Iterator[list[str]]:
    from sandtable.cli.output import figures

    counts = [figures(*unit.strength[name]) for name in ("personnel", "tanks", "guns")]
    value = "" if unit.effectiveness is None else figures(*unit.effectiveness)
    yield ["  " * depth + unit.name, unit.type, unit.start or "", *counts, value]
    for below in unit.below:
        yield from _unit_rows(below, depth + 1)


def _axis_row(axis: AxisLine) -> list[str]:
    from sandtable.cli.output import figure

    planned = [
        f"{stage.place} ({figure(stage.planned_day)})"
        for stage in axis.stages
        if stage.planned_day is not None
    ]
    ends = [axis.stages[0].place, axis.stages[-1].place]
    return [axis.name, axis.formations[0], *ends, figure(axis.stages[-1].km), ", ".join(planned)]
