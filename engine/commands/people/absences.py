"""Note on which days an officer is away, and that it ends early. The officer may propose both; another approves."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from engine.commands.forms import text
from engine.commands.people import handing
from engine.commands.people.period import ahead, effective, last_day, written
from engine.commands.people.posts import APPROVERS, PROPOSERS
from engine.commands.proposing import Kind, propose, proposer, wrong
from engine.db import granting, record
from engine.db.context import Context
from engine.db.granting import Absence, Officer
from engine.db.proposals import Proposal
from engine.db.record import Entry
from engine.errors import IsAway
from engine.model import Event

NAME, END = "absence", "end_of_absence"
KINDS_OF = ("leave", "sick", "travel", "training")


def propose_absence(ctx: Context, *, officer: int, from_on: date, to_on: date, kind: str) -> int:
    """Propose that an officer (person id) is away from the first to the last day; return the proposal's id.

    `kind`: leave | sick | travel | training.

    Raises:
        NotYourRole: the actor is neither the officer nor an administrator.
        IsAway: the officer is away on some of these days already.
        NotFound, Invalid: an unknown officer or kind; days that have passed.
    """
    ctx.subject.verb = "propose_absence"
    body = {"officer": officer, "kind": kind, **written(from_on, to_on)}
    by = proposer(ctx, ABSENCE, body)
    ahead(from_on, to_on, ctx.today)
    if kind not in KINDS_OF:
        raise wrong("kind", f"one of: {', '.join(KINDS_OF)}")
    _absent(ctx, body, from_on, to_on)
    return propose(ctx, NAME, text(body), by)


def propose_end_of_absence(ctx: Context, absence: int, *, to_on: date) -> int:
    """Propose that an absence ends with the day `to_on`, before its last day; return the proposal's id.

    Yesterday ends it at once. One that has not begun by then is never taken.

    Raises:
        NotYourRole: the actor is neither the officer nor an administrator.
        NotFound: there is no such absence.
        Invalid: it ends no later anyway; `to_on` lies further back than yesterday.
    """
    ctx.subject.verb = "propose_end_of_absence"
    found = granting.absence(ctx.conn, absence)
    body = {"absence": found.id, "officer": found.person, "to_on": to_on.isoformat()}
    by = proposer(ctx, ENDING, body)
    if to_on < ctx.today - timedelta(days=1):
        raise wrong("to_on", f"it ends at once with {ctx.today - timedelta(days=1)}; nothing ends further back")
    _endable(found, to_on)
    return propose(ctx, END, text(body), by)


def _recorded(ctx: Context, proposal: Proposal) -> str:
    body = json.loads(proposal.body_json)
    first, last = effective(body, ctx.today)
    officer = _absent(ctx, body, first, last)
    row = {"person": officer.id, "from_on": first, "to_on": last, "kind": body["kind"], "proposal": proposal.id}
    new = granting.record_absence(ctx.conn, row)
    facts = {
        "proposal": proposal.id,
        "officer": officer.pseudonym,
        "from": first.isoformat(),
        "to": last.isoformat() if last else None,
    }
    record.append(ctx, record.organ_chain(ctx), [Entry(type=Event.ABSENCE_RECORDED, facts=facts)])
    return f"absence {new}"


def _ended(ctx: Context, proposal: Proposal) -> str:
    body = json.loads(proposal.body_json)
    officer = granting.officers(ctx.conn, [body["officer"]])[body["officer"]]
    found = granting.absence(ctx.conn, body["absence"])
    last = last_day(date.fromisoformat(body["to_on"]), ctx.today)
    _endable(found, last)
    if last < found.from_on:
        last = ctx.today - timedelta(days=1)
    granting.end_absence(ctx.conn, found.id, last)
    facts = {
        "proposal": proposal.id,
        "officer": officer.pseudonym,
        "from": found.from_on.isoformat(),
        "was": found.to_on.isoformat(),
        "to": last.isoformat(),
    }
    record.append(ctx, record.organ_chain(ctx), [Entry(type=Event.ABSENCE_ENDED, facts=facts)])
    freed = _freed(ctx, officer) if last < ctx.today else []
    return ", ".join([f"ended {found.id}", *freed])


def _freed(ctx: Context, officer: Officer) -> list[str]:
    """Release what those hold who stood in for an officer who is back; return `number path` of each step."""
    registered = granting.stand_ins(ctx.conn, [officer.id], ctx.today, ctx.today)
    persons = sorted({each.person for each in registered if each.holder == officer.id})
    return [step for person in persons for step in handing.free(ctx, person)]


def _endable(found: Absence, last: date) -> None:
    if found.to_on <= last:
        raise wrong("to_on", f"it ends with {found.to_on} already")


def _absent(ctx: Context, body: Mapping[str, Any], first: date, last: date | None) -> Officer:
    """Return the officer, locked, who is not away on any of these days yet."""
    officer = granting.officers(ctx.conn, [body["officer"]])[body["officer"]]
    for away in granting.absences(ctx.conn, [officer.id], first, last):
        raise IsAway(from_on=away.from_on, to_on=away.to_on)
    return officer


ABSENCE = Kind(
    proposers=PROPOSERS,
    posts=(*APPROVERS, "chief"),
    carry_out=_recorded,
    concerned=lambda _, body: (body["officer"],),
    own=True,
)
ENDING = replace(ABSENCE, carry_out=_ended)
KINDS = {NAME: ABSENCE, END: ENDING}
