"""Real processes, interrupted, killed, starved of disk: what is done is kept, and taken up."""

from __future__ import annotations

import csv
import json
import resource
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from sandtable import open_run
from shells import PARTS, REPLICATIONS, Shell, end_by_themselves, workers_of

pytestmark = pytest.mark.processes

# The engine is broken from outside, as a fault of its own would break it, in the workers too:
# they import the script that started them.
FAULTY = """
import sys
from sandtable import cli, engine

sound = engine.run

def run(*args, replication, **rest):
    if replication in {failing}:
        raise ZeroDivisionError(f"no men left in {{replication}}")
    return sound(*args, replication=replication, **rest)

engine.run = run
if __name__ == "__main__":
    cli.main(sys.argv[1:])
"""


@pytest.fixture
def shell(tmp_path: Path) -> Iterator[Shell]:
    made = Shell(tmp_path)
    yield made
    made.end()


@pytest.mark.verify
def test_the_parent_killed(shell: Shell, undisturbed: dict[str, bytes]) -> None:
    process = shell.start("run")
    workers = workers_of(process)
    assert len(workers) == 2
    process.kill()
    process.wait()
    # Nobody is left to tell them to end.
    assert end_by_themselves(workers)
    process.communicate(timeout=240)
    assert 1 <= len(shell.parts("run")) < PARTS
    assert shell.resumed("run") == undisturbed


@pytest.mark.verify
def test_idle_workers_end_with_their_parent(tmp_path: Path) -> None:
    script = tmp_path / "idle.py"
    script.write_text(
        "import time\n"
        "from sandtable.ensemble.executors import workers\n"
        "if __name__ == '__main__':\n"
        "    with workers(2) as (executor, _):\n"
        "        print(executor.submit(abs, -7).result(), flush=True)\n"
        "        time.sleep(60)\n",
        encoding="utf-8",
    )
    with subprocess.Popen([sys.executable, str(script)], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"7\n"
        workers = workers_of(process)
        assert len(workers) == 2
        process.kill()
    assert end_by_themselves(workers)


@pytest.mark.verify
def test_interrupted_twice(shell: Shell, undisturbed: dict[str, bytes]) -> None:
    for more in ((), ("--resume",)):
        process = shell.start("run", *more)
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=240)
        assert process.returncode == 130
        assert b"use --resume to continue" in said
        assert b"Traceback" not in said
    # Taken up by a process of its own; in the other tests by the test's, which is quicker.
    done = shell.run("run", "--resume")
    assert (done.returncode, "Traceback" in done.stderr) == (0, False), done.stderr
    assert not (shell.folder / "run.partial").exists()
    assert shell.contents("run") == undisturbed


@pytest.mark.verify
def test_the_disk_full_at_the_end(shell: Shell, undisturbed: dict[str, bytes]) -> None:
    biggest = len(undisturbed["outcomes.parquet"])

    def little_room() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (biggest // 2, biggest // 2))

    done = subprocess.run(
        shell.words("run"), capture_output=True, text=True, check=False, preexec_fn=little_room
    )
    assert (done.returncode, "Traceback" in done.stderr) == (2, False)
    assert "cannot be written" in done.stderr
    assert "use --resume to continue" in done.stderr
    assert max(part.stat().st_size for part in shell.parts("run")) < biggest // 2
    assert len(shell.parts("run")) == PARTS
    assert shell.resumed("run") == undisturbed


@pytest.mark.verify
def test_two_at_once(shell: Shell, undisturbed: dict[str, bytes]) -> None:
    first = shell.start("run")
    first.send_signal(signal.SIGSTOP)
    for more in ((), ("--resume",), ("--overwrite",)):
        second = shell.here("run", *more)
        assert second.returncode == 2
        wanted = "another process is writing this run" if more else "holds an interrupted run"
        assert wanted in second.stderr
    first.send_signal(signal.SIGCONT)
    first.communicate(timeout=240)
    assert first.returncode == 0
    assert shell.contents("run") == undisturbed


def faulty(shell: Shell, failing: set[int]) -> str:
    script = shell.folder / "faulty.py"
    script.write_text(FAULTY.format(failing=failing), encoding="utf-8")
    return str(script)


@pytest.mark.verify
def test_replications_that_raise(shell: Shell, undisturbed: dict[str, bytes]) -> None:
    program = faulty(shell, {0, 30, 31, 399})
    for more in ((), ("--resume",)):
        done = shell.run("run", *more, program=program)
        assert (done.returncode, "Traceback" in done.stderr) == (1, False)
        assert f"error: 4 of {REPLICATIONS} replications failed" in done.stderr
        assert "  replication 30, seed 1: ZeroDivisionError: no men left in 30" in done.stderr
        assert "--resume" in done.stderr and "--keep-failures" in done.stderr
        assert len(shell.parts("run")) == PARTS
        with open(shell.folder / "run.partial/failures.csv", encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        assert [(row["replication"], row["seed"]) for row in rows] == [
            ("0", "1"),
            ("30", "1"),
            ("31", "1"),
            ("399", "1"),
        ]
        assert rows[3]["error"] == "ZeroDivisionError: no men left in 399"
    assert shell.resumed("run") == undisturbed


@pytest.mark.verify
def test_finished_without_those_that_raise(shell: Shell, undisturbed: dict[str, bytes]) -> None:
    assert shell.here("whole").returncode == 0
    assert shell.contents("whole") == undisturbed
    program = faulty(shell, {30, 399})
    assert shell.run("run", program=program).returncode == 1
    done = shell.run("run", "--resume", "--keep-failures", "--jobs", "1", program=program)
    assert done.returncode == 0
    assert "2 replications that failed" in done.stdout
    direct = shell.run("direct", "--keep-failures", "--jobs", "1", program=program)
    assert direct.returncode == 0
    assert shell.contents("run") == shell.contents("direct")

    found, whole = (open_run(shell.folder / name).results for name in ("run", "whole"))
    kept = [number for number in range(REPLICATIONS) if number not in (30, 399)]
    assert found.numbers.tolist() == kept
    for name, values in whole.outcomes.items():
        assert found.outcomes[name].tobytes() == values[kept].tobytes()
    assert found.timeline.tobytes() == whole.timeline[kept].tobytes()
    assert [one["replication"] for one in found.manifest["failures"]] == [30, 399]

    # Beside another run, each replication meets its own partner.
    words = [sys.executable, "-m", "sandtable", "compare", "--all", "--json"]
    pair = [str(shell.folder / "whole"), str(shell.folder / "run")]
    for order in (pair, pair[::-1]):
        compared = subprocess.run([*words, *order], capture_output=True, text=True, check=True)
        assert json.loads(compared.stdout)["differences"] == []


@pytest.mark.verify
def test_rounds_interrupted(shell: Shell) -> None:
    rule = ("--until-error", "1.5%", "--outcomes", "captured/hill")
    assert shell.here("whole", *rule).returncode == 0
    process = shell.start("run", *rule)
    process.kill()
    process.communicate(timeout=240)
    assert shell.resumed("run", *rule) == shell.contents("whole")
    assert open_run(shell.folder / "run").manifest["replications"] > REPLICATIONS
