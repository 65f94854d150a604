"""What was done in a case is read in the order in which it was done."""

from __future__ import annotations

import pytest

from engine import clock
from engine.db.history import history
from engine.db.store import reading
from tests import county
from tests.county import at, do, file


@pytest.fixture
def town(database_url):
    with clock.at(at("2026-03-02 10:00")):
        yield county.found()


def test_of_parallel_steps_what_was_done_first_comes_first_whichever_was_opened_first(town):
    filed = file(town)
    do(town, "li", filed.case, "intake/accept", "accept")
    do(town, "chen", filed.case, "site_inspection/inspect", "pass")
    do(town, "wang", filed.case, "review", "pass")
    do(town, "liu", filed.case, "site_inspection/inspect", "pass")

    with reading() as conn:
        steps, acts = history(conn, filed.case)

    assert [act.path for act in acts] == [
        "case", "intake/accept", "site_inspection/inspect", "review", "site_inspection/inspect",
    ]  # fmt: skip
    assert [step.id for step in steps] == sorted(step.id for step in steps)
