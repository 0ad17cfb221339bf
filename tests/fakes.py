"""A model small enough to know by heart, for the tests of ensembles and of run folders."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pytest

from sandtable.calendar import Calendar
from sandtable.laws.sampler import Laws
from sandtable.mechanisms import Mechanisms
from sandtable.scenario.resolved import ResolvedScenario
from sandtable.streams import Streams
from sandtable.track_columns import Track

OUTCOMES = ("losses/ussr/personnel/total", "captured/hailar", "advance/36-army/1")
SERIES = ("strength/ussr/personnel", "front/36-army")
DAYS = 3
TIME = Calendar(datetime(1945, 8, 9), DAYS)


@dataclass(frozen=True)
class Event:
    day: float
    kind: str
    place: str | None = None
    formation: str | None = None
    side: str | None = None
    cause: str | None = None
    text: str = ""


@dataclass(frozen=True)
class Run:
    outcomes: list[float]
    timeline: list[list[float]]
    events: list[Event]
    tracks: list[Track]
    battles: list[tuple[object, ...]]
    event_count: int


@dataclass(frozen=True)
class Side:
    id: str = "ussr"
    army: str = "USSR"


@dataclass(frozen=True)
class Axis:
    id: str = "36-army"
    objectives: tuple[tuple[str, float], ...] = (("hailar", 1.0),)


@dataclass(frozen=True)
class Central:
    """The few parts of a resolved scenario that anything outside the engine reads."""

    men: float = 100.0
    name: str = "toy"
    calendar: Calendar = TIME
    attrition: str = "fatigue"
    advance: str = "fitted"
    year: float = 1945.0
    sides: tuple[Any, ...] = (Side(),)
    axes: tuple[Any, ...] = (Axis(),)

    headline = ResolvedScenario.headline


@dataclass(frozen=True)
class ScenarioSampler:
    uncertain: tuple[str, ...] = ("formation.36-army.personnel",)

    def draw(self, u: Sequence[float]) -> Central:
        return Central(men=100.0 + 50.0 * u[0]) if self.uncertain else Central()

    def central(self) -> Central:
        return self.draw([0.5])


@dataclass(frozen=True)
class Header:
    title: str = "A toy"


@dataclass(frozen=True)
class File:
    scenario: Header = Header()


@dataclass(frozen=True)
class Scenario:
    name: str = "toy"
    digest: str = "0" * 64
    mechanisms: Mechanisms = field(default_factory=lambda: Mechanisms.only(["attrition"]))
    sampler: ScenarioSampler = ScenarioSampler()
    facts_used: dict[str, list[str]] = field(default_factory=dict)
    quantities: tuple[Any, ...] = ()
    file: Any = File()


@dataclass(frozen=True)
class Reporter:
    resolved: Central
    outcomes: tuple[str, ...] = OUTCOMES
    series: tuple[str, ...] = SERIES
    days: int = DAYS


def run(
    resolved: Central,
    laws: Laws,
    reporter: Reporter,
    *,
    streams: Streams,
    replication: int,
    step_days: float = 0.25,
    record_events: bool = False,
) -> Run:
    draws = streams.within("fight", replication)
    lost = resolved.men * draws.uniform()
    taken = draws.uniform()
    timeline = [[resolved.men - lost * day / DAYS, 20.0 * day] for day in range(DAYS + 1)]
    outcomes = [lost, taken if taken < 0.7 else float("nan"), 20.0]
    events = [Event(0.5, "contact", place="hailar", side="ussr", text="überraschend")]
    tracks = [Track(0.0, "36-army", "otpor", "", 0.0, resolved.men, 0.0, "holding")]
    told = (events, tracks) if record_events else ([], [])
    return Run(outcomes, timeline, *told, _battles(replication, lost), 4)


def _battles(replication: int, lost: float) -> list[tuple[object, ...]]:
    """A battle and its phase, two, or none, by turns."""
    found: list[tuple[object, ...]] = []
    for number in range(1, replication % 3 + 1):
        for place in ("", "hailar"):
            found.append(
                (number, f"{replication % 7}-army", "attacker", place, 0.5, float("nan"), 1.5,
                 ("36-army",), ("r", f"s{replication % 5}")[:number], ("überrascht",), 100.0, 50.0,
                 90.0, 30.0, 3.0, 80.0, 40.0, lost, 7.0, "unfinished", "", 2.5)
            )  # fmt: skip
    return found


def install(monkeypatch: pytest.MonkeyPatch) -> None:
    from sandtable import engine

    monkeypatch.setattr(engine, "run", run)
    monkeypatch.setattr(engine, "reporter_of", Reporter)
