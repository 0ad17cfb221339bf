"""The watch that is kept on pages sees what it is there for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from pages import NEEDED, Open, chromium, opening

pytestmark = pytest.mark.verify
SOUND = "<!doctype html><html lang=en><title>Sound</title><main><h1>Sound</h1></main></html>"


@pytest.fixture(scope="module")
def opened() -> Iterator[Open]:
    with chromium() as browser, opening(browser) as open_:
        yield open_


def written(folder: Path, html: str) -> Path:
    path = folder / "page.html"
    path.write_text(html, encoding="utf-8")
    return path


def test_a_sound_page_raises_nothing(opened: Open, tmp_path: Path) -> None:
    seen = opened(written(tmp_path, SOUND), "#day=3")
    assert seen.page.url.endswith("page.html#day=3")
    assert (seen.requests, seen.complaints, seen.faults()) == ([], [], [])


@pytest.mark.parametrize("what", ["<img src=https://example.org/a.png>", "<img src=other.png>"])
def test_what_a_page_asks_for_is_seen_and_refused(what: str, opened: Open, tmp_path: Path) -> None:
    seen = opened(written(tmp_path, SOUND + what))
    assert len(seen.requests) == 1 and seen.requests[0].endswith(".png")


@pytest.mark.parametrize(
    ("script", "said"),
    [("console.error('broken')", "broken"), ("throw new Error('thrown')", "thrown")],
)
def test_an_error_of_a_script_is_seen(script: str, said: str, opened: Open, tmp_path: Path) -> None:
    seen = opened(written(tmp_path, f"{SOUND}<script>{script}</script>"))
    assert [said in text for text in seen.complaints] == [True]


def test_what_cannot_be_read_is_seen(opened: Open, tmp_path: Path) -> None:
    faint = SOUND.replace("</main>", "<p style='color:#ccc;background:#fff'>faint</p></main>")
    (fault,) = opened(written(tmp_path, faint)).faults()
    assert fault.startswith("color-contrast")


def test_without_a_browser_the_tests_are_skipped_but_where_it_is_needed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("shutil.which", lambda name: None)
    monkeypatch.delenv(NEEDED, raising=False)
    with pytest.raises(pytest.skip.Exception, match="chromium is not on the path"), chromium():
        pass
    monkeypatch.setenv(NEEDED, "1")
    with pytest.raises(pytest.fail.Exception, match=NEEDED), chromium():
        pass
