"""The page as a whole: nothing from elsewhere, nothing that runs but its own, the same bytes."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace
from pathlib import Path

import pytest

import sandtable
from report.reading import Page
from sandtable.campaign import CampaignRun
from sandtable.errors import InputError
from sandtable.report import report_text, write_report

OWN_NAMES = {"http://www.w3.org/2000/svg"}


@pytest.fixture(scope="module")
def page(page_of_khasan: Path) -> Page:
    return Page(page_of_khasan.read_text(encoding="utf-8"))


def test_the_same_run_gives_the_same_bytes(khasan: CampaignRun, page: Page) -> None:
    assert report_text(khasan) == page.source


@pytest.mark.verify
def test_a_run_read_from_its_folder_gives_the_same_bytes(tmp_path: Path) -> None:
    options = sandtable.RunOptions(report=write_report)
    campaign = sandtable.load("lake-khasan-1938", phase="corps-assault")
    campaign.run(5, seed=3, out=tmp_path / "run", options=options)
    kept = (tmp_path / "run/report.html").read_bytes()
    assert report_text(sandtable.open_run(tmp_path / "run")).encode() == kept


def test_the_policy_lets_in_what_stands_in_the_page_and_nothing_else(page: Page) -> None:
    (policy,) = (
        meta.attributes["content"]
        for meta in page.all("meta")
        if meta.attributes.get("http-equiv") == "Content-Security-Policy"
    )
    told = {part.split()[0]: part.split()[1:] for part in policy.split(";")}
    assert told.pop("default-src") == ["'none'"]
    hashes = {
        kind: [f"'sha256-{digest(text)}'" for text in texts]
        for kind, texts in (
            ("script-src", page.scripts),
            ("style-src", [style.text for style in page.all("style")]),
        )
    }
    assert {kind: told.pop(kind) for kind in hashes} == hashes
    assert told == {"base-uri": ["'none'"], "form-action": ["'none'"]}


def digest(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def test_nothing_is_asked_of_elsewhere(page: Page) -> None:
    tags = {element.tag for element in page.elements}
    assert not tags & {"link", "img", "iframe", "object", "embed", "base", "video", "audio", "form"}
    for element in page.elements:
        for name in ("src", "href", "action", "srcset", "style", "xlink:href"):
            assert element.attributes.get(name, "#").startswith("#"), (element.tag, name)
        assert not [name for name in element.attributes if name.startswith("on")]
    for text in (*page.scripts, *(style.text for style in page.all("style"))):
        assert set(re.findall(r"https?://[^\s\"')]*", text)) <= OWN_NAMES
        assert not re.search(r"@import|url\(|\bfetch\(|XMLHttpRequest|\bimport\b|eval\(", text)
        # Words become elements by createElement alone.
        assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write", text)


def test_no_path_of_this_machine_and_no_time_of_writing(page: Page, khasan: CampaignRun) -> None:
    assert str(Path.home()) not in page.source and str(Path.cwd()) not in page.source
    assert khasan.manifest["command"] in page.source


def test_a_replication_of_ones_choice_is_told_in_full(khasan: CampaignRun) -> None:
    told = Page(report_text(khasan, replications=[7])).data("replications")["told"]
    called = {number: name for name, number in khasan.named.items()}
    assert {one["number"] for one in told} == {0, 7, *called}
    assert told[0]["number"] == khasan.named["typical"]
    for one in told:
        assert {khasan.named[name] for name in one["called"]} <= {one["number"]}


def test_a_replication_that_the_run_lacks_is_refused(khasan: CampaignRun) -> None:
    with pytest.raises(InputError, match=r"^--replication: found 12; allowed: .* 0 to 11$"):
        report_text(khasan, replications=[3, 12])


@pytest.mark.verify
def test_a_fitted_run_says_so_at_its_head(khasan: CampaignRun) -> None:
    manifest = {**khasan.manifest, "fitted_to": ["some-claim"]}
    fitted = CampaignRun(replace(khasan.results, manifest=manifest), khasan.campaign)
    assert "fitted to the record: some-claim" in report_text(fitted)
    assert "fitted to the record" not in report_text(khasan)


@pytest.mark.verify
def test_a_large_campaign_stays_small() -> None:
    """24 axes and 243 formations over 25 days, 200 replications: what a mail will carry."""
    run = sandtable.load("manchuria-1945").run(replications=200, seed=1)
    assert len(report_text(run).encode()) <= 2_000_000
