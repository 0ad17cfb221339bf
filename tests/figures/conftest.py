from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from sandtable.figures.style import styled


def _made_up() -> ModuleType:
    path = Path(__file__).with_name("made_up.py")
    spec = importlib.util.spec_from_file_location("made_up", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    import sys

    sys.modules["made_up"] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def manchuria() -> Any:
    return _made_up().manchuria(60)


@pytest.fixture(scope="session")
def khalkhin_gol() -> Any:
    return _made_up().khalkhin_gol(60)


@pytest.fixture
def style() -> Iterator[None]:
    with styled():
        yield
