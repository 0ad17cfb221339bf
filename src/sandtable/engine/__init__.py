"""The engine: a campaign as a discrete-event simulation."""

from sandtable.engine.battle_record import BattleRow
from sandtable.engine.campaign import STEP_DAYS, Run
from sandtable.engine.events import Event
from sandtable.engine.phases import PhasesReporter, reporter_of, run
from sandtable.engine.reporting import Reporter

__all__ = [
    "STEP_DAYS",
    "BattleRow",
    "Event",
    "PhasesReporter",
    "Reporter",
    "Run",
    "reporter_of",
    "run",
]
