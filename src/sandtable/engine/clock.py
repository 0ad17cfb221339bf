"""The simulated clock: SimPy's environment, with an account of what is scheduled on it."""

from __future__ import annotations

from collections.abc import Callable, Generator
from heapq import heappush
from typing import TypeVarTuple

import simpy
from simpy.core import SimTime
from simpy.events import NORMAL, EventPriority

What = TypeVarTuple("What")


class Clock(simpy.Environment):
    """Time in days from H-hour; ``scheduled`` counts the events put on the calendar so far."""

    def __init__(self) -> None:
        super().__init__()
        self.scheduled = 0

    def schedule(
        self, event: simpy.Event, priority: EventPriority = NORMAL, delay: SimTime = 0
    ) -> None:
        """Put an event on the calendar, after those of the same moment and priority."""
        heappush(self._queue, (self._now + delay, priority, self.scheduled, event))
        self.scheduled += 1

    def after(self, days: float, action: Callable[[*What], None], *what: *What) -> None:
        """Let ``action(*what)`` happen when ``days`` have passed."""
        timeout = simpy.Timeout(self, days)
        assert timeout.callbacks is not None
        timeout.callbacks.append(lambda _: action(*what))

    def pause(self, days: float) -> Generator[simpy.Event, None, bool]:
        """Process: let days pass; whether all of them did, or an interrupt came before."""
        try:
            yield self.timeout(days)
        except simpy.Interrupt as interrupt:
            # From Python 3.13 on its traceback holds the frames that hold it, and so the world.
            interrupt.__traceback__ = None
            return False
        return True

    def close(self) -> None:
        """Empty the calendar without letting anything more happen.

        Events that never came hold the processes that wait for them, and those hold the world.
        """
        for *_, event in self._queue:
            event.callbacks.clear()
        self._queue.clear()
