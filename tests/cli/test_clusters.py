"""Runs and studies on a Dask cluster: the folders of one process, or an error in a stated time."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import dask
import pytest

from cli.conftest import Call
from clusters import Cluster, cluster_in, silent_listener, without_one_worker
from shells import HILL, Shell

CONNECT = {"distributed.comm.timeouts.connect": "0.3s"}
# Eight points, of four parts each.
PARTS = 8 * 4
VARY = ["formation.9-division.effectiveness=0.4..0.8:8", "-n", "100"]
STUDIES = {
    "sensitivity": [
        *("--trajectories", "4", "--repeats", "1", "--samples", "64", "--strongest", "2"),
        *("--outcomes", "captured/hill"),
    ],
    "calibrate": [
        *("--keys", "formation.9-division.personnel=1000..30000", "--claims", "losses/*"),
        *("--points", "6", "--waves", "2", "-n", "30", "--on-average"),
    ],
}


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A cluster of two workers of one thread each."""
    with cluster_in(tmp_path_factory.mktemp("pair") / "dask") as made:
        for _ in range(2):
            made.worker("--nthreads", "1")
        made.await_workers(2)
        yield made


@pytest.mark.verify
@pytest.mark.processes
@pytest.mark.parametrize("verb", STUDIES)
def test_two_workers_write_what_one_process_writes(
    pair: Cluster, tmp_path: Path, verb: str
) -> None:
    before = pair.worked()
    shell = Shell(tmp_path, verb, STUDIES[verb])
    there = shell.run("cluster", "--scheduler", pair.address)
    assert there.returncode == 0, there.stderr
    done = [after - earlier for after, earlier in zip(pair.worked(), before, strict=True)]
    assert len(done) == 2 and min(done) > 0
    assert shell.here("one").returncode == 0
    assert shell.contents("cluster") == shell.contents("one")


@pytest.mark.verify
@pytest.mark.processes
def test_a_worker_killed_in_mid_run_costs_nothing(cluster: Cluster, tmp_path: Path) -> None:
    first, second = cluster.worker("--nthreads", "1"), cluster.worker("--nthreads", "1")
    cluster.await_workers(2)
    shell = Shell(tmp_path, "vary", VARY)
    without_one_worker(shell, cluster, first, second, PARTS)
    assert max(cluster.worked()) > PARTS / 2
    assert shell.here("one").returncode == 0
    assert shell.contents("cluster") == shell.contents("one")


FAST = ["--no-figures", "--no-report", "--jobs", "1", "-n", "2"]
VERBS = {
    "run": FAST,
    "vary": [*VARY, "--no-figures"],
    "sensitivity": STUDIES["sensitivity"],
    "calibrate": STUDIES["calibrate"],
}


@pytest.mark.parametrize("verb", VERBS)
def test_a_malformed_address_is_told_before_any_work(call: Call, tmp_path: Path, verb: str) -> None:
    said = call(
        *(verb, *HILL, *VERBS[verb], "--out", tmp_path / "out"),
        *("--scheduler", "http://localhost:8786"),
    )
    assert said.code == 2
    assert said.out == ""
    assert said.err == (
        "error: --scheduler: found the protocol 'http' in 'http://localhost:8786'; allowed: the "
        "address of a Dask scheduler, as tcp://HOST:8786 or tls://HOST:8786\n"
    )
    assert not list(tmp_path.iterdir())


def test_a_scheduler_that_does_not_answer_blocks_nothing(call: Call, tmp_path: Path) -> None:
    words = ["run", *HILL, *FAST, "--out", tmp_path / "deep" / "out"]
    with silent_listener() as address, dask.config.set(CONNECT):
        said = call(*words, "--scheduler", address)
    assert said.code == 2
    assert said.err.startswith("error: --scheduler: no Dask scheduler answers at tcp://127.0.0.1:")
    assert said.err.count("\n") == 1
    assert not list(tmp_path.iterdir())
    assert call(*words).code == 0
