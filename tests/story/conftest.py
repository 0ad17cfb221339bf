"""Runs whose stories are told: one tiny, and the campaigns that ship."""

from __future__ import annotations

from pathlib import Path

import pytest

import sandtable
from sandtable.campaign import CampaignRun
from shipped import campaign

RUNS = Path(__file__).parents[1] / "inputs" / "runs"
CAMPAIGNS = ("khalkhin-gol-1939", "kurils-1945", "lake-khasan-1938", "manchuria-1945")


@pytest.fixture(scope="session")
def hill() -> CampaignRun:
    return sandtable.load(RUNS / "hill.toml", register=RUNS / "register").run(3, 1)


@pytest.fixture(scope="session")
def campaigns() -> dict[str, CampaignRun]:
    return {name: campaign(name).run(2, 1) for name in CAMPAIGNS}
