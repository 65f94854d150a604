"""The first half of an office act that needs two persons; engine/commands/approving.py holds the second."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from engine.commands.forms import finding
from engine.commands.permit import by_post
from engine.db import proposals, record
from engine.db.context import Connection, Context
from engine.db.proposals import Proposal
from engine.db.record import Entry
from engine.errors import Invalid, OwnMatter
from engine.model import Assignment, Event


@dataclass(frozen=True, kw_only=True)
class Carried:
    """What came of a proposal. `result` is short and of the trace; `secret` is shown once, to the approver alone."""

    result: str
    secret: str = ""


def nobody(_: Connection, __: Mapping[str, Any]) -> Collection[int]:
    """Return whom a proposal concerns that concerns no person."""
    return ()


@dataclass(frozen=True, kw_only=True)
class Kind:
    """Who may propose and approve a kind of proposal, whom it concerns, and what an approval does.

    `posts` approve. `concerned`: the persons that a body (parsed) is about; they neither propose nor approve, but with
    `own` they may propose. `carry_out` checks again under the lock and returns what came of it.
    """

    posts: tuple[str, ...]
    carry_out: Callable[[Context, Proposal], str | Carried]
    proposers: tuple[str, ...] = ()
    concerned: Callable[[Connection, Mapping[str, Any]], Collection[int]] = nobody
    own: bool = False
    rule: str = "SOD-25"  # why it takes two persons


def propose(ctx: Context, kind: str, body: str, post: Assignment | None, *, about: str | None = None) -> int:
    """Record a proposal, made by a post, and trace it in the chain of the actor's organ; return its id.

    `body` is the JSON text that the approver sees and that is carried out; its digest is in the trace.
    `about`: the item or the case number, for lists. `post` is None for what an officer proposes for himself.
    """
    new = proposals.add(ctx.conn, kind, body, by=ctx.person, at=ctx.now, about=about)
    facts = {"proposal": new, "kind": kind, "digest": digest(body)}
    entry = Entry(
        type=Event.PROPOSED, facts=facts, assignment=post.id if post else None, post=post.post if post else None
    )
    record.append(ctx, record.organ_chain(ctx), [entry])
    return new


def proposer(ctx: Context, kind: Kind, body: Mapping[str, Any]) -> Assignment | None:
    """Return the post by which the actor may propose this; None for what is the actor's own and may be proposed so.

    Raises:
        NotYourRole: the actor holds none of the posts that propose it.
        OwnMatter: it is about the actor.
    """
    concerned = ctx.person in kind.concerned(ctx.conn, body)
    if concerned and kind.own:
        return None
    post = by_post(ctx, *kind.proposers)
    if concerned:
        raise OwnMatter(basis="SOD-25")
    return post


def disinterested(ctx: Context, kind: Kind, proposal: Proposal) -> None:
    """Make sure that the actor, who decides on somebody else's proposal, is not the one whom it is about.

    Raises:
        OwnMatter: it is.
    """
    if ctx.person in kind.concerned(ctx.conn, json.loads(proposal.body_json)):
        raise OwnMatter(basis="SOD-25")


def wrong(where: str, message: str) -> Invalid:
    """Return the error of one wrong field of a proposal."""
    return Invalid(findings=(finding("proposal", where, message),))


def digest(body: str) -> str:
    """Return the SHA-256 of what is proposed, as the trace names it."""
    return hashlib.sha256(body.encode()).hexdigest()
