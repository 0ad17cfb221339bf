"""``sandtable show``: what a scenario holds, and where its numbers come from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import inf
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from sandtable.cli.options import (
    Json,
    KeyPath,
    Overlay,
    Overrides,
    OverwriteFiles,
    PhaseName,
    Quiet,
    Register,
    ScenarioName,
    VariantName,
    Without,
)
from sandtable.cli.out_file import check_out
from sandtable.cli.output import say

if TYPE_CHECKING:
    from sandtable.calendar import Calendar
    from sandtable.scenario import Description, QuantityUse, Scenario
    from sandtable.scenario.description import AxisLine, PhaseLine, Unit

_OF_FIRST_PHASE = (
    "Each formation is as in the first phase that it takes part in; no sum is given where these "
    "differ. --phase PHASE shows one phase."
)


def show(
    scenario: ScenarioName,
    key: KeyPath = None,
    quantities: Annotated[
        bool,
        typer.Option("--quantities", help="List all quantities with their sources or reasons."),
    ] = False,
    resolved: Annotated[
        bool, typer.Option("--resolved", help="Print the fully resolved scenario as TOML.")
    ] = False,
    battles: Annotated[
        bool,
        typer.Option(
            "--battles",
            help="Show the battles of a finished run by place; SCENARIO is the run's folder.",
        ),
    ] = False,
    replication: Annotated[
        int | None,
        typer.Option(
            "--replication",
            metavar="N",
            min=0,
            help="With --battles: the battles of this replication, in order. With --formation: "
            "the diary of this replication.",
        ),
    ] = None,
    formation: Annotated[
        str | None,
        typer.Option(
            "--formation",
            metavar="ID",
            help="Show the diary of this formation in a finished run; SCENARIO is the run's "
            "folder, the replication the typical one or that of --replication.",
        ),
    ] = None,
    form: Annotated[
        Literal["svg"] | None,
        typer.Option(
            "--format",
            help="svg: draw the order of battle as a tree of military symbols into --out.",
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="FILE", help="With --format: file of the drawing."),
    ] = None,
    overwrite: OverwriteFiles = False,
    phase: PhaseName = None,
    variant: VariantName = None,
    overrides: Overrides = None,
    overlay: Overlay = None,
    without: Without = None,
    register: Register = None,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Show a scenario: forces, axes, variants, and how many numbers are cited or assumed.

    With KEY, explain where each value comes from. With --battles, SCENARIO is the folder of a
    finished run, and its battles are shown: by place, or with --replication one by one. With
    --formation it is one, too, and what befell the formation is shown day by day. With --format
    the order of battle is drawn.
    """
    if battles or formation is not None:
        others = {
            "KEY": key, "--quantities": quantities, "--resolved": resolved, "--phase": phase,
            "--variant": variant,
            "--set": overrides, "--set-file": overlay, "--without": without,
            "--register": register, "--format": form, "--out": out,
        }  # fmt: skip
        if formation is None:
            _show_battles(scenario, replication, others, quiet, as_json)
            return
        _refuse("--formation", {**others, "--battles": battles})
        _show_diary(scenario, formation, replication, quiet, as_json)
        return
    if replication is not None:
        from sandtable.errors import SandtableError

        raise SandtableError("--replication: allowed with --battles and --formation only")
    if (form is None) != (out is None):
        from sandtable.errors import SandtableError

        raise SandtableError("--format and --out: allowed together only")
    check_out(out, Path(scenario), overwrite=overwrite)
    from dataclasses import asdict

    import sandtable
    from sandtable.cli import reasons
    from sandtable.cli.output import print_json, print_lines
    from sandtable.scenario import describe, to_toml

    loaded = sandtable.load(
        scenario,
        overrides=overrides or (),
        overlay=overlay,
        phase=phase,
        variant=variant,
        without=without or (),
        register=register,
    ).scenario
    if form is not None and out is not None:
        _draw(loaded, out, quiet, as_json)
        return
    listed = list(loaded.quantities) if key is None else reasons.quantities(loaded, key)
    if resolved:
        say(to_toml(loaded.sampler.central(), loaded.quantities), end="")
        return
    description = describe(loaded)
    if as_json:
        told = reasons.Reasons(loaded)
        uses = [told.as_json(use) for use in listed]
        print_json({**asdict(description), "quantity": uses})
    elif quiet:
        print_lines(f"{kind} {count}" for kind, count in description.quantities.items())
    elif quantities:
        _print_quantities(loaded.name, listed)
    elif key is not None:
        reasons.Reasons(loaded).show(listed)
    else:
        _print_description(description, loaded.calendar, _law_inputs(loaded))


def _draw(scenario: Scenario, out: Path, quiet: bool, as_json: bool) -> None:
    """Draw the order of battle."""
    from sandtable.cli.output import print_json
    from sandtable.figures import order_of_battle_svg
    from sandtable.files import write_whole

    write_whole(out, order_of_battle_svg(scenario).encode())
    if as_json:
        print_json({"file": str(out)})
    else:
        say(out if quiet else f"written: {out}")


def _law_inputs(scenario: Scenario) -> str:
    """How many uncertain inputs the laws have, by what they were fitted on."""
    from sandtable.ensemble.replications import law_sampler_of

    laws = law_sampler_of(scenario.sampler)
    operations, planning = len(laws.operations.uncertain), len(laws.planning.uncertain)
    battles = len(laws.uncertain) - operations - planning
    return (
        f"uncertain in them: {battles} fitted on battles, {operations} on operations, "
        f"{planning} planning figures"
    )


def _show_battles(
    run: str, replication: int | None, others: Mapping[str, object], quiet: bool, as_json: bool
) -> None:
    from sandtable.cli.run_battles import RunBattles

    _refuse("--battles", others)
    RunBattles.of(Path(run)).show(replication, quiet=quiet, as_json=as_json)


def _show_diary(
    run: str, formation: str, replication: int | None, quiet: bool, as_json: bool
) -> None:
    from sandtable.campaign import open_run
    from sandtable.cli.replication import chosen
    from sandtable.cli.tell import print_told
    from sandtable.runs import check_intact
    from sandtable.story import diary

    check_intact(Path(run))
    opened = open_run(Path(run))
    number = chosen(opened, replication)
    told = diary(opened, opened.replay(number), formation)
    called = opened.campaign.scenario.sampler.central().formations_by_id[formation].name
    print_told(opened, number, told, about=called, quiet=quiet, as_json=as_json)


def _refuse(option: str, others: Mapping[str, object]) -> None:
    """Raise SandtableError for options that have no meaning beside another."""
    from sandtable.errors import SandtableError

    for name, value in others.items():
        if value:
            raise SandtableError(f"{option}: not allowed with {name}")


def _print_quantities(name: str, listed: Sequence[QuantityUse]) -> None:
    from sandtable.cli.output import print_table
    from sandtable.cli.reasons import reason_of, value_of

    rows = [
        (
            use.key,
            value_of(use),
            use.kind,
            reason_of(use),
        )
        for use in listed
    ]
    print_table(f"Quantities of {name}", ["key", "value>", "kind", "reason"], rows)


def _print_description(description: Description, calendar: Calendar, laws: str) -> None:
    from sandtable.calendar import moment_text
    from sandtable.cli.output import figure, print_table, print_wrapped

    d = description
    start, end = (moment_text(calendar.moment_of(day)) for day in (0.0, calendar.days))
    print_wrapped(f"{d.title} ({d.name})")
    say()
    print_wrapped(d.summary)
    say()
    counted = ", ".join(f"{count} {kind}" for kind, count in d.quantities.items())
    rows = [
        ("time", f"{start} to {end} ({figure(d.days)} days), UTC{calendar.h_hour:%z}"),
        *(
            (side.coalition or "side", f"{side.name}; army {side.army or 'unknown'}")
            for side in d.sides
        ),
        ("size", ", ".join(f"{count} {table}" for table, count in d.sizes.items())),
        ("quantities", f"{counted}; {d.facts} facts used"),
        ("uncertain", f"{d.uncertain} inputs, drawn anew in each replication"),
        ("laws", f"attrition {d.attrition}, opposed advance {d.advance}"),
        ("", laws),
        ("switched off", ", ".join(d.switched_off) or "no mechanism"),
    ]
    print_table("What it holds", ["", ""], rows)
    headings = ["formation", "type", "at", "personnel>", "tanks>", "guns>", "effectiveness>"]
    units = [row for top in d.order_of_battle for row in _unit_rows(top, 0)]
    print_table("Order of battle", headings, units, spare=("type", "effectiveness"))
    if d.phases:
        print_wrapped(_OF_FIRST_PHASE)
    headings = [
        "axis of advance",
        "first formation",
        "from",
        "to",
        "km>",
        "objectives",
    ]
    print_table("Axes of advance", headings, (_axis_row(axis, calendar) for axis in d.axes))
    if d.phases:
        headings = ["phase", "name", "from", "to", "attack", "men>", "tanks>"]
        told = (_phase_row(phase, calendar) for phase in d.phases)
        print_table("Phases", headings, told, spare=("name",))
    if d.variants:
        print_table("Variants", ["name", "question"], d.variants)


def _phase_row(phase: PhaseLine, calendar: Calendar) -> list[str]:
    from sandtable.calendar import moment_text
    from sandtable.cli.output import figure

    ends = [moment_text(calendar.moment_of(day)) for day in (phase.start_day, phase.end_day)]
    counts = [
        ", ".join(f"{side} {figure(count)}" for side, count in told.items() if count)
        for told in (phase.personnel, phase.tanks)
    ]
    return [phase.id, phase.name, *ends, ", ".join(phase.attackers) or figure(None), *counts]


def _unit_rows(unit: Unit, depth: int) -> Iterator[list[str]]:
    from sandtable.cli.output import figures

    counts = [
        figures(*unit.strength[name]) if name in unit.strength else ""
        for name in ("personnel", "tanks", "guns")
    ]
    value = "" if unit.effectiveness is None else figures(*unit.effectiveness)
    yield ["  " * depth + unit.name, unit.type, unit.start or "", *counts, value]
    for below in unit.below:
        yield from _unit_rows(below, depth + 1)


def _axis_row(axis: AxisLine, calendar: Calendar) -> list[str]:
    from sandtable.cli.output import figure

    planned = [
        f"{stage.place} ({calendar.dates_text(-inf, stage.planned_day)})"
        for stage in axis.stages
        if stage.planned_day is not None
    ]
    ends = [axis.stages[0].place, axis.stages[-1].place]
    return [axis.name, axis.formations[0], *ends, figure(axis.stages[-1].km), ", ".join(planned)]
