from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import sandtable
from pages import Open, chromium, opening
from sandtable.campaign import CampaignRun
from sandtable.report import write_report
from shipped import campaign

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@pytest.fixture(scope="session")
def khasan() -> CampaignRun:
    """A campaign with phases, small enough to be run for every session of tests."""
    return campaign("lake-khasan-1938").run(replications=12, seed=1)


@pytest.fixture(scope="session")
def page_of_khasan(khasan: CampaignRun, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_report(tmp_path_factory.mktemp("report") / "report.html", khasan)


@pytest.fixture(scope="session")
def trained() -> CampaignRun:
    """A variant on the same draws, with fewer replications."""
    return sandtable.load("lake-khasan-1938", variant="trained-staffs").run(8, seed=1)


# A module's own: as long as it runs, its event loop stands in the way of others.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture
def opened(browser: Browser) -> Iterator[Open]:
    with opening(browser) as open_:
        yield open_
