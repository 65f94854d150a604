"""Office acts that need two persons: one proposes, another approves, and then it is carried out in the same act."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.commands import adopting, definitions, mending, moving, people, repairing
from engine.commands.forms import finding
from engine.commands.permit import by_post
from engine.commands.proposing import Carried, Kind, digest, disinterested
from engine.db import memos, proposals, record
from engine.db.context import Context
from engine.db.memos import Memo, MemoKind
from engine.db.proposals import Proposal
from engine.db.record import Entry
from engine.errors import AlreadyDecided, Invalid, SameProposer
from engine.model import Event


@dataclass(frozen=True, kw_only=True)
class Approved:
    """What came of a proposal: `result` is short and of the trace, e.g. `food_operation_licence#3`.

    `secret`: a one-time password, shown to the approver once; it is kept nowhere.
    """

    kind: str
    result: str
    secret: str = ""


KINDS: Mapping[str, Kind] = {
    definitions.KIND: Kind(posts=definitions.POSTS, carry_out=definitions.deploy),
    repairing.KIND: Kind(posts=repairing.POSTS, carry_out=repairing.carry_out),
    adopting.KIND: Kind(posts=adopting.POSTS, carry_out=adopting.carry_out),
    moving.KIND: Kind(posts=moving.POSTS, carry_out=moving.carry_out),
    mending.KIND: Kind(posts=mending.POSTS, carry_out=mending.carry_out, rule=mending.RULE),
    **people.KINDS,
}


def approve(ctx: Context, proposal_id: int) -> Approved:
    """Approve what somebody else has proposed; it is carried out at once, or refused as a whole.

    Raises:
        NotYourRole: the actor holds none of the posts that approve this kind.
        SameProposer: the actor made the proposal.
        OwnMatter: it is about the actor.
        AlreadyDecided: it has been approved or declined before.
        SunlitError: it cannot be carried out any more; what the kind's own command says.
    """
    ctx.subject.verb = "approve"
    proposal = proposals.locked(ctx.conn, proposal_id)
    kind = _kind(proposal)
    post = by_post(ctx, *kind.posts)
    if not proposal.waits:
        raise AlreadyDecided()
    if proposal.by == ctx.person:
        raise SameProposer(basis=kind.rule)
    disinterested(ctx, kind, proposal)
    proposals.approved(ctx, proposal.id)
    done = kind.carry_out(ctx, proposal)
    carried = done if isinstance(done, Carried) else Carried(result=done)
    facts = _facts(proposal) | {"result": carried.result}
    entry = Entry(type=Event.APPROVED, facts=facts, assignment=post.id, post=post.post)
    record.append(ctx, record.organ_chain(ctx), [entry])
    return Approved(kind=proposal.kind, result=carried.result, secret=carried.secret)


def decline(ctx: Context, proposal_id: int, *, reason: str) -> int:
    """Decline what somebody else has proposed, or take one's own proposal back; return its id.

    Raises:
        NotYourRole: the actor neither made the proposal nor holds a post that approves this kind.
        OwnMatter: somebody else proposed it, and it is about the actor.
        AlreadyDecided: it has been approved or declined before.
        Invalid: no reason is given.
    """
    ctx.subject.verb = "decline"
    proposal = proposals.locked(ctx.conn, proposal_id)
    kind = _kind(proposal)
    post = None if proposal.by == ctx.person else by_post(ctx, *kind.posts)
    if not proposal.waits:
        raise AlreadyDecided()
    if proposal.by != ctx.person:
        disinterested(ctx, kind, proposal)
    if not reason.strip():
        raise Invalid(findings=(finding("decline", "reason", "say why"),))
    proposals.declined(ctx, proposal.id, reason.strip())
    entry = Entry(
        type=Event.DECLINED,
        facts=_facts(proposal),
        assignment=post.id if post else None,
        post=post.post if post else None,
    )
    record.append(ctx, record.organ_chain(ctx), [entry])
    told = f"第 {proposal.id} 号提议没有通过：{reason.strip()}"
    memos.tell(ctx, [Memo(person=proposal.by, kind=MemoKind.PROPOSAL, text=told)])
    return proposal.id


def _kind(proposal: Proposal) -> Kind:
    if proposal.kind not in KINDS:  # the founding: proposed and approved in one act
        raise AlreadyDecided()
    return KINDS[proposal.kind]


def _facts(proposal: Proposal) -> dict[str, object]:
    return {"proposal": proposal.id, "kind": proposal.kind, "digest": digest(proposal.body_json)}
