"""An applicant sees the own case and what may still come."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from engine.db.read import portal
from engine.model import CaseState
from tests.db import rows
from tests.db.rows import AT


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
    found = portal.progress(conn, 1)

    assert [step.name for step in found.ahead] == ["发证"]
    assert found.ahead[0].post == "issuer"


def test_nothing_lies_ahead_of_a_closed_case_and_an_unknown_one_is_none(conn):
    rows.a_case(conn, 3, state=CaseState.CLOSED.value, result="granted", closed_at=AT)

    assert portal.progress(conn, 3).ahead == ()
    assert portal.progress(conn, 99) is None


def test_the_applicant_is_asked_only_after_the_last_step_found_something_missing(conn):
    rows.a_case(conn, 4)
    rows.a_step(conn, 4, "accept", closed_at=AT, outcome="supplement")
    rows.a_step(conn, 4, "review")

    assert portal.progress(conn, 4).asked
    assert not portal.progress(conn, 1).asked
