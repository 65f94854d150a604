"""The first half of an office act that needs two persons; engine/commands/approving.py holds the second."""

from __future__ import annotations

import hashlib

from engine.db import proposals, record
from engine.db.context import Context
from engine.db.record import Entry
from engine.model import Assignment, Event


def propose(ctx: Context, kind: str, body: str, post: Assignment, *, about: str | None = None) -> int:
    """Record a proposal, made by a post, and trace it in the chain of the actor's organ; return its id.

    `body` is the JSON text that the approver sees and that is carried out; its digest is in the trace.
    `about`: the item or the case number, for lists.
    """
    new = proposals.add(ctx.conn, kind, body, by=ctx.person, at=ctx.now, about=about)
    facts = {"proposal": new, "kind": kind, "digest": digest(body)}
    entry = Entry(type=Event.PROPOSED, facts=facts, assignment=post.id, post=post.post)
    record.append(ctx, record.organ_chain(ctx), [entry])
    return new


def digest(body: str) -> str:
    """Return the SHA-256 of what is proposed, as the trace names it."""
    return hashlib.sha256(body.encode()).hexdigest()
