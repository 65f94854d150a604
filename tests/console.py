"""What a browser may say on its console while a test drives it."""

from __future__ import annotations

from playwright.sync_api import ConsoleMessage

EXPECTED = ("status of 4", "htmx:afterRequest", "htmx:sendAbort")


def is_trouble(said: ConsoleMessage) -> bool:
    """A refused request is said by the page, and a form that is sent gives up saving itself; all else is a fault."""
    return said.type == "error" and not any(word in said.text for word in EXPECTED)
