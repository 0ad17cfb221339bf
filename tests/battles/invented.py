"""Invented battles of invented wars, whose laws are known."""

from __future__ import annotations

import csv
from math import exp, log
from pathlib import Path
from typing import Any

import numpy as np

Row = dict[str, Any]

SD = 0.5
"""Spread of ln casualties and ln km of one battle about the law."""


def battles(n: int = 240, wars: int = 12, seed: int = 5) -> list[Row]:
    """Battles in which own casualties are exp(war) own^0.8 days^0.6 exp(SD z) / 20.

    The attacker wins with odds (attacker / defender)^2, one battle in ten is drawn; he gains
    3 (days)^0.7 exp(SD z) km, but nothing in one battle of five that he doesn't win.
    """
    rng = np.random.default_rng(seed)
    effects = {side: rng.normal(0.0, 0.4, wars) for side in ("attacker", "defender")}
    rows = []
    for i in range(n):
        war = i % wars
        strengths = dict(zip(effects, np.exp(rng.uniform(9, 11, 2)).round().tolist(), strict=True))
        days = float(rng.integers(1, 20)) / 2
        odds = (strengths["attacker"] / strengths["defender"]) ** 2
        won = "draw" if rng.random() < 0.1 else (
            "attacker" if rng.random() < odds / (1 + odds) else "defender"
        )  # fmt: skip
        row: Row = {
            "cdb90_id": f"b{i}", "war": f"war {war}", "start": f"{1925 + 5 * war}-05-10",
            "duration_days": days, "defender_posture": ("hasty", "prepared")[i % 2],
            "attacker_surprise_advantage": int(rng.integers(0, 4)), "outcome": won,
        }  # fmt: skip
        for side, strength in strengths.items():
            middle = effects[side][war] + 0.8 * log(strength) + 0.6 * log(days) - log(20)
            row[f"{side}_strength"] = int(strength)
            row[f"{side}_casualties"] = max(1, round(exp(middle + SD * rng.standard_normal())))
        gained = 3 * days**0.7 * exp(SD * rng.standard_normal())
        row["attacker_advance_km"] = 0 if won != "attacker" and rng.random() < 0.2 else gained
        rows.append(row)
    return rows


def write(path: Path, rows: list[Row], without: frozenset[str] = frozenset()) -> Path:
    """Write rows as a battle table, leaving out some columns."""
    names = [name for name in dict.fromkeys(n for row in rows for n in row) if name not in without]
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, names, restval="", extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)
    return path
