"""A Dask cluster of processes of our own, to be used, starved and killed."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import distributed

from shells import soon


@dataclass
class Cluster:
    """A Dask scheduler and its workers, all on the loopback."""

    folder: Path
    running: list[subprocess.Popen[bytes]]

    @property
    def address(self) -> str:
        address = json.loads((self.folder / "scheduler.json").read_text(encoding="utf-8"))
        return str(address["address"])

    def start(self, *words: str) -> subprocess.Popen[bytes]:
        file = ["--scheduler-file", str(self.folder / "scheduler.json")]
        with open(self.folder / f"{len(self.running)}.log", "wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "dask", *words, "--host", "127.0.0.1", *file],
                stdout=log,
                stderr=log,
                cwd=self.folder,
            )
        self.running.append(process)
        return process

    def worker(self, *words: str) -> subprocess.Popen[bytes]:
        return self.start("worker", "--no-nanny", "--no-dashboard", *words)

    def await_workers(self, count: int) -> None:
        with distributed.Client(self.address, set_as_default=False) as client:
            client.wait_for_workers(count, timeout="60s")

    def worked(self) -> list[int]:
        """How many tasks each of the workers has done."""
        with distributed.Client(self.address, set_as_default=False) as client:
            done = client.run(lambda dask_worker: dask_worker.state.executed_count)
            return [int(count) for count in done.values()]


def _is_whole(file: Path) -> bool:
    try:
        return bool(json.loads(file.read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return False


@contextmanager
def cluster_in(folder: Path) -> Iterator[Cluster]:
    """Start a scheduler without workers; at the end all processes are gone."""
    folder.mkdir()
    made = Cluster(folder, [])
    try:
        made.start("scheduler", "--port", "0", "--no-dashboard")
        # Dask makes the file before it writes the last of its lines.
        soon(lambda: _is_whole(folder / "scheduler.json"))
        yield made
    finally:
        for process in made.running:
            process.kill()
            process.wait()
