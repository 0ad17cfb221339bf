"""Every kind of event has its sentence, or is told otherwise on purpose."""

from __future__ import annotations

import re
from typing import get_args

import pytest

from sandtable.campaign import CampaignRun
from sandtable.engine.events import DETAILS, Details, Event, EventKind
from sandtable.story.events import cause_of, told_already
from sandtable.story.incident import Telling
from sandtable.story.kinds import KINDS, TOLD_OTHERWISE, cut_off
from sandtable.story.record import Record
from sandtable.story.words import links_of, sentence, text_of

WORDS = {"what": "land-from-air", "to": "mukden", "posture": "hasty", "terrain": "flat",
         "obstacle": "none", "order": "broadcast"}  # fmt: skip


@pytest.fixture
def telling(campaigns: dict[str, CampaignRun]) -> Telling:
    resolved = campaigns["manchuria-1945"].campaign.scenario.sampler.central()
    return Telling(resolved, (), (), (), Record((), {}.__getitem__, resolved.calendar))


def details(kind: EventKind) -> Details:
    return {name: WORDS.get(name, 1.0) for name in DETAILS.get(kind, ())}


def event(kind: EventKind, place: str = "harbin", formation: str = "134-division",
          axis: str = "", day: float = 1.0, **other: float) -> Event:  # fmt: skip
    return Event(day, kind, formation, axis, place, "japan", "defender",
                 details={**details(kind), **other})  # fmt: skip


def text(telling: Telling, *events: Event) -> str:
    return text_of(sentence(KINDS[events[0].kind](telling, events)))


def test_each_kind_is_told_once_one_way_or_the_other() -> None:
    assert {*KINDS, *TOLD_OTHERWISE} == {*get_args(EventKind)}
    assert not {*KINDS} & {*TOLD_OTHERWISE}


@pytest.mark.parametrize("kind", KINDS)
def test_the_sentence_of_one_and_of_several(telling: Telling, kind: EventKind) -> None:
    one = event(kind, axis="17-army" if kind in ("captured", "halts for fuel") else "")
    two = event(kind, "tsitsihar", "149-division", men=20.0)
    for events in ((one,), (one, two), (one, two, event(kind, "mukden", "63-division"))):
        told = text(telling, *events)
        assert re.fullmatch(r"[A-Z0-9].+\.", told) and not re.search(r"[{}]|  |\b1 men\b", told)
        assert links_of(KINDS[kind](telling, events)), told


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ((event("surrendered", men=1.0),),
         "The 134th Division (1 man) gave itself up at Harbin."),
        ((event("surrendered", men=1200.4), event("surrendered", "mukden", "63-division", men=2.0)),
         "The 134th Division (1,200 men) and the 63rd Division (2 men) gave themselves up at "
         "Harbin and Mukden."),
        ((event("surrendered", formation="garrison-x", men=5.0),),
         "The garrison x (5 men) gave itself up at Harbin."),
        ((event("captured", "mukden", "17-army-forward-detachment", "17-army"),
          event("captured", "tabanshan", "17-army-forward-detachment", "17-army")),
         "Without a fight the 17th Army took Mukden and Tabanshan."),
        ((event("captured", "tuquan", "7-mechanised-corps", "7-mechanised-corps"),),
         "Without a fight the 6th Guards Tank Army took Tuquan (planned for 13 Aug)."),
        ((event("wave lands", men=1364.0, lost=11.0, craft_lost=0.2),),
         "One wave landed 1,364 men at Harbin, of whom fire cost 11 men and 0.2 craft."),
        ((event("wave lands", men=10.0, lost=0.0, craft_lost=0.0),) * 2,
         "Two waves landed 20 men at Harbin."),
        ((event("weapons land", tanks=0.0, guns=68.0, armoured_cars=1.0),),
         "68 guns and 1 armoured car came ashore at Harbin."),
        ((event("park taken", tanks=0.0, aircraft=235.0),),
         "At Harbin 235 aircraft fell into the attackers' hands on the ground."),
        ((event("bridge blown", axis="17-army", days=1.0),),
         "The bridge on the way to Harbin was blown up before the 17th Army, 1 day to repair."),
        ((event("bombards", guns=0.0),),
         "The 134th Division could not reach Harbin with its guns."),
        ((event("entrains"),), "The 134th Division left Harbin by rail for Mukden."),
        ((event("runs short", axis="17-army", strength=0.8),),
         "The 17th Army had fired the ammunition that came with the attack, which left 80% of the "
         "strength."),
        ((event("relieved"), event("relieved", "harbin", "149-division")),
         "The 134th Division and the 149th Division were in supply again at Harbin."),
    ],
)  # fmt: skip
def test_word_by_word(telling: Telling, events: tuple[Event, ...], expected: str) -> None:
    assert text(telling, *events) == expected


def test_of_many_the_greatest_are_named_and_all_are_summed(telling: Telling) -> None:
    ids = ["134-division", "149-division", "63-division", "107-division", "119-division"]
    events = [event("encircled", "harbin", id, men=100.0 * n) for n, id in enumerate(ids, 1)]
    assert text(telling, *events) == (
        "The 119th Division, the 107th Division, the 63rd Division and two more formations, 1,500 "
        "men in all, were cut off at Harbin."
    )


def test_what_cut_a_formation_off_is_told_with_it(telling: Telling) -> None:
    captured = Event(3.0, "captured", "172-tank-brigade", "", "harbin", "ussr", "attacker")
    shut_in = Event(3.0, "encircled", "134-division", "", "mukden", "japan", "defender",
                    details={"men": 7.0})  # fmt: skip
    later = Event(3.5, "encircled", "149-division", "", "mukden", "japan", "defender")
    events = [captured, shut_in, later]
    assert [cause_of(events, n) for n in range(3)] == [-1, 0, -1]
    words = sentence(cut_off(telling, captured, [shut_in]))
    assert text_of(words) == "The fall of Harbin cut off the 134th Division (7 men)."


def test_what_another_sentence_tells_is_not_told_again(telling: Telling) -> None:
    events = [
        event("lands", formation="a"), event("captured", formation="a"),
        event("wave lands", formation="b"), event("lands", formation="b"),
        event("encircled", formation="c"), event("at bay", formation="c"),
        event("at bay", formation="d"), event("captured", "mukden", formation="e"),
    ]  # fmt: skip
    told = Telling(telling.resolved, events, (), (), telling.record)
    assert told_already(told) == {1, 3, 5}
