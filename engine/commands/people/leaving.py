"""An officer leaves: one proposal ends posts and stand-ins, closes the accounts, and hands over all open steps.

Proposals that the officer has made stay his, and wait for others as before.
"""

from __future__ import annotations

import json
from datetime import date, timedelta

from engine.commands.forms import text
from engine.commands.people import handing, posts, stand_ins
from engine.commands.people.posts import APPROVERS, PROPOSERS
from engine.commands.proposing import Kind, propose, proposer
from engine.db import accounts, granting, record, sessions
from engine.db.context import Context
from engine.db.proposals import Proposal
from engine.db.record import Entry
from engine.errors import StillHere
from engine.model import Event

NAME = "leaving"


def propose_leaving(ctx: Context, *, officer: int, to_on: date) -> int:
    """Propose that an officer (person id) leaves with the day `to_on`; return the proposal's id.

    It may be proposed at any time and is approved on that day or later: then all ends at once.

    Raises:
        NotYourRole, OwnMatter: not by this actor.
        NotFound: there is no such officer.
    """
    ctx.subject.verb = "propose_leaving"
    body = {"officer": officer, "to_on": to_on.isoformat()}
    by = proposer(ctx, LEAVING, body)
    granting.officers(ctx.conn, [officer])
    return propose(ctx, NAME, text(body), by)


def _left(ctx: Context, proposal: Proposal) -> str:
    """End it all; return how many posts ended, and `number path` of each step that went back to its pool."""
    body = json.loads(proposal.body_json)
    if ctx.today < date.fromisoformat(body["to_on"]):
        raise StillHere(to_on=date.fromisoformat(body["to_on"]))
    officer = granting.officers(ctx.conn, [body["officer"]])[body["officer"]]
    last = ctx.today - timedelta(days=1)
    held = granting.held(ctx.conn, [officer.id], ctx.today, None)
    registered = granting.stand_ins(ctx.conn, [officer.id], ctx.today, None)
    posts.end(ctx, proposal.id, officer, held, last)
    stand_ins.end(ctx, proposal.id, registered, last)
    freed = handing.free(ctx, officer.id)
    open_ones = [account for account in accounts.of_person(ctx.conn, officer.id) if account.active]
    accounts.change(ctx.conn, [account.id for account in open_ones], active=False)
    for account in open_ones:
        sessions.close_all(ctx, account.id)
    facts = {"proposal": proposal.id, "officer": officer.pseudonym, "what": "closed"}
    record.append(ctx, record.organ_chain(ctx), [Entry(type=Event.ACCOUNT_CHANGED, facts=facts) for _ in open_ones])
    return ", ".join([f"posts {len(held)}", f"steps {len(freed)}", *freed])


LEAVING = Kind(
    proposers=PROPOSERS,
    posts=APPROVERS,
    carry_out=_left,
    concerned=lambda _, body: (body["officer"],),
)
KINDS = {NAME: LEAVING}
