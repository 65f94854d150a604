"""Give back to the units' pools what an officer has claimed and, without the post, may not do any more."""

from __future__ import annotations

from engine.db import find, granting, record
from engine.db.context import Context
from engine.db.read import people
from engine.db.record import Change, Entry
from engine.model import CaseState, Event
from engine.rules.permission import held


def free(ctx: Context, person: int) -> list[str]:
    """Release a person's claims for which the person holds no post today; return `number path` of each.

    The release is the system's, in consequence of what two persons decided; drafts stay with the step.
    """
    freed: list[str] = []
    subject = ctx.subject.verb, ctx.subject.chain, ctx.subject.definition
    posts = people.assignments(ctx.conn, [person], ctx.today)[person]
    for key in granting.cases_held(ctx.conn, person):
        case = find.case(ctx, key, ctx.subject.verb, tuple(CaseState))
        mine = [step for step in case.open_steps if step.claimed_by == person]
        lost = [step for step in mine if held(posts, step.post, step.organ, case.item) is None]
        for step in lost:
            record.released(ctx, step.id)
        entries = [Entry(type=Event.STEP_RELEASED, step=step.path, by_actor=False) for step in lost]
        if entries:
            record.save(ctx, case.id, case.version, case.head, Change(entries=entries))
        freed += [f"{case.number} {step.path}" for step in lost]
    ctx.subject.verb, ctx.subject.chain, ctx.subject.definition = subject
    return freed
