"""One browser and one server for all tests of the web app; a window of one's own for each test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.support.browser import Window, open_browser
from tests.support.serving import Talker, serving


@pytest.fixture(scope="package")
def viva(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Talker]:
    """A server without keys: one person, whose interviews all tests share."""
    with serving(tmp_path_factory.mktemp("viva")) as talker:
        yield talker


@pytest.fixture(scope="package")
def browser(viva: Talker) -> Iterator[Browser]:
    """Opened after the server, which makes event loops of its own while it starts."""
    with open_browser() as opened:
        yield opened


@pytest.fixture
def windows(browser: Browser) -> Iterator[Callable[..., Window]]:
    """Makes windows, each with cookies and storage of its own."""
    opened: list[Window] = []

    def make(address: str, **options: Any) -> Window:
        opened.append(Window(browser, address, **options))
        return opened[-1]

    yield make
    for window in opened:
        window.close()


@pytest.fixture
def window(windows: Callable[..., Window], viva: Talker) -> Window:
    """A window on the shared server."""
    return windows(str(viva.http.base_url).rstrip("/"))
