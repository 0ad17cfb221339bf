"""What tests of more than one package use."""

from __future__ import annotations

import atexit
import builtins
import gc
import pickle
import signal
import sys
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from clusters import Cluster, cluster_in
from sandtable.campaign import run as campaign_run
from sandtable.cli import verbs
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


@pytest.fixture(scope="session", autouse=True)
def _garbage_is_looked_for_once() -> Iterator[None]:
    """What has lived through one look of the garbage collector is not looked at again.

    A process of tests holds a million objects; a run hides them from the collector and shows them
    again, thousands of times in one session.
    """
    freeze = gc.freeze

    def collect_and_freeze() -> None:
        gc.collect()
        freeze()

    collect_and_freeze()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(gc, "freeze", collect_and_freeze)
        patch.setattr(gc, "unfreeze", lambda: None)
        yield
        # Pytest looks five times more at the end, and the interpreter, which has to see all.
        collect_and_freeze()
    atexit.register(gc.unfreeze)


@pytest.fixture(scope="session", autouse=True)
def _dear_work_is_done_once() -> Iterator[None]:
    """What depends on its arguments alone is not worked anew for each of thousands of tests.

    That is the baseline of one battle, 400 draws of the laws for each run that is compared, and
    Typer's making of a verb, which in a process of one's own happens once.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(campaign_run, "one_battle", _told_once(campaign_run.one_battle))
        patch.setattr(verbs, "loaded", cache(verbs.loaded))
        yield


def _told_once(told: Callable[..., dict[str, Any]]) -> Callable[..., dict[str, Any]]:
    """A baseline that keeps what it told, read-only, by the content of all that it was given."""
    kept: dict[bytes, dict[str, Any]] = {}

    def tell(*given: Any) -> dict[str, Any]:
        key = pickle.dumps(given)
        if key not in kept:
            kept[key] = told(*given)
            for values in kept[key].values():
                values.flags.writeable = False
        return dict(kept[key])

    return tell


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
