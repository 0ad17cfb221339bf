"""A Dask cluster of processes of our own, to be used, starved and killed."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import distributed

from shells import Shell, soon


@dataclass
class Cluster:
    """A Dask scheduler and its workers, all on the loopback."""

    folder: Path
    running: list[subprocess.Popen[bytes]]
    protocol: str = "tcp"
    environment: Mapping[str, str] = field(default_factory=dict)

    @property
    def address(self) -> str:
        address = json.loads((self.folder / "scheduler.json").read_text(encoding="utf-8"))
        return str(address["address"])

    def start(self, *words: str, **environment: str) -> subprocess.Popen[bytes]:
        file = [
            "--protocol",
            self.protocol,
            "--scheduler-file",
            str(self.folder / "scheduler.json"),
        ]
        with open(self.folder / f"{len(self.running)}.log", "wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "dask", *words, "--host", "127.0.0.1", *file],
                stdout=log,
                stderr=log,
                cwd=self.folder,
                env={**os.environ, **self.environment, **environment},
            )
        self.running.append(process)
        return process

    def worker(self, *words: str, **environment: str) -> subprocess.Popen[bytes]:
        return self.start("worker", "--no-nanny", "--no-dashboard", *words, **environment)

    def await_workers(self, count: int) -> None:
        with distributed.Client(self.address, set_as_default=False) as client:
            client.wait_for_workers(count, timeout="60s")

    def worked(self) -> list[int]:
        """How many tasks each of the workers has done."""
        with distributed.Client(self.address, set_as_default=False) as client:
            done = client.run(lambda dask_worker: dask_worker.state.executed_count)
            return [int(count) for count in done.values()]


def without_one_worker(
    shell: Shell,
    cluster: Cluster,
    first: subprocess.Popen[bytes],
    second: subprocess.Popen[bytes],
    parts: int,
) -> None:
    """Have a shell's work of so many parts done by two workers, of which the first dies."""
    process = shell.start("cluster", "--scheduler", cluster.address)
    assert (first.poll(), second.poll()) == (None, None)
    first.kill()
    before = len(shell.parts("cluster"))
    _, said = process.communicate(timeout=240)
    assert process.returncode == 0, said.decode()
    assert b"Traceback" not in said
    assert before < parts
    assert second.poll() is None


def _is_whole(file: Path) -> bool:
    try:
        return bool(json.loads(file.read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return False


@contextmanager
def cluster_in(
    folder: Path, protocol: str = "tcp", environment: Mapping[str, str] | None = None
) -> Iterator[Cluster]:
    """Start a scheduler without workers; at the end all processes are gone."""
    folder.mkdir()
    made = Cluster(folder, [], protocol, environment or {})
    try:
        made.start("scheduler", "--port", "0", "--no-dashboard")
        # Dask makes the file before it writes the last of its lines.
        soon(lambda: _is_whole(folder / "scheduler.json"))
        yield made
    finally:
        for process in made.running:
            process.kill()
            process.wait()


@contextmanager
def silent_listener() -> Iterator[str]:
    """The address of something that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield f"tcp://127.0.0.1:{listening.getsockname()[1]}"


def made_certificates(folder: Path) -> dict[str, str]:
    """Make an authority and a certificate of it for all; return Dask's settings that name them."""
    import trustme

    folder.mkdir()
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(folder / "ca.pem"))
    issued = authority.issue_cert("127.0.0.1")
    issued.private_key_and_cert_chain_pem.write_to_path(str(folder / "cert.pem"))
    settings = {"distributed.comm.tls.ca-file": str(folder / "ca.pem")}
    for role in ("client", "scheduler", "worker"):
        settings[f"distributed.comm.tls.{role}.cert"] = str(folder / "cert.pem")
    return settings


def as_environment(settings: Mapping[str, str]) -> dict[str, str]:
    """Dask's settings as its environment variables."""
    return {
        "DASK_" + name.upper().replace(".", "__").replace("-", "_"): value
        for name, value in settings.items()
    }
