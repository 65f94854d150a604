"""Adopt a yearly notice of the State Council: one person proposes, another approves, and all open clocks follow.

A year is adopted whole, after the one before. A notice that amends an adopted year says so, and changes no day before
today. Every clock and timer that moves is traced with its old and its new day, earlier or later, and so is a clock
that only ceases to be provisional.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from engine import clock
from engine.calendars.notice import Days, Notice, days_of
from engine.commands import forms
from engine.commands.permit import by_post
from engine.commands.proposing import digest, propose
from engine.commands.recounting import Recount
from engine.db import days, record, running
from engine.db.context import Connection, Context
from engine.db.proposals import Proposal
from engine.db.record import Entry
from engine.db.running import Recounted
from engine.errors import Finding, Invalid
from engine.model import Event
from engine.rules.book import Book
from engine.rules.workdays import WorkCalendar

KIND = "calendar"
POSTS = ("flow_manager", "list_manager")


@dataclass(frozen=True, kw_only=True)
class Adoption:
    """What the approval of a notice would do now. `changes`: days with whether offices work on them then.

    `later`, `earlier`, `confirmed` count clocks: the last day moves, or stays and is no longer provisional; `timers`
    instants that move; `cases` those with any of these. `refused`: why it cannot be adopted (any more), else empty.
    """

    notice: Notice
    amends: bool
    changes: Mapping[date, bool]
    later: int
    earlier: int
    confirmed: int
    timers: int
    cases: int
    refused: str


def propose_calendar(ctx: Context, notice: Notice, *, amends: bool = False) -> int:
    """Propose a notice; return the proposal's id. `amends`: the year is adopted already and this changes it.

    Raises:
        NotYourRole: the actor manages neither flows nor the list.
        Invalid: it is not the next year, or it amends nothing or a day that has passed.
    """
    ctx.subject.verb = "propose_calendar"
    post = by_post(ctx, *POSTS)
    known = days.adopted(ctx.conn)
    _written(notice, amends, known, ctx.today)
    body = {
        "year": notice.year,
        "amends": amends,
        "notice": list(notice.sources),
        "days_off": {str(day): name for day, name in notice.days_off.items()},
        "makeup_workdays": {str(day): name for day, name in notice.makeup_workdays.items()},
        "after": _digest(known),
    }
    return propose(ctx, KIND, forms.text(body), post, about=str(notice.year))


def planned_calendar(conn: Connection, body_json: str, book: Book) -> Adoption:
    """Return what the approval of a proposal would do now; nothing is changed."""
    body, known, now = json.loads(body_json), days.adopted(conn), clock.now()
    written: Days = {}
    found: list[Recounted] = []
    refused = ""
    try:
        written = _still(body, known, clock.local_date(now))
        recount = Recount(proposal=0, before=_counts(known), after=_counts({**known, **written}), book=book, now=now)
        found = [each for batch in _recounted(conn, recount, known, written) for each in batch]
    except Invalid as error:
        refused = error.findings[0].message
    moved = [pair for each in found for pair in each.clocks]
    return Adoption(
        notice=_notice(body),
        amends=body["amends"],
        changes={day: works for day, (works, _, _) in written.items() if day not in known or known[day][0] != works},
        later=sum(new.due_on > old.due_on for old, new in moved),
        earlier=sum(new.due_on < old.due_on for old, new in moved),
        confirmed=sum(new.due_on == old.due_on for old, new in moved),
        timers=sum(len(each.timers) for each in found),
        cases=sum(bool(each.entries) for each in found),
        refused=refused,
    )


def carry_out(ctx: Context, proposal: Proposal) -> str:
    """Adopt the notice and count every open clock anew, in one pass; return `year: clocks moved n`.

    Raises:
        Invalid: the calendar has changed since, or a day that would change has passed.
    """
    days.hold_cases(ctx.conn)
    body, known = json.loads(proposal.body_json), days.adopted(ctx.conn)
    written = _still(body, known, ctx.today)
    recount = Recount(
        proposal=proposal.id, before=_counts(known), after=_counts({**known, **written}), book=ctx.book, now=ctx.now
    )
    days.adopt(ctx.conn, written)
    clocks = 0
    for batch in _recounted(ctx.conn, recount, known, written):
        running.save(ctx, batch)
        clocks += sum(len(each.clocks) for each in batch)
    facts = {
        "proposal": proposal.id,
        "year": body["year"],
        "amends": body["amends"],
        "days": len(written),
        "digest": digest(proposal.body_json),
        "clocks": clocks,
    }
    record.append(ctx, record.organ_chain(ctx), [Entry(type=Event.CALENDAR_ADOPTED, facts=facts)])
    return f"{body['year']}: clocks moved {clocks}"


def _recounted(conn: Connection, recount: Recount, known: Days, written: Days) -> Iterator[list[Recounted]]:
    """Yield what changes in running cases, many at a time."""
    others = [day for day, (works, _, _) in written.items() if day not in known or known[day][0] != works]
    ids = running.counting_on(conn, min(others)) if others else []
    for batch in running.batches(conn, ids):
        yield [changed for case in batch if (changed := recount.of(case)) is not None]


def _still(body: Mapping[str, Any], known: Days, today: date) -> Days:
    """Return the days to write, if the calendar is still the one that was proposed for."""
    if body["after"] != _digest(known):
        raise _refusal("the calendar has changed since this was proposed; propose it anew")
    return _written(_notice(body), body["amends"], known, today)


def _written(notice: Notice, amends: bool, known: Days, today: date) -> Days:
    """Return the days that a notice adds, or changes in a year that it amends."""
    last, told = max(known).year, days_of(notice)
    others = {day: said for day, said in told.items() if day not in known or known[day][:2] != said[:2]}
    is_adopted = any(day.year == notice.year for day in known)
    if amends and not is_adopted:
        raise _refusal(f"{notice.year} is not adopted yet, so nothing can be amended; leave --amend out")
    if amends and not others:
        raise _refusal(f"it says of {notice.year} what is adopted already")
    if amends and min(others) < today:
        raise _refusal(f"{min(others)} has passed, and days that have passed do not change")
    if not amends and is_adopted:
        difference = f"and says otherwise of {min(others)}; a notice that changes it needs --amend" if others else ""
        raise _refusal(f"{notice.year} is adopted already {difference}".rstrip())
    if not amends and notice.year != last + 1:
        raise _refusal(f"years are adopted in order; the next one is {last + 1}, not {notice.year}")
    return others if amends else told


def _refusal(message: str) -> Invalid:
    return Invalid(findings=(Finding(file="calendar", line=0, level="calendar", rule="adoption", message=message),))


def _notice(body: Mapping[str, Any]) -> Notice:
    def read(field: str) -> dict[date, str]:
        return {date.fromisoformat(day): name for day, name in body[field].items()}

    return Notice(
        year=body["year"],
        sources=tuple(body["notice"]),
        days_off=read("days_off"),
        makeup_workdays=read("makeup_workdays"),
    )


def _counts(known: Days) -> WorkCalendar:
    return WorkCalendar.of({day: works for day, (works, _, _) in known.items()})


def _digest(known: Days) -> str:
    told = [[str(day), works, name] for day, (works, name, _) in sorted(known.items())]
    return hashlib.sha256(forms.text(told).encode()).hexdigest()
