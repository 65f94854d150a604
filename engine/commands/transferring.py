"""Hand a step over to another eligible person, or take over one whose holder is away or has lost the post.

The token stays, what was written stays, the clock runs on. SOD-32: only to whom may do it, which is asked again when it
is done.
"""

from __future__ import annotations

from collections.abc import Sequence

from engine.commands import asked, cases, noting
from engine.commands.cases import Case
from engine.commands.permit import permit, placed, task
from engine.commands.staffing.guard import Share, permit_share
from engine.db import memos, record, signers, standing
from engine.db.context import Context
from engine.db.find import StepRow
from engine.db.memos import Memo, MemoKind
from engine.db.record import Change, Entry
from engine.db.signers import Officer, Signer
from engine.errors import (
    Away,
    HasPart,
    NotClaimed,
    NotEligible,
    NotFound,
    NotYourClaim,
    Refused,
    StepClosed,
    ToYourself,
)
from engine.model import Assignment, Event
from engine.rules.permission import answer, held

PATH = "#transfer"  # behind the step's path: where the reason is kept
MESSAGE = "say why"


def transfer(ctx: Context, step_id: int, *, to: int, reason: str) -> int:
    """Hand a claimed step over to the person `to`; return the step's id.

    Its holder may do so, whatever has become of the post. Who may act on the step takes it over himself (`to` is the
    actor) from a holder who is away today or does not hold the post any more.

    Raises:
        NotClaimed, NotYourClaim: the actor is not its holder, or the holder is there and holds the post.
        ToYourself: the holder hands it to himself.
        NotEligible: the target may not act on it; `cause` and basis are what the target would be told.
        SignersMissing: it was signed, and waits for opinions.
        NobodyLeft: some later step would have nobody then.
        StepClosed, CaseMoved: somebody was faster.
        Invalid: no reason.
    """
    case = cases.of_step(ctx, step_id, "transfer")
    step = case.step(step_id)
    if step.closed_at is not None:
        raise StepClosed()
    if step.claimed_by is None:
        raise NotClaimed()
    text = noting.said(reason, "reason", MESSAGE)
    involved = asked.on(ctx, case, step)
    if involved and asked.found(case, step) is not None:
        raise asked.missing(asked.open_after(involved))
    officers = signers.officers(ctx.conn, {to, step.claimed_by}, ctx.today)
    if to not in officers or not officers[to].active:
        raise NotFound(what="officer", key=str(to))
    assignment = _by_whom(ctx, case, step, officers[step.claimed_by], to)
    if refusal := _unfit(ctx, case, step, officers[to], involved):
        raise NotEligible(officer=officers[to].name, cause=refusal, basis=refusal.basis)
    permit_share(ctx, case, Share(step.id, to))
    change = Change()
    change.trace(
        Entry(
            type=Event.STEP_TRANSFERRED,
            step=step.path,
            due_on=step.due_on,
            data=noting.written(ctx, case, step, change, {"reason": text}, step.path + PATH),
            facts={"to": officers[to].pseudonym},
            **noting.by(assignment),
        )
    )
    record.claimed(ctx, step.id, to)
    record.save(ctx, case.id, case.version, case.head, change)
    told = (to, step.claimed_by)  # `tell` leaves the actor out
    memos.tell(ctx, [Memo(person=p, kind=MemoKind.TRANSFER, case=case.id, step=step.id, text=text) for p in told])
    return step.id


def _by_whom(ctx: Context, case: Case, step: StepRow, holder: Officer, to: int) -> Assignment | None:
    """Return the post by which the actor hands the step over, or takes it over."""
    if ctx.person == holder.person:
        if to == holder.person:
            raise ToYourself()
        return held(ctx.assignments, step.post, step.organ, case.item, step.lent)
    gone = held(holder.assignments, step.post, step.organ, case.item, step.lent) is None
    if to != ctx.person or not (holder.away or gone):
        raise NotYourClaim(holder=holder.name)
    return permit(ctx, case, step)


def _unfit(ctx: Context, case: Case, step: StepRow, target: Officer, involved: Sequence[Signer]) -> Refused | None:
    """Return why the target may not act on the step now: the same rule that he is asked by when he completes it."""
    if target.away and target.person != ctx.person:
        return Away(basis="SOD-32")
    known = standing.of(ctx.conn, case.id, (target.person,), ctx.today)[target.person]
    found = answer(target.person, target.assignments, task(ctx, case, step), ctx.book.exclusions, known)
    if isinstance(found, Refused):
        return placed(ctx, step, found)
    taken = {signer.person for signer in involved}
    return HasPart() if taken & {target.person, found.on_behalf} else None
