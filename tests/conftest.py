"""What tests of more than one package use."""

from __future__ import annotations

import builtins
import signal
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from clusters import Cluster, cluster_in
from shells import Shell

_SUM = builtins.sum


def _sum_without_floats(items: Iterable[Any], /, start: Any = 0) -> Any:
    """The built-in sum, which rounds floats in one way before Python 3.12 and in another since."""
    if not sys._getframe(1).f_globals["__name__"].startswith("sandtable."):
        return _SUM(items, start)
    items = list(items)
    assert not any(isinstance(item, float) for item in items), "floats are added up by math.fsum"
    return _SUM(items, start)


@pytest.fixture(scope="session", autouse=True)
def _sums_of_floats_are_exact() -> Iterator[None]:
    """Whatever a test runs, no module of the project adds up floats by the built-in sum."""
    builtins.sum = _sum_without_floats
    yield
    builtins.sum = _SUM


def pytest_configure() -> None:
    """Let what tests start be interrupted, also where this is run under nohup or in a background.

    A signal that is ignored would be ignored in every process to come; one that is caught is not.
    """
    for number in (signal.SIGINT, signal.SIGHUP):
        if signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, lambda *_: None)


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    with cluster_in(tmp_path / "dask") as made:
        yield made


@pytest.fixture(scope="session")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """What the small scenario comes to on two processes that nothing disturbs."""
    made = Shell(tmp_path_factory.mktemp("undisturbed"))
    assert made.run("whole").returncode == 0
    return made.contents("whole")
