"""``sandtable tell``: the story of one replication of a run, in dated sentences."""

from __future__ import annotations

from math import inf
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from sandtable.cli.options import Json, OverwriteFiles, Quiet, ReplicationNumber, Typical

if TYPE_CHECKING:
    from sandtable.calendar import Calendar
    from sandtable.campaign import CampaignRun
    from sandtable.story import Paragraph


def tell(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="Folder of a finished run.")],
    replication: ReplicationNumber = None,
    typical: Typical = False,
    fastest: Annotated[bool, typer.Option("--fastest", help="Tell the fastest.")] = False,
    costliest: Annotated[bool, typer.Option("--costliest", help="Tell the costliest.")] = False,
    nearest: Annotated[
        bool, typer.Option("--nearest", help="Tell the one nearest to the record.")
    ] = False,
    first: Annotated[
        str | None,
        typer.Option(
            "--from",
            metavar="DAY",
            help="From this date (1945-08-12) or day of the campaign (4; 1 is that of H-hour) on.",
        ),
    ] = None,
    last: Annotated[
        str | None,
        typer.Option("--to", metavar="DAY", help="Up to this date or day, which is still told."),
    ] = None,
    formation: Annotated[
        str | None,
        typer.Option("--formation", metavar="ID", help="Only this formation and those below it."),
    ] = None,
    axis: Annotated[
        str | None, typer.Option("--axis", metavar="ID", help="Only the column on this axis.")
    ] = None,
    form: Annotated[
        Literal["text", "markdown"], typer.Option("--format", help="text or markdown.")
    ] = "text",
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Write the story to this file.")
    ] = None,
    overwrite: OverwriteFiles = False,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Tell what happened in one replication of a run, beside what the record says of it.

    A replication is one possible course of the campaign, no average: `compare` tells how often
    something happens. With --quiet only dates and bare facts are printed.
    """
    from sandtable.campaign import open_run
    from sandtable.cli.out_file import check_out
    from sandtable.cli.replication import chosen
    from sandtable.errors import SandtableError
    from sandtable.runs import check_intact
    from sandtable.story import Extent, story

    check_out(out, overwrite=overwrite)
    check_intact(run)
    opened = open_run(run)
    asked = {
        "typical": typical, "fastest": fastest, "costliest": costliest,
        "nearest to the record": nearest,
    }  # fmt: skip
    number = chosen(opened, replication, [name for name, wanted in asked.items() if wanted])
    calendar = opened.campaign.scenario.calendar
    span = _day(calendar, first, "--from", -inf), _day(calendar, last, "--to", inf)
    if span[0] >= span[1]:
        raise SandtableError(f"--to: found {last}; allowed: {first}, as --from has it, or later")
    told = story(opened, opened.replay(number), Extent(*span, formation, axis))
    print_told(opened, number, told, form=form, out=out, quiet=quiet, as_json=as_json)


def print_told(
    run: CampaignRun, number: int, told: list[Paragraph], *, quiet: bool,
    as_json: bool, about: str = "", form: str = "text", out: Path | None = None,
) -> None:  # fmt: skip
    """Print a story, or that of one formation, what it is ``about``; or write it to a file."""
    import json

    from sandtable.cli.fitted import fitted_fields, warn_if_fitted
    from sandtable.cli.output import print_json, print_wrapped, say
    from sandtable.cli.replication import called
    from sandtable.files import write_whole
    from sandtable.runs import title_told
    from sandtable.story.text import as_json as story_json
    from sandtable.story.text import facts, markdown_lines, text_lines

    name = called(run, number)
    if as_json:
        data = {
            "replication": number, "name": name, "paragraphs": story_json(told),
            **fitted_fields(run.manifest),
        }  # fmt: skip
        if out is None:
            print_json(data)
        else:
            write_whole(out, (json.dumps(data, indent=2, ensure_ascii=False) + "\n").encode())
        return
    which = f"replication {number}" + (f", {name}" if name else "")
    title = f"{about + ': ' if about else ''}{title_told(run.manifest)}: {which}"
    if quiet:
        lines = list(facts(told))
    else:
        lines = list((markdown_lines if form == "markdown" else text_lines)(title, told))
        warn_if_fitted(run.manifest)
    if out is not None:
        write_whole(out, "".join(f"{line}\n" for line in lines).encode())
        if not quiet:
            say(f"written to {out}")
        return
    for line in lines:
        print_wrapped(line)


_DIGITS = 9
"""Of the number of a day: more of them are beyond any campaign."""


def _day(calendar: Calendar, text: str | None, option: str, absent: float) -> float:
    """Return the start of a day that is written as its date or its number, for --to its end."""
    from sandtable.calendar import parse_latest_moment, parse_moment
    from sandtable.errors import QuantityError, SandtableError

    if text is None:
        return absent
    last = option == "--to"
    if text.isascii() and text.isdigit():
        number = int(text[:_DIGITS])
        if not 1 <= number <= calendar.calendar_days:
            raise SandtableError(
                f"{option}: found day {text}; allowed: 1 to {calendar.calendar_days}, or a date"
            )
        return calendar.end_of_day(number if last else number - 1)
    try:
        parse = parse_latest_moment if last else parse_moment
        day = calendar.day_of(parse(text, calendar.zone))
    except QuantityError as error:
        raise SandtableError(f"{option}: {error}, or the number of a day") from None
    if not (day if last else day + 1.0) > 0.0 or (not last and day > calendar.days):
        dates = [f"{calendar.moment_of(at):%Y-%m-%d}" for at in (0.0, calendar.days)]
        raise SandtableError(f"{option}: found {text}; allowed: from {dates[0]} to {dates[1]}")
    return day
