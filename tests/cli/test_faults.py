"""What befalls a process, over all verbs that work for long: nothing is lost, nothing left."""

from __future__ import annotations

import os
import re
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from cli.test_operations import RECORDED
from operations.made_up import ROWS, write
from sandtable.runs.parts import Parts
from shells import Shell, end_by_themselves, soon, workers_of

pytestmark = [pytest.mark.processes, pytest.mark.verify]

VERBS: dict[str, list[str]] = {
    "run": ["-n", "600"],
    "vary": ["formation.9-division.effectiveness=0.4..0.8:8", "-n", "100"],
    "sensitivity": [
        *("--trajectories", "4", "--repeats", "1", "--samples", "64", "--strongest", "2"),
        *("--outcomes", "captured/hill"),
    ],
    "calibrate": [
        *("--keys", "formation.9-division.personnel=1000..30000", "--claims", "losses/*"),
        *("--points", "6", "--waves", "2", "-n", "50", "--on-average"),
    ],
}
KEPT = "use --resume to continue"

Process = subprocess.Popen[bytes]


@dataclass(frozen=True)
class Fault:
    """What is done to a process at work, the codes with which it may end, and what it says."""

    strike: Callable[[Process], None]
    codes: Sequence[int]
    says: str = ""


def sent(number: signal.Signals) -> Callable[[Process], None]:
    return lambda process: process.send_signal(number)


def stopped_for_a_while(process: Process | psutil.Process) -> None:
    process.send_signal(signal.SIGSTOP)
    time.sleep(0.5)
    process.send_signal(signal.SIGCONT)


def no_room(process: Process) -> None:
    # No file may grow any more: writing fails in the system, as on a full disk.
    resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (100, 100))


def no_memory(process: Process | psutil.Process) -> None:
    taken = psutil.Process(process.pid).memory_info().vms
    resource.prlimit(process.pid, resource.RLIMIT_AS, (taken, taken))


INTERRUPTED = ((130,), f"interrupted: completed work is kept in .*; {KEPT}")
FAULTS = {
    "parent killed": Fault(sent(signal.SIGKILL), (-signal.SIGKILL,)),
    "worker killed": Fault(
        lambda process: workers_of(process)[0].kill(), (2,), f"error: a worker .* died.*{KEPT}"
    ),
    "parent stopped": Fault(stopped_for_a_while, (0,)),
    "worker stopped": Fault(lambda process: stopped_for_a_while(workers_of(process)[0]), (0,)),
    "interrupted": Fault(sent(signal.SIGINT), *INTERRUPTED),
    "terminated": Fault(sent(signal.SIGTERM), *INTERRUPTED),
    # A terminal that is closed tells all that run in it.
    "hung up": Fault(lambda process: os.killpg(process.pid, signal.SIGHUP), *INTERRUPTED),
    "no room": Fault(no_room, (2,), rf"cannot be written: File too large\n.*{KEPT}"),
    # It may do with what it has.
    "no memory": Fault(no_memory, (0, 1, 2)),
    "no memory in a worker": Fault(lambda process: no_memory(workers_of(process)[0]), (0, 1, 2)),
}


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], dict[str, bytes]]:
    """What each verb comes to if nothing disturbs it, worked once, in one process."""
    folder, known = tmp_path_factory.mktemp("undisturbed"), dict[str, dict[str, bytes]]()

    def of(verb: str) -> dict[str, bytes]:
        if verb not in known:
            shell = Shell(folder, verb, VERBS[verb])
            assert shell.here(verb).returncode == 0
            known[verb] = shell.contents(verb)
        return known[verb]

    return of


@pytest.fixture
def shell_of(tmp_path: Path) -> Iterator[Callable[[str], Shell]]:
    made = list[Shell]()

    def of(verb: str) -> Shell:
        made.append(Shell(tmp_path, verb, VERBS[verb]))
        return made[-1]

    yield of
    for shell in made:
        shell.end()


@pytest.fixture
def saved(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of the parts that this process writes."""
    names, save = list[str](), Parts.save

    def told(parts: Parts, name: str, arrays: object) -> None:
        names.append(name)
        save(parts, name, arrays)  # type: ignore[arg-type]

    monkeypatch.setattr(Parts, "save", told)
    return names


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("verb", VERBS)
def test_struck(
    verb: str,
    fault: str,
    undisturbed: Callable[[str], dict[str, bytes]],
    shell_of: Callable[[str], Shell],
    saved: list[str],
) -> None:
    wanted, struck = undisturbed(verb), FAULTS[fault]
    saved.clear()
    process = (shell := shell_of(verb)).start("out", parts=3)
    workers = workers_of(process)
    assert len(workers) == 2
    struck.strike(process)
    _, said = process.communicate(timeout=240)
    assert end_by_themselves(workers)
    check_told(struck, process.returncode, said.decode())
    if process.returncode == 0:
        assert shell.contents("out") == wanted
    else:
        kept = {path.stem for path in shell.parts("out")}
        assert len(kept) >= 3
        assert process.returncode < 0 or not list(shell.folder.rglob("*.draft"))
        assert shell.resumed("out") == wanted
        # What was done is not done again.
        assert not kept & set(saved)
    assert [path.name for path in shell.folder.iterdir()] == ["out"]


def check_told(fault: Fault, code: int, said: str) -> None:
    assert code in fault.codes, said
    assert "Traceback" not in said
    assert re.search(fault.says, said, re.DOTALL), said


# `operations validate` writes nothing before the end, and has nothing to be taken up.
_UNRESUMED = {"worker killed": "error: a worker .* died", "no room": "found File too large"}


@pytest.fixture(scope="module")
def operations(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, bytes]]:
    """A table of operations, and what it comes to if nothing disturbs it."""
    folder = tmp_path_factory.mktemp("operations")
    named = [row | {"operation": f"{row['operation']} {k}"} for k in range(4) for row in ROWS]
    table = write(folder / "t.csv", [row | RECORDED for row in named])
    done = subprocess.run(judged(table, folder / "out", jobs=1), capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return table, files_of(folder / "out")


def judged(table: Path, out: Path, jobs: int = 2) -> list[str]:
    words = ["operations", "validate", table, "-n", 400, "--jobs", jobs, "--out", out, "--quiet"]
    return [sys.executable, "-m", "sandtable", *map(str, words)]


def files_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.glob("*.csv")}


@pytest.mark.parametrize("fault", FAULTS)
def test_operations_struck(
    fault: str, operations: tuple[Path, dict[str, bytes]], tmp_path: Path
) -> None:
    (table, wanted), struck, out = operations, FAULTS[fault], tmp_path / "out"
    with subprocess.Popen(
        judged(table, out), stderr=subprocess.PIPE, start_new_session=True
    ) as process:
        soon(lambda: len(workers_of(process)) == 2)
        workers = workers_of(process)
        # They have loaded what they need, and are at work.
        soon(lambda: all(worker.cpu_times().user > 1.5 for worker in workers))
        assert process.poll() is None and not out.exists()
        struck.strike(process)
        _, said = process.communicate(timeout=240)
    assert end_by_themselves(workers)
    assert process.returncode in struck.codes, said.decode()
    assert b"Traceback" not in said and b"--resume" not in said
    assert re.search(_UNRESUMED.get(fault, ""), said.decode(), re.DOTALL), said.decode()
    if process.returncode == 0:
        assert files_of(out) == wanted
    else:
        # Numbers that were done are whole and named; nothing else stands in the way of another try.
        left = files_of(out)
        assert not left or (left == wanted and b"--overwrite" in said), said.decode()
        assert {path.name for path in tmp_path.rglob("*") if path != out} == left.keys()


# A clock that is set back a year and forward a day at every other look.
CLOCK = """
#define _GNU_SOURCE
#include <dlfcn.h>
#include <time.h>

int clock_gettime(clockid_t clock, struct timespec *told)
{
    static int looks;
    int (*asked)(clockid_t, struct timespec *) = dlsym(RTLD_NEXT, "clock_gettime");
    int failed = asked(clock, told);
    if (!failed && clock == CLOCK_REALTIME)
        told->tv_sec += ++looks % 2 ? 86400 : -365 * 86400;
    return failed;
}
"""


@pytest.fixture
def jumping_clock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    compiler = shutil.which("cc")
    if compiler is None or sys.platform != "linux":
        pytest.skip("no C compiler, or no way to put a clock before that of the system")
    source, library = tmp_path / "clock.c", tmp_path / "clock.so"
    source.write_text(CLOCK, encoding="ascii")
    subprocess.run([compiler, "-shared", "-fPIC", "-o", library, source, "-ldl"], check=True)
    monkeypatch.setenv("LD_PRELOAD", str(library))
    looks = "import time; first = time.time(); print(time.time() < first - 86400)"
    told = subprocess.run([sys.executable, "-c", looks], capture_output=True, check=True)
    assert told.stdout == b"True\n"


@pytest.mark.parametrize("verb", VERBS)
def test_the_clock_jumps(
    verb: str,
    undisturbed: Callable[[str], dict[str, bytes]],
    jumping_clock: None,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    shell = Shell(tmp_path / "runs", verb, VERBS[verb])
    process = shell.start("out", parts=3)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=240)
    assert process.returncode == 130
    done = shell.run("out", "--resume")
    assert (done.returncode, "Traceback" in done.stderr) == (0, False), done.stderr
    assert shell.contents("out") == undisturbed(verb)


def test_a_disk_that_is_full(
    undisturbed: Callable[[str], dict[str, bytes]], tmp_path: Path
) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=200k", "tmpfs", str(disk)],
        capture_output=True, check=False,
    )  # fmt: skip
    if mounted.returncode:
        pytest.skip("only root can mount a disk of its own")
    try:
        shell = Shell(disk, "run", VERBS["run"])
        done = shell.run("out")
        assert (done.returncode, "Traceback" in done.stderr) == (2, False), done.stderr
        assert re.search(rf"No space left on device\n.*{KEPT}", done.stderr), done.stderr
        subprocess.run(["mount", "-o", "remount,size=50m", str(disk)], check=True)
        assert len(shell.parts("out")) >= 1
        assert shell.resumed("out") == undisturbed("run")
    finally:
        subprocess.run(["umount", str(disk)], check=True)
