"""Runs of the small scenario in processes of their own, to be watched, stopped and killed."""

from __future__ import annotations

import json
import os
import pty
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import redirect_stderr, redirect_stdout, suppress
from io import StringIO
from pathlib import Path

import psutil

from sandtable.cli import main

REPLICATIONS = 600
PARTS = 24
RUNS = Path(__file__).parent / "inputs" / "runs"
HILL = [str(RUNS / "hill.toml"), "--register", str(RUNS / "register")]

Done = subprocess.CompletedProcess[str]


class Shell:
    """Runs a verb on the small scenario, in processes of its own."""

    def __init__(
        self, folder: Path, verb: str = "run", asked: Sequence[str] = ("-n", str(REPLICATIONS))
    ) -> None:
        self.folder = folder
        self._asked = [verb, *HILL, *asked]
        self._started: list[subprocess.Popen[bytes]] = []

    def words(self, out: str, *more: str, program: str | None = None) -> list[str]:
        base = [sys.executable, program] if program else [sys.executable, "-m", "sandtable"]
        how = ["--no-figures", "--jobs", "2", "--out", str(self.folder / out)]
        return [*base, *self._asked, *how, *more]

    def start(self, out: str, *more: str, parts: int = 1) -> subprocess.Popen[bytes]:
        """Start a run, and wait until it has written so many parts."""
        before = len(self.parts(out))
        process = subprocess.Popen(
            self.words(out, *more),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
        self._started.append(process)
        there = before + parts
        soon(lambda: process.poll() is not None or len(self.parts(out)) >= there, 60 + 2 * parts)
        assert process.poll() is None, process.stderr and process.stderr.read()
        return process

    def run(self, out: str, *more: str, program: str | None = None) -> Done:
        words = self.words(out, *more, program=program)
        return subprocess.run(words, capture_output=True, text=True, check=False, timeout=240)

    def here(self, out: str, *more: str) -> Done:
        """Run in this process, where it does not matter whose it is: a start takes a second."""
        words = [*self.words(out, *more, "--jobs", "1")][3:]
        said, wrong = StringIO(), StringIO()
        try:
            with redirect_stdout(said), redirect_stderr(wrong):
                main(words)
        except SystemExit as left:
            code = left.code if isinstance(left.code, int) else int(bool(left.code))
        return Done(words, code, said.getvalue(), wrong.getvalue())

    def parts(self, out: str) -> list[Path]:
        return list((self.folder / f"{out}.partial/parts").glob("*.npz"))

    def contents(self, out: str) -> dict[str, bytes]:
        folder = self.folder / out
        files = {
            file.relative_to(folder).as_posix(): file.read_bytes()
            for file in folder.rglob("*")
            if file.is_file()
        }
        manifest = json.loads(files["manifest.json"])
        del manifest["times"]
        return {**files, "manifest.json": json.dumps(manifest).encode()}

    def resumed(self, out: str, *more: str) -> dict[str, bytes]:
        """Take a run up, and return what it comes to."""
        assert not (self.folder / out).exists()
        done = self.here(out, "--resume", *more)
        assert (done.returncode, "Traceback" in done.stderr) == (0, False), done.stderr
        assert not (self.folder / f"{out}.partial").exists()
        return self.contents(out)

    def end(self) -> None:
        for process in self._started:
            if process.poll() is None:
                process.kill()
                process.communicate()


def workers_of(process: subprocess.Popen[bytes]) -> list[psutil.Process]:
    """Return the processes that work for one, but for those that end meanwhile."""
    workers = list[psutil.Process]()
    with suppress(psutil.NoSuchProcess):
        for child in psutil.Process(process.pid).children():
            with suppress(psutil.NoSuchProcess):
                if "spawn_main" in " ".join(child.cmdline()):
                    workers.append(child)
    return workers


def end_by_themselves(processes: list[psutil.Process]) -> bool:
    """Tell whether all processes end within five seconds; those that don't are killed."""
    _, alive = psutil.wait_procs(processes, timeout=5)
    for process in alive:
        process.kill()
    return not alive


# Sets the width of its own terminal before each verb, so that one process shows them all.
_SHOW_EACH = """
import fcntl, json, os, struct, sys, termios
from sandtable.cli import main

os.environ.pop("COLUMNS", None)
for columns, words in json.loads(sys.argv[1]):
    fcntl.ioctl(1, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
    try:
        main(words)
    except SystemExit as left:
        assert not left.code, left.code
    print(end="\\x1e", flush=True)
"""


def in_terminals(widths: Iterable[int], *words: str | Path) -> dict[int, str]:
    """Run a verb in a pseudo-terminal of each width; return what it shows, without styles."""
    asked = [(columns, list(map(str, words))) for columns in widths]
    terminal, inside = pty.openpty()
    child = subprocess.Popen(
        [sys.executable, "-c", _SHOW_EACH, json.dumps(asked)],
        stdin=inside, stdout=inside, stderr=inside, start_new_session=True,
    )  # fmt: skip
    os.close(inside)
    shown = b""
    while True:
        try:
            some = os.read(terminal, 65536)
        except OSError:  # Linux has no end of file here.
            break
        if not some:
            break
        shown += some
    os.close(terminal)
    assert child.wait() == 0, shown.decode()
    plain = re.sub(r"\x1b\[[?0-9;]*[A-Za-z]", "", shown.decode()).replace("\r\n", "\n")
    return dict(zip(widths, plain.split("\x1e"), strict=False))


def soon(holds: Callable[[], bool], within: float = 60) -> float:
    """Wait until something holds; return how many seconds that took."""
    start = asked = time.monotonic()
    while not holds():
        took = time.monotonic() - asked
        assert asked - start < within
        # To look takes time that the others want.
        time.sleep(max(0.005, 4 * took))
        asked = time.monotonic()
    return time.monotonic() - start
