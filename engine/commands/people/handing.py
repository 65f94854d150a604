"""Give back to the units' pools what an officer has claimed and, without the post, may not do any more."""

from __future__ import annotations

from engine.db import find, granting, memos, record
from engine.db.context import Context
from engine.db.find import OpenCase, StepRow
from engine.db.memos import Memo, MemoKind
from engine.db.read import people
from engine.db.record import Change, Entry
from engine.model import CaseState, Event
from engine.rules.permission import held, holds

LEFT = "原承办人不再担任此岗，这一步等待认领。"  # what the unit is told


def free_step(ctx: Context, step_id: int) -> bool:
    """Release a step whose holder's post has ended, or whose stand-in stands in no more; False when it is not so.

    The worker asks each time it looks: a post may end on a day that was planned long before.
    """
    ctx.subject.verb = "free_step"
    holder = granting.holder(ctx.conn, step_id)
    return holder is not None and bool(free(ctx, holder))


def free(ctx: Context, person: int) -> list[str]:
    """Release a person's claims for which the person holds no post today; return `number path` of each.

    The release is the system's, in consequence of what two persons decided; drafts stay with the step. Who holds the
    step's post there is told.
    """
    freed: list[str] = []
    subject = ctx.subject.verb, ctx.subject.chain, ctx.subject.definition
    posts = people.assignments(ctx.conn, [person], ctx.today)[person]
    for key in granting.cases_held(ctx.conn, person):
        case = find.case(ctx, key, ctx.subject.verb, tuple(CaseState))
        mine = [step for step in case.open_steps if step.claimed_by == person]
        lost = [step for step in mine if held(posts, step.post, step.organ, case.item, step.lent) is None]
        for step in lost:
            record.released(ctx, step.id)
        entries = [Entry(type=Event.STEP_RELEASED, step=step.path, by_actor=False) for step in lost]
        if entries:
            record.save(ctx, case.id, case.version, case.head, Change(entries=entries))
            memos.tell(ctx, [memo for step in lost for memo in _told(ctx, case, step)])
        freed += [f"{case.number} {step.path}" for step in lost]
    ctx.subject.verb, ctx.subject.chain, ctx.subject.definition = subject
    return freed


def _told(ctx: Context, case: OpenCase, step: StepRow) -> list[Memo]:
    """Return what the unit is told of a step that waits for it again: each holder of its own post there, once."""
    found = people.holders(ctx.conn, [step.post], ctx.today)
    able = {
        each.person
        for each in found
        if each.assignment.on_behalf is None and holds(each.assignment, step.post, step.organ, case.item, step.lent)
    }
    return [
        Memo(person=person, kind=MemoKind.TRANSFER, case=case.id, step=step.id, text=LEFT) for person in sorted(able)
    ]
