"""Columns of the battle table: what may stand in each, and which hold results.

Names and units are those of the table's own description.
"""

import re
from dataclasses import dataclass

from sandtable.laws.circumstances import COVERS, POSTURES, TERRAINS
from sandtable.laws.coefficients import SIDES
from sandtable.scenario.measures import MOST

OUTCOMES = ("attacker", "draw", "defender")

# Python would also read 12_000, and digits of other scripts.
PLAIN_NUMBER = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?")

LEAST = 0.001
"""Of a time in days, a length in km or a count that can't be nothing: a minute and a half, a metre.
Less is a slip, of which shares and rates would come to be without measure."""
_SORTIES = 10_000_000
_PERCENT = 1_000


@dataclass(frozen=True, slots=True)
class Numbers:
    """A column of numbers within [low, high]; whole if `whole`.

    Of persons if nothing else is said: of nothing in a table is there more.
    """

    low: float = 0.0
    high: float = MOST["person"]
    whole: bool = False
    required: bool = False

    def allowed(self) -> str:
        """What may stand in the column, in words."""
        kind = "a whole number" if self.whole else "a number"
        return f"{kind} from {_plain(self.low)} to {_plain(self.high)}"

    def read(self, cell: str) -> float | None:
        """The number, or None if it is not allowed."""
        if not PLAIN_NUMBER.fullmatch(cell):
            return None
        value = float(cell)
        inside = self.low <= value <= self.high
        return value if inside and not (self.whole and value != int(value)) else None


def _plain(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:g}"


@dataclass(frozen=True, slots=True)
class Words:
    """A column of words: one of `allowed`, or any text if that is empty."""

    allowed: tuple[str, ...] = ()
    required: bool = False


_JUDGED = ("combat_effectiveness", "leadership", "training", "morale", "logistics", "momentum",
           "intelligence", "technology", "initiative")  # fmt: skip


def _columns() -> dict[str, Numbers | Words]:
    counts = {
        "tanks": MOST["tank"], "tank_losses": MOST["tank"], "guns": MOST["gun"],
        "gun_losses": MOST["gun"], "air_sorties": _SORTIES, "aircraft_losses": MOST["aircraft"],
        "cavalry": MOST["person"],
    }  # fmt: skip
    persons = Numbers(whole=True, required=True)
    spec: dict[str, Numbers | Words] = {"cdb90_id": Words(required=True)}
    spec |= dict.fromkeys(("parent_id", "battle", "war", "campaign", "start"), Words())
    spec |= {
        "duration_days": Numbers(LEAST, MOST["day"], required=True),
        "duration_days_low": Numbers(high=MOST["day"]),
        "duration_days_high": Numbers(high=MOST["day"]),
    }
    for side in SIDES:
        spec |= {f"{side}_actor": Words(), f"{side}_force": Words()}
        spec |= {f"{side}_strength": persons, f"{side}_casualties": persons}
        for field in ("strength", "casualties"):
            spec[f"{side}_{field}_error_low_pct"] = Numbers(low=-100.0, high=0.0)
            spec[f"{side}_{field}_error_high_pct"] = Numbers(high=_PERCENT)
        spec |= {
            f"{side}_{field}": Numbers(high=most, whole=True) for field, most in counts.items()
        }
        spec[f"{side}_front_km"] = Numbers(LEAST, MOST["km"])
    spec["attacker_advance_km"] = Numbers(-MOST["km"], MOST["km"])
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
