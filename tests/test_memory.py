"""What a limit on the machine's means comes to: an end, in words."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pytest

from sandtable import memory
from sandtable.cli import main
from sandtable.errors import InputError
from sandtable.runs.tables import damage_told
from shells import Shell

resource = pytest.importorskip("resource")


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (MemoryError(), "memory is used up"),
        (OSError(errno.ENOMEM, "Cannot allocate memory"), "memory is used up"),
        (ImportError("libarrow.so: failed to map segment from shared object"), "memory is used up"),
        (SystemError("error return without exception set"), "memory is used up"),
        (RuntimeError("can't start new thread"), "no more threads can be started"),
        (OSError("Failed to launch worker thread"), "no more threads can be started"),
        (BlockingIOError(errno.EAGAIN, "Resource temporarily unavailable"), "no more processes"),
        (OSError(errno.EMFILE, "Too many open files"), "no more processes or files"),
    ],
)
def test_what_ran_out_is_told(error: BaseException, told: str) -> None:
    said = memory.exhausted(error)
    assert said is not None
    assert said.startswith(told)
    assert said.endswith("; allow more, or try fewer --jobs")


@pytest.mark.parametrize(
    "error",
    [
        OSError(errno.ENOSPC, "No space left on device"),
        ModuleNotFoundError("No module named 'distributed'"),
        RuntimeError("dictionary changed size during iteration"),
        SystemError("bad call flags"),
        KeyError("memory"),
    ],
)
def test_no_other_error_is_taken_for_it(error: BaseException) -> None:
    assert memory.exhausted(error) is None


def _limited(monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    monkeypatch.setattr(resource, "getrlimit", lambda _: (size, size))


def test_the_limit_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    _limited(monkeypatch, 512 * 2**20)
    said = memory.exhausted(MemoryError())
    assert said is not None
    assert "(each process may have 512 MB, ulimit -v)" in said


def test_too_low_a_limit_is_refused_in_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _limited(monkeypatch, 200 * 2**20)
    with pytest.raises(SystemExit, match="2"):
        main(["list"])
    assert capsys.readouterr().err == (
        "error: memory: found a limit of 200 MB a process (ulimit -v); allowed: 400 MB or more\n"
    )


@pytest.mark.parametrize(("most", "threads"), [(50, "1"), (5000, None), (None, None)])
def test_where_threads_may_run_out_linear_algebra_starts_none(
    monkeypatch: pytest.MonkeyPatch, most: int | None, threads: str | None
) -> None:
    def told(what: int) -> tuple[int, int]:
        limited = most is not None and what == resource.RLIMIT_NPROC
        return (most, most) if limited else (resource.RLIM_INFINITY, resource.RLIM_INFINITY)

    monkeypatch.setattr(resource, "getrlimit", told)
    monkeypatch.setattr(os, "environ", {})
    memory.spare()
    assert os.environ.get("OPENBLAS_NUM_THREADS") == threads


def test_what_ran_out_is_not_taken_for_a_damaged_table(tmp_path: Path) -> None:
    few = OSError("Unknown error: Failed to launch worker thread: try again")
    with pytest.raises(OSError, match="launch"), damage_told(tmp_path, "a table"):
        raise few


def test_a_damaged_size_is_not_taken_for_a_want_of_memory(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    _limited(monkeypatch, resource.RLIM_INFINITY)
    with pytest.raises(InputError, match="allowed: a table"), damage_told(tmp_path, "a table"):
        raise pa.ArrowMemoryError("malloc of size 10000000000000000 failed")
    _limited(monkeypatch, 512 * 2**20)
    with pytest.raises(MemoryError), damage_told(tmp_path, "a table"):
        raise pa.ArrowMemoryError("malloc of size 50000000 failed")


def test_what_ran_out_ends_a_command_at_once(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Ended(BaseException):
        pass

    def end(status: int) -> None:
        raise Ended(status)

    def start() -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(os, "_exit", end)
    monkeypatch.setattr("sandtable.cli.app.spare", start)
    with pytest.raises(Ended, match="2"):
        main(["list"])
    assert capsys.readouterr().err.startswith("error: no more threads can be started")


_LITTLE_ROOM = """
import numpy
import resource
from pathlib import Path
from sandtable.memory import ask_for_room
pages = int(Path("/proc/self/statm").read_text().split()[0])
size = pages * resource.getpagesize() + 50 * 2**20
resource.setrlimit(resource.RLIMIT_AS, (size, size))
ask_for_room()
try:
    import scipy.linalg
except MemoryError:
    print("told")
"""


@pytest.mark.verify
@pytest.mark.processes
@pytest.mark.skipif(sys.platform != "linux", reason="others hold no process to RLIMIT_AS")
def test_linear_algebra_does_not_wait_for_memory() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _LITTLE_ROOM],
        env=os.environ | {"OPENBLAS_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (done.stdout, done.stderr) == ("told\n", "")


@pytest.mark.verify
@pytest.mark.processes
@pytest.mark.skipif(sys.platform != "linux", reason="others hold no process to RLIMIT_AS")
@pytest.mark.parametrize("megabytes", [300, 400, 440, 480, 520, 560, 600, 700, 1000])
def test_any_limit_ends_in_a_result_or_in_words(
    megabytes: int, undisturbed: dict[str, bytes], tmp_path: Path
) -> None:
    shell, size = Shell(tmp_path), megabytes * 2**20
    done = subprocess.run(
        shell.words("run"),
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (size, size)),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert "Traceback" not in done.stderr and "Warning" not in done.stderr
    if done.returncode == 0:
        assert shell.contents("run") == undisturbed
    else:
        assert done.returncode == 2
        assert "error: memory" in done.stderr
        assert shell.resumed("run") == undisturbed
