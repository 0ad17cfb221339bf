"""Attack and march by night: when it is dark, when they fight, and what darkness changes."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest

from engine.builder import (
    AT_ONCE,
    FOOT,
    Air,
    about,
    axis,
    blue,
    laws,
    line,
    order,
    place,
    play,
    red,
    scenario,
)
from sandtable.calendar import Calendar
from sandtable.engine.night import Nights
from sandtable.laws.darkness import light

# On 1 January at 45 degrees north, by the sun's own clock: dark from 17:00 to 7:05.
DAWN, DUSK = light(45.0, 0.0, 0.0, 1)
LENGTH = light(45.0, 0.0, 0.0, 2)[0] + 1.0 - DUSK
BY_NIGHT = ("attack",)


def duel(*, by_night=BY_NIGHT, days: float = 3.0, **changes):
    """Contact at H-hour, which is midnight."""
    places, legs = line("abc", 9.0)
    forces = [red("r", "a"), blue("j", "b", 3_000.0)]
    column = axis("x", "r", "ab", by_night=by_night)
    return scenario(places, legs, forces, [column], days=days, **changes)


def nights(start: datetime, **where) -> Nights:
    s = duel()
    places = tuple(replace(p, **where) for p in s.places)
    return Nights(replace(s, places=places, calendar=Calendar(start, 10.0)))


def test_a_night_lasts_from_dusk_to_dawn() -> None:
    found = nights(datetime(1939, 1, 1))
    assert found.at("b", 0.0) == (pytest.approx(DUSK - 1.0, abs=1e-3), about(DAWN))
    assert found.at("b", DAWN + 1e-6) == (about(DUSK), about(DUSK + LENGTH))
    assert found.at("b", 0.5) == found.at("b", DUSK + 0.1)


def test_a_clock_with_a_zone_is_the_zones() -> None:
    """Noon at 120 degrees east by a clock nine hours ahead of Greenwich comes an hour late."""
    start = datetime(1939, 1, 1, 12, tzinfo=timezone(timedelta(hours=9)))
    night = nights(start, lon=120.0).at("b", 0.0)
    assert night.start == about(DUSK + 1.0 / 24.0 - 0.5)


def test_where_the_sun_does_not_set_no_night_comes() -> None:
    assert nights(datetime(1939, 6, 10), lat=80.0).at("b", 0.0).start > 50.0


def test_the_log_of_a_night_attack_is_exact() -> None:
    """It begins in the dark at H-hour of midnight, or waits for dusk; the defence soon breaks."""
    for by_night, fraction, day in (
        (BY_NIGHT, 0.0, 0.0),
        (BY_NIGHT, 0.5, DUSK - 0.5),
        ((), 0.5, 0),
    ):
        s = duel(by_night=by_night, day_fraction=fraction)
        run = play(s, laws(AT_ONCE))
        told = [(e.day, e.kind, e.place, e.axis or e.formation) for e in run.events]
        assert told[:3] == [
            (about(day), "battle begins", "b", "x"), (about(day), "contact", "b", "x"),
            (about(day), "defence broken", "b", "x"),
        ]  # fmt: skip
    assert play(replace(duel(day_fraction=0.5), mechanisms=s.mechanisms.without("night")),
                laws(AT_ONCE)).day("contact", "b") == 0.0  # fmt: skip


def test_it_leaves_off_by_day_and_the_clock_with_it() -> None:
    """A night's fighting counts as a day's: the battle is two days old after two nights."""
    run = play(duel(days=2.0, day_fraction=0.5), laws(breaks=0.0))
    whole = run.battles[0]
    assert whole["start"] == about(DUSK - 0.5)
    assert whole["days"] == pytest.approx(2.0, abs=1e-6)
    half = play(duel(days=DUSK - 0.5 + LENGTH, day_fraction=0.5), laws(breaks=0.0)).outcomes
    day = play(duel(days=1.2, day_fraction=0.5), laws(breaks=0.0)).outcomes
    total = "losses/japan/personnel/total"
    assert day[total] == pytest.approx(half[total])


def test_darkness_takes_off_casualties_and_aircraft() -> None:
    """Without luck or end, a first night costs a share of what a day costs, without aircraft."""
    sky = [Air("ussr", "attacker", 100.0, 1.0, 2.0, 0.0)]
    under = laws(breaks=0.0, attrition="full", certain=True, night__casualties=0.5,
                 night__surprise=0.0)  # fmt: skip
    kept = {"attrition": "full", "without": ["combat-fatigue", "opposed-advance"]}
    night = play(duel(days=DUSK - 0.5 + LENGTH, day_fraction=0.5, air=sky, **kept), under)
    by_day = duel(by_night=(), days=1.0, **kept)
    total = "losses/japan/personnel/total"
    day = play(by_day, under)
    assert night.outcomes[total] == pytest.approx(0.5 * day.outcomes[total], rel=1e-6)
    clear = play(replace(by_day, air=tuple(sky)), under)
    assert clear.outcomes[total] > day.outcomes[total]


def test_darkness_surprises_and_slows() -> None:
    under = laws(breaks=0.0, certain=True, night__surprise=1.0, night__advance=0.5)
    for level, wanted in ((0.0, 1.0), (2.0, 2.0)):
        s = duel(day_fraction=0.5, days=1.0)
        s = replace(s, axes=(replace(s.axes[0], surprise=level),))
        assert play(s, under).world.columns["x"].surprise == wanted
    kept = {"without": ["surprise", "combat-fatigue", "attrition", "cohesion"]}
    day = play(duel(by_night=(), days=0.5, **kept), under).outcomes["advance/x/1"]
    night = play(duel(days=DAWN / 2.0, **kept), under).outcomes["advance/x/1"]
    # Half of the rate, for as much of the battle's day as of the night.
    length = DAWN - (DUSK - 1.0)
    assert night == pytest.approx(0.5 * 2.0 * day * (DAWN / 2.0) / length, rel=2e-3)


def test_a_counterattack_by_night_waits_for_it() -> None:
    places, legs = line("abc", 9.0)
    places[1] = place("b", "ussr")
    strike = order("strike", "counterattack", "j", 0.5, place="b", by_night=("attack",))
    forces = [red("r", "b"), blue("j", "c")]
    s = scenario(places, legs, forces, [axis("x", "r", "ba", starts=9.0)], [strike], days=5.0)
    assert play(s, laws(AT_ONCE)).day("contact", "b") == pytest.approx(DUSK, abs=2e-3)


def test_a_march_by_night_is_slower_and_cut_short_by_a_short_night() -> None:
    places, legs = line("ab", 40.0)
    days = []
    for by_night, month in (((), 1), (("march",), 1), (("march",), 6)):
        s = scenario(places, legs, [red("r", "a")], [axis("x", "r", "ab", by_night=by_night)])
        s = replace(s, calendar=Calendar(datetime(1939, month, 21), 20.0))
        run = play(s, laws(night__foot=0.8, night__march_hours=8.0))
        days.append(run.outcomes["captured/b"])
    dusk, dawn = light(45.0, 0.0, 0.0, 171)[1], light(45.0, 0.0, 0.0, 172)[0]
    short = 24.0 * (1.0 + dawn - dusk) / 8.0
    assert short < 1.0
    assert days == [about(40.0 / FOOT), about(40.0 / FOOT / 0.8),
                    pytest.approx(40.0 / FOOT / 0.8 / short, rel=1e-3)]  # fmt: skip
