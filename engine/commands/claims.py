"""Claim a step, and release it; take a signature or a vote back."""

from __future__ import annotations

from engine.commands import asked, cases, deciding, noting
from engine.commands.permit import permit
from engine.commands.staffing.guard import Share, permit_share
from engine.db import find, record
from engine.db.context import Context
from engine.db.find import StepRow
from engine.db.record import Change, Entry
from engine.errors import AlreadyClaimed, NotClaimed, NotSigned, NotYourClaim, StepClosed
from engine.model import ActKind, Event
from engine.rules.council import votes
from engine.rules.permission import held
from engine.rules.signatures import standing


def claim(ctx: Context, step_id: int) -> int:
    """Take an open step for the actor; return the step's id. Taking one's own step again changes nothing.

    Raises:
        StepClosed, AlreadyClaimed: somebody was faster.
        Refused: separation or post forbids it (engine/rules/permission.py).
        DecidedTogether: the step is decided by vote.
        HasPart, SignersMissing: the actor is asked for an opinion on it; it was signed, and waits for opinions.
        NobodyLeft: some later step would have nobody then.
    """
    case = cases.of_step(ctx, step_id, "claim")
    step = case.step(step_id)
    assignment = permit(ctx, case, step)
    if step.claimed_by == ctx.person:
        return step.id
    if step.claimed_by is not None:
        raise AlreadyClaimed(holder=find.name(ctx.conn, step.claimed_by))
    deciding.by_one(ctx, case, step)
    asked.apart(ctx, case, step, assignment)
    permit_share(ctx, case, Share(step.id, ctx.person))
    entry = Entry(type=Event.STEP_CLAIMED, step=step.path, due_on=step.due_on, **noting.by(assignment))
    record.claimed(ctx, step.id)
    record.save(ctx, case.id, case.version, case.head, Change(entries=[entry]))
    return step.id


def release(ctx: Context, step_id: int) -> int:
    """Give a claimed step back to the unit's pool; return the step's id.

    Its holder may always do so, whatever has become of the post: otherwise nobody could ever take the step.
    """
    case = cases.of_step(ctx, step_id, "release")
    step = case.step(step_id)
    if step.closed_at is not None or step.claimed_by != ctx.person:
        permit(ctx, case, step)
    own(ctx, step)
    post = held(ctx.assignments, step.post, step.organ, case.item, step.lent)
    entry = Entry(type=Event.STEP_RELEASED, step=step.path, **noting.by(post))
    record.released(ctx, step.id)
    record.save(ctx, case.id, case.version, case.head, Change(entries=[entry]))
    return step.id


def take_back(ctx: Context, step_id: int) -> int:
    """Take one's own signature or vote back while the step is open; return the step's id.

    Otherwise two who disagree could neither finish the step nor correct themselves. Both acts stay in the trace, and
    separation still counts who has once signed.

    Raises:
        StepClosed: the step has been done.
        NotSigned: no signature or vote of the actor stands on it.
        ChairHasSpoken: after that nobody but the chair takes a vote back.
    """
    case = cases.of_step(ctx, step_id, "take_back")
    step = case.step(step_id)
    if step.closed_at is not None:
        raise StepClosed()
    given = [act.person for act in standing(case.acts, step.id)] or list(votes(case.acts, step.id))
    if ctx.person not in given:
        raise NotSigned()
    deciding.may_take_back(ctx, case, step)
    post = held(ctx.assignments, step.post, step.organ, case.item, step.lent)
    facts = {"signed": len(given) - 1}
    change = Change(acts=[noting.act(ctx, case, step, post, ActKind.TAKE_BACK)])
    change.trace(Entry(type=Event.STEP_UNSIGNED, step=step.path, facts=facts, **noting.by(post)))
    record.save(ctx, case.id, case.version, case.head, change)
    return step.id


def unclaimed(ctx: Context, step: StepRow) -> None:
    """Make sure that nobody holds the step.

    Raises:
        NotYourClaim: an officer holds it, and does it for the applicant.
    """
    if step.claimed_by is not None:
        raise NotYourClaim(holder=find.name(ctx.conn, step.claimed_by))


def own(ctx: Context, step: StepRow) -> None:
    """Make sure that the actor holds the step.

    Raises:
        NotClaimed: nobody holds it.
        NotYourClaim: somebody else holds it.
    """
    if step.claimed_by is None:
        raise NotClaimed()
    if step.claimed_by != ctx.person:
        raise NotYourClaim(holder=find.name(ctx.conn, step.claimed_by))
