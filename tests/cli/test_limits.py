"""Limits of a shell (``ulimit``) on verbs that work for long: a result, or one line that says so.

What they do to ``run`` is in test_memory.
"""

from __future__ import annotations

import resource
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from battles.invented import battles
from battles.invented import write as write_battles
from cli.conftest import SCENARIO
from cli.test_operations import RECORDED
from operations.made_up import ROWS
from operations.made_up import write as write_operations

pytestmark = [
    pytest.mark.processes,
    pytest.mark.verify,
    pytest.mark.skipif(sys.platform != "linux", reason="others hold no process to these limits"),
]

KEY = "formation.9-division.personnel"
VERBS: dict[str, tuple[str, ...]] = {
    "battles fit": ("B",),
    "battles predict": ("B",),
    "battles validate": ("B", "--repeats", "1", "--folds", "2", "--jobs", "2"),
    "operations validate": ("O", "-n", "4", "--jobs", "2"),
    "battle": ("men=9000", "men=4000", "--crt", "-n", "40", "--jobs", "2"),
    "vary": (*SCENARIO, f"{KEY}=4000,5000", "-n", "30", "--jobs", "2"),
    "sensitivity": (
        *(*SCENARIO, "--trajectories", "4", "--repeats", "1", "--samples", "64"),
        *("--strongest", "2", "--outcomes", "captured/hill", "--jobs", "2"),
    ),
    "calibrate": (
        *(*SCENARIO, "--keys", f"{KEY}=1000..30000", "--claims", "losses/*", "--points", "6"),
        *("--waves", "1", "-n", "5", "--on-average", "--jobs", "2"),
    ),
}
_MB = 2**20
LIMITS = {
    "memory": (resource.RLIMIT_AS, (460 * _MB, 550 * _MB)),
    "files": (resource.RLIMIT_NOFILE, (6, 14, 19)),
    "room": (resource.RLIMIT_FSIZE, (1000,)),
}
_LONGEST = 120
"""Seconds that a command may take where it is held to a limit."""


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("tables")
    recorded = [row | RECORDED for row in ROWS]
    return {
        "B": write_battles(folder / "b.csv", battles(240)),
        "O": write_operations(folder / "o.csv", recorded),
    }


@pytest.mark.parametrize("limit", LIMITS)
@pytest.mark.parametrize("verb", VERBS)
def test_a_limit_ends_in_a_result_or_in_words(
    verb: str, limit: str, tables: dict[str, Path], tmp_path: Path
) -> None:
    kind, sizes = LIMITS[limit]
    for size in sizes:
        out = tmp_path / f"{size}.txt"
        words = [*verb.split(), *(str(tables.get(word, word)) for word in VERBS[verb])]
        held = attempt([*words, "--out", str(out)], partial(resource.setrlimit, kind, (size, size)))
        assert held.returncode in (0, 2), (size, held.stderr)
        if held.returncode == 0:
            continue
        said = held.stderr.splitlines()
        assert said and all(line.startswith("error: ") for line in said), (size, held.stderr)
        kept = [how for how in ("--resume", "--overwrite") if how in held.stderr]
        # What is left is told, and how to go on from there.
        assert bool(left(out)) == bool(kept), (size, held.stderr)
        if size == sizes[-1]:
            again = attempt([*words, "--out", str(out), *kept])
            assert again.returncode == 0, (size, again.stderr)


def attempt(
    words: list[str], held_to: Callable[[], None] | None = None
) -> subprocess.CompletedProcess[str]:
    """Do a verb in a process of its own, held to a limit."""
    return subprocess.run(
        [sys.executable, "-m", "sandtable", *words, "--quiet"],
        preexec_fn=held_to,
        capture_output=True,
        text=True,
        check=False,
        timeout=_LONGEST,
    )


def left(out: Path) -> list[Path]:
    """What stands where the command was to write, or beside it, but for an empty folder."""
    named = [path for path in out.parent.iterdir() if out.name in path.name]
    return [path for path in named if path.is_file() or any(path.iterdir())]
