"""A county whose steps several people sign, vote on and send back, behind the web application."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from werkzeug.test import TestResponse

from engine import clock
from tests.commands import small, together, undoable
from tests.county import Town
from tests.kept import kept
from tests.webui.conftest import MONDAY
from tests.webui.visitor import Visitor


@kept
def found() -> Town:
    """Found the county with the items `countersign` and `small` beside the licence."""
    town = together.found()
    small.deploy(town, undoable.split())
    return town


def opened() -> Iterator[Town]:
    """The county on Monday, in the database of the settings."""
    with clock.at(MONDAY):
        yield found()


def act(visitor: Visitor, step: int, code: str, **sent: Any) -> TestResponse:
    """Send the form of an office action."""
    return visitor.post(f"/desk/steps/{step}/ways/{code}", sent)


def block(page: str, start: str, end: str) -> str:
    """Return a part of a page."""
    begun = page.index(start)
    return page[begun : page.index(end, begun)]
