"""The mark of inputs that were fitted to the record: the reason given for their quantities.

The mark stands where the number stands, so that it goes wherever the number goes: from the file
for ``--set-file`` into every run, and into any scenario that the lines are copied to.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sandtable.scenario.quantities import QuantityUse

MARK = "fitted to the record: "
# A scenario's reasons end at 2000 characters.
_LONGEST = 1900


def fitted_because(claims: Sequence[str]) -> str:
    """Return the reason for a quantity that was fitted to the claims of these ids."""
    listed = list(claims)
    while len(", ".join(listed)) > _LONGEST:
        listed.pop()
    left_out = len(claims) - len(listed)
    return MARK + ", ".join([*listed, *([f"{left_out} more"] if left_out else [])])


def fitted_to(quantities: Iterable[QuantityUse]) -> list[str]:
    """Return the ids of the claims to which any of a scenario's quantities was fitted."""
    reasons = dict.fromkeys(use.because or "" for use in quantities)
    ids = [
        claim
        for because in reasons
        if because.startswith(MARK)
        for claim in because.removeprefix(MARK).split(", ")
    ]
    return list(dict.fromkeys(ids))


def fitted_warning(manifest: Mapping[str, Any]) -> str | None:
    """Return what must be said beside a run's results if it was fitted, else None."""
    claims = manifest.get("fitted_to") or []
    if not claims:
        return None
    listed = ", ".join(claims)
    return f"{MARK}{listed}; agreement with these claims was fitted and is no test"
