"""The test county behind the web application, on Monday 2026-03-02 at 10:00. It is founded once and then copied."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask

from engine import clock
from engine.db import store
from engine.settings import settings
from tests import county
from tests.county import Town, at
from tests.webui.visitor import Visitor
from webui.app import create_app
from webui.security import limiter

MONDAY = at("2026-03-02 10:00")


@pytest.fixture
def town(configure: Callable[..., None], sqlite_template: Path, run_dir: Path) -> Iterator[Town]:
    """Pages ask the same questions of either kind of database; SQLite will do here."""
    kept, path = run_dir / "town.db", settings().data_dir / "sunlit.db"
    path.parent.mkdir(parents=True, exist_ok=True)
    with clock.at(MONDAY):
        if not kept.exists():
            shutil.copyfile(sqlite_template, path)
            county.found()
            store.dispose()
            shutil.copyfile(path, kept)
        shutil.copyfile(kept, path)
        yield Town(county.people())


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
