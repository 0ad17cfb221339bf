"""Whoever does the work, the same comes out of it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from concurrent.futures import Executor, Future
from pathlib import Path
from typing import Any

import pytest

from sandtable.ensemble.executors import map_unordered, workers
from sandtable.errors import SandtableError


class Holding(Executor):
    """Notes how many tasks it holds; has done one only when asked for more."""

    def __init__(self) -> None:
        self.held: list[tuple[Future[Any], Any]] = []
        self.most = 0

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        future.set_result(fn(*args, **kwargs))
        self.held.append((future, args))
        self.most = max(self.most, len(self.held))
        return future


@pytest.mark.parametrize("ahead", [1, 3, 50])
def test_every_task_is_done_once_and_few_are_held(ahead: int) -> None:
    executor, found = Holding(), []
    for result in map_unordered(executor, ahead, divmod, [(number, 7) for number in range(20)]):
        executor.held.pop()
        found.append(result)
    assert sorted(found) == [divmod(number, 7) for number in range(20)]
    assert executor.most <= ahead


def test_without_an_executor_they_are_done_in_order() -> None:
    assert list(map_unordered(None, 1, abs, [(-3,), (2,), (-1,)])) == [3, 2, 1]


@pytest.mark.processes
def test_processes_ignore_ctrl_c_and_do_the_work() -> None:
    before = signal.getsignal(signal.SIGINT)
    with workers(2) as (executor, ahead):
        assert executor is not None
        assert ahead == 6
        handlers = {executor.submit(signal.getsignal, signal.SIGINT).result() for _ in range(4)}
        pids = {executor.submit(os.getpid).result() for _ in range(4)}
    assert handlers == {signal.SIG_IGN}
    assert os.getpid() not in pids
    assert signal.getsignal(signal.SIGINT) == before


@pytest.mark.processes
def test_processes_that_are_open_are_used_again() -> None:
    with workers(2) as (outer, _):
        with workers(2) as (inner, ahead):
            assert inner is outer
            assert ahead == 6
        with workers(1) as (alone, _):
            assert alone is None
        assert outer is not None
        assert outer.submit(int).result() == 0
        with (
            pytest.raises(SandtableError, match="a worker process died"),
            workers(2) as (inner, _),
        ):
            list(map_unordered(inner, 2, os._exit, [(1,)]))
    with workers(2) as (new, _):
        assert new is not outer


@pytest.mark.verify
@pytest.mark.processes
def test_a_worker_that_dies_is_told() -> None:
    with pytest.raises(SandtableError, match="a worker process died"), workers(2) as (pool, _):
        list(map_unordered(pool, 2, os._exit, [(1,)]))


SCRIPT = """
import sandtable
campaign = sandtable.load({hill!r}, register={register!r})
{work}
"""


@pytest.mark.verify
@pytest.mark.processes
@pytest.mark.parametrize(
    ("work", "code"),
    [
        ("campaign.run(30, jobs=2)", 1),
        ("def main():\n    campaign.run(30, jobs=2)\nmain()", 1),
        ("if __name__ == '__main__':\n    campaign.run(30, jobs=2)\n    print('done')", 0),
        ("campaign.run(30, jobs=1)\nprint('done')", 0),
    ],
)
def test_a_script_without_a_guard_is_told_so(work: str, code: int, tmp_path: Path) -> None:
    runs = Path(__file__).parents[1] / "inputs" / "runs"
    names = {"hill": str(runs / "hill.toml"), "register": str(runs / "register")}
    (tmp_path / "script.py").write_text(SCRIPT.format(work=work, **names))
    command = [sys.executable, "script.py"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == code
    if code:
        # One traceback, that of the script itself, with a last line that says what to do.
        assert done.stderr.count("Traceback") == 1
        assert "jobs above 1 start processes that run the script once more" in done.stderr
        assert done.stderr.rstrip().endswith('if __name__ == "__main__":')
    else:
        assert (done.stdout, done.stderr) == ("done\n", "")
