"""Which replication of a run a command shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandtable.errors import SandtableError

if TYPE_CHECKING:
    from sandtable.campaign import CampaignRun


def chosen(run: CampaignRun, number: int | None, typical: bool = False) -> int:
    """Return the number that is asked for; without one, that of the typical replication.

    Raises SandtableError if both are asked for, and where no replication is typical.
    """
    if number is not None and typical:
        raise SandtableError("--typical: not allowed with --replication")
    if number is not None:
        return number
    if "typical" not in run.named:
        raise SandtableError("--typical: found no outcome that tells which; allowed: --replication")
    return run.named["typical"]
