"""An applicant is told what may still come, and when to act."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from engine.db.read import case, portal
from engine.model import CaseState, Item, Step
from tests.db import rows
from tests.db.rows import AT


def declared() -> Item:
    steps = {
        path: Step(path=path, name=path, name_en=path, post=post, organ="case", days=None, outcomes=())
        for path, post in rows.POSTS.items()
    }
    return Item(
        id="food", name="", name_en="", steps=steps, limits=(), separations=(), marks={}, calls={}, ends={}, ends_en={}
    )


@pytest.fixture
def conn(database_url: str) -> Iterator[sa.Connection]:
    """Case 1: accepted and reviewed; the decision is open."""
    engine = sa.create_engine(database_url, poolclass=sa.NullPool)
    with engine.connect() as connection:
        rows.county(connection)
        rows.a_case(connection, 1)
        rows.a_step(connection, 1, "accept", closed_at=AT, outcome="accept")
        rows.a_step(connection, 1, "review", closed_at=AT, outcome="pass")
        rows.a_step(connection, 1, "decide")
        yield connection


def test_ahead_are_the_declared_steps_behind_the_open_one(conn):
    assert [step.path for step in portal.ahead(case.by_id(conn, 1), declared())] == ["issue"]


def test_nothing_lies_ahead_of_a_closed_case(conn):
    rows.a_case(conn, 3, state=CaseState.CLOSED.value, result="granted", closed_at=AT)

    assert portal.ahead(case.by_id(conn, 3), declared()) == ()


def test_the_applicant_is_asked_only_after_the_last_step_found_something_missing(conn):
    rows.a_case(conn, 4)
    rows.a_step(conn, 4, "accept", closed_at=AT, outcome="supplement")
    rows.a_step(conn, 4, "review")

    assert portal.asked(case.by_id(conn, 4))
    assert not portal.asked(case.by_id(conn, 1))
