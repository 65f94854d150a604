"""One case is read whole, with a natural applicant's name masked, in a fixed number of statements."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from engine.db import tables as t
from engine.db.read import case
from tests.db import rows
from tests.db.rows import AT


@pytest.fixture
def conn(database_url: str) -> Iterator[sa.Connection]:
    """Case 1: accepted by Li, reviewed by Wang, waiting for the decision; stopped for a test in between."""
    engine = sa.create_engine(database_url, poolclass=sa.NullPool)
    with engine.connect() as connection:
        rows.county(connection)
        rows.a_case(connection, 1, title="罗小平的火锅店")
        accept = rows.a_step(connection, 1, "accept", claimed_by=1, closed_at=AT, outcome="accept")
        later = AT + timedelta(hours=1)
        review = rows.a_step(connection, 1, "review", claimed_by=2, opened_at=later, closed_at=later, outcome="pass")
        rows.a_step(connection, 1, "decide", opened_at=AT + timedelta(hours=2))
        for step, path, person in ((accept, "accept", 1), (review, "review", 2)):
            rows.put(
                connection, t.act, case_=1, step=step, path=path, person=person, kind="complete", outcome="pass", at=AT
            )
        rows.a_clock(connection, 1, "statute", 20, date(2026, 11, 9))
        rows.put(
            connection, t.stop, case_=1, kind="testing", from_on=date(2026, 10, 13), planned_to_on=date(2026, 10, 20),
            document="检字1号", asked_by=2, approved_by=3,
        )  # fmt: skip
        yield connection


def test_a_case_tells_its_steps_in_order_with_who_did_them(conn):
    found = case.by_number(conn, "2026-YL-000001")

    assert [(step.path, [who.name for who in step.by]) for step in found.steps] == [
        ("accept", ["李秋禾"]),
        ("review", ["王景行"]),
        ("decide", []),
    ]
    assert [step.path for step in found.open_steps] == ["decide"]
    assert found.marks == {"received": date(2026, 10, 12)}


def test_a_natural_applicant_is_masked_in_name_and_title(conn):
    found = case.by_number(conn, "2026-YL-000001")

    assert (found.applicant, found.title) == ("罗*平", "罗*平的火锅店")


def test_a_legal_applicant_is_named(conn):
    rows.put(conn, t.person, id=10, pseudonym="p10", kind="legal", name="云岭餐饮公司")
    rows.a_case(conn, 2, applicant=10, title="云岭餐饮公司")

    assert case.by_id(conn, 2).title == "云岭餐饮公司"


def test_a_stop_that_has_not_ended_lasts_until_its_planned_end(conn):
    found = case.by_number(conn, "2026-YL-000001")

    assert [(stop.kind, stop.from_on, stop.to_on) for stop in found.stops] == [
        ("testing", date(2026, 10, 13), date(2026, 10, 20))
    ]


def test_an_unknown_number_is_no_case(conn):
    assert case.by_number(conn, "2026-YL-999999") is None
    assert case.diagram(conn, "2026-YL-999999") is None


def test_the_diagram_is_the_file_of_the_version_the_case_runs_on(conn):
    assert case.diagram(conn, "2026-YL-000001") == rows.FLOW


def test_a_case_costs_five_statements_however_many_steps_it_has(conn):
    asked: list[str] = []
    sa.event.listen(conn.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))

    case.by_number(conn, "2026-YL-000001")

    assert len(asked) == 5


@pytest.mark.parametrize(("officer", "opens"), [(1, True), (2, True), (3, False)])
def test_an_officer_has_touched_a_case_after_acting_or_claiming_in_it(conn, officer, opens):
    assert case.touched(conn, 1, officer) is opens


def test_holidays_and_make_up_days_have_names(conn):
    day = date(2026, 10, 10)
    rows.put(conn, t.calendar_day, day=day, is_working=True, name="国庆节调休", source="x")
    rows.put(conn, t.calendar_day, day=date(2026, 10, 12), is_working=True, source="x")

    assert case.day_names(conn, date(2026, 10, 1), date(2026, 10, 31)) == {day: "国庆节调休"}
