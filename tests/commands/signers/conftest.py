"""Who asks others for their opinions on a step: the county, and a case whose draft wang holds."""

from __future__ import annotations

import pytest

from engine import clock
from tests.commands import together
from tests.county import at


@pytest.fixture
def town(database_url):
    with clock.at(at("2026-03-02 10:00")):
        yield together.found()


@pytest.fixture
def held(town):
    """A case whose draft wang holds."""
    filed = together.file(town)
    together.claim(town, "wang", filed.case, "draft")
    return filed
