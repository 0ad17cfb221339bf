"""What a battle's numbers rest on: laws, the battles they are fitted on, how well they foretell."""

from __future__ import annotations

import csv
from functools import lru_cache
from math import exp
from typing import NamedTuple

from sandtable.laws.coefficients import load_coefficients
from sandtable.shipped import law_scores
from sandtable.single_battle.case import BattleCase

_SCHEME, _BATTLES = "leave one war out", "all"


class LawScore(NamedTuple):
    """How a law did on battles of wars that it was not fitted on."""

    quantity: str
    law: str
    measure: str
    value: float
    n: int


def scores_of(case: BattleCase) -> list[LawScore]:
    """The validation scores of the laws that a battle is played by, one war left out at a time."""
    setting = case.setting
    laws = {
        "attacker casualties": setting.attrition, "defender casualties": setting.attrition,
        "advance": setting.advance, "attacker wins": "fitted",
    }  # fmt: skip
    return [score for score in _scores() if laws.get(score.quantity) == score.law]


@lru_cache(maxsize=1)
def _scores() -> tuple[LawScore, ...]:
    with law_scores().open(encoding="utf-8", newline="") as stream:
        return tuple(
            LawScore(r["quantity"], r["law"], r["measure"], float(r["value"]), int(r["n"]))
            for r in csv.DictReader(stream)
            if (r["scheme"], r["battles"]) == (_SCHEME, _BATTLES)
        )


def sources(case: BattleCase) -> list[str]:
    """Sentences that say by which laws a battle is played and how far to trust them."""
    laws, setting = load_coefficients(), case.setting
    first, last = (laws.meta[f"{which}_battle"][:4] for which in ("first", "last"))
    at = {(s.quantity, s.measure): s.value for s in scores_of(case)}
    off = [exp(at[f"{side} casualties", "rms"]) for side in ("attacker", "defender")]
    inside = [at[f"{side} casualties", "inside 90"] for side in ("attacker", "defender")]
    return [
        f"Laws: attrition `{setting.attrition}`, advance `{setting.advance}`, the odds and the "
        f"pace of a decision, as sandtable's campaigns play them. Fitted on {laws.meta['rows']} "
        f"battles of {first} to {last} derived from the CDB90 data base; coefficients "
        f"{laws.digest[:12]}.",
        "On battles of wars left out of the fit, casualties are typically off by a factor of "
        f"{off[0]:.1f} (attacker) and {off[1]:.1f} (defender), and {inside[0]:.0%} and "
        f"{inside[1]:.0%} of them lie within the middle 90 percent foretold; the winner is "
        f"foretold in {at['attacker wins', 'accuracy']:.0%} of cases.",
    ]
