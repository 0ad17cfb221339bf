"""One battle by itself: what the campaign's engine makes of two forces, and tables of it."""

from sandtable.single_battle.ask import battle, case_of, combat_results_table
from sandtable.single_battle.case import POSTURES, SURPRISES, BattleCase, Setting
from sandtable.single_battle.dice import Die, die_named
from sandtable.single_battle.forces import Force, force_of
from sandtable.single_battle.forecast import BattleForecast, Estimate
from sandtable.single_battle.results_table import Cell, Column, CombatResultsTable, odds_named

__all__ = [
    "POSTURES",
    "SURPRISES",
    "BattleCase",
    "BattleForecast",
    "Cell",
    "Column",
    "CombatResultsTable",
    "Die",
    "Estimate",
    "Force",
    "Setting",
    "battle",
    "case_of",
    "combat_results_table",
    "die_named",
    "force_of",
    "odds_named",
]
