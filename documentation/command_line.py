"""docs/reference/command-line.md: every verb with its arguments and options, from the program."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import Any

import typer

from sandtable.cli.app import app

_INTRODUCTION = """
# The command line

Every verb takes `--help`, `--quiet` (the bare result alone) and `--json`. Tables adapt to the
width of the terminal, never cut a number, and name the columns that they have no room for.
`sandtable --install-completion` adds completion of verbs, options, scenarios, variants,
mechanisms and keys to bash, zsh or fish.

| exit code | meaning |
|---|---|
| 0 | done |
| 1 | replications failed, or a goal such as `--until-error` was not reached |
| 2 | bad input; every fault is told with file, key, what was found and what is allowed |
| 130 | interrupted; what is done is kept, and `--resume` goes on |

This page is generated from the program: `sandtable help VERB` says the same.
"""


def render_markdown() -> str:
    """Return the page."""
    lines = [*_INTRODUCTION.strip().splitlines(), ""]
    for command, words in _commands(typer.main.get_command(app), ("sandtable",)):
        name = " ".join(words)
        context = command.make_context(name, [], resilient_parsing=True)
        prose = inspect.cleandoc(command.help or "").splitlines()
        usage = [name, *command.collect_usage_pieces(context)]
        lines += [f"## `{name.partition(' ')[2]}`", "", *prose, ""]
        lines += ["```", " ".join(usage), "```", "", *_tables(command, context)]
    return "\n".join(lines).rstrip() + "\n"


def _commands(command: Any, words: tuple[str, ...]) -> Iterator[tuple[Any, tuple[str, ...]]]:
    """Yield every verb below a group, in the order in which help lists them."""
    context = command.make_context(words[-1], [], resilient_parsing=True)
    for listed in command.list_commands(context):
        name, inner, _ = command.resolve_command(context, [listed])
        if hasattr(inner, "commands"):
            yield from _commands(inner, (*words, name))
        else:
            yield inner, (*words, name)


def _tables(command: Any, context: Any) -> Iterator[str]:
    """A table of arguments and one of options, as help tells of them."""
    for kind in ("argument", "option"):
        params = [param for param in command.params if param.param_type_name == kind]
        rows = [param.get_help_record(context) for param in params if not param.hidden]
        if rows:
            yield from (f"| {kind} | meaning |", "|---|---|")
            yield from (f"| `{_cell(name)}` | {_meaning(text)} |" for name, text in rows)
            yield ""


def _meaning(text: str) -> str:
    """Return a line of help, its default and limits, which stand in brackets, as code.

    What is needed is in braces already.
    """
    told, _, more = _cell(text).partition("  [")
    parts = [f"`{part}`" for part in more.removesuffix("]").split("; ") if part]
    shown = "; ".join(part for part in parts if part != "`required`")
    return f"{told} ({shown})" if shown else told


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
