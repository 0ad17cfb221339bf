"""Whoever does the work, the same comes out of it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import Executor, Future
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from clusters import Cluster
from sandtable.ensemble import executors
from sandtable.ensemble.executors import map_unordered, workers
from sandtable.errors import SandtableError
from shells import PARTS, Shell


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


class Done:
    """A future of a cluster that is done: it gives a value, or raises."""

    def __init__(self, outcome: object) -> None:
        self._outcome = outcome

    def add_done_callback(self, call: Callable[[Any], None]) -> None:
        call(self)

    def result(self) -> object:
        if isinstance(self._outcome, BaseException):
            raise self._outcome
        return self._outcome


@pytest.mark.parametrize("outcome", [7, (1, 2, 3), ZeroDivisionError("no men left")])
def test_a_cluster_gives_what_the_task_gave(outcome: object) -> None:
    asked: list[dict[str, Any]] = []

    def submit(work: Callable[..., Any], *task: object, **how: Any) -> Done:
        asked.append(how)
        return Done(outcome)

    executor = executors._ClusterExecutor(SimpleNamespace(submit=submit))
    future = executor.submit(abs, -7)
    # What another run left on the scheduler is never taken for this one's.
    assert asked == [{"pure": False}]
    if isinstance(outcome, BaseException):
        assert future.exception() is outcome
    else:
        assert future.result() == outcome


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


@pytest.mark.processes
def test_a_worker_that_dies_is_told() -> None:
    with pytest.raises(SandtableError, match="a worker process died"), workers(2) as (pool, _):
        list(map_unordered(pool, 2, os._exit, [(1,)]))


@pytest.mark.processes
def test_one_process_many_and_a_cluster_write_the_same_bytes(
    cluster: Cluster, undisturbed: dict[str, bytes], tmp_path: Path
) -> None:
    first, second = cluster.worker("--nthreads", "1"), cluster.worker("--nthreads", "2")
    shell = Shell(tmp_path)
    process = shell.start("cluster", "--scheduler", cluster.address)
    assert (first.poll(), second.poll()) == (None, None)
    first.kill()
    before = len(shell.parts("cluster"))
    _, said = process.communicate(timeout=240)
    assert process.returncode == 0, said.decode()
    assert b"Traceback" not in said
    assert before < PARTS
    assert second.poll() is None
    assert shell.contents("cluster") == undisturbed
    assert shell.here("one").returncode == 0
    assert shell.contents("one") == undisturbed


@pytest.mark.verify
@pytest.mark.processes
def test_a_cluster_that_goes_leaves_what_is_done(
    cluster: Cluster, undisturbed: dict[str, bytes], tmp_path: Path
) -> None:
    cluster.worker("--nthreads", "1")
    shell = Shell(tmp_path)
    process = shell.start("run", "--scheduler", cluster.address)
    cluster.running[0].kill()
    _, said = process.communicate(timeout=240)
    assert process.returncode == 2, said.decode()
    assert b"use --resume to continue" in said
    assert b"Traceback" not in said
    assert shell.resumed("run") == undisturbed


@pytest.mark.processes
def test_a_cluster_without_workers(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sandtable.ensemble.executors._ANSWERS_WITHIN", "1s")
    with (
        pytest.raises(SandtableError, match=r"no worker joined \S+ within 1s"),
        workers(1, cluster.address),
    ):
        pass


@pytest.mark.processes
def test_workers_of_another_make_are_refused(cluster: Cluster) -> None:
    cluster.worker("--nthreads", "1")
    ours = executors._versions()
    client = SimpleNamespace(run=lambda _: {"tcp://a:1": ours, "tcp://b:2": ("sandtable 9",)})
    with pytest.raises(SandtableError) as caught:
        executors._same_everywhere(client, "tcp://here:3")
    assert str(caught.value).splitlines()[1:] == ["  tcp://b:2: sandtable 9"]
    with workers(1, cluster.address) as (executor, ahead):
        assert executor is not None
        assert ahead == 3
        assert executor.submit(executors._versions).result() == ours


def test_nobody_at_the_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sandtable.ensemble.executors._ANSWERS_WITHIN", "1s")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(SandtableError, match="no Dask scheduler answers"), workers(1, address):
            pass
    with pytest.raises(SandtableError, match="no Dask scheduler answers"), workers(1, "nonsense:x"):
        pass


def test_without_dask_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with (
        pytest.raises(SandtableError, match=r"pip install 'sandtable-campaigns\[dask\]'"),
        workers(1, "tcp://127.0.0.1:1"),
    ):
        pass


SCRIPT = """
import sandtable
campaign = sandtable.load({hill!r}, register={register!r})
{work}
"""


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
