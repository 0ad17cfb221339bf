"""Attacks in their hundreds: the same in every run, each of them soon over."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sandtable.cli import main

Survives = Callable[..., int]
# Seconds that one command of these may take on the slowest machine.
LONGEST = 60
SIZES = [100, pytest.param(1000, marks=pytest.mark.verify)]


def cases(count: int, attack: Callable[[Random], None]) -> None:
    """Try an attack so many times, each time with another chance, the same in every run."""
    quiet = [HealthCheck.too_slow, HealthCheck.data_too_large]

    @settings(
        max_examples=count, deadline=None, derandomize=True, database=None,
        suppress_health_check=quiet,
    )  # fmt: skip
    @given(st.randoms(use_true_random=False))
    def tried(chance: Random) -> None:
        attack(chance)

    tried()


@contextmanager
def no_longer_than(seconds: int) -> Iterator[None]:
    def stop(*_: object) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


@pytest.fixture
def survives(capsys: pytest.CaptureFixture[str]) -> Callable[..., int]:
    """A command, of which is asked that it ends by itself, soon, and prints only what is seen."""

    def run(*words: object) -> int:
        with no_longer_than(LONGEST), pytest.raises(SystemExit) as left:
            main([str(word) for word in words])
        said = capsys.readouterr()
        code = left.value.code or 0
        assert code in (0, 1, 2), said.err
        for text in (said.out, said.err):
            assert "Traceback" not in text
            assert all(c.isprintable() or c in "\n\t\xa0" for c in text)
        return int(code)

    return run
