"""The first half of an office act that needs two persons; engine/commands/approving.py holds the second."""

from __future__ import annotations

import hashlib

from engine.db import proposals, record
from engine.db.context import Context
from engine.db.record import Entry
from engine.model import Assignment, Event


def propose(ctx: Context, kind: str, body: str, post: Assignment) -> int:
    """Record a proposal, made by a post, and trace it in the chain of the actor's organ; return its id.

    `body` is the JSON text that the approver sees and that is carried out; its digest is in the trace.
    """
    new = proposals.add(ctx.conn, kind, body, by=ctx.person, at=ctx.now)
    facts = {"proposal": new, "kind": kind, "digest": hashlib.sha256(body.encode()).hexdigest()}
    entry = Entry(type=Event.PROPOSED, facts=facts, assignment=post.id, post=post.post)
    record.append(ctx, record.organ_chain(ctx), [entry])
    return new
