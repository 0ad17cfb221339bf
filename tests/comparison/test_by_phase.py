"""Claims about a phase: answered on its own time, alone and in a run through all phases."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from math import inf, nan
from pathlib import Path

import numpy as np
import pytest

import sandtable
from sandtable.calendar import Calendar, PhaseSpan
from sandtable.comparison import about_phase, by_phase, compare
from sandtable.comparison.scale import Scale
from sandtable.evidence.claims import Claim
from sandtable.outcomes import closest, headlines, nearest_name, parse, split_phase

H_HOUR = datetime(1939, 5, 1)
WHOLE = Calendar(H_HOUR, 100.0, (PhaseSpan("one", 0.0, 4.0), PhaseSpan("two", 80.0, 92.0)))
FILE = Path(__file__).parents[1] / "inputs" / "scenarios" / "valid" / "two-phases.toml"


def claim(outcome: str, low, high, unit: str) -> Claim:
    return Claim("c", "tiny", outcome, low, high, unit, "Somebody", "book", None, "")


def test_never_is_later_than_the_phase() -> None:
    name = "phase/two/captured/hill"
    day = H_HOUR + timedelta(days=85)
    outcomes = {name: np.array([84.0] * 5 + [95.0] * 5)}
    (row,) = compare(outcomes, [claim(name, day, day, "date")], calendar=WHOLE, baseline={})
    assert (row.claim_low, row.p05, row.p95) == (85.0, 84.0, inf)
    # As wide as the phase, though not as the campaign.
    wide = claim(name, H_HOUR + timedelta(days=80), H_HOUR + timedelta(days=92), "date")
    (row,) = compare(outcomes, [wide], calendar=WHOLE, baseline={})
    assert not row.tests


def test_days_of_a_phase_are_shares_of_its_length() -> None:
    told = parse("phase/two/captured/hill")
    assert told is not None
    scale = Scale.of(told, WHOLE)
    assert scale.values(np.array([80.0, 86.0, 92.0, nan])).tolist() == [0.0, 0.5, 1.0, 1.0]
    halt = parse("phase/two/halted/drive/fuel")
    assert halt is not None
    assert Scale.of(halt, WHOLE).values(np.array([6.0])).tolist() == [0.5]


def test_claims_about_one_phase_lose_its_name() -> None:
    claims = [
        claim("losses/japan/guns", None, 5, "gun"),
        claim("phase/two/losses/japan/guns", 1, 5, "gun"),
        claim("phase/one/losses/japan/guns", 1, 4, "gun"),
    ]
    assert about_phase(claims, "two") == [replace(claims[1], outcome="losses/japan/guns")]


def test_names_of_phases() -> None:
    name = "phase/may-clash/losses/japan/personnel/killed"
    told = parse(name)
    assert told is not None and told.phase == "may-clash" and told.slots["side"] == "japan"
    assert told.meaning == "persons killed, japan; within the phase may-clash"
    assert told.label(str.upper, str) == "MAY-CLASH: JAPAN: killed"
    assert parse("phase/may-clash/nothing") is None and parse("phase/may-clash") is None
    assert split_phase("captured/hill") == ("", "captured/hill")
    assert nearest_name("phase/may-clash/losses/japan/personnel/kiled") == name
    assert headlines([name], {"side": ["japan"]}) == []
    assert closest("phase/a/captured/hil", ["captured/hill", "phase/a/captured/hill"]) == (
        "phase/a/captured/hill"
    )


def test_a_baseline_of_the_whole_is_the_sum_of_its_phases() -> None:
    scenario = sandtable.load(FILE).scenario.sampler.central()

    def said(part, streams):
        day = np.array([1.0, 2.0 if part.phase == "first" else inf])
        men = 10.0 if part.phase == "first" else 30.0
        ends = {f"advance/red-drive/{part.calendar.calendar_days}": np.array([5.0, 6.0])}
        return {"captured/hill": day, "losses/red/tanks": np.full(2, men)} | ends

    found = by_phase(said, scenario, 1)
    assert found["losses/red/tanks"].tolist() == [40.0, 40.0]
    assert found["captured/hill"].tolist() == [1.0, 2.0]
    assert found["phase/second/captured/hill"].tolist() == [11.0, inf]
    assert found["advance/red-drive/20"].tolist() == [5.0, 6.0]


@pytest.mark.parametrize("phase", ["first", "second"])
def test_a_run_through_all_and_a_phase_alone_are_paired(phase: str) -> None:
    start = {"first": 0.0, "second": 10.0}[phase]
    whole = sandtable.load(FILE).run(replications=4, seed=2).outcomes
    alone = sandtable.load(FILE, phase=phase).run(replications=4, seed=2).outcomes
    for name, values in alone.items():
        shift = start if name.startswith(("captured", "encircled", "surrendered")) else 0.0
        np.testing.assert_array_equal(whole[f"phase/{phase}/{name}"], values + shift)
