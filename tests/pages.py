"""Pages in a real browser: opened without a network, and watched."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ConsoleMessage, Page, Route

# With this set, as in CI, a browser that is absent is an error.
NEEDED = "SANDTABLE_NEEDS_BROWSER"
# Milliseconds for a page to do anything: a busy machine is no fault of a page.
_PATIENCE = 120_000
WIDE, NARROW = (1280, 900), (390, 844)
_NAMES = ("chromium", "chromium-browser", "google-chrome")
_OFFLINE = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip


@dataclass
class Opened:
    """A page, the ``requests`` it made beyond its own file, and what it complained of."""

    page: Page
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def watch(self, own: str) -> None:
        """Note what the page does from now on, and let it load nothing but ``own``.

        That is the address of a file, or of a folder, which ends in a slash.
        """

        def answer(route: Route) -> None:
            # What stands after # never leaves the browser.
            url = route.request.url.partition("#")[0]
            if url == own or (own.endswith("/") and url.startswith(own)):
                route.continue_()
            else:
                self.requests.append(route.request.url)
                route.abort()

        def told(message: ConsoleMessage) -> None:
            if message.type in ("error", "warning"):
                self.complaints.append(message.text)

        self.page.route("**/*", answer)
        self.page.on("console", told)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def faults(self) -> list[str]:
        """Return what axe-core finds wrong for those who see, hear or point otherwise."""
        from axe_playwright_python.sync_playwright import Axe

        found = Axe().run(self.page).response["violations"]
        return [
            f"{rule['id']}: {node['html']} {node['failureSummary']}"
            for rule in found
            for node in rule["nodes"]
        ]


Open = Callable[..., Opened]


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start Debian's chromium; skip the test where it or playwright is absent."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        _absent("playwright is not installed")
    program = next(filter(None, map(shutil.which, _NAMES)), None)
    if program is None:
        _absent("chromium is not on the path")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=program, args=list(_OFFLINE))
        yield browser
        browser.close()


@contextmanager
def opening(browser: Browser) -> Iterator[Open]:
    """Yield what opens a file at an address within it; its windows are closed afterwards.

    ``how`` is passed to `Browser.new_context`.
    """
    contexts = []

    def open_(path: Path, at: str = "", size: tuple[int, int] = WIDE, **how: Any) -> Opened:
        width, height = size
        context = browser.new_context(viewport={"width": width, "height": height}, **how)
        context.set_default_timeout(_PATIENCE)
        contexts.append(context)
        made = Opened(context.new_page())
        made.watch(path.as_uri())
        made.page.goto(path.as_uri() + at)
        return made

    yield open_
    for context in contexts:
        context.close()


def _absent(what: str) -> NoReturn:
    if os.environ.get(NEEDED):
        pytest.fail(f"{what}, but {NEEDED} is set")
    pytest.skip(f"{what}: pages are not tried in a browser")
