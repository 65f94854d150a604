"""Register who stands in for the holder of a post while that one is away (AB角, SOD-16), and end it."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from datetime import date, timedelta
from typing import Any

from engine.commands.forms import text
from engine.commands.people import eligible, handing
from engine.commands.people.period import ahead, effective, last_day, written
from engine.commands.people.posts import APPROVERS, PROPOSERS
from engine.commands.proposing import Kind, propose, proposer, wrong
from engine.db import granting, record
from engine.db.context import Connection, Context
from engine.db.granting import Officer, StandIn
from engine.db.proposals import Proposal
from engine.db.record import Entry
from engine.errors import IsAway, OwnStandIn, StandInNamed
from engine.model import Event

NAME, END = "stand_in", "end_of_stand_in"


def propose_stand_in(ctx: Context, *, assignment: int, officer: int, from_on: date, to_on: date | None = None) -> int:
    """Propose that an officer (person id) stands in for the holder of a granted post; return the proposal's id.

    The stand-in acts only on days on which the holder is away and the stand-in is not. A stand-in's own stand-in does
    not act for the holder.

    Raises:
        NotYourRole, OwnMatter: not by this actor.
        OwnStandIn, NoStandIn, StandInNamed, IsAway: the registration makes no sense.
        StatusForbids, PostsExclude: the officer, bound as both persons, may not.
        NotFound, Invalid: an unknown post or officer; days that have passed, or outside the post's own.
    """
    ctx.subject.verb = "propose_stand_in"
    body = {"assignment": assignment, "officer": officer, **written(from_on, to_on)}
    by = proposer(ctx, NAMING, body)
    ahead(from_on, to_on, ctx.today)
    _nameable(ctx, body, from_on, to_on)
    return propose(ctx, NAME, text(body), by)


def propose_end_of_stand_in(ctx: Context, stand_in: int, *, to_on: date) -> int:
    """Propose that a registration ends with the day `to_on`, yesterday at the earliest; return the proposal's id."""
    ctx.subject.verb = "propose_end_of_stand_in"
    body = {"stand_in": stand_in, "to_on": to_on.isoformat()}
    by = proposer(ctx, ENDING, body)
    if to_on < ctx.today - timedelta(days=1):
        raise wrong("to_on", f"it ends at once with {ctx.today - timedelta(days=1)}; nothing ends further back")
    _endable(granting.stand_in(ctx.conn, stand_in), to_on)
    return propose(ctx, END, text(body), by)


def _named(ctx: Context, proposal: Proposal) -> str:
    body = json.loads(proposal.body_json)
    first, last = effective(body, ctx.today)
    officer = _nameable(ctx, body, first, last)
    row = {"assignment": body["assignment"], "person": officer.id, "from_on": first, "to_on": last}
    new = granting.name_stand_in(ctx.conn, row | {"proposal": proposal.id})
    facts = {
        "proposal": proposal.id,
        "stand_in": new,
        "granted": body["assignment"],
        "officer": officer.pseudonym,
        "from": first.isoformat(),
        "to": last.isoformat() if last else None,
    }
    record.append(ctx, record.organ_chain(ctx), [Entry(type=Event.STAND_IN_NAMED, facts=facts)])
    return f"stand-in {new}"


def _ended(ctx: Context, proposal: Proposal) -> str:
    body = json.loads(proposal.body_json)
    last = last_day(date.fromisoformat(body["to_on"]), ctx.today)
    granting.officers(ctx.conn, [granting.stand_in(ctx.conn, body["stand_in"]).person])
    found = granting.stand_in(ctx.conn, body["stand_in"])
    _endable(found, last)
    end(ctx, proposal.id, [found], last)
    freed = handing.free(ctx, found.person) if last < ctx.today else []
    return ", ".join([f"ended {found.id}", *freed])


def end(ctx: Context, proposal: int, found: Collection[StandIn], last: date) -> None:
    """Let registrations end, and trace it."""
    granting.end_stand_ins(ctx.conn, [each.id for each in found], last)
    entries = [
        Entry(type=Event.STAND_IN_ENDED, facts={"proposal": proposal, "stand_in": each.id, "to": last.isoformat()})
        for each in found
    ]
    record.append(ctx, record.organ_chain(ctx), entries)


def _nameable(ctx: Context, body: Mapping[str, Any], first: date, last: date | None) -> Officer:
    """Return the officer, locked, who may be registered for these days."""
    granted = granting.assignment(ctx.conn, body["assignment"])
    officer = granting.officers(ctx.conn, {granted.person, body["officer"]})[body["officer"]]
    granted = granting.assignment(ctx.conn, granted.id)
    post = ctx.book.posts[granted.post]
    if granted.person == officer.id:
        raise OwnStandIn(basis="SOD-16")
    if granted.to_on is not None and (last is None or last > granted.to_on):
        raise wrong("to_on", f"the post itself ends with {granted.to_on}")
    if first < granted.from_on:
        raise wrong("from_on", f"the post itself begins on {granted.from_on}")
    eligible.stands_in(ctx, officer, granted.person, post, first, last)
    if any(each.assignment == granted.id for each in granting.stand_ins(ctx.conn, [granted.person], first, last)):
        raise StandInNamed(basis="SOD-16")
    for away in granting.absences(ctx.conn, [officer.id], first, first):
        raise IsAway(from_on=away.from_on, to_on=away.to_on, basis="SOD-16")
    return officer


def _endable(found: StandIn, last: date) -> None:
    if found.to_on is not None and found.to_on <= last:
        raise wrong("to_on", f"it ends with {found.to_on} already")


def _both(conn: Connection, body: Mapping[str, Any]) -> Collection[int]:
    return (granting.assignment(conn, body["assignment"]).person, body["officer"])


def _registered(conn: Connection, body: Mapping[str, Any]) -> Collection[int]:
    found = granting.stand_in(conn, body["stand_in"])
    return (found.holder, found.person)


NAMING = Kind(proposers=PROPOSERS, posts=APPROVERS, carry_out=_named, concerned=_both)
ENDING = Kind(proposers=PROPOSERS, posts=APPROVERS, carry_out=_ended, concerned=_registered)
KINDS = {NAME: NAMING, END: ENDING}
