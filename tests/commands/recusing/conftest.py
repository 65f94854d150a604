"""Who keeps out of a case: the county with those who decide it, and a case that was filed."""

from __future__ import annotations

import pytest

from engine import clock
from tests import recusals
from tests.county import at, file


@pytest.fixture
def town(database_url):
    with clock.at(at("2026-03-02 10:00")):
        yield recusals.found()


@pytest.fixture
def filed(town):
    return file(town)
