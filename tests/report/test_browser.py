"""The report in a real browser: what it shows, and what a reader does with it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import sandtable
from pages import NARROW, WIDE, Open, Opened
from sandtable.campaign import CampaignRun
from sandtable.figures.style import quantiles
from sandtable.report import write_report
from sandtable.shipped import scenario_paths

SERIES = "losses/japan/personnel/total"
PLACE = "changkufeng"
Show = Callable[..., Opened]


@pytest.fixture
def shown(opened: Open, page_of_khasan: Path) -> Iterator[Show]:
    """Open the report; whatever the test does, nothing is asked for and nothing goes wrong."""
    seen: list[Opened] = []

    def show(at: str = "", **how: Any) -> Opened:
        seen.append(opened(page_of_khasan, at, **how))
        return seen[-1]

    yield show
    assert [(one.requests, one.complaints) for one in seen] == [([], [])] * len(seen)


def state(page: Opened) -> Any:
    told = "(({day, rep, selection}) => ({day, rep, selection, kept: sandtable.kept()}))"
    return page.page.evaluate(f"{told}(sandtable.state)")


def until(page: Opened, condition: str) -> None:
    """Wait for a condition; the driver's own way to do so needs a script to be made of a text."""
    for _ in range(100):
        if page.page.evaluate(condition):
            return
        page.page.wait_for_timeout(50)
    raise AssertionError(f"never: {condition}")


def medians(page: Opened) -> list[str | None]:
    return [one.get_attribute("d") for one in page.page.locator(".front-median").all()]


def readout(page: Opened, series: str) -> list[int]:
    """The numbers beside a chart: median, 5 and 95 percent, replication, its value."""
    page.page.wait_for_timeout(100)
    text = page.page.locator(f'.chart[data-key="{series}"] .readout').inner_text()
    return [int(word.replace(",", "")) for word in re.findall(r"[\d,]*\d", text) if word != "0.95"]


def write_time(page: Opened, share: float) -> None:
    """Move the slider of time to a share of the campaign."""
    page.page.locator("#time .slider").evaluate(
        "(slider, share) => { slider.value = share * slider.max;"
        " slider.dispatchEvent(new Event('input', {bubbles: true})); }",
        share,
    )


def test_the_slider_moves_the_fronts_and_the_charts(shown: Show, khasan: CampaignRun) -> None:
    page = shown("#day=7.5&rep=0")
    before = medians(page)
    write_time(page, 1.0)
    marks = zip(before, medians(page), strict=True)
    assert [then != now for then, now in marks if then and now] == [True, True]
    low, _, middle, _, high = quantiles(khasan.daily[SERIES])[:, -1].round().tolist()
    told = readout(page, SERIES)
    np.testing.assert_allclose(told[:3], [middle, low, high], atol=1.0)
    assert told[3:] == [0, round(float(khasan.daily[SERIES][0, -1]))]


@pytest.mark.verify
def test_it_plays_and_pauses_by_the_space_bar(shown: Show) -> None:
    page = shown()
    page.page.locator("h1").click()
    page.page.keyboard.press("Space")
    until(page, "sandtable.state.day > 0.2")
    page.page.keyboard.press("Space")
    day = state(page)["day"]
    page.page.wait_for_timeout(150)
    assert state(page)["day"] == day > 0.2


@pytest.mark.verify
def test_without_motion_it_plays_from_stop_to_stop(shown: Show, khasan: CampaignRun) -> None:
    page = shown(reduced_motion="reduce")
    page.page.evaluate("sandtable.on('day', ({day}) => (window.days ||= []).push(day))")
    page.page.get_by_label("speed", exact=True).select_option("4")
    page.page.get_by_label("play", exact=True).click()
    until(page, "(window.days || []).length >= 3")
    calendar = khasan.campaign.scenario.calendar
    spans = [calendar.span(part.id) for part in khasan.campaign.scenario.file.phase]
    stops = [*calendar.daily_moments(), *(end for span in spans for end in (span.start, span.end))]
    days = page.page.evaluate("window.days")
    assert all(min(abs(day - stop) for stop in stops) < 1e-3 for day in days)


@pytest.mark.verify
def test_next_battle_goes_from_battle_to_battle(shown: Show, khasan: CampaignRun) -> None:
    rows = khasan.battles.of_replication(0)
    starts = sorted({round(row["start"], 3) for row in rows if not row["place"]})
    page = shown("#rep=0")
    for start in starts[:3]:
        page.page.get_by_text("next battle").click()
        assert state(page)["day"] == pytest.approx(start, abs=2e-3)


@pytest.mark.verify
def test_arrows_go_from_day_to_day(shown: Show) -> None:
    page = shown("#day=8.2")
    page.page.locator("h1").click()
    found = []
    for key in ("ArrowRight", "ArrowRight", "ArrowLeft"):
        page.page.keyboard.press(key)
        found.append(state(page)["day"])
    assert found[0] > 8.2 and found[1] - found[0] == pytest.approx(1.0, abs=1e-3)
    assert found[2] == found[0]


# --- cards ----------------------------------------------------------------------------------------


def card(page: Opened) -> str:
    return page.page.locator("#card").inner_text()


def open_table(page: Opened, name: str) -> Any:
    table = page.page.locator(f'[data-table="{name}"]')
    if table.get_attribute("open") is None:
        table.locator("summary").click()
    return table


def test_a_click_on_a_place_or_front_opens_its_card(shown: Show) -> None:
    page = shown()
    page.page.locator(f'.place[data-place="{PLACE}"]').dispatch_event("click")
    assert page.page.locator("#card h2").inner_text() == "Changkufeng"
    assert "by 30 Jul" in card(page)
    write_time(page, 1.0)
    assert "by 11 Aug" in card(page)
    assert "What is recorded" in card(page) and page.page.locator("#card .histogram").count() == 3
    page.page.locator(".front").first.dispatch_event("click")
    assert "Axis of advance" in card(page) and "Fangchuan 0 km" in card(page)


@pytest.mark.verify
def test_a_claims_card_names_its_source(shown: Show, khasan: CampaignRun) -> None:
    page = shown()
    open_table(page, "claims").locator("tbody a").first.click()
    row = khasan.compare()[0]
    claim = next(one for one in khasan.campaign.claims if one.id == row.claim)
    assert state(page)["selection"] == {"kind": "claim", "id": claim.id}
    assert claim.claimant in card(page) and f"line {claim.line}" in card(page)
    assert row.verdict in card(page)


@pytest.mark.verify
def test_a_battles_card_leads_to_formations_and_to_what_they_rest_on(
    shown: Show, khasan: CampaignRun
) -> None:
    page = shown("#rep=0")
    open_table(page, "battles").locator("tbody a").first.click()
    battle = khasan.battles.of_replication(0)[0]
    for words in ("force ratio", "casualties", "why it ended", battle["decision"]):
        assert words in card(page)
    page.page.locator("#card a").filter(has_text="118th Rifle Regiment").first.click()
    assert "118th Rifle Regiment" in page.page.locator("#card h2").inner_text()
    for words in ("under", "Where its numbers come from", "Fighting in replication 0"):
        assert words in card(page)
    page.page.locator("#card a", has_text="assumed").first.click()
    assert state(page)["selection"]["kind"] == "assumption"
    assert "because" in card(page) and "value" in card(page)


@pytest.mark.verify
def test_a_variants_card_asks_its_question(shown: Show, khasan: CampaignRun) -> None:
    page = shown()
    open_table(page, "variants").locator("tbody a").first.click()
    variant = khasan.campaign.scenario.variants[0]
    assert variant.question in card(page) and next(iter(variant.set)) in card(page)


def test_cards_open_and_close_from_the_keyboard(shown: Show) -> None:
    page = shown()
    link = open_table(page, "claims").locator("tbody a").nth(1)
    link.focus()
    page.page.keyboard.press("Enter")
    assert page.page.evaluate("document.activeElement.id") == "card-title"
    page.page.keyboard.press("Escape")
    assert state(page)["selection"] is None
    assert link.evaluate("link => link === document.activeElement")


@pytest.mark.verify
def test_what_is_on_the_map_is_found_by_its_name(shown: Show) -> None:
    page = shown()
    for name, kind, found in (
        ("Changkufeng", "place", PLACE),
        ("118th Rifle Regiment", "formation", "118-rifle-regiment"),
    ):
        field = page.page.get_by_label("Find")
        field.fill(name)
        field.press("Tab")
        assert state(page)["selection"] == {"kind": kind, "id": found}


# --- the brush ------------------------------------------------------------------------------------


def test_a_brush_filters_the_members_of_map_and_charts(shown: Show, khasan: CampaignRun) -> None:
    page = shown("#day=12")
    page.page.locator("#brush-outcome").select_option(label="Japan: all losses")
    page.page.locator("#brush .histogram").scroll_into_view_if_needed()
    box = page.page.locator("#brush .histogram").bounding_box()
    assert box is not None
    page.page.mouse.move(box["x"] + box["width"] * 0.15, box["y"] + box["height"] / 2)
    page.page.mouse.down()
    page.page.mouse.move(box["x"] + box["width"] * 0.45, box["y"] + box["height"] / 2, steps=3)
    page.page.mouse.up()
    kept = state(page)["kept"]
    values = khasan.outcomes[SERIES]
    assert 0 < len(kept) < len(values)
    out = np.delete(values, kept)
    assert values[kept].max() < out.min()
    low, _, middle, _, high = quantiles(khasan.daily[SERIES][kept])[:, -1].tolist()
    np.testing.assert_allclose(readout(page, SERIES)[:3], [middle, low, high], atol=1.01)
    marks = page.page.locator(".front:not(.away) .front-members").last.get_attribute("d")
    assert marks is not None and marks.count("M") == len(kept)
    page.page.get_by_text("Keep all").click()
    assert len(state(page)["kept"]) == len(values)


@pytest.mark.verify
def test_the_brush_goes_by_keys_and_by_dates(shown: Show, khasan: CampaignRun) -> None:
    page = shown()
    name = next(name for name in khasan.manifest["headline"] if name.startswith("captured/"))
    page.page.locator("#brush-to").focus()
    for _ in range(10):
        page.page.keyboard.press("ArrowLeft")
    kept = state(page)["kept"]
    values = khasan.outcomes[name]
    out = np.delete(values, kept)
    assert 0 < len(kept) < len(values)
    assert np.nanmax(values[kept]) < np.nanmin(out)


# --- the address ----------------------------------------------------------------------------------


def test_the_address_restores_the_view(shown: Show) -> None:
    page = shown("#day=3.5&rep=7")
    page.page.locator("#brush-outcome").select_option(label="Japan: all losses")
    page.page.locator("#brush-to").evaluate(
        "slider => { slider.value = 9; slider.dispatchEvent(new Event('input')); }"
    )
    page.page.locator(f'.place[data-place="{PLACE}"]').dispatch_event("click")
    until(page, "location.hash.includes('brush=') && location.hash.includes('place')")
    address = page.page.evaluate("location.hash")
    again = shown(address)
    assert state(again) == state(page)
    assert state(again)["day"] == 3.5 and state(again)["rep"] == 7
    assert len(state(again)["kept"]) < 12
    assert again.page.locator("#card h2").inner_text() == "Changkufeng"


@pytest.mark.verify
def test_an_address_that_makes_no_sense_opens_the_page(shown: Show, khasan: CampaignRun) -> None:
    page = shown("#day=x&rep=999&select=nothing:there&brush=no/such:1:2&brush=a")
    assert (state(page)["day"], state(page)["rep"]) == (0, khasan.named["typical"])


# --- tables ---------------------------------------------------------------------------------------


@pytest.mark.verify
def test_tables_are_sorted_by_their_headings(shown: Show) -> None:
    table = open_table(shown(), "battles")
    head = table.locator("th", has_text="ratio")
    for order, ordered in (("ascending", sorted), ("descending", lambda v: sorted(v)[::-1])):
        head.locator("button").click()
        assert head.get_attribute("aria-sort") == order
        cells = table.locator("tbody tr td:nth-child(4)").all_inner_texts()
        ratios = [float(text.replace(",", "")) for text in cells if text != "–"]
        assert len(ratios) > 3 and ratios == list(ordered(ratios))


def test_tables_are_limited_to_the_day_and_to_what_is_selected(
    shown: Show, khasan: CampaignRun
) -> None:
    page = shown("#day=0.5&rep=0")
    table = open_table(page, "events")
    page.page.get_by_label("Events of the replication: days").select_option("until")
    until = [event for event in khasan.events if round(event["day"], 3) <= 0.5]
    assert table.locator("tbody tr").count() == len(until) < len(khasan.events)
    page.page.evaluate(f"sandtable.set({{selection: {{kind: 'place', id: '{PLACE}'}}}})")
    table.get_by_label("only what is selected").check()
    own = [event for event in until if event["place"] == PLACE]
    assert table.locator("tbody tr").count() == len(own) > 0


# --- for everybody --------------------------------------------------------------------------------


@pytest.mark.verify
@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_axe_finds_no_fault(size: tuple[int, int], shown: Show) -> None:
    page = shown(f"#day=8&select=place:{PLACE}", size=size)
    for name in ("claims", "events", "battles", "assumptions", "variants"):
        open_table(page, name)
    assert page.faults() == []


@pytest.mark.verify
def test_nothing_is_wider_than_a_telephone(shown: Show) -> None:
    page = shown("#day=8&select=place:changkufeng", size=NARROW)
    assert page.page.evaluate("document.documentElement.scrollWidth") <= NARROW[0]


@pytest.mark.verify
def test_on_paper_tables_are_whole_and_controls_are_gone(shown: Show) -> None:
    page = shown()
    page.page.emulate_media(media="print")
    page.page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert not page.page.locator("#time").get_by_role("button").first.is_visible()
    assert not page.page.locator("#time .slider").is_visible()
    # A map without its date, its replication and its legend says nothing.
    for shown_too in ("#time .clock", "#replications", "#legend"):
        assert page.page.locator(shown_too).is_visible()
    body = page.page.locator('[data-table="assumptions"] .scroll')
    assert body.locator("tbody tr").count() > 50
    assert body.evaluate("box => box.scrollHeight <= box.clientHeight + 1")


# --- two runs -------------------------------------------------------------------------------------


@pytest.mark.verify
def test_two_runs_are_shown_beside_each_other(
    opened: Open, khasan: CampaignRun, trained: CampaignRun, tmp_path: Path
) -> None:
    page = opened(write_report(tmp_path / "pair.html", khasan, trained), "#day=8")
    assert page.page.locator(".map-name").all_inner_texts() == [
        "as it stands",
        "variant trained-staffs",
    ]
    boxes = [one.bounding_box() for one in page.page.locator(".map").all()]
    assert boxes[0] and boxes[1] and boxes[0]["y"] == boxes[1]["y"]
    assert boxes[0]["x"] + boxes[0]["width"] <= boxes[1]["x"]
    assert "12 and 8 replications" in page.page.locator("#pair").inner_text()
    assert page.page.locator(".gap[d]").count() > 0
    write_time(page, 1.0)
    page.page.wait_for_timeout(100)
    told = page.page.locator(f'.chart[data-key="difference/{SERIES}"] .readout').inner_text()
    delta = trained.daily[SERIES][:, -1] - khasan.daily[SERIES][:8, -1]
    mean, error = round(float(delta.mean())), float(np.std(delta, ddof=1) / np.sqrt(8))
    assert told.startswith(f"{'+' if mean > 0 else '−'}{abs(mean):,} ± ")
    assert float(told.split()[2].replace(",", "")) == pytest.approx(error, abs=0.6)
    changed = open_table(page, "differences")
    assert changed.locator("tbody tr").count() > 3
    assert (page.requests, page.complaints, page.faults()) == ([], [], [])


HOSTILE = "<script>window.struck = true</script>&<b>"


@pytest.mark.verify
def test_words_of_a_scenario_are_never_markup(opened: Open, tmp_path: Path) -> None:
    """Whatever a scenario is called, and whatever it says, is shown as it is written."""
    source = scenario_paths()["lake-khasan-1938"]
    folder = tmp_path / "hostile"
    folder.mkdir()
    for path in source.iterdir():
        text = path.read_text(encoding="utf-8")
        if path.name == "scenario.toml":
            text = text.replace('title = "Lake Khasan, 1938"', f'title = "{HOSTILE}"')
            text = text.replace('name = "Changkufeng"', f'name = "{HOSTILE}"')
            text = text.replace('name = "118th Rifle Regiment"', f'name = "{HOSTILE}"')
            text = re.sub(r'question = ".*"', f'question = "{HOSTILE}"', text, count=1)
            text = re.sub(r'because = ".*?"', f'because = "{HOSTILE}"', text)
        (folder / path.name).write_text(text, encoding="utf-8")
    run = sandtable.load(folder).run(replications=2, seed=1)
    page = opened(write_report(tmp_path / "report.html", run))
    assert page.page.title() == HOSTILE and page.page.locator("h1").inner_text() == HOSTILE
    for name in ("claims", "events", "battles", "assumptions", "variants"):
        open_table(page, name)
    for kind, name in (
        ("place", PLACE), ("formation", "118-rifle-regiment"), ("assumption", "side.ussr.killed"),
        ("variant", run.campaign.scenario.variants[0].id),
    ):  # fmt: skip
        page.page.evaluate(f"sandtable.set({{selection: {{kind: '{kind}', id: '{name}'}}}})")
        assert HOSTILE in card(page), kind
    assert page.page.locator("b").count() == 0
    assert page.page.evaluate("window.struck") is None
    assert page.complaints == []
