"""The diary of one formation: where it stood day by day, and what its battles cost."""

from __future__ import annotations

import re

import pytest

from sandtable.campaign import CampaignRun
from sandtable.errors import UnknownNameError
from sandtable.numerals import figure
from sandtable.story import diary
from sandtable.story.story import BATTLES


def test_a_tiny_one_word_by_word(hill: CampaignRun) -> None:
    told = diary(hill, hill.replay(1), "9-division")
    texts = [(p.date, p.chapter, s.text) for p in told for s in p.sentences]
    assert texts[0] == ("6 Aug", "", "At first it stood at Hill with 7,000 men.")
    assert texts[-1] == (
        "6 Aug", BATTLES,
        "6 Aug, defence of Hill, 2.8 to 1 in strength, 7 hours: won (losses); the attackers lost "
        "891 men, the defenders 7,000.",
    )  # fmt: skip
    assert [text for _, _, text in texts if text.startswith("At the end of the day")] == []


@pytest.mark.verify
def test_each_day_ends_with_strength_as_its_track_has_it(
    campaigns: dict[str, CampaignRun],
) -> None:
    run = campaigns["khalkhin-gol-1939"]
    replay = run.replay(0)
    told = diary(run, replay, "6-tank-brigade")
    standing = [s for p in told for s in p.sentences if s.kind == "standing"]
    assert standing
    for sentence in standing:
        rows = [t for t in replay.tracks if t.formation == "6-tank-brigade"]
        row = [t for t in rows if t.day <= sentence.day + 3e-5][-1]
        assert f"{figure(round(row.personnel))} men" in sentence.text
        assert f"{figure(round(row.tanks))} tanks" in sentence.text
    assert all(p.about is None for p in told)


def test_the_last_day_of_a_phase_is_not_the_first_of_the_next(
    campaigns: dict[str, CampaignRun],
) -> None:
    run = campaigns["khalkhin-gol-1939"]
    replay = run.replay(0)
    calendar = run.campaign.scenario.calendar
    august, truce = (calendar.span(phase) for phase in ("august-offensive", "truce"))
    assert august.end == truce.start
    told = diary(run, replay, "57-rifle-division")
    own = [t for t in replay.tracks if t.formation == "57-rifle-division"]
    last = [t for t in own if t.day < august.end - 1e-3][-1]
    begins = [t for t in own if abs(t.day - truce.start) < 1e-4][-1]
    assert abs(begins.personnel - last.personnel) > 0.05 * last.personnel
    standing = [s.text for p in told for s in p.sentences
                if s.kind == "standing" and s.day < truce.start]  # fmt: skip
    assert figure(round(begins.personnel)) not in standing[-1]


def test_a_headquarters_has_the_men_of_all_below_it(campaigns: dict[str, CampaignRun]) -> None:
    run = campaigns["kurils-1945"]
    replay = run.replay(0)
    below = [
        f.id for f in run.campaign.scenario.sampler.central().formations
        if f.parent == "shumshu-garrison"
    ]  # fmt: skip
    first = diary(run, replay, "shumshu-garrison")[0].sentences
    standing = next(s.text for s in first if s.kind == "standing")
    men = sum(t.personnel for t in replay.tracks if t.day == 0.0 and t.formation in below)
    assert re.fullmatch(rf"At first eight formations .* {figure(round(men))} men.*", standing)


def test_a_wrong_name_gets_the_nearest(hill: CampaignRun) -> None:
    with pytest.raises(UnknownNameError, match="did you mean '9-division'"):
        diary(hill, hill.replay(0), "9-divison")
