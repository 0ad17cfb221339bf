"""The documentation site: it builds without a warning, and loads nothing from elsewhere."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from pages import NARROW, WIDE, Opened, chromium

ROOT = Path(__file__).parents[2]
LOADING = {
    "audio": ("src",),
    "embed": ("src",),
    "iframe": ("src",),
    "image": ("href", "xlink:href"),
    "img": ("src", "srcset"),
    "input": ("src",),
    "link": ("href",),
    "object": ("data",),
    "script": ("src",),
    "source": ("src", "srcset"),
    "track": ("src",),
    "use": ("href", "xlink:href"),
    "video": ("src", "poster"),
}
"""Elements that load something, and the attributes that say what."""
NAMED_ONLY = {"canonical", "next", "prev", "license", "author"}
"""Relations of a link that name a page and load nothing."""
LOOKED_AT = ("index", "first-hour", "notebooks/first-hour", "results", "reference/outcomes")
"""Pages that between them have all that a page can have."""
IN_STYLE = re.compile(r"""url\(\s*['"]?([^'")]+)|@import\s+['"]([^'"]+)""")


def built(folder: Path) -> subprocess.CompletedProcess[str]:
    """Build the site into a folder, each warning an error."""
    return subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(folder)],
        cwd=ROOT,
        env=os.environ | {"NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
    )


class Loads(HTMLParser):
    """What a page loads."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if tag == "base" or told.get("http-equiv", "").lower() == "refresh":
            raise AssertionError(f"<{tag}> changes where the page's links lead")
        if tag == "link" and set(told.get("rel", "").split()) <= NAMED_ONLY:
            return
        for name in LOADING.get(tag, ()):
            value = told.get(name, "")
            urls = re.findall(r"([^\s,]+)[^,]*", value) if name == "srcset" else [value]
            self.found += [url for url in urls if url]
        self.found += in_style(told.get("style", ""))


def in_style(text: str) -> list[str]:
    return [first or second for first, second in IN_STYLE.findall(text)]


def loads(page: str) -> list[str]:
    """What a page loads, by its elements and its styles."""
    parser = Loads()
    parser.feed(page)
    styles = re.findall(r"<style[^>]*>(.*?)</style>", page, re.DOTALL | re.IGNORECASE)
    return parser.found + [url for style in styles for url in in_style(style)]


def amiss(site: Path, file: Path, url: str) -> str | None:
    """What is wrong with what a file of the site loads: it lies elsewhere, or isn't there."""
    parts = urlsplit(url)
    if parts.scheme == "data" or not (parts.path or parts.netloc or parts.scheme):
        return None
    where = f"{file.relative_to(site)} loads {url}"
    if parts.scheme or parts.netloc or url.startswith("/"):
        return f"{where}, which lies elsewhere"
    target = (file.parent / unquote(parts.path)).resolve()
    return None if site in target.parents and target.is_file() else f"{where}, which isn't there"


def test_what_a_page_loads_is_found() -> None:
    page = """<link rel="canonical" href="https://a/"><link rel="stylesheet" href="https://b/x.css">
    <script src="//c/x.js"></script><img src="x.png" srcset="y.png 2x, https://d/z.png 3x">
    <p style="background: url('https://e/x.png')"><a href="https://f/">f</a></p>
    <style>@import "https://g/x.css"; p { background: url(h.png) }</style>"""
    urls = ["https://b/x.css", "//c/x.js", "x.png", "y.png", "https://d/z.png", "https://e/x.png"]
    assert loads(page) == [*urls, "https://g/x.css", "h.png"]


def test_what_lies_elsewhere_or_isnt_there_is_told(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.touch()
    told = [amiss(tmp_path, page, url) for url in ("page.html?x#y", "data:,", "#a")]
    assert told == [None] * 3
    for url in ("https://a/x.js", "//a/x.js", "/x.js", "x.js", "../x.js"):
        assert amiss(tmp_path, page, url), url


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site, built without a warning."""
    folder = tmp_path_factory.mktemp("built") / "site"
    done = built(folder)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    return folder


@pytest.mark.verify
def test_the_site_is_whole_and_loads_nothing_from_elsewhere(site: Path) -> None:
    html, css = sorted(site.rglob("*.html")), sorted(site.rglob("*.css"))
    assert len(html) > 15 and css
    found = [(file, url) for file in html for url in loads(file.read_text("utf-8"))]
    found += [(file, url) for file in css for url in in_style(file.read_text("utf-8"))]
    assert [told for file, url in found if (told := amiss(site, file, url))] == []
    # A page is searched without a server, from a script that the pages load.
    assert (site / "search" / "search_index.js").is_file()


@pytest.mark.verify
def test_in_a_browser_nothing_is_fetched_and_everybody_can_read(site: Path) -> None:
    with chromium() as browser:
        for size, scheme in ((WIDE, "light"), (NARROW, "dark")):
            width, height = size
            context = browser.new_context(
                viewport={"width": width, "height": height}, color_scheme=scheme
            )
            seen = Opened(context.new_page())
            seen.watch(f"{site.as_uri()}/")
            for name in LOOKED_AT:
                seen.page.goto((site / f"{name}.html").as_uri())
                across = seen.page.evaluate("document.documentElement.scrollWidth")
                assert across == width, f"{name} is wider than the window"
            if size == WIDE:
                seen.page.get_by_role("textbox", name="Search").fill("history matching")
                found = seen.page.locator(".md-search-result__item").first
                found.wait_for(timeout=20_000)
                assert found.inner_text().startswith("Find what would match the record")
            assert (seen.requests, seen.complaints) == ([], [])
            # What looks for faults asks for the styles anew, of which a browser complains.
            for name in LOOKED_AT:
                seen.page.goto((site / f"{name}.html").as_uri())
                assert seen.faults() == [], name
            context.close()


def test_every_page_stands_in_the_navigation_once() -> None:
    text = (ROOT / "mkdocs.yml").read_text("utf-8")
    named = re.findall(r": ([\w/-]+\.md)$", text, re.MULTILINE)
    docs = ROOT / "docs"
    sources = [*docs.rglob("*.md"), *docs.rglob("*.ipynb")]
    written = [str(path.relative_to(docs).with_suffix(".md")) for path in sources]
    assert sorted(named) == sorted(written)
