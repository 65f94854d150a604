"""The county with the items kept for tests, on Monday 2026-03-02 at 10:00."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from engine import clock
from tests.county import Town, at
from tests.items import town as items
from tests.items.people import People
from tests.webui.conftest import app, visit  # noqa: F401  the pages, over this county

MONDAY = at("2026-03-02 10:00")


@pytest.fixture
def town(sqlite_url: str) -> Iterator[Town]:
    with clock.at(MONDAY):
        yield items.found()


@pytest.fixture
def people(visit: Callable[..., object]) -> People:  # noqa: F811
    return People(visit)
