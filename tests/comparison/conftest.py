from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest

from comparison.small_campaign import small_campaign
from sandtable.comparison import Claim
from sandtable.evidence import Bound
from sandtable.scenario.resolved import ResolvedScenario
from sandtable.streams import Streams


@pytest.fixture
def h_hour() -> datetime:
    return datetime.fromisoformat("1945-08-09T00:00+09:00")


@pytest.fixture
def claim() -> Callable[..., Claim]:
    def make(outcome: str, low: Bound, high: Bound, unit: str, id: str = "a-claim") -> Claim:
        return Claim(id, "a-1945", outcome, low, high, unit, "a chronicler", "a-book", 1, "a note")

    return make


@pytest.fixture
def resolved() -> ResolvedScenario:
    return small_campaign()


@pytest.fixture
def streams() -> Streams:
    return Streams("small", 0)
