"""Transactions: `begin` around one command, `reading` around questions. `begin` alone commits, and traces refusals."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection as Connection

from engine import clock
from engine.db import days, engines, holding, plans, refusals, rulebook
from engine.db import tables as t
from engine.db.context import Context as Context
from engine.db.upsert import upsert
from engine.errors import CaseFaulted, EngineFault, Refused
from engine.model import SYSTEM, Actor, Standing
from engine.rules.book import Book
from engine.rules.workdays import WorkCalendar
from engine.settings import settings


@contextmanager
def begin(actor: Actor) -> Iterator[Context]:
    """Open the one transaction of a command; commit when it returns.

    A refusal rolls everything back, is written to the trace in a second short transaction, and is raised again. If it
    is a fault of the flow of a case that was being moved, the case is in state fault from then on.

    Raises:
        CaseFaulted: that has happened.
    """
    now = clock.now()
    ctx: Context | None = None
    try:
        with engines.writing(settings().database_url) as conn:
            ctx = _context(conn, actor, now)
            yield ctx
    except Refused as refusal:
        if ctx is not None:
            with engines.writing(settings().database_url) as conn:
                faulted = refusals.write(_context(conn, actor, now), ctx.subject, refusal)
            if faulted and isinstance(refusal, EngineFault):
                raise CaseFaulted(why=refusal.why, basis=refusal.basis) from refusal
        raise


@contextmanager
def reading() -> Iterator[Connection]:
    """Open a transaction that only reads."""
    with engines.reader(settings().database_url).begin() as conn:
        yield conn


def calendar(conn: Connection) -> WorkCalendar:
    """Return the working days as adopted; kept in the process until another notice is adopted."""
    row = conn.execute(_known_days).one()
    return _calendar(conn, row.last, row.edition)


def book() -> Book:
    """Return the rules in force, for words and tables; a page may see those of a second ago, a command never does."""
    if (recent := rulebook.recent()) is None:
        with reading() as conn:
            recent = rulebook.newest_book(conn)
        rulebook.remember(recent)
    return recent


def heartbeat(name: str, note: str) -> None:
    """Note that a worker is alive, in real time."""
    with engines.writing(settings().database_url) as conn:
        upsert(conn, t.heartbeat, [{"name": name, "at": clock.real(), "note": note}], key=("name",))


def dispose() -> None:
    """Close connections and forget what was kept: for tests, and after a fork."""
    engines.dispose()
    _calendars.clear()
    rulebook.forget()
    plans.forget()


def _context(conn: Connection, actor: Actor, now: datetime) -> Context:
    today = clock.local_date(now)
    rows = conn.execute(_who, {"actor": actor.person, "account": actor.account, "today": today}).all()
    anonymous = actor.person == SYSTEM and actor.channel in ("portal", "cli")
    sha256 = rows[0].rules if rows else conn.scalar(_rules)
    known = rulebook.of(conn, sha256)
    assignments = [holding.assignment(row, actor.person) for row in rows if row.id is not None]
    if rows and actor.account is not None:
        by_post = known.posts if settings().second_factor == "required" and rows[0].totp_at is None else {}
        assignments = holding.usable(assignments, by_post, must_change=bool(rows[0].must_change))
    return Context(
        conn=conn,
        actor=actor,
        pseudonym=None if anonymous or not rows else rows[0].pseudonym,
        now=now,
        today=today,
        assignments=tuple(assignments),
        calendar=_calendar(conn, rows[0].last, rows[0].edition) if rows else calendar(conn),
        edition=rows[0].edition if rows else 0,
        name=rows[0].person_name if rows else "",
        standing=holding.standing(rows[0]) if rows else Standing(),
        book=known,
    )


def _own(column: sa.Column[Any]) -> sa.Label[Any]:
    """Return a column of the account that the actor signed in with."""
    return sa.select(column).where(t.account.c.id == sa.bindparam("account")).scalar_subquery().label(column.name)


_last = sa.select(sa.func.max(t.calendar_day.c.day)).scalar_subquery().label("last")
_rules = sa.select(rulebook.newest)
_known_days = sa.select(_last, days.edition.label("edition"))
_who = (
    sa.select(
        _last,
        days.edition.label("edition"),
        rulebook.newest,
        _own(t.account.c.must_change),
        _own(t.account.c.totp_at),
        t.person.c.pseudonym,
        t.person.c.name.label("person_name"),
        t.person.c.status,
        t.person.c.certificate,
        *holding.COLUMNS,
    )
    .select_from(t.person)
    .outerjoin(t.assignment, holding.may_act(t.person.c.id, holding.TODAY))
    .outerjoin(t.organ, t.organ.c.id == t.assignment.c.organ)
    .where(t.person.c.id == sa.bindparam("actor"))
    .order_by(t.assignment.c.person != t.person.c.id, t.assignment.c.id)  # the own posts first
)
_calendars: dict[tuple[str, date | None, int], WorkCalendar] = {}


def _calendar(conn: Connection, last: date | None, edition: int) -> WorkCalendar:
    key = (settings().database_url, last, edition)
    if key not in _calendars:
        rows = conn.execute(sa.select(t.calendar_day.c.day, t.calendar_day.c.is_working))
        _calendars[key] = WorkCalendar.of({row.day: row.is_working for row in rows})
    return _calendars[key]
