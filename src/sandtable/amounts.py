"""How much may be asked for, and why no more: whole numbers of replications, processes, seeds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sandtable.errors import SandtableError


@dataclass(frozen=True, slots=True)
class Amount:
    """The whole numbers from ``low`` to ``high``, and in words why there are no more."""

    low: int
    high: int
    why: str

    def __contains__(self, value: object) -> bool:
        return type(value) is int and self.low <= value <= self.high

    @property
    def allowed(self) -> str:
        """Say the range in words."""
        return f"a whole number from {self.low:,} to {self.high:,}, {self.why}"

    def fault(self, name: str, value: object) -> str | None:
        """Say what is wrong with a value under its name; None if nothing is."""
        if value in self:
            return None
        found = f"{value:,}" if isinstance(value, int) and abs(value) < 10**30 else repr(value)
        return f"{name}: found {found[:40]}; allowed: {self.allowed}"


REPLICATIONS = Amount(1, 10_000_000, "a thousand times what any question needs")
"""Of one ensemble, or of all points of a study together."""
DRAWS = Amount(2, 100_000, "for all of them are held in memory")
"""Of a forecast, a battle or an operation."""
REPEATS = Amount(1, 1_000, "more than tell anything apart")
"""Of a cross-validation."""
PART_SIZE = Amount(1, 10_000, "for a part is held in memory")
JOBS = Amount(1, 1_000, "for no machine has more cores")
SEED = Amount(0, 2**63 - 1, "what 64 bits hold")


def require(faults: Iterable[str | None]) -> None:
    """Raise SandtableError with every fault there is."""
    told = [fault for fault in faults if fault is not None]
    if told:
        raise SandtableError("\n".join(told))
