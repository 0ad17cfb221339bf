import shutil
from pathlib import Path

import pytest

INPUTS = Path(__file__).parents[1] / "inputs" / "seeds"


@pytest.fixture
def register(tmp_path: Path) -> Path:
    """A sound register that the test may spoil."""
    return Path(shutil.copytree(INPUTS / "valid", tmp_path / "seeds"))


@pytest.fixture
def documents() -> Path:
    return INPUTS / "documents"


@pytest.fixture
def invalid() -> Path:
    return INPUTS / "invalid"
