"""The engine: a campaign as a discrete-event simulation."""

from sandtable.engine.battle_record import BattleRow
from sandtable.engine.campaign import STEP_DAYS, Run, run
from sandtable.engine.events import Event
from sandtable.engine.reporting import Reporter

__all__ = ["STEP_DAYS", "BattleRow", "Event", "Reporter", "Run", "run"]
