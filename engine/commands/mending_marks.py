"""The day of a mark is corrected: what starts or ends by it is counted anew (engine/rules/mending.py)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from engine.clock import day_start
from engine.commands import cases
from engine.commands.cases import Case
from engine.commands.clocks import overrun, recount
from engine.commands.settle import finish
from engine.commands.settling import Settling, settling
from engine.db import carding, recorded
from engine.db.context import Connection, Context
from engine.db.find import CaseTime, time_of
from engine.db.record import Change, Entry
from engine.errors import CaseMoved, TimeFirst
from engine.model import RUNNING, Assignment, CaseLimit, CaseState, Clock, Event
from engine.rules import mending, recounting
from engine.rules.book import Book
from engine.rules.halting import halting
from engine.rules.mending import Planned
from engine.rules.workdays import WorkCalendar

WHAT = "mark"
WHY = "correction"


def plan_correction(
    conn: Connection, case_id: int, *, mark: str, on: date, book: Book, calendar: WorkCalendar, today: date
) -> Planned:
    """Return what it would do to correct a mark of a case to a day; nothing is changed.

    Raises:
        NotFound: there is no such case.
        NotCorrectable, TooEarly, NoticeTooLate: it cannot be.
    """
    case = recorded.standing(conn, case_id)
    item = cases.definition(conn, case.definition, case.sha256).program.item
    time = time_of(conn, case_id)
    return _plan(conn, case.number, case.state, item.limits, time, mark, on, book, calendar, today)


def proposed(ctx: Context, case: Case, mark: str, on: date) -> dict[str, Any]:
    """Return what is proposed: the mark with its former and new day, and the last days that it moves."""
    time = time_of(ctx.conn, case.id)
    planned = _of(ctx, case, time, mark, on)
    moved = [{"key": o.key, "from": o.due_on.isoformat(), "to": n.due_on.isoformat()} for o, n in planned.due]
    return {
        "what": WHAT,
        "mark": mark,
        "from": planned.marks[mark][0].isoformat(),
        "to": on.isoformat(),
        "clocks": moved,
    }


def correct(ctx: Context, case: Case, proposal: int, body: Mapping[str, Any], post: Assignment, change: Change) -> str:
    """Fill `change` with the correction of a mark; return what was corrected.

    A clock that had ended and is late by the new days is overrun from now on; one that ran is found by the due work.

    Raises:
        TimeFirst: what time has done already is not recorded yet.
        CaseMoved: the mark has another day than when this was proposed.
        NotCorrectable, TooEarly, NoticeTooLate: it cannot be corrected any more.
    """
    mark, on = body["mark"], date.fromisoformat(body["to"])
    if case.late:
        raise TimeFirst()
    if case.marks.get(mark) != date.fromisoformat(body["from"]):
        raise CaseMoved()
    now = settling(ctx, case, change, when=ctx.now, cause="")
    time = CaseTime(clocks=now.clocks, stops=tuple(now.stops), timers=())
    planned = _of(ctx, case, time, mark, on)
    _carded(ctx, now, planned)
    for name, (was, day) in planned.marks.items():
        now.marks[name] = day
        facts = {"proposal": proposal, "mark": name, "from": was.isoformat(), "to": day.isoformat()}
        change.trace(Entry(type=Event.MARK_CORRECTED, post=post.post, assignment=post.id, facts=facts))
    for old, new in planned.clocks:
        if new.key in planned.late:
            change.trace(overrun(new, None, by_actor=False))
            new = replace(new, overrun_at=ctx.now)
        recount(now, old, new, WHY)
    _timers(now)
    finish(now)
    return f"{mark} {body['from']} -> {body['to']}"


def _of(ctx: Context, case: Case, time: CaseTime, mark: str, on: date) -> Planned:
    item = case.program.item
    return _plan(
        ctx.conn, case.number, case.state, item.limits, time, mark, on, ctx.book, ctx.calendar, ctx.today
    )  # fmt: skip


def _plan(
    conn: Connection,
    number: str,
    state: CaseState,
    limits: tuple[CaseLimit, ...],
    time: CaseTime,
    mark: str,
    on: date,
    book: Book,
    calendar: WorkCalendar,
    today: date,
) -> Planned:
    return mending.plan(
        reached=recorded.reached(conn, number),
        mark=mark,
        on=on,
        clocks=list(time.clocks.values()),
        limits=limits,
        stops=lambda clock: halting(clock, time.stops, book.limits),
        calendar=calendar,
        today=today,
        closed=state not in RUNNING,
    )


def _carded(ctx: Context, now: Settling, planned: Planned) -> None:
    """Make sure that of every overrun that becomes void it has been decided whether a card follows.

    The card stays a fact; who got it asks for it to be rescinded.
    """
    if carding.waits(ctx.conn, [key for name in planned.void if (key := now.clocks[name].id) is not None]):
        raise TimeFirst()


def _timers(now: Settling) -> None:
    """Timers that follow a clock follow it to its new last day, none to an instant that had passed without it."""
    for row in now.timers:
        clock: Clock | None = now.clocks.get(row["clock"] or "")
        if clock is None or clock.key not in now.change.clocks or clock.ended_on or row["fires_at"] is None:
            continue
        legal = day_start(clock.due_on + timedelta(days=1))
        at = recounting.instant_anew(legal, row["fires_at"], now.when)
        if at != row["fires_at"]:
            now.change.timers[row["key"]] = dict(row) | {"fires_at": at}
