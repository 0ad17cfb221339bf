"""The story in the report: the same words as `tell`, and what leads from it and to it."""

from __future__ import annotations

from pathlib import Path

import pytest

from pages import Open
from sandtable.campaign import CampaignRun
from sandtable.report.material import Material
from sandtable.report.story_data import story_block
from sandtable.story import story, text_of


def test_the_block_has_every_word_of_the_story(khasan: CampaignRun) -> None:
    material = Material.of(khasan)
    block = story_block(material)
    assert list(block["told"]) == [str(number) for number in material.told]

    def words(pieces: list[str | int]) -> str:
        return "".join(p if isinstance(p, str) else block["names"][p][2] for p in pieces)

    for number, paragraphs in block["told"].items():
        told = story(khasan, khasan.replay(int(number)))
        assert [
            (p.date, p.chapter, [(s.text, text_of(s.record)) for s in p.sentences]) for p in told
        ] == [
            (date, chapter, [tuple(map(words, one)) for one in sentences])
            for _, date, chapter, _, sentences in paragraphs
        ]


@pytest.mark.verify
def test_a_page_tells_it_and_leads_to_what_it_names(opened: Open, page_of_khasan: Path) -> None:
    shown = opened(page_of_khasan)
    page = shown.page
    story_box = page.locator("#story")
    first = story_box.inner_text()
    assert "The night attack of 31 July" in first and "What it came to" in first
    assert "[record: " in first
    story_box.get_by_role("link", name="Hill 52", exact=True).first.click()
    assert page.locator("#card-title").inner_text() == "Hill 52"
    story_box.get_by_role("button", name="8 Aug").click()
    assert story_box.locator(".now .date").inner_text() == "8 Aug"
    assert page.evaluate("sandtable.state.day") > 8.0
    other = page.locator("#replication option").nth(1).get_attribute("value")
    page.select_option("#replication", other)
    assert story_box.inner_text() != first
    assert (shown.requests, shown.complaints, shown.faults()) == ([], [], [])
