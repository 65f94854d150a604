"""A case with armed timers and running clocks in a real database, and a command that records what it did."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa

from engine import clock
from engine.commands import DUE_COMMANDS
from engine.db import tables as t
from engine.db.store import begin
from engine.model import SYSTEM_ACTOR
from worker import jobs

NOW = datetime(2026, 3, 10, 1, 0, tzinfo=UTC)  # Tuesday, 09:00 in Yunling


CASES = range(1, 13)


@pytest.fixture
def county(database_url: str) -> Iterator[str]:
    """A database with twelve cases; it is Tuesday 2026-03-10, 09:00."""
    empty = dict.fromkeys(("name", "name_en", "sha256", "item_json", "pins_json"), "")
    definition = {"item": "food", "version": 1, "kind": "item", "xml": b"", "proposal": 1, "approved_at": NOW}
    case = {
        **{"definition": 1, "item": "food", "organ": 1, "applicant": 0, "title": "", "channel": "window"},
        **{"state": "open", "version": 1, "engine_state": b"", "marks_json": "", "query_hash": "", "filed_at": NOW},
    }
    with clock.at(NOW):
        with begin(SYSTEM_ACTOR) as ctx:
            for table, rows in (
                (t.proposal, [{"kind": "founding", "body_json": "", "by": 0, "by_at": NOW}]),
                (t.organ, [{"code": "yl", "name": "云岭县", "name_en": "Yunling", "level": "county"}]),
                (t.definition, [empty | definition]),
                (t.case_, [case | {"number": f"2026-YL-{number:06}"} for number in CASES]),
            ):
                ctx.conn.execute(table.insert(), rows)
        yield database_url


def arm(conn: sa.Connection, fires_at: datetime, case: int = 1) -> int:
    """Arm a timer; return its id."""
    key = _next(conn, t.timer)
    row = {"id": key, "case_": case, "key": f"{key}:0", "token": str(key), "index": 0, "path": "review", "text": "PT1H"}
    conn.execute(t.timer.insert().values(**row, fires_at=fires_at))
    return key


@pytest.fixture
def timer(county: str) -> Callable[..., int]:
    """Arm a timer; return its id."""

    def arm_now(fires_at: datetime, case: int = 1) -> int:
        with begin(SYSTEM_ACTOR) as ctx:
            return arm(ctx.conn, fires_at, case)

    return arm_now


@pytest.fixture
def timers(timer: Callable[..., int]) -> list[int]:
    """Twelve timers that are due, an hour apart, each in a case of its own."""
    return [timer(NOW - timedelta(hours=20 - case), case) for case in CASES]


@pytest.fixture
def limit(county: str) -> Callable[..., int]:
    """Start a clock; return its id."""

    def start(due_on: date, case: int = 1) -> int:
        with begin(SYSTEM_ACTOR) as ctx:
            key = _next(ctx.conn, t.clock)
            ctx.conn.execute(
                t.clock.insert().values(
                    **{"id": key, "case_": case, "key": f"step:{key}", "kind": "step", "rule": "", "until": ""},
                    **{"unit": "working_day", "amount": 2, "extended": 0, "provisional": False},
                    **{"started_on": date(2026, 3, 2), "due_on": due_on},
                )
            )
        return key

    return start


def _next(conn: sa.Connection, table: sa.Table) -> int:
    return (conn.scalar(sa.select(sa.func.max(table.c.id))) or 0) + 1


class Commands:
    """Stand in for the two commands: they look again, write once, and keep a list of what they did.

    `first` is called before each, in its transaction; it may raise, arm another timer, or turn off Redis.
    """

    def __init__(self) -> None:
        self.done: list[tuple[str, int]] = []
        self.first: Callable[[sa.Connection, int], object] = lambda conn, key: None

    def fire(self, ctx, key: int) -> bool:
        self.first(ctx.conn, key)
        there = (t.timer.c.id == key) & t.timer.c.fired_at.is_(None)
        return self._did("timer", key, ctx.conn.execute(t.timer.update().where(there).values(fired_at=ctx.now)))

    def overrun(self, ctx, key: int) -> bool:
        self.first(ctx.conn, key)
        there = (t.clock.c.id == key) & t.clock.c.overrun_at.is_(None)
        return self._did("clock", key, ctx.conn.execute(t.clock.update().where(there).values(overrun_at=ctx.now)))

    def _did(self, kind: str, key: int, result) -> bool:
        if result.rowcount == 1:
            self.done.append((kind, key))
        return result.rowcount == 1


@pytest.fixture
def commands(monkeypatch: pytest.MonkeyPatch) -> Iterator[Commands]:
    fake = Commands()
    monkeypatch.setitem(DUE_COMMANDS, "timer", fake.fire)
    monkeypatch.setitem(DUE_COMMANDS, "clock", fake.overrun)
    yield fake
    jobs.stopping.clear()
    jobs._failed.clear()
