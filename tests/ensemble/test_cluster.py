"""A Dask cluster does what one process does; where it can't, that is said in a stated time."""

from __future__ import annotations

import shutil
import signal
import socket
import sys
import time
from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import dask
import pytest

import sandtable
from clusters import (
    Cluster,
    as_environment,
    cluster_in,
    made_certificates,
    silent_listener,
    without_one_worker,
)
from sandtable.ensemble import cluster as clusters
from sandtable.ensemble.cluster import ClusterExecutor, Watch, check_same_everywhere
from sandtable.ensemble.executors import map_unordered, workers
from sandtable.ensemble.same_make import make_here
from sandtable.errors import SandtableError
from shells import PARTS, Shell

NO_WORKERS = "distributed.scheduler.no-workers-timeout"
CONNECT = "distributed.comm.timeouts.connect"
ADDRESS = "tcp://here:3"


class Done:
    """A future of a cluster that is done: it gives a value, raises, or is not to be asked."""

    def __init__(self, outcome: object) -> None:
        self._outcome = outcome

    def add_done_callback(self, call: Callable[[Any], None]) -> None:
        call(self)

    def cancelled(self) -> bool:
        return isinstance(self._outcome, CancelledError)

    def result(self) -> object:
        assert not self.cancelled()
        if isinstance(self._outcome, BaseException):
            raise self._outcome
        return self._outcome


def unwatched() -> Watch:
    return Watch(None, ADDRESS, 1.0)


@pytest.mark.parametrize(
    "outcome", [7, (1, 2, 3), ZeroDivisionError("no men left"), CancelledError()]
)
def test_a_cluster_gives_what_the_task_gave(outcome: object) -> None:
    asked: list[dict[str, Any]] = []

    def submit(work: Callable[..., Any], *task: object, **how: Any) -> Done:
        asked.append(how)
        return Done(outcome)

    executor = ClusterExecutor(SimpleNamespace(submit=submit), unwatched())
    future = executor.submit(abs, -7)
    # What another run left on the scheduler is never taken for this one's.
    assert asked == [{"pure": False}]
    if isinstance(outcome, BaseException):
        assert type(future.exception()) is type(outcome)
    else:
        assert future.result() == outcome


def test_each_task_is_held_to_the_make_of_who_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    def submit(work: Callable[..., Any], *task: object, pure: bool) -> Done:
        try:
            return Done(work(*task))
        except SandtableError as error:
            return Done(error)

    executor = ClusterExecutor(SimpleNamespace(submit=submit), unwatched())
    assert executor.submit(abs, -7).result() == 7
    monkeypatch.setattr(clusters, "make_here", lambda: {**make_here(), "files": "0123abcd"})
    with pytest.raises(SandtableError, match=r"is of another make: files \w+ \(here 0123abcd\)"):
        executor.submit(abs, -7).result()


class Clock:
    """Time that passes only when it is slept through."""

    def __init__(self) -> None:
        self.now = 1000.0

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(clusters, "time", made)
    return made


def told_by(counts: list[Any]) -> Any:
    """A client whose scheduler tells these workers, one count a look, the last ever after."""

    def sync(_: object, callback_timeout: float) -> dict[str, int]:
        found = counts.pop(0) if len(counts) > 1 else counts[0]
        if isinstance(found, BaseException):
            raise found
        return {f"tcp://worker:{number}": 2 for number in range(found)}

    return SimpleNamespace(sync=sync, scheduler=SimpleNamespace(ncores=None))


def test_workers_that_never_come(clock: Clock, caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(SandtableError) as caught:
        Watch(told_by([0]), ADDRESS, 60.0).first_workers()
    assert clock.now == pytest.approx(1060, abs=0.2)
    assert str(caught.value) == (
        "--scheduler: no worker has been at tcp://here:3 for 60 s (Dask's setting "
        f"{NO_WORKERS}); start workers with: dask worker tcp://here:3"
    )
    assert [record.message for record in caplog.records] == [
        "no worker has been at tcp://here:3; waiting for at most 60 s (Dask's setting "
        f"{NO_WORKERS})"
    ]


def test_workers_that_come_late_and_go(clock: Clock, caplog: pytest.LogCaptureFixture) -> None:
    watch = Watch(told_by([0] * 20 + [3] + [0]), ADDRESS, 60.0)
    assert watch.first_workers() == 6
    assert clock.now == pytest.approx(1002, abs=0.2)
    assert not caplog.records
    # All gone: the time begins anew, and it is told anew.
    for later in (0, 3, 59):
        clock.now = 2000.0 + later
        assert watch.look() == 0
    assert len(caplog.records) == 1
    clock.now = 2060.0
    with pytest.raises(SandtableError, match="no worker has been at"):
        watch.look()


@pytest.mark.usefixtures("clock")
def test_a_scheduler_that_hangs() -> None:
    with pytest.raises(SandtableError, match="the scheduler at tcp://here:3 has not answered for"):
        Watch(told_by([TimeoutError()]), ADDRESS, 60.0).first_workers()


def test_results_are_waited_for_as_long_as_there_are_workers(
    clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clusters, "_LOOK_AFTER", 0.0)
    early, late = Future[int](), Future[int]()
    looks: list[int] = []

    def look() -> int:
        looks.append(1)
        if len(looks) == 3:
            early.set_result(7)
        return 2

    executor = ClusterExecutor(None, SimpleNamespace(look=look))  # type: ignore[arg-type]
    assert executor.first_done({early, late}) == ({early}, {late})
    assert len(looks) == 3
    gone = ClusterExecutor(
        SimpleNamespace(submit=lambda *_, **__: SimpleNamespace(add_done_callback=id)),
        Watch(told_by([0]), ADDRESS, 0.0),
    )
    with pytest.raises(SandtableError, match="no worker has been at"):
        list(map_unordered(gone, 2, abs, [(1,), (2,)]))


def test_all_that_is_of_another_make_is_told() -> None:
    ours, theirs = make_here(), {**make_here(), "numpy": "9.9"}
    broken = Exception("ModuleNotFoundError(\"No module named 'sandtable'\")")
    makes = {"tcp://a:1": ours, "tcp://c:3": broken, "tcp://b:2": theirs}

    def client(scheduler: Callable[[], Any]) -> Any:
        return SimpleNamespace(
            run=lambda _, on_error: makes if on_error == "return" else None,
            run_on_scheduler=lambda _: scheduler(),
        )

    def lacking() -> None:
        raise ModuleNotFoundError("No module named 'sandtable'")

    lines = [
        f"  worker tcp://b:2: numpy 9.9 (here {ours['numpy']})",
        "  worker tcp://c:3: cannot run sandtable "
        "(ModuleNotFoundError(\"No module named 'sandtable'\"))",
    ]
    with pytest.raises(SandtableError, match="install the same versions everywhere") as caught:
        check_same_everywhere(client(lambda: ours), ADDRESS)
    assert str(caught.value).splitlines()[1:] == lines
    with pytest.raises(SandtableError) as caught:
        check_same_everywhere(client(lacking), ADDRESS)
    assert str(caught.value).splitlines()[1:] == [
        *lines,
        "  scheduler: cannot run sandtable (No module named 'sandtable')",
    ]
    makes = {"tcp://a:1": ours}
    check_same_everywhere(client(lambda: ours), ADDRESS)


@pytest.mark.parametrize(
    ("name", "ours"),
    [(CONNECT, 10.0), (NO_WORKERS, 60.0)],
)
def test_settings_of_dask_that_somebody_has_set(name: str, ours: float) -> None:
    assert clusters._seconds(name) == ours
    with dask.config.set({name: "2 minutes"}):
        assert clusters._seconds(name) == 120.0
    with dask.config.set({name: 7}):
        assert clusters._seconds(name) == 7.0


def test_nobody_at_the_address(capfd: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as taken, dask.config.set({CONNECT: "1s"}):
        taken.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(SandtableError, match="no Dask scheduler answers"), workers(1, address):
            pass
    with (
        silent_listener() as address,
        dask.config.set({CONNECT: "0.3s"}),
        pytest.raises(SandtableError, match="something listens there"),
        workers(1, address),
    ):
        pass
    assert capfd.readouterr().err == ""


def test_without_dask_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with (
        pytest.raises(SandtableError, match=r"pip install 'sandtable-campaigns\[dask\]'"),
        workers(1, "tcp://127.0.0.1:1"),
    ):
        pass


@pytest.mark.verify
def test_one_process_many_and_a_cluster_write_the_same_bytes(
    cluster: Cluster, undisturbed: dict[str, bytes], tmp_path: Path
) -> None:
    first, second = cluster.worker("--nthreads", "1"), cluster.worker("--nthreads", "2")
    shell = Shell(tmp_path)
    without_one_worker(shell, cluster, first, second, PARTS)
    assert shell.contents("cluster") == undisturbed
    assert shell.here("one").returncode == 0
    assert shell.contents("one") == undisturbed


@pytest.mark.processes
def test_a_cluster_without_workers_and_with_one(
    cluster: Cluster, caplog: pytest.LogCaptureFixture
) -> None:
    with (
        dask.config.set({NO_WORKERS: "1s"}),
        pytest.raises(SandtableError, match=r"no worker has been at \S+ for 1 s"),
        workers(1, cluster.address),
    ):
        pass
    cluster.worker("--nthreads", "1")
    with workers(1, cluster.address) as (executor, ahead):
        assert executor is not None
        assert ahead == 3
        assert executor.submit(make_here).result() == make_here()
    assert not caplog.records


def ended(process: Any) -> tuple[int, str]:
    """Exit code and stderr of a run on a cluster, of which nothing of Dask's may be heard."""
    _, said = process.communicate(timeout=240)
    told = said.decode()
    assert "Traceback" not in told, told
    assert "distributed." not in told.replace(NO_WORKERS, "")
    return process.returncode, told


@pytest.mark.verify
@pytest.mark.processes
def test_a_cluster_that_goes_leaves_what_is_done(
    cluster: Cluster, undisturbed: dict[str, bytes], tmp_path: Path
) -> None:
    cluster.worker("--nthreads", "1")
    shell = Shell(tmp_path)
    process = shell.start("run", "--scheduler", cluster.address)
    cluster.running[0].kill()
    code, said = ended(process)
    assert code == 2
    assert "no longer answers" in said
    assert "use --resume to continue" in said
    assert shell.resumed("run") == undisturbed


@pytest.mark.verify
@pytest.mark.processes
@pytest.mark.parametrize(
    ("stopped", "found"),
    [("worker", "no worker has been at"), ("scheduler", "the scheduler at")],
)
def test_workers_gone_and_a_scheduler_that_hangs(
    cluster: Cluster,
    undisturbed: dict[str, bytes],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    stopped: str,
    found: str,
) -> None:
    cluster.worker("--nthreads", "1")
    cluster.worker("--nthreads", "1")
    shell = Shell(tmp_path)
    for name, value in as_environment({NO_WORKERS: "8s"}).items():
        monkeypatch.setenv(name, value)
    process = shell.start("run", "--scheduler", cluster.address)
    scheduler, *others = cluster.running
    for one in others if stopped == "worker" else [scheduler]:
        one.send_signal(signal.SIGKILL if stopped == "worker" else signal.SIGSTOP)
    begun = time.monotonic()
    code, said = ended(process)
    assert time.monotonic() - begun < 60
    assert code == 2
    assert f"warning: {found}" in said
    assert f"error: --scheduler: {found}" in said
    assert f"for 8 s (Dask's setting {NO_WORKERS})" in said
    assert "run.partial; use --resume to continue" in said
    assert shell.resumed("run") == undisturbed


@pytest.mark.verify
@pytest.mark.processes
def test_workers_of_another_make(cluster: Cluster, tmp_path: Path) -> None:
    other = tmp_path / "other" / "sandtable"
    shutil.copytree(Path(sandtable.__file__).parent, other)
    with open(other / "laws" / "coefficients.toml", "a", encoding="utf-8") as file:
        file.write("\n# of another day\n")
    theirs = {"PYTHONPATH": str(other.parent)}

    first = cluster.worker("--nthreads", "1", **theirs)
    cluster.await_workers(1)
    shell = Shell(tmp_path)
    done = shell.here("refused", "--scheduler", cluster.address)
    assert done.returncode == 2
    assert "is of another make than here" in done.stderr
    assert f"(here {make_here()['files']})" in done.stderr
    assert not list(tmp_path.glob("refused*"))
    first.kill()
    first.wait()

    # Another that joins when the work has begun.
    ours = cluster.worker("--nthreads", "1")
    process = shell.start("run", "--scheduler", cluster.address)
    ours.kill()
    cluster.worker("--nthreads", "1", **theirs)
    code, said = ended(process)
    assert code == 2
    assert "is of another make: files" in said
    assert "run.partial; use --resume to continue" in said
    assert len(shell.parts("run")) >= 1


@pytest.mark.verify
@pytest.mark.processes
def test_over_tls_the_bytes_are_the_same(
    undisturbed: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = as_environment(made_certificates(tmp_path / "ours"))
    others = as_environment(made_certificates(tmp_path / "others"))
    shell = Shell(tmp_path)
    with cluster_in(tmp_path / "dask", "tls", settings) as cluster:
        cluster.worker("--nthreads", "1")
        assert cluster.address.startswith("tls://")
        for environment, code in ((settings, 0), (others, 2), ({}, 2)):
            with monkeypatch.context() as patched:
                for name, value in environment.items():
                    patched.setenv(name, value)
                out = f"run-{code}-{len(environment)}"
                done = shell.run(out, "--scheduler", cluster.address)
            assert done.returncode == code, done.stderr
            assert "Traceback" not in done.stderr
            if code == 0:
                assert shell.contents(out) == undisturbed
                continue
            wrong = (
                "its certificate is not of the authority"
                if environment
                else "tls:// needs distributed.comm"
            )
            assert wrong in done.stderr
            assert not list(tmp_path.glob(f"{out}*"))
        plain = cluster.address.replace("tls", "tcp")
        refused = shell.run("plain", "--scheduler", plain)
        assert refused.returncode == 2
        assert "perhaps it wants another protocol" in refused.stderr
