"""The simulated clock: SimPy's environment, with an account of what is scheduled on it."""

from __future__ import annotations

from collections.abc import Callable
from math import isinf
from typing import TypeVarTuple

import simpy
from simpy.core import SimTime
from simpy.events import NORMAL, EventPriority

What = TypeVarTuple("What")


class Clock(simpy.Environment):
    """Time in days from H-hour; ``scheduled`` counts the events put on the calendar so far."""

    def __init__(self) -> None:
        super().__init__()
        self._events: list[simpy.Event] = []

    @property
    def scheduled(self) -> int:
        """Number of events that have been put on the calendar."""
        return len(self._events)

    def schedule(
        self, event: simpy.Event, priority: EventPriority = NORMAL, delay: SimTime = 0
    ) -> None:
        """Put an event on the calendar."""
        self._events.append(event)
        super().schedule(event, priority, delay)

    def after(self, days: float, action: Callable[[*What], None], *what: *What) -> None:
        """Let ``action(*what)`` happen when ``days`` have passed."""
        timeout = self.timeout(days)
        assert timeout.callbacks is not None
        timeout.callbacks.append(lambda _: action(*what))

    def close(self) -> None:
        """Empty the calendar without letting anything more happen.

        Events that never came hold the processes that wait for them, and those hold the world.
        """
        for event in self._events:
            if not event.processed:
                event.callbacks.clear()
        while not isinf(self.peek()):
            self.step()
        self._events.clear()
