"""A command that breaks off at any of its statements has done nothing; the next try does all of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import sqlalchemy as sa

from engine import clock, commands
from engine.db import engines
from engine.db import tables as t
from engine.db.store import begin, reading
from engine.errors import NotYourPost
from engine.model import SYSTEM_ACTOR, Actor
from engine.settings import settings
from tests import county
from tests.county import ITEM, applicant, at, claim, do, file, row, step
from tests.samples import FORMS

MONDAY = at("2026-03-02 10:00")
LATE = at("2026-03-12 08:00")


class Broken(Exception):
    """The database has gone away in the middle."""


@pytest.fixture
def town(database_url):
    with clock.at(MONDAY):
        yield county.found()


@contextmanager
def breaking(number: int) -> Iterator[list[str]]:
    """Break off at the statement of this number; collect those before it."""
    seen: list[str] = []
    engine = engines.engine(settings().database_url)

    def note(conn, cursor, statement, parameters, context, executemany):
        if not statement.startswith("BEGIN"):
            if len(seen) == number:
                raise Broken
            seen.append(statement)

    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)


def everything() -> dict[str, Any]:
    """Return all rows of all tables."""
    with reading() as conn:
        return {
            table.name: conn.execute(sa.select(table).order_by(*table.primary_key.columns)).all()
            for table in t.metadata.sorted_tables
        }


def break_everywhere(command: Callable[[], Any]) -> int:
    """Let the command break off at its first statement, its second and so on until it comes through."""
    before = everything()
    for number in range(100):
        try:
            with breaking(number):
                command()
        except Broken:
            assert everything() == before, f"statement {number} left something behind"
            continue
        assert everything() != before
        return number
    raise AssertionError("it never comes through")


def completing(who: Actor, key: int, outcome: str, form: str) -> Callable[[], Any]:
    def run() -> Any:
        with begin(who) as ctx:
            return commands.complete(ctx, key, outcome=outcome, form=FORMS.get(form, {}), opinion="同意")

    return run


def test_filing_leaves_nothing_and_uses_up_no_number(town):
    with begin(town.li) as ctx:
        draft = commands.save_draft(ctx, item=ITEM, step=None, body={"shop_name": "椒香里"})
        commands.attach(ctx, draft=draft, material="plan", name="plan.pdf", kept=commands.keep_file(b"%PDF-1.7"))

    def filing():
        with begin(town.li) as ctx:
            return commands.file_case(
                ctx, item=ITEM, applicant=applicant(), form=FORMS["case"], materials=(), draft=draft
            )

    assert break_everywhere(filing) >= 15
    with reading() as conn:
        assert conn.scalars(sa.select(t.case_.c.number)).all() == ["2026-YL-000001"]


def test_claiming_completing_and_the_end_leave_nothing(town):
    filed = file(town, kind="change")
    key = step(filed.case, "intake/accept").id

    def claiming():
        with begin(town.li) as ctx:
            return commands.claim(ctx, key)

    assert break_everywhere(claiming) >= 5
    assert break_everywhere(completing(town.li, key, "accept", "intake/accept")) >= 9
    for who, path, outcome in (
        ("wang", "review", "pass"),
        ("he", "recheck", "agree"),
        ("zhao", "decide", "grant"),
        ("wu", "issue/make", "done"),
    ):
        do(town, who, filed.case, path, outcome)
    commands.render_waiting(filed.case)
    key = claim(town, "wu", filed.case, "issue/deliver")
    assert break_everywhere(completing(town.wu, key, "done", "issue/deliver")) >= 9
    assert row(filed.case).result == "issued"


def test_the_first_of_two_signatures_leaves_nothing(town):
    filed = file(town)
    do(town, "li", filed.case, "intake/accept", "accept")
    key = claim(town, "chen", filed.case, "site_inspection/inspect")

    assert break_everywhere(completing(town.chen, key, "pass", "site_inspection/inspect")) >= 7


def test_withdrawing_leaves_nothing(town):
    filed = file(town)
    person = Actor(person=row(filed.case).applicant, channel="portal")

    def withdrawing():
        with begin(person) as ctx:
            return commands.withdraw(ctx, filed.case, reason="不开店了")

    assert break_everywhere(withdrawing) >= 8


def test_what_time_does_leaves_nothing(town):
    file(town)
    with reading() as conn:
        timer = conn.scalar(sa.select(t.timer.c.id))
        late = conn.scalar(sa.select(t.clock.c.id).where(t.clock.c.kind == "step"))

    def by_time(verb, key):
        def run():
            with begin(SYSTEM_ACTOR) as ctx:
                assert verb(ctx, key)

        return run

    with clock.at(LATE):
        assert break_everywhere(by_time(commands.record_overrun, late)) >= 6
        assert break_everywhere(by_time(commands.fire_timer, timer)) >= 10


def test_a_refusal_that_cannot_be_traced_is_not_swallowed(town):
    filed = file(town)
    key = step(filed.case, "intake/accept").id
    before = everything()

    def refused():
        with begin(town.hua) as ctx:
            commands.claim(ctx, key)

    for number in range(100):
        try:
            with breaking(number):
                refused()
        except Broken:
            assert everything() == before
        except NotYourPost:
            break
    assert county.types(filed.number)[-1] == "refused"


def test_a_file_lies_on_disk_before_its_row_does(town, monkeypatch):
    with begin(town.li) as ctx:
        draft = commands.save_draft(ctx, item=ITEM, step=None, body={})
    there: list[bool] = []

    def note(conn, cursor, statement, parameters, context, executemany):
        if statement.startswith("INSERT INTO file"):
            bodies = list((settings().data_dir / "files").iterdir())
            there.append([body.read_bytes() for body in bodies] == [b"%PDF-1.7"])

    listening = engines.engine(settings().database_url), "before_cursor_execute", note
    sa.event.listen(*listening)
    with begin(town.li) as ctx:
        commands.attach(ctx, draft=draft, material="plan", name="plan.pdf", kept=commands.keep_file(b"%PDF-1.7"))
    sa.event.remove(*listening)

    assert there == [True]
