"""Each input under inputs/scenarios/implausible is sound but hardly meant; beside it what is said.

Those in a folder of their own have their own register, with the facts and claims in question.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from sandtable.comparison import load_claims
from sandtable.comparison.plausibility import claim_doubts
from sandtable.scenario import check_scenario
from sandtable.scenario.plausibility import CHECKS, doubts
from sandtable.shipped import scenarios_root

FOLDER = Path(__file__).parents[1] / "inputs" / "scenarios" / "implausible"
SINGLE = sorted(path.name for path in FOLDER.glob("*.toml"))
WITH_REGISTER = sorted(path.name for path in FOLDER.iterdir() if path.is_dir())
SHIPPED = sorted(path.name for path in scenarios_root().iterdir())


def told(name: str | Path, register: Path | None = None) -> list[str]:
    """What is said of a scenario and of the claims about it."""
    scenario = check_scenario(name, register_root=register)
    found = doubts(scenario)
    campaign = scenario.file.scenario.campaign
    path = scenario.register / "outcomes" / f"{campaign}.csv"
    if path.is_file():
        claims = load_claims(scenario.register, campaign)
        found += claim_doubts(claims, scenario.sampler.central(), path)
    return [str(doubt) for doubt in found]


@pytest.mark.parametrize("name", [*SINGLE, *WITH_REGISTER])
def test_what_is_hardly_meant_is_told(
    name: str, register: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(FOLDER)
    expected = (FOLDER / name).with_suffix(".txt").read_text().splitlines()
    assert told(Path(name), register if name in SINGLE else None) == expected


def test_every_input_has_its_message() -> None:
    assert sorted(path.stem for path in FOLDER.glob("*.txt")) == sorted(
        [Path(name).stem for name in SINGLE] + WITH_REGISTER
    )


def test_every_check_has_an_input(register: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from sandtable.scenario import plausibility

    for what, check in CHECKS.items():
        monkeypatch.setattr(plausibility, "CHECKS", {what: check})
        found = [told(FOLDER / name, register) for name in SINGLE]
        found += [told(FOLDER / name) for name in WITH_REGISTER]
        assert any(found), what


@pytest.mark.verify
@pytest.mark.parametrize("name", SHIPPED)
def test_what_is_told_of_the_shipped_campaigns_is_known(name: str) -> None:
    """Each was looked at and is so; a new one is to be looked at, and mended or added here."""
    assert {line.partition(": found")[0].rpartition(": ")[2] for line in told(name)} == KNOWN[name]


KNOWN = {
    "khalkhin-gol-1939": {
        # Open below: it says no more than that it was over by the end.
        "his-kg-claim-nomonhan-cleared.low",
        # About a battalion; the scenario has its regiment.
        "his-kg-claim-encircled-64-battalion.outcome",
    },
    "kurils-1945": {"apx-out-kurils-iturup.low"},
    "lake-khasan-1938": set(),
    "manchuria-1945": {
        # Foot troops on axes that lead farther than they can march in the campaign.
        "order.88-rifle-corps-joins.place",
        # About what the scenario has not.
        "his-advance-1-far-eastern-front-day-2.outcome",
        "his-advance-112-fortified-region-day-1.outcome",
        "his-advance-6-field-fortified-region-day-1.outcome",
        "his-captured-hsiaochiaho.outcome",
        "his-halted-combined-arms-armies-fuel.outcome",
    },
    "mutanchiang-1945": set(),
    "sedan-1940": set(),
    "south-sakhalin-1945": set(),
}
