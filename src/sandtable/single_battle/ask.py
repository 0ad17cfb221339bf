"""A battle, and a table of battles, from what a person types."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any

from sandtable.errors import SandtableError, nearest
from sandtable.single_battle.case import BattleCase, Setting
from sandtable.single_battle.dice import die_named
from sandtable.single_battle.forces import force_of
from sandtable.single_battle.forecast import REPLICATIONS, BattleForecast, forecast
from sandtable.single_battle.results_table import ODDS, CombatResultsTable, results_table

Told = str | Mapping[str, object]
"""A force in words, ``men=12000,tanks=80`` or a mapping of the same, or SCENARIO:FORMATION."""


def case_of(attacker: Told, defender: Told, **setting: Any) -> BattleCase:
    """Return the battle of two forces; ``setting`` are fields of `Setting`.

    Raises InputError for words and values that the laws don't know.
    """
    names = [field.name for field in fields(Setting)]
    for name in setting:
        if name not in names:
            near = nearest(name, names)
            hint = f"; did you mean '{near}'?" if near else ""
            raise SandtableError(f"battle: found '{name}'; allowed: {', '.join(names)}{hint}")
    circumstances = Setting(**setting)
    return BattleCase(force_of(attacker, "ATTACKER"), force_of(defender, "DEFENDER"), circumstances)


def battle(
    attacker: Told, defender: Told, *, replications: int = REPLICATIONS, seed: int = 1,
    jobs: int = 1, **setting: Any,
) -> BattleForecast:  # fmt: skip
    """Foretell one battle by the campaign's engine and the fitted laws.

    Parameters
    ----------
    attacker, defender
        Words such as ``"men=12000,tanks=80,quality=0.8"``, a mapping of the same, or
        ``"SCENARIO:FORMATION"``.
    replications, seed, jobs
        Number of draws, seed of all streams, number of processes. Two calls with one seed share
        their draws, and their difference is paired.
    setting
        Circumstances: fields of `Setting`, for instance ``posture="prepared"``.
    """
    case = case_of(attacker, defender, **setting)
    return forecast([case], replications, seed, jobs)[0]


def combat_results_table(
    attacker: Told, defender: Told, *, odds: Sequence[str] = ODDS, die: str = "1d6",
    replications: int = REPLICATIONS, seed: int = 1, jobs: int = 1, **setting: Any,
) -> CombatResultsTable:  # fmt: skip
    """Return a combat results table with the defender as its base.

    The attacker tells what the attack is made of and is scaled to each of the ``odds`` of
    effective strength (men times quality). The other arguments are those of `battle`.
    """
    case = case_of(attacker, defender, **setting)
    return results_table(case, odds, die_named(die), replications, seed, jobs)
