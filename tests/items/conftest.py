"""The county with the items kept for tests, founded once and then copied, on Monday 2026-03-02 at 10:00."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from engine import clock
from engine.db import store
from engine.settings import settings
from tests import county
from tests.county import Town, at
from tests.items import town as items
from tests.items.people import People
from tests.webui.conftest import app, visit  # noqa: F401  the pages, over this county

MONDAY = at("2026-03-02 10:00")


@pytest.fixture
def town(configure: Callable[..., None], sqlite_template: Path, run_dir: Path) -> Iterator[Town]:
    kept, path = run_dir / "items.db", settings().data_dir / "sunlit.db"
    path.parent.mkdir(parents=True, exist_ok=True)
    with clock.at(MONDAY):
        if not kept.exists():
            shutil.copyfile(sqlite_template, path)
            items.found()
            store.dispose()
            shutil.copyfile(path, kept)
        shutil.copyfile(kept, path)
        yield Town(county.people())


@pytest.fixture
def people(visit: Callable[..., object]) -> People:  # noqa: F811
    return People(visit)
