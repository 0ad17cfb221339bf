"""A hundred thousand replications, ended at random again and again, in bounded memory."""

from __future__ import annotations

import hashlib
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from shells import Shell, workers_of

pytestmark = [
    pytest.mark.processes,
    pytest.mark.verify,
    pytest.mark.skipif(sys.platform != "linux", reason="memory is read from /proc"),
]

REPLICATIONS = 100_000
PARTS = 4000
# A day and a half of the hill: the fight for it, and little else.
ASKED = ("-n", str(REPLICATIONS), "--set", "scenario.end=1938-08-07T12:00:00+10:00", "--quiet")
MOST_MEMORY = 500e6
"""Bytes of any process."""
MOST_ROOM = 1e9
"""Bytes of the working folder."""

Process = subprocess.Popen[bytes]


@pytest.fixture
def shell(tmp_path: Path) -> Iterator[Shell]:
    made = Shell(tmp_path, asked=ASKED)
    yield made
    made.end()


def most_memory(process: Process) -> float:
    """Wait for the end of a process; return the most bytes that it or a worker of it ever held."""
    most = 0.0
    while process.poll() is None:
        for pid in (process.pid, *(worker.pid for worker in workers_of(process))):
            most = max(most, _high_water(pid))
        time.sleep(0.2)
    process.communicate()
    return most


def _high_water(pid: int) -> float:
    try:
        told = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    except OSError:
        return 0.0
    lines = (line.split() for line in told.splitlines() if line.startswith("VmHWM"))
    return max((1024.0 * int(words[1]) for words in lines), default=0.0)


def strike(process: Process, chance: Random) -> int:
    """End a run at work in one way or another; return the code that it is to end with."""
    how = chance.choice(("kill", "kill a worker", "interrupt"))
    if how == "kill":
        process.kill()
        return -signal.SIGKILL
    if how == "kill a worker":
        chance.choice(workers_of(process)).kill()
        return 2
    process.send_signal(signal.SIGINT)
    return 130


def digests(shell: Shell, out: str) -> dict[str, str]:
    contents = shell.contents(out)
    return {name: hashlib.sha256(content).hexdigest() for name, content in contents.items()}


def test_ended_at_random(shell: Shell) -> None:
    whole = shell.start("whole")
    assert most_memory(whole) < MOST_MEMORY
    assert whole.returncode == 0

    chance, room = Random(1), 0
    more: tuple[str, ...] = ()
    for worked in sorted(chance.sample(range(1, PARTS - 100), 10)):
        held = len(shell.parts("run"))
        process = shell.start("run", *more, parts=max(1, worked - held))
        more = ("--resume",)
        code = strike(process, chance)
        _, said = process.communicate(timeout=240)
        assert (process.returncode, b"Traceback" in said) == (code, False), said.decode()
        assert worked <= len(shell.parts("run")) < PARTS
    # Now in the midst of the joining of all parts, which takes seconds.
    process = shell.start("run", *more, parts=PARTS - len(shell.parts("run")))
    for _ in range(3):
        time.sleep(chance.uniform(0.0, 3.0))
        process.kill()
        process.communicate()
        room = max(room, sum(path.stat().st_size for path in shell.parts("run")))
        process = shell.start("run", *more, parts=0)
    assert most_memory(process) < MOST_MEMORY
    assert process.returncode == 0
    assert digests(shell, "run") == digests(shell, "whole")
    assert room < MOST_ROOM
    assert sorted(path.name for path in shell.folder.iterdir()) == ["run", "whole"]
