"""The engine: a campaign as a discrete-event simulation."""

from sandtable.engine.accounts import Accounts
from sandtable.engine.campaign import STEP_DAYS, Run, run
from sandtable.engine.events import Event

__all__ = ["STEP_DAYS", "Accounts", "Event", "Run", "run"]
