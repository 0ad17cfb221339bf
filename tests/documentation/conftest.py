from __future__ import annotations

from collections.abc import Iterator

import pytest

import disputes_page
from shipped import shipped


@pytest.fixture(scope="session", autouse=True)
def _campaigns_are_those_of_all_tests() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(disputes_page, "load_scenario", shipped)
        yield
