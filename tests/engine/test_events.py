"""The event log: each field holds ids of one sort, in every campaign that ships."""

from __future__ import annotations

import re
from dataclasses import fields
from typing import get_args

import pytest

from engine.builder import axis, blue, laws, line, play, red, scenario
from sandtable.engine import Event, Reporter, run
from sandtable.engine.events import DETAILS, EventKind
from sandtable.ensemble.replications import law_sampler_of
from sandtable.outcomes import QUIT_CAUSES
from sandtable.scenario.resolved import ResolvedScenario
from sandtable.streams import Streams
from shipped import shipped

SHIPPED = ("khalkhin-gol-1939", "manchuria-1945")


@pytest.fixture(
    scope="module", params=[SHIPPED[0], pytest.param(SHIPPED[1], marks=pytest.mark.verify)]
)
def told(request) -> tuple[ResolvedScenario, list[Event]]:
    """A shipped campaign and the events of ten replications of it."""
    sampler = shipped(request.param).sampler
    central, laws = sampler.central(), law_sampler_of(sampler).central()
    reporter, events = Reporter(central), []
    for replication in range(10):
        events += run(
            central,
            laws,
            reporter,
            streams=Streams(central.name, 1),
            replication=replication,
            record_events=True,
        ).events
    return central, events


def test_every_field_holds_ids_of_its_own_sort(told) -> None:
    resolved, events = told
    sides = {side.id: side.coalition for side in resolved.sides}
    of = {f.id: f.side for f in resolved.formations}
    axes = {a.id: a for a in resolved.axes}
    places = {p.id for p in resolved.places}
    for event in events:
        assert event.kind in get_args(EventKind)
        assert event.formation in of
        assert event.side == of[event.formation]
        assert event.coalition == sides[event.side]
        assert event.axis == "" or event.axis in axes
        assert event.place == "" or event.place in places
        assert event.cause == "" or event.cause in QUIT_CAUSES
        assert 0.0 <= event.day <= resolved.days + 1e-5
        assert tuple(event.details) == DETAILS.get(event.kind, ())


def test_details_hold_the_figures_of_the_text(told) -> None:
    _, events = told
    seen = set()
    for event in events:
        figures = [value for value in event.details.values() if isinstance(value, float)]
        for number in re.findall(r"\d[\d,]*(?:\.\d+)?", event.text.removesuffix(" to 1")):
            if figures:
                half = 0.5 * 10.0 ** -len(number.partition(".")[2])
                shown = float(number.replace(",", ""))
                assert any(abs(figure - shown) <= half + 1e-9 for figure in figures), event
                seen.add(event.kind)
    assert {"contact", "joins"} <= seen


def test_the_campaigns_fill_every_field(told) -> None:
    _, events = told
    for field in fields(Event):
        assert any(getattr(event, field.name) for event in events), field.name


def test_a_column_is_told_by_its_axis_and_its_leading_formation() -> None:
    places, legs = line("ab", 9.0)
    s = scenario(places, legs, [red("r", "a"), red("s", "a"), blue("j", "b")],
                 [axis("x", "r s", "ab", starts=1.0)], without=["second-echelon"])  # fmt: skip
    events = play(s, laws(breaks=1e9, law__pocket__ln_days=0.0)).events
    assert [e.kind for e in events] == [
        "at bay", "battle begins", "contact", "surrendered", "defence gone",
        "battle ends", "captured",
    ]  # fmt: skip
    at_bay, begins, contact, surrendered, gone, ends, captured = events
    who = ("r", "x", "b", "ussr", "attacker")
    assert begins == Event(
        1.0, "battle begins", *who, "",
        "siege/b: 20000 men in 2 formations against 1000 men in 1 formation", 1,
    )  # fmt: skip
    terms = {
        "attackers": 20000.0, "defenders": 1000.0, "attacker_tanks": 0.0, "defender_tanks": 0.0,
        "ratio": pytest.approx(20.0), "posture": "hasty", "terrain": "flat", "obstacle": "none",
    }  # fmt: skip
    assert contact == Event(1.0, "contact", *who, "", "force ratio 20.0 to 1", 1, terms)
    assert ends.text.startswith("won after 0.00 days, attackers lost ")
    assert ends == Event(gone.day, "battle ends", *who, "encirclement", ends.text, 1)
    assert (gone.formation, gone.axis, gone.cause) == ("r", "x", "encirclement")
    assert (at_bay.formation, at_bay.axis, at_bay.coalition) == ("j", "", "defender")
    assert (surrendered.formation, surrendered.side) == ("j", "japan")
    assert (captured.formation, captured.axis, captured.side) == ("r", "x", "ussr")
