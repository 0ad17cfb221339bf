"""Which replication of a run a command shows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sandtable.errors import SandtableError

if TYPE_CHECKING:
    from sandtable.campaign import CampaignRun

TYPICAL = "typical"


def chosen(run: CampaignRun, number: int | None, names: Sequence[str] = ()) -> int:
    """Return the number that is asked for, by itself or by one of the run's ``names``.

    Without any that is the typical replication. Raises SandtableError if more than one is asked
    for, and where none of the run's has the name.
    """
    options = [_option(name) for name in names] + (["--replication"] if number is not None else [])
    if len(options) > 1:
        raise SandtableError(f"{options[0]}: not allowed with {options[1]}")
    if number is not None:
        return number
    name = names[0] if names else TYPICAL
    if name not in run.named:
        raise SandtableError(
            f"{_option(name)}: found no outcome that tells which; allowed: --replication"
        )
    return run.named[name]


def called(run: CampaignRun, number: int) -> str:
    """Return the names of a replication, and an empty text for one that has none."""
    return ", ".join(name for name, named in run.named.items() if named == number)


def _option(name: str) -> str:
    """The option for a name, ``--nearest`` for the one nearest to the record."""
    return f"--{name.partition(' ')[0]}"
