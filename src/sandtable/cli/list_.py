"""``sandtable list``: the campaigns that ship with the program."""

from __future__ import annotations

from sandtable.cli.options import Json, Quiet


def list_(quiet: Quiet = False, as_json: Json = False) -> None:
    """List the shipped campaigns."""
    from sandtable import scenario
    from sandtable.cli.output import print_json, print_lines, print_table

    found = scenario.available()
    if as_json:
        print_json([{"name": name, "title": title} for name, title in found])
    elif quiet:
        print_lines(name for name, _ in found)
    else:
        print_table("Campaigns", ["name", "title"], found)
