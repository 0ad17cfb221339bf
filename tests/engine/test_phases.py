"""Phases: each is the same alone and in a run through all, and what they come to together."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from math import isnan, nan

import pytest

from engine.builder import JAPAN, USSR, blue, duel, laws, leg, place, red, scenario
from sandtable.calendar import Calendar, PhaseSpan
from sandtable.engine import Run, campaign, reporter_of, run
from sandtable.outcomes import is_moment, of_phase
from sandtable.scenario.resolved import ResolvedScenario
from sandtable.streams import Streams

STARTS = (1.0, 11.0)


def as_phase(part: ResolvedScenario, id: str, start: float, whole: Calendar) -> ResolvedScenario:
    calendar = Calendar(whole.h_hour + timedelta(days=start), part.calendar.days)
    return replace(part, phase=id, calendar=calendar)


def through(*parts: ResolvedScenario, starts: tuple[float, ...] = STARTS) -> ResolvedScenario:
    """Run these one after the other, named one, two, ...; of the whole only the calendar counts."""
    names = ("one", "two", "three")[: len(parts)]
    spans = tuple(
        PhaseSpan(name, start, start + part.days)
        for name, start, part in zip(names, starts, parts, strict=True)
    )
    whole = Calendar(parts[0].calendar.h_hour, spans[-1].end + 1.0, spans)
    phases = (
        as_phase(part, name, start, whole)
        for name, start, part in zip(names, starts, parts, strict=True)
    )
    return replace(parts[0], calendar=whole, phases=tuple(phases))


def attack(personnel: float = 5_000.0, days: float = 4.0, **changes: object) -> ResolvedScenario:
    defenders = [blue("j", "b", personnel, guns=20.0, antitank_guns=10.0)]
    return duel([red("r", "a", tanks=50.0)], defenders, days=days, **changes)


def play(resolved: ResolvedScenario, replication: int = 0, **options: bool) -> Run:
    return run(
        resolved, laws(0.2, 0.3), reporter_of(resolved), streams=Streams("t", 3),
        replication=replication, record_events=True, **options,
    )  # fmt: skip


def told(resolved: ResolvedScenario, found: Run) -> dict[str, float]:
    return dict(zip(reporter_of(resolved).outcomes, found.outcomes, strict=True))


@pytest.fixture
def whole() -> ResolvedScenario:
    return through(attack(), attack(2_500.0))


@pytest.mark.parametrize("replication", [0, 1, 7])
def test_a_phase_is_the_same_alone_and_in_a_run_through_all(whole, replication) -> None:
    together = told(whole, play(whole, replication))
    for part, start in zip(whole.phases, STARTS, strict=True):
        for name, value in told(part, play(part, replication)).items():
            value += start if is_moment(name) else 0.0
            assert together[of_phase(part.phase, name)] == pytest.approx(value, abs=0, nan_ok=True)


def test_phases_draw_their_own_luck() -> None:
    same = through(attack(), attack())
    found = told(same, play(same))
    name = "losses/japan/personnel/total"
    assert found[f"phase/one/{name}"] != found[f"phase/two/{name}"]


def test_losses_add_up_and_events_count_when_they_first_come_about(whole) -> None:
    for replication in range(5):
        found = told(whole, play(whole, replication))
        for name, value in found.items():
            parts = [found.get(of_phase(id, name), nan) for id in ("one", "two")]
            if name.startswith(("losses/", "battle/", "halted/")) and "/by/" not in name:
                assert value == pytest.approx(sum(parts))
            elif name.startswith("captured/"):
                known = [part for part in parts if not isnan(part)]
                assert value == (min(known) if known else pytest.approx(nan, nan_ok=True))


def test_shares_are_of_all_tanks_and_of_all_defeats(whole) -> None:
    for replication in range(5):
        found, runs = (
            told(whole, play(whole, replication)),
            [play(part, replication) for part in whole.phases],
        )
        lost = [found[f"phase/{id}/losses/ussr/tanks/disabled"] for id in ("one", "two")]
        name = "losses/ussr/tanks/by/anti-tank-guns"
        shares = [found[f"phase/{id}/{name}"] for id in ("one", "two")]
        by = sum(w * share for w, share in zip(lost, shares, strict=True) if w)
        assert found[name] == pytest.approx(by / sum(lost))
        defeats = [sum(part.quits) for part in runs]
        losses = [part.quits[4] for part in runs]
        expected = sum(losses) / sum(defeats) if sum(defeats) else nan
        assert found["quit/losses"] == pytest.approx(expected, nan_ok=True)


def test_the_daily_series_run_through_lulls(whole) -> None:
    found = play(whole)
    series = reporter_of(whole).series
    rows = [dict(zip(series, row, strict=True)) for row in found.timeline]
    outcomes = told(whole, found)
    assert len(rows) == 17
    lost = "losses/japan/personnel/total"
    assert rows[-1][lost] == pytest.approx(outcomes[lost])
    # H-hour is at midnight: the first phase takes the days 2 to 5, the second 12 to 15.
    for name in series:
        assert rows[5][name] == rows[8][name] == rows[11][name]
    assert rows[5][lost] == pytest.approx(outcomes[f"phase/one/{lost}"])
    assert rows[11]["strength/japan/personnel"] < 5_000.0
    first = play(whole.phases[1]).timeline
    assert (
        rows[12]["strength/japan/personnel"] == first[1][series.index("strength/japan/personnel")]
    )
    assert rows[0]["front/x"] == rows[1]["front/x"] == 0.0


def test_the_log_and_the_battles_tell_the_campaigns_days(whole) -> None:
    found = play(whole)
    marks = [(e.day, e.kind) for e in found.events if e.kind.startswith("phase")]
    assert marks == [
        (1.0, "phase begins"), (5.0, "phase ends"), (11.0, "phase begins"), (15.0, "phase ends"),
    ]  # fmt: skip
    assert [e.text for e in found.events if e.kind == "phase begins"] == [
        "one: ussr 10,000 men, japan 5,000 men", "two: ussr 10,000 men, japan 2,500 men",
    ]  # fmt: skip
    assert [e.day for e in found.events] == sorted(e.day for e in found.events)
    numbers = list(dict.fromkeys(row[0] for row in found.battles))
    assert numbers == list(range(1, len(numbers) + 1))
    assert {e.battle for e in found.events} == {0, *numbers}
    assert {row[4] for row in found.battles} & {1.0, 11.0} == {1.0, 11.0}


def test_the_tracks_tell_the_campaigns_days_and_who_has_no_part(whole) -> None:
    expected = [
        row._replace(day=row.day + start)
        for part, start in zip(whole.phases, STARTS, strict=True)
        for row in play(part).tracks
    ]
    assert play(whole).tracks == expected and expected
    first, second = attack(), attack()
    second = replace(second, formations=(red("r", "a", tanks=50.0), blue("k", "b", 5_000.0)))
    found = [row for row in play(through(first, second)).tracks if row.formation == "j"]
    assert found[-1] == (STARTS[1], "j", "", "", 0.0, 0.0, 0.0, "off the map")
    assert {row.day < STARTS[1] for row in found[:-1]} == {True}


def test_who_is_off_the_map_is_told_so_once() -> None:
    without = replace(attack(), formations=(red("r", "a"), blue("k", "b", 5_000.0)))
    phases = through(attack(), without, without, starts=(1.0, 11.0, 21.0))
    found = [row for row in play(phases).tracks if row.formation == "j" and row.day > 5.0]
    assert found == [(11.0, "j", "", "", 0.0, 0.0, 0.0, "off the map")]


def test_in_a_lull_nothing_fights(whole) -> None:
    """A phase without axes and orders: the sick alone, when nobody is in touch."""
    apart = scenario(
        [place("a", "ussr"), place("b"), place("c")], [leg("ab"), leg("bc")],
        [red("r", "a"), blue("j", "c")], [], days=2.0, sides=(replace(USSR, sick=0.01), JAPAN),
    )  # fmt: skip
    both = through(attack(), apart)
    found = told(both, play(both))
    assert found["phase/two/losses/ussr/personnel/total"] == pytest.approx(10_000 * (1 - 0.99**2))
    assert found["phase/two/losses/japan/personnel/total"] == 0.0


def test_ground_gained_is_told_by_the_last_day_of_the_phase() -> None:
    whole = through(attack(), attack(8_000.0, days=0.1), starts=(1.0, 14.5))
    found = told(whole, play(whole))
    assert found["advance/x/16"] == found["phase/two/advance/x/1"] < found["phase/one/advance/x/4"]
    assert not [name for name in found if name.startswith("advance/") and name != "advance/x/16"]


def test_without_phases_it_is_one_run() -> None:
    plain = attack()
    reporter = reporter_of(plain)
    assert run(plain, laws(), reporter, streams=Streams("t", 3), replication=0) == campaign.run(
        plain, laws(), reporter, streams=Streams("t", 3), replication=0
    )
