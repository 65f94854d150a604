"""Office acts that need two persons: one proposes, another approves, and then it is carried out in the same act."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from engine.commands import definitions
from engine.commands.permit import by_post
from engine.db import proposals, record
from engine.db.context import Context
from engine.db.proposals import Proposal
from engine.db.record import Entry
from engine.errors import AlreadyDecided, SameProposer
from engine.model import Event


@dataclass(frozen=True, kw_only=True)
class Kind:
    """Who approves proposals of a kind, and what an approval does; `carry_out` returns what came of it."""

    posts: tuple[str, ...]
    carry_out: Callable[[Context, Proposal], str]


@dataclass(frozen=True, kw_only=True)
class Approved:
    """What came of a proposal: `result` is short and of the trace, e.g. `food_operation_licence#3`."""

    kind: str
    result: str


KINDS: Mapping[str, Kind] = {
    definitions.KIND: Kind(posts=definitions.POSTS, carry_out=definitions.deploy),
}


def approve(ctx: Context, proposal_id: int) -> Approved:
    """Approve what somebody else has proposed; it is carried out at once, or refused as a whole.

    Raises:
        NotYourRole: the actor holds none of the posts that approve this kind.
        SameProposer: the actor made the proposal.
        AlreadyDecided: it has been approved before.
        SunlitError: it cannot be carried out any more; what the kind's own command says.
    """
    ctx.subject.verb = "approve"
    proposal = proposals.locked(ctx.conn, proposal_id)
    kind = KINDS[proposal.kind]
    post = by_post(ctx, *kind.posts)
    if proposal.approved_by is not None:
        raise AlreadyDecided()
    if proposal.by == ctx.person:
        raise SameProposer(basis="SOD-25")
    proposals.approved(ctx, proposal.id)
    result = kind.carry_out(ctx, proposal)
    facts = {
        "proposal": proposal.id,
        "kind": proposal.kind,
        "result": result,
        "digest": hashlib.sha256(proposal.body_json.encode()).hexdigest(),
    }
    entry = Entry(type=Event.APPROVED, facts=facts, assignment=post.id, post=post.post)
    record.append(ctx, record.organ_chain(ctx), [entry])
    return Approved(kind=proposal.kind, result=result)
