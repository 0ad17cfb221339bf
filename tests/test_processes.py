"""Processes beside this one end in bounded time, whatever becomes of them."""

from __future__ import annotations

import multiprocessing
import operator
import os
import struct
import sys
import threading
import time
from contextlib import suppress
from multiprocessing.queues import Queue
from pathlib import Path
from typing import NoReturn

import pytest

from sandtable.processes import WorkerDiedError, each, processes
from shells import soon


def _no_thread(*_: object) -> NoReturn:
    raise RuntimeError("can't start new thread")


@pytest.mark.processes
def test_a_thread_of_the_pool_that_cannot_start_is_no_wait_for_ever(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    # As under a limit of memory: the queue starts a thread of its own when it is first used.
    monkeypatch.setattr(Queue, "_start_thread", _no_thread)
    before = threading.excepthook
    with (
        pytest.raises(WorkerDiedError, match="no more threads can be started"),
        processes(1) as pool,
    ):
        pool.submit(abs, -7).result(timeout=60)
    assert threading.excepthook is before
    assert not [child for child in multiprocessing.active_children() if _outlives(child)]
    assert capfd.readouterr().err == ""


@pytest.mark.processes
@pytest.mark.parametrize("interrupted", [False, True])
def test_no_thread_of_a_pool_is_left_to_the_end_of_the_interpreter(interrupted: bool) -> None:
    before = threading.enumerate()
    with suppress(KeyboardInterrupt), processes(2) as pool:
        assert pool.submit(abs, -7).result(timeout=60) == 7
        if interrupted:
            pool.submit(time.sleep, 600)
            raise KeyboardInterrupt
    assert threading.enumerate() == before


def _outlives(child: multiprocessing.process.BaseProcess) -> bool:
    child.join(10)
    return child.is_alive()


@pytest.mark.processes
def test_a_pool_whose_thread_cannot_start_leaves_no_process(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(threading.Thread, "start", _no_thread)
    with pytest.raises(RuntimeError, match="start new thread"), processes(1):
        pass
    assert not [child for child in multiprocessing.active_children() if _outlives(child)]


class Unreadable:
    """What a worker can't take in, as where its memory does not suffice."""

    def __reduce__(self) -> tuple[object, ...]:
        return operator.truediv, (1, 0)


@pytest.mark.processes
def test_a_worker_that_dies_says_nothing_itself(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(WorkerDiedError, match="a worker process died, perhaps out of memory"):
        list(each(bool, [Unreadable()], 2))
    list(each(abs, [-1, 2, -3], 1))
    assert capfd.readouterr().err == ""


def _half_a_result(written: Path) -> None:
    results = sys._getframe(1).f_locals["result_queue"]
    os.write(results._writer.fileno(), struct.pack("!i", 1000) + b"half")
    written.touch()
    time.sleep(60)


@pytest.mark.processes
def test_nobody_waits_for_the_rest_of_a_result_whose_worker_is_ended(tmp_path: Path) -> None:
    before = set(threading.enumerate())
    with pytest.raises(KeyboardInterrupt), processes(2) as pool:
        pool.submit(_half_a_result, tmp_path / "written")
        soon((tmp_path / "written").exists)
        raise KeyboardInterrupt
    for thread in set(threading.enumerate()) - before:
        thread.join(10)
        assert not thread.is_alive()
