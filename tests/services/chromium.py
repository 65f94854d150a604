"""The system's Chromium, headless, driven by Playwright; it rings no host of its maker."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from tests.services import Missing

if TYPE_CHECKING:
    from playwright.sync_api import Browser

QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--no-first-run",
    "--disable-component-update",
    "--disable-sync",
)


def path() -> str:
    """Return Chromium's path."""
    for name in ("chromium", "chromium-browser"):
        if found := shutil.which(name):
            return found
    raise Missing("no Chromium: apt-get install chromium fonts-noto-cjk")


@contextmanager
def running() -> Iterator[Browser]:
    """Run one browser; open a fresh context in it for each test."""
    executable = path()
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        raise Missing("no Playwright: pip install playwright") from None
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=list(QUIET))
        yield browser
        browser.close()
