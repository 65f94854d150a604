"""Note on which days an officer is away. The officer may propose it himself; another person approves."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from engine.commands.forms import text
from engine.commands.people.period import ahead, effective, written
from engine.commands.people.posts import APPROVERS, PROPOSERS
from engine.commands.proposing import Kind, propose, proposer, wrong
from engine.db import granting, record
from engine.db.context import Context
from engine.db.granting import Officer
from engine.db.proposals import Proposal
from engine.db.record import Entry
from engine.errors import IsAway
from engine.model import Event

NAME = "absence"
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
KINDS = {NAME: ABSENCE}
