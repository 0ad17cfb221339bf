"""The list of verbs, and the group that loads the module of a verb only when it is called."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

# In the order of help. A line that is longer than these is cut off there.
VERBS = {
    "new": "Write a small campaign to start from.",
    "list": "List the shipped campaigns.",
    "show": "Show a scenario and its sources, or a run's battles.",
    "check": "Check a scenario or the evidence register.",
    "schema": "Print JSON Schemas for editors.",
    "run": "Run a campaign and compare it with the record.",
    "rerun": "Repeat a finished run or study, byte for byte.",
    "vary": "Run a campaign over values of chosen keys.",
    "sensitivity": "Find the inputs that drive an outcome's spread.",
    "calibrate": "Find key values consistent with the record.",
    "tell": "Tell what happened in one replication of a run.",
    "compare": "Compare a run with the record or other runs.",
    "report": "Write a run's report, a page that plays it.",
    "battle": "Foretell one battle; make a combat results table.",
    "export": "Write a run for a map or an ORBAT tool.",
    "import": "Make a scenario of an order of battle.",
    "cite": "List the sources a campaign uses.",
    "reproduce": "Recompute published results and compare.",
    "help": "Show the help of a verb.",
    "battles": "Fit, validate and apply the laws on battles.",
    "operations": "Play operations of other wars; predict, judge.",
}
_WORDS_OF_PYTHON = ("list", "import", "help")


class VerbGroup(TyperGroup):
    """Tells the verbs by name and line; what is called is loaded then."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        for name, line in VERBS.items():
            self.add_command(TyperCommand(name, short_help=line, rich_markup_mode=None))

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Return the verb itself, loaded, in place of its line."""
        name, _, rest = super().resolve_command(ctx, args)
        return name, name and loaded(name), rest


def loaded(name: str) -> Any:
    """Return the command of a verb, from its module."""
    home = f"{name}_" if name in _WORDS_OF_PYTHON else name
    module = import_module(f"sandtable.cli.{home}")
    app = getattr(module, "app", None)
    if app is None:
        app = typer.Typer(rich_markup_mode=None, add_completion=False)
        app.command(name, short_help=VERBS[name])(getattr(module, home))
    return typer.main.get_command(app)


def group(name: str, what: str) -> typer.Typer:
    """Return the application of a verb that has verbs of its own; ``what`` is its help."""
    app = typer.Typer(
        name=name, help=what, rich_markup_mode=None, no_args_is_help=True, add_completion=False
    )

    @app.callback()
    def _root() -> None:
        pass

    return app
