from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from sandtable.scenario import Scenario, load_scenario

INPUTS = Path(__file__).parents[1] / "inputs" / "scenarios"
Loader = Callable[..., Scenario]


@pytest.fixture
def register() -> Path:
    return INPUTS / "register"


@pytest.fixture
def small() -> Path:
    return INPUTS / "valid" / "small.toml"


@pytest.fixture
def minimal() -> Path:
    return INPUTS / "valid" / "minimal.toml"


@pytest.fixture
def load(register: Path, small: Path) -> Loader:
    """Load the small scenario, or another, with the tests' own register."""

    def loaded(path: Path = small, **options: object) -> Scenario:
        return load_scenario(path, register_root=register, **options)  # type: ignore[arg-type]

    return loaded


@pytest.fixture
def variation(minimal: Path, tmp_path: Path) -> Callable[..., Path]:
    """Write the minimal scenario with some of its text replaced."""

    def written(*replacements: tuple[str, str]) -> Path:
        text = minimal.read_text()
        for old, new in replacements:
            assert old in text
            text = text.replace(old, new)
        path = tmp_path / "variation.toml"
        path.write_text(text)
        return path

    return written
