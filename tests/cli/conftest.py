"""The command line, called in this process and watched from outside."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from sandtable.cli import main

RUNS = Path(__file__).parents[1] / "inputs" / "runs"
SCENARIO = [str(RUNS / "hill.toml"), "--register", str(RUNS / "register")]
BARE = ("--no-figures", "--no-report")
"""What a run is made with whose pages nobody looks at: they take most of its time."""


@dataclass(frozen=True)
class Said:
    """Exit code, stdout and stderr of one call."""

    code: int
    out: str
    err: str


Call = Callable[..., Said]


def done(*words: str | Path) -> None:
    """Do a verb for what it writes."""
    with pytest.raises(SystemExit) as left:
        main([str(word) for word in words])
    assert not left.value.code


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str]) -> Call:
    def run(*words: str | Path) -> Said:
        with pytest.raises(SystemExit) as left:
            main([str(word) for word in words])
        caught = capsys.readouterr()
        code = left.value.code
        return Said(code if isinstance(code, int) else int(bool(code)), caught.out, caught.err)

    return run


@pytest.fixture
def hill() -> list[str]:
    """The arguments that name the small scenario of these tests."""
    return list(SCENARIO)
