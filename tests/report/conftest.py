from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from pages import Open, chromium, opening

if TYPE_CHECKING:
    from playwright.sync_api import Browser


# A module's own: as long as it runs, its event loop stands in the way of others.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture
def opened(browser: Browser) -> Iterator[Open]:
    with opening(browser) as open_:
        yield open_
