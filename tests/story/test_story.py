"""Stories: the exact text of a tiny one, every campaign's told from beginning to end."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from sandtable.battle_columns import ABANDONED, WON
from sandtable.calendar import parse_moment, short_date
from sandtable.campaign import CampaignRun
from sandtable.errors import UnknownNameError
from sandtable.numerals import figure
from sandtable.story import END, RECORD, Extent, Link, Paragraph, story, text_of
from sandtable.story.closing import advances_told, rest_of_record
from sandtable.story.fights import fights_of
from sandtable.story.story import told_of
from sandtable.story.text import as_json, facts, markdown_lines, text_lines
from sandtable.story.words import men
from story.conftest import CAMPAIGNS

PLAIN = """\
A division takes a hill: replication 1

6 Aug
  Forces: ussr 18,986 men; japan 7,000 men.
  To the hill, plan. The 1st Division and the 2nd Division were to go from Camp by way of Hill to the rear.
  To the hill. In the morning the 1st Division and the 2nd Division attacked Hill, held by the 9th Division: \
18,986 men against 7,000 men, 2.8 to 1 in strength, against prepared positions on rolling ground. The defence \
broke under its losses after 7 hours; it cost the attackers 891 men, the defenders 7,000. The 9th Division was \
destroyed. Hill fell in the evening, and the way to the rear was open. [record: 9 Aug (Attacker's report), \
differs: 2.2 days later]

7 Aug
  To the hill. Without a fight the 1st Division and the 2nd Division took the rear.

WHAT IT CAME TO

  Ussr: 891 men lost, of whom 223 killed, 623 wounded and 45 missing. [record: 500–900 (Attacker's report)]
  Japan: 7,000 men lost, of whom 2,100 killed, 4,410 wounded, 350 missing and 140 taken prisoner.
"""  # noqa: E501


WHOLE = Extent()


def told(run: CampaignRun, extent: Extent = WHOLE, number: int = 0) -> list[Paragraph]:
    return story(run, run.replay(number), extent)


def sentences(paragraphs: list[Paragraph]) -> list[str]:
    return [sentence.text for paragraph in paragraphs for sentence in paragraph.sentences]


def test_a_tiny_campaign_word_by_word(hill: CampaignRun) -> None:
    lines = text_lines("A division takes a hill: replication 1", told(hill, number=1))
    assert "\n".join(lines) + "\n" == PLAIN


def test_a_day_of_a_phase_counts_from_its_start(campaigns: dict[str, CampaignRun]) -> None:
    run = campaigns["khalkhin-gol-1939"]
    telling, _ = told_of(run, run.replay(0), WHOLE)
    telling.record.claims = {"phase/august-offensive/advance/northern-group/8": []}
    (advance,), (rest,) = advances_told(telling), rest_of_record(telling, ())
    assert short_date(telling.moment(advance.day)) == "27 Aug"
    assert "Northern Group: gained by 27 Aug: " in text_of(rest.sentences[0])


def test_only_a_fight_that_is_won_cheaply_is_told_in_short(
    campaigns: dict[str, CampaignRun],
) -> None:
    run = campaigns["khalkhin-gol-1939"]
    cheap = set[tuple[bool, bool]]()
    for number in run.numbers.tolist():
        telling, _ = told_of(run, run.replay(number), WHOLE)
        fights, _ = fights_of(telling)
        lost = [f.row["attacker_casualties"] + f.row["defender_casualties"] for f in fights]
        for fight, own in zip(fights, lost, strict=True):
            won = fight.row["decision"] in (WON, ABANDONED)
            assert fight.small == (won and own < 0.01 * sum(lost))
            cheap |= {(won, own < 0.01 * sum(lost))}
    assert {(True, True), (False, True), (True, False)} <= cheap


def test_figures_are_those_of_the_other_tables(hill: CampaignRun) -> None:
    """Men, ratio and casualties as the battles and outcomes of that replication have them."""
    text = " ".join(sentences(told(hill, number=1)))
    battle, phase = hill.battles.of_replication(1)
    for value in (phase["attacker_committed"], phase["attacker_casualties"]):
        assert figure(round(value)) in text
    assert f"{figure(phase['ratio'])} to 1" in text
    lost = hill.outcomes["losses/ussr/personnel/total"][1]
    assert f"{figure(round(lost))} men lost" in text and battle["decision"] == "won"


def test_another_record_changes_the_words_of_the_record_alone(hill: CampaignRun) -> None:
    before = told(hill)
    claims = hill.campaign.claims
    other = CampaignRun(hill.results, replace(hill.campaign))
    day = parse_moment("1938-08-12")
    other.campaign.__dict__["claims"] = [replace(claims[0], low=day, high=day)]
    after = story(other, hill.replay(0))
    assert sentences(after) == sentences(before)
    assert [s.record for p in after for s in p.sentences] != [
        s.record for p in before for s in p.sentences
    ]


@pytest.mark.parametrize("name", CAMPAIGNS)
def test_nothing_of_the_machinery_shows(campaigns: dict[str, CampaignRun], name: str) -> None:
    """No placeholder, no id, no unfinished sentence, nothing said of one in the plural."""
    run = campaigns[name]
    paragraphs = told(run)
    resolved = run.campaign.scenario.sampler.central()
    tables = (
        resolved.formations,
        resolved.places,
        *(p.axes for p in resolved.phases or [resolved]),
    )
    ids = {one.id for table in tables for one in table if "-" in one.id}
    names = " ".join(one.name for table in tables for one in table)
    for sentence in (s for p in paragraphs for s in p.sentences):
        text = sentence.text
        assert re.fullmatch(r"[A-Z0-9].*\.", text), text
        assert not re.search(r"[{}]|None|\bnan\b|–\s|  |\.\.| ,|\(\)", text), text
        assert not re.search(r"\b1 (men|tanks|guns|hours|days|formations|fights|waves)\b", text)
        assert not re.search(r"\bone (fights|waves|formations)\b", text), text
        for link in (piece for piece in sentence.words if isinstance(piece, Link)):
            assert link.id, link
        found = [id for id in ids if id in text and id not in names]
        assert found == [], text


@pytest.mark.parametrize("name", CAMPAIGNS)
def test_every_number_of_men_lost_in_battle_is_told(
    campaigns: dict[str, CampaignRun], name: str
) -> None:
    text = " ".join(sentences(told(campaigns[name])))
    for row in campaigns[name].replay(0).battles:
        if row["place"]:
            assert men(row["attacker_casualties"]) in text, row


@pytest.mark.parametrize("name", CAMPAIGNS)
def test_who_met_whom_with_what(campaigns: dict[str, CampaignRun], name: str) -> None:
    """Men, tanks and ratio as the contact has them."""
    text = " ".join(sentences(told(campaigns[name])))

    def force(details: dict[str, float], side: str) -> str:
        tanks = round(details[f"{side}_tanks"])
        also = f" with {figure(tanks)} tank{'' if tanks == 1 else 's'}" if tanks else ""
        return men(details[f"{side}s"]) + also

    for event in campaigns[name].replay(0).events:
        if event["kind"] == "contact":
            terms = event["details"]
            both = f"{force(terms, 'attacker')} against {force(terms, 'defender')}"
            assert f"{both}, {figure(terms['ratio'])} to 1 in strength" in text


@pytest.mark.parametrize("name", CAMPAIGNS)
def test_days_follow_one_another(campaigns: dict[str, CampaignRun], name: str) -> None:
    run = campaigns[name]
    calendar = run.campaign.scenario.calendar
    by_day = [p for p in told(run) if p.chapter not in (END, RECORD)]
    order = [(p.chapter, calendar.moment_of(p.day + 1e-9).date()) for p in by_day]
    assert [date for _, date in order] == sorted(date for _, date in order)
    for paragraph in by_day:
        dates = {short_date(calendar.moment_of(s.day)) for s in paragraph.sentences}
        assert dates == {paragraph.date}


def test_a_campaign_with_phases_is_told_phase_by_phase(campaigns: dict[str, CampaignRun]) -> None:
    run = campaigns["khalkhin-gol-1939"]
    chapters = list(dict.fromkeys(p.chapter for p in told(run)))
    parts = run.campaign.scenario.sampler.central().phases
    assert chapters == [part.phase_name for part in parts] + [END, RECORD]
    first = [p.sentences[0].text for p in told(run) if p.sentences[0].kind == "forces"]
    assert len(first) == len(parts) and first[0].startswith("Forces: Soviet Union ")


def test_both_sides_attack_where_both_did(campaigns: dict[str, CampaignRun]) -> None:
    fights: dict[str, set[str]] = {}
    for paragraph in told(campaigns["lake-khasan-1938"]):
        if paragraph.about and any(s.kind == "fight" for s in paragraph.sentences):
            fights.setdefault(paragraph.chapter, set()).add(paragraph.about.text)
    night, first, corps = fights.values()
    assert night == {"19th Division"}
    assert first == {"1st Red Banner Army"} and "1st Red Banner Army" in corps


def test_fronts_are_told_apart_and_attackers_first(campaigns: dict[str, CampaignRun]) -> None:
    first = told(campaigns["manchuria-1945"], Extent(last=0.9))
    about = [p.about.text for p in first if p.about and not p.about.text.endswith(", plan")]
    fronts = ["Transbaikal Front", "1st Far Eastern Front", "2nd Far Eastern Front"]
    assert [one for one in about if one in fronts] == fronts
    assert about.index("Kwantung Army") >= len(fronts)


def test_small_things_are_summed_up(campaigns: dict[str, CampaignRun]) -> None:
    """Prisoners of a whole day stand in a sentence, with their sum."""
    run = campaigns["manchuria-1945"]
    replay = run.replay(0)
    summed = [s for p in told(run) for s in p.sentences if s.kind == "surrendered"]
    events = [event for event in replay.events if event["kind"] == "surrendered"]
    assert len(summed) < len(events) / 2
    counts = [re.search(r"([\d,]+) men in all", sentence.text) for sentence in summed]
    total = sum(e["details"]["men"] for e in events)
    told_of = [float(count[1].replace(",", "")) for count in counts if count]
    assert told_of and all(1000 < count < total for count in told_of)


def test_who_is_still_aboard_does_not_attack(campaigns: dict[str, CampaignRun]) -> None:
    fights = [s.text for p in told(campaigns["kurils-1945"]) for s in p.sentences
              if s.kind == "fight"]  # fmt: skip
    assert "the first throw attacked Takeda beach, held by the posts on Takeda beach" in fights[0]


# --- parts of it ------------------------------------------------------------------------------


def test_days_and_formations_that_are_asked_for(campaigns: dict[str, CampaignRun]) -> None:
    run = campaigns["manchuria-1945"]
    whole, part = told(run), told(run, Extent(2.0, 4.0))
    assert {p.date for p in part} == {"11 Aug", "12 Aug"} < {p.date for p in whole}
    assert {p.chapter for p in part} == {""}
    army = told(run, Extent(formation="35-army"))
    assert {p.about.text for p in army if p.about} == {
        "1st Far Eastern Front", "1st Far Eastern Front, plan",
    }  # fmt: skip
    captures = [s.text for p in army for s in p.sentences if s.kind == "captured"]
    assert captures and all("35th Army" in text and "25th" not in text for text in captures)
    column = told(run, Extent(axis="17-army"))
    assert "Tabanshan" in " ".join(sentences(column))
    assert 0 < len(column) < len(whole) / 3


@pytest.mark.parametrize(
    ("extent", "found"),
    [
        (Extent(formation="35-arme"), "found no formation '35-arme'; did you mean '35-army'?"),
        (Extent(axis="17-arm"), "found no axis '17-arm'; did you mean '17-army'?"),
    ],
)
def test_a_wrong_name_gets_the_nearest(
    campaigns: dict[str, CampaignRun], extent: Extent, found: str
) -> None:
    with pytest.raises(UnknownNameError) as caught:
        told(campaigns["manchuria-1945"], extent)
    assert str(caught.value) == found


# --- forms ------------------------------------------------------------------------------------


def test_markdown_has_the_same_words_and_no_markup_of_a_name(hill: CampaignRun) -> None:
    paragraphs = told(hill)
    lines = list(markdown_lines("A *bold* <b>title</b>", paragraphs))
    assert lines[0] == r"# A \*bold\* \<b\>title\</b\>"
    assert "## 6 Aug" in lines and "## What it came to" in lines
    text = "\n".join(lines)
    for sentence in sentences(paragraphs):
        assert sentence in text
    assert r"*\[record: 9 Aug (Attacker's report)" in text


def test_as_data(hill: CampaignRun) -> None:
    data = as_json(told(hill))
    fight = next(s for p in data for s in p["sentences"] if s["record"])
    assert fight["record"][0]["claim"] == "aa-hill"
    assert {"kind": "place", "id": "hill", "text": "Hill"} in fight["names"]
    assert data[1]["about"] == {"kind": "axis", "id": "main", "text": "To the hill, plan"}


def test_bare_facts(hill: CampaignRun) -> None:
    lines = list(facts(told(hill, number=1)))
    assert "6 Aug fight: 1st Division, 2nd Division, Hill, 9th Division" in lines
    assert all(re.match(r"\d+ \w{3} [a-z ]+: \S", line) for line in lines)


def test_the_same_bytes_twice(campaigns: dict[str, CampaignRun]) -> None:
    run = campaigns["kurils-1945"]
    assert told(run) == told(run)
    assert all(text_of(s.words) == s.text for p in told(run) for s in p.sentences)
