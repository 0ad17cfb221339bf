"""The clock: what is put on its calendar, counted, called, and taken off again."""

import gc
import weakref

from sandtable.engine.clock import Clock


def test_it_counts_what_is_put_on_the_calendar():
    clock = Clock()

    def waiter():
        yield clock.timeout(1.0)
        yield clock.timeout(1.0)

    assert clock.scheduled == 0
    clock.process(waiter())
    clock.timeout(9.0)
    assert clock.scheduled == 2
    clock.run()
    # Its start, two waits and its end; the timeout.
    assert clock.scheduled == 5


def test_after_some_days_an_action_is_called_with_what_it_was_given():
    clock, calls = Clock(), []
    clock.after(2.5, lambda *what: calls.append((clock.now, *what)), "b", 3)
    clock.after(0.5, lambda: calls.append((clock.now,)))
    clock.run(until=10.0)
    assert calls == [(0.5,), (2.5, "b", 3)]


def test_a_closed_clock_lets_nothing_more_happen_and_holds_nobody():
    class Thing:
        pass

    clock, thing, calls = Clock(), Thing(), []

    def waiter(held):
        yield clock.timeout(3.0)
        calls.append(held)

    clock.process(waiter(thing))
    clock.after(4.0, calls.append, thing)
    clock.run(until=1.0)
    seen = weakref.ref(thing)
    gc.disable()
    try:
        clock.close()
        del thing
        assert seen() is None
    finally:
        gc.enable()
    assert calls == []
