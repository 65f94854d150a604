"""A county that really runs, with its demo clock, and people who use it in Chromium."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from engine import clock
from engine.settings import settings
from tests import county
from tests.console import is_trouble
from tests.live import Live

TIMEOUT = 15_000  # milliseconds


@pytest.fixture
def town(database_url, configure) -> county.Town:
    configure(SUNLIT_DEMO="1", SUNLIT_DATABASE_URL=database_url)
    with clock.at(county.at("2026-03-02 09:00")):
        town = county.found()
    clock.start_demo(county.at("2026-03-02 10:00"))
    return town


@pytest.fixture
def live(town, database_url, tmp_path: Path) -> Iterator[Live]:
    server = Live(
        env={
            "SUNLIT_DATABASE_URL": database_url,
            "SUNLIT_DATA_DIR": str(settings().data_dir),
            "SUNLIT_SECRET_KEY": settings().secret_key.decode(),
            "SUNLIT_TICK_SECONDS": "1",
            "SUNLIT_DEMO": "1",
        },
        log=tmp_path / "live.log",
    )
    server.start()
    yield server
    server.kill()


@pytest.fixture
def visit(browser: Browser, live: Live) -> Iterator[Callable[..., Page]]:
    """Open a page for a visitor, or for an officer who signs in. A console error or CSP violation fails the test."""
    contexts: list[BrowserContext] = []
    troubles: list[str] = []

    def enter(login: str = "", language: str = "zh-CN") -> Page:
        context = browser.new_context(base_url=live.url, locale=language, viewport={"width": 1280, "height": 900})
        context.set_default_timeout(TIMEOUT)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda said: troubles.append(said.text) if is_trouble(said) else None)
        page.on("pageerror", lambda error: troubles.append(str(error)))
        if login:
            page.goto("/signin")
            page.fill("input[name=login]", login)
            page.fill("input[name=password]", county.PASSWORD)
            page.press("input[name=password]", "Enter")
            page.wait_for_url(lambda url: not url.endswith("/signin"))
        return page

    yield enter
    for context in contexts:
        context.close()
    assert troubles == []
