"""Columns of the battle table: what may stand in each, and which hold results.

Names and units are those of the table's own description.
"""

import re
from dataclasses import dataclass
from math import inf, isfinite

from sandtable.laws.circumstances import COVERS, POSTURES, TERRAINS
from sandtable.laws.coefficients import SIDES

OUTCOMES = ("attacker", "draw", "defender")

# Python would also read 12_000, and digits of other scripts.
PLAIN_NUMBER = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?")


@dataclass(frozen=True, slots=True)
class Numbers:
    """A column of numbers within [low, high], or above low if `open`; whole if `whole`."""

    low: float = 0.0
    high: float = inf
    whole: bool = False
    open: bool = False
    required: bool = False

    def allowed(self) -> str:
        """What may stand in the column, in words."""
        kind = "a whole number" if self.whole else "a number"
        if self.open:
            return f"{kind} above {self.low:g}"
        if self.low == -inf:
            return kind
        return f"{kind} from {self.low:g}" + ("" if self.high == inf else f" to {self.high:g}")

    def read(self, cell: str) -> float | None:
        """The number, or None if it is not allowed."""
        if not PLAIN_NUMBER.fullmatch(cell):
            return None
        value = float(cell)
        inside = isfinite(value) and self.low <= value <= self.high
        wrong = not inside or (self.open and value == self.low)
        return None if wrong or (self.whole and value != int(value)) else value


@dataclass(frozen=True, slots=True)
class Words:
    """A column of words: one of `allowed`, or any text if that is empty."""

    allowed: tuple[str, ...] = ()
    required: bool = False


_JUDGED = ("combat_effectiveness", "leadership", "training", "morale", "logistics", "momentum",
           "intelligence", "technology", "initiative")  # fmt: skip


def _columns() -> dict[str, Numbers | Words]:
    count, persons = Numbers(whole=True), Numbers(whole=True, required=True)
    spec: dict[str, Numbers | Words] = {"cdb90_id": Words(required=True)}
    spec |= dict.fromkeys(("parent_id", "battle", "war", "campaign", "start"), Words())
    spec |= {
        "duration_days": Numbers(open=True, required=True),
        "duration_days_low": Numbers(),
        "duration_days_high": Numbers(),
    }
    for side in SIDES:
        spec |= {f"{side}_actor": Words(), f"{side}_force": Words()}
        spec |= {f"{side}_strength": persons, f"{side}_casualties": persons}
        for field in ("strength", "casualties"):
            spec[f"{side}_{field}_error_low_pct"] = Numbers(low=-100.0, high=0.0)
            spec[f"{side}_{field}_error_high_pct"] = Numbers()
        counts = ("tanks", "tank_losses", "guns", "gun_losses", "air_sorties", "aircraft_losses")
        spec |= {f"{side}_{field}": count for field in (*counts, "cavalry")}
        spec[f"{side}_front_km"] = Numbers(open=True)
    spec["attacker_advance_km"] = Numbers(low=-inf)
    spec["defender_posture"] = Words(POSTURES, required=True)
    spec["terrain"] = Words(TERRAINS)
    spec["cover"] = Words(COVERS)
    spec["weather"] = Words(("dry", "wet"))
    spec["attacker_surprise_advantage"] = Numbers(low=-3.0, high=3.0, whole=True)
    spec["attacker_air_superiority_advantage"] = Numbers(low=-1.0, high=1.0, whole=True)
    for judgement in _JUDGED:
        spec[f"attacker_{judgement}_advantage"] = Numbers(low=-4.0, high=4.0, whole=True)
    spec["outcome"] = Words(OUTCOMES, required=True)
    return spec


COLUMNS = _columns()

_LOST = ("casualties", "casualties_error_low_pct", "casualties_error_high_pct", "tank_losses",
         "gun_losses", "aircraft_losses")  # fmt: skip
RESULTS = frozenset(
    {f"{side}_{field}" for side in SIDES for field in _LOST}
    | {f"attacker_{judgement}_advantage" for judgement in _JUDGED}
    | {"attacker_advance_km", "outcome"}
)
"""Columns known only when the battle is over: what was lost and gained, who won, and the
coders' judgements made in its light. No prediction may read them."""
