"""``sandtable vary``: a campaign at many points of chosen keys, on the same random draws."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from sandtable.cli import completion
from sandtable.cli.figures import drawing
from sandtable.cli.loading import PointsLoaded
from sandtable.cli.options import (
    Format,
    Jobs,
    Json,
    KeepFailures,
    NoFigures,
    Out,
    OutcomeNames,
    Overlay,
    Overrides,
    Overwrite,
    PhaseName,
    Quiet,
    Register,
    Resume,
    ScenarioName,
    Scheduler,
    Seed,
    VariantName,
    Without,
    cores,
)
from sandtable.cli.output import say
from sandtable.cli.progress import ensemble_progress

if TYPE_CHECKING:
    from sandtable.calendar import Calendar
    from sandtable.studies.vary import VaryResult, VaryStudy


def vary(
    scenario: ScenarioName,
    keys: Annotated[
        list[str],
        typer.Argument(
            metavar="KEY=VALUES",
            help="A key and its values: a list 0.3,0.5 or a range with steps 0.3..0.9:7. With "
            "--design lhs or sobol: a range 0.3..0.9, uniform(a,b), normal(a,b), "
            "triangular(a,b,c) or loguniform(a,b). Dates work the same way: "
            "1939-08-20T05:45..1939-08-22:3. Also variant=base,NAME and without=none,A,A+B, or "
            "all for each in turn.",
            autocompletion=completion.keys,
        ),
    ],
    design: Annotated[
        str,
        typer.Option("--design", metavar="NAME", help="Design of the points: grid, lhs or sobol."),
    ] = "grid",
    points: Annotated[
        int | None,
        typer.Option("--points", metavar="N", help="Number of points of an lhs or sobol design."),
    ] = None,
    replications: Annotated[
        int,
        typer.Option("--replications", "-n", metavar="N", min=1, help="Replications per point."),
    ] = 200,
    seed: Seed = 1,
    jobs: Jobs = None,
    scheduler: Scheduler = None,
    outcomes: OutcomeNames = None,
    phase: PhaseName = None,
    variant: VariantName = None,
    overrides: Overrides = None,
    overlay: Overlay = None,
    without: Without = None,
    register: Register = None,
    out: Out = None,
    resume: Resume = False,
    overwrite: Overwrite = False,
    keep_failures: KeepFailures = False,
    no_figures: NoFigures = False,
    form: Format = "png",
    verbose: Annotated[
        bool,
        typer.Option(
            "--verbose", "-v", help="Also show every outcome at every point, and every claim."
        ),
    ] = False,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Run a campaign over values of chosen keys and show how its outcomes and verdicts change."""
    from sandtable import Request, RunOptions, Settings
    from sandtable.studies.vary import VarySpecification, VaryStudy

    request = Request(
        scenario,
        tuple(overrides or ()),
        overlay,
        variant,
        tuple(without or ()),
        register,
        phase,
    )
    settings = Settings(replications, seed, jobs or cores(), scheduler=scheduler)
    asked = VarySpecification(tuple(keys), design, points, tuple(outcomes or ()))
    with PointsLoaded(quiet) as loaded:
        study = VaryStudy(request, settings, asked, on_point=loaded.add)
    folder = out or study.folder
    with ensemble_progress(study.total, folder, quiet) as shown:
        options = RunOptions(
            resume=resume,
            overwrite=overwrite,
            keep_failures=keep_failures,
            draw=None if no_figures else drawing("vary", form),
            on_part=shown.add,
            on_resumed=shown.resumed,
            on_damage=shown.damaged,
        )
        done = study.run(folder, options)
    _report(done, study, verbose=verbose, quiet=quiet, as_json=as_json)


def _report(
    done: VaryResult, study: VaryStudy, *, verbose: bool, quiet: bool, as_json: bool
) -> None:
    from sandtable.cli.output import print_json, print_wrapped
    from sandtable.studies.vary.brief import in_brief

    keys = [dimension.key for dimension in study.dimensions]
    brief = in_brief(done.table, keys)
    for warning in [] if quiet else done.warnings:
        say(f"warning: {warning}", err=True)
    if as_json:
        said = {"fitted_to": done.fitted_to, "warnings": done.warnings, "brief": brief}
        print_json({"folder": str(done.path), **said, "answers": done.answers, "table": done.table})
        return
    if quiet:
        say(done.path)
        return
    for line in brief:
        print_wrapped(line)
    if verbose:
        say()
        _table(done, keys, study.campaign.scenario.calendar)
        for line in done.answers:
            print_wrapped(line)
    else:
        print_wrapped(
            "--verbose shows every outcome at every point, and every claim; see also answer.txt"
        )
    say(f"written to {done.path}")


def _table(done: VaryResult, keys: list[str], calendar: Calendar) -> None:
    """Print each outcome at each point, with its paired change from the first point."""
    from sandtable.cli.output import figure, print_table
    from sandtable.cli.tables import value_text

    seen = set[tuple[object, object]]()
    rows = list[list[str]]()
    for row in done.table:
        # One line an outcome and point, however many claims it has.
        place = (row["outcome"], row["point"])
        if place in seen:
            continue
        seen.add(place)
        name = str(row["outcome"])
        spread = (value_text(name, float(row[q]), calendar) for q in ("p05", "p50", "p95"))
        change = (figure(float(row[name])) for name in ("difference", "difference_mc_error"))
        rows.append(
            [
                name,
                *(str(row[key]) for key in keys),
                str(row["unit"]),
                *spread,
                *change,
                f"{float(row['came_about']):.0%}",
            ]
        )
    headings = ["unit", "p05>", "median>", "p95>", "change>", "MC error>", "occurs>"]
    title = "Each outcome at each point; change is paired, from the first point"
    print_table(title, ["outcome", *keys, *headings], rows, spare=("occurs",))
