"""The test county behind the web application, on Monday 2026-03-02 at 10:00."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from engine import clock
from tests import county
from tests.county import Town, at
from tests.webui.visitor import Visitor
from webui.app import create_app
from webui.security import limiter

MONDAY = at("2026-03-02 10:00")


@pytest.fixture
def town(sqlite_url: str) -> Iterator[Town]:
    """Pages ask the same questions of either kind of database; SQLite will do here."""
    with clock.at(MONDAY):
        yield county.found()


@pytest.fixture
def app(town: Town) -> Flask:
    made = create_app()
    made.testing = True
    limiter.reset()
    return made


@pytest.fixture
def visit(app: Flask) -> Callable[..., Visitor]:
    """Make a visitor, signed in when a login is given."""

    def made(login: str = "") -> Visitor:
        visitor = Visitor(app)
        if login:
            assert visitor.sign_in(login).status_code == 303
        return visitor

    return made
