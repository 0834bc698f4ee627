"""A real browser before a real server: Debian's Chromium, driven by Playwright, and stricter than a person would be.

A page that logs an error, throws, breaks its content security policy or asks another host for anything fails its test.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, sync_playwright

from tests.support.serving import ROOT

AXE = ROOT / "tests" / "vendor" / "axe.min.js"
SCREENSHOTS = Path(os.environ.get("VIVA_SCREENSHOTS") or ROOT / ".screenshots")
PHONE = {"width": 360, "height": 740}
DESK = {"width": 1280, "height": 860}
_AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def chromium() -> str:
    """The path of Chromium; where there is none, a plain word on how to get it."""
    found = shutil.which("chromium")
    if found is None:
        raise RuntimeError("The tests of the web app drive Chromium: apt-get install chromium (.ci/run does it).")
    return found


@contextmanager
def open_browser() -> Iterator[Browser]:
    """Chromium without a window. While it is open no other event loop can run in this thread."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium(), args=["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"]
        )
        try:
            yield browser
        finally:
            browser.close()


class Window:
    """A window of one person on one server; `expected` are patterns of console errors that a test brings about."""

    def __init__(self, browser: Browser, address: str, **options: Any) -> None:
        self.address = address
        self.expected: list[str] = []
        self.faults: list[str] = []
        self.context: BrowserContext = browser.new_context(
            base_url=address, **{"viewport": DESK, "color_scheme": "light", "reduced_motion": "reduce", **options}
        )
        self.context.set_default_timeout(15_000)
        self.context.on("console", self._heard)
        self.context.on("request", self._asked)
        self.context.on("weberror", lambda error: self.faults.append(f"threw: {error.error}"))

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.faults.append(f"console: {message.text} ({message.location.get('url', '')})")

    def _asked(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in {"data", "blob"} and f"{parts.scheme}://{parts.netloc}" != self.address:
            self.faults.append(f"another host: {request.url}")

    def page(self, path: str = "") -> Page:
        """A new tab, at `path` where one is given."""
        page = self.context.new_page()
        if path:
            page.goto(path)
        return page

    def close(self) -> None:
        """Ends it; whatever went wrong meanwhile and was not expected fails here."""
        self.context.close()
        faults = [fault for fault in self.faults if not any(re.search(each, fault) for each in self.expected)]
        assert not faults, "\n".join(faults)


def violations(page: Page) -> list[str]:
    """What axe-core finds in the page as it stands: rule, what to do, and where."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("tags => axe.run(document, {runOnly: {type: 'tag', values: tags}})", _AXE_TAGS)
    return [
        f"{each['id']}: {each['help']} at {node['target']}: {node['failureSummary']}"
        for each in found["violations"]
        for node in each["nodes"]
    ]


def accessible(page: Page, name: str) -> None:
    """axe-core has no word against the page, light and dark, wide and narrow; pictures of all four are kept."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    faults = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        for size, view in (("desk", DESK), ("phone", PHONE)):
            page.set_viewport_size(view)  # type: ignore[arg-type]
            page.screenshot(path=SCREENSHOTS / f"{name}-{scheme}-{size}.png", full_page=True)
            faults += [f"{scheme} {size}: {each}" for each in violations(page)]
            across = page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")
            if across > 0:
                faults.append(f"{scheme} {size}: {across} px wider than the window")
    page.set_viewport_size(DESK)  # type: ignore[arg-type]
    page.emulate_media(color_scheme="light")
    assert not faults, "\n".join(faults)


def bytes_over_the_wire(window: Window, path: str) -> int:
    """What a first visit of a page transfers, headers included, as Chromium counts it."""
    page = window.page()
    session = window.context.new_cdp_session(page)
    sizes: list[int] = []
    session.on("Network.loadingFinished", lambda event: sizes.append(int(event["encodedDataLength"])))
    session.send("Network.enable")
    page.goto(path, wait_until="networkidle")
    page.close()
    assert len(sizes) > 1
    return sum(sizes)
