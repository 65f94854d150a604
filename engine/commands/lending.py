"""Lend a step to the county pool: a small office in which nobody may act on it does not relax separation for that."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from engine.commands import cases
from engine.commands.capable import able
from engine.commands.cases import Case
from engine.commands.involved import not_own, own_post, said, written
from engine.commands.settling import step_row
from engine.db import organs, record
from engine.db.context import Context
from engine.db.find import StepRow
from engine.db.organs import Organ
from engine.db.read import people
from engine.db.record import Change, Entry
from engine.errors import NobodyInPool, NotNeeded, NotYourPost, StepClosed
from engine.model import Assignment, Event, OrganLevel
from engine.rules.permission import held


def lend(ctx: Context, step_id: int, *, reason: str) -> int:
    """Hand an open step over to the county pool because nobody in its organ may act on it; return the step's id.

    Everybody who holds its post there is barred or away, or nobody holds it. Its clock runs on. By any holder of the
    post there, by a chief of the organ or above it, or by a monitor. Who held the step and may not act on it any more
    holds it no longer.

    Raises:
        NotYourPost: the actor is none of these.
        OwnCase: the actor is the applicant or the agent.
        NotNeeded: somebody there can act on it.
        NobodyInPool: nobody in the pool can.
        StepClosed: it has been done.
        Invalid: no reason is given.
    """
    case = cases.of_step(ctx, step_id, "lend")
    step = case.step(step_id)
    if step.closed_at is not None:
        raise StepClosed()
    known = organs.by_id(ctx.conn)
    post = _by_whom(ctx, case, step, known)
    words = said("lend", "reason", reason)
    if there := able(ctx, case, step):
        raise NotNeeded(holder="、".join(there.values()))
    to = next(_pools(ctx, case, step), None)
    if to is None:
        raise NobodyInPool(post=ctx.book.posts[step.post].name)
    facts = {"from": known[step.organ].code, "to": known[to].code}
    form, commitment = written(ctx, case, "lend", {"reason": words})
    entry = Entry(
        type=Event.STEP_LENT,
        step=step.path,
        post=post.post,
        assignment=post.id,
        due_on=step.due_on,
        data=commitment,
        facts=facts,
    )
    row = step_row(case, step) | {"organ": to, "lent": True, "claimed_by": None, "claimed_at": None}
    change = Change(steps={step.token: row}, forms=[form], entries=[entry])
    record.save(ctx, case.id, case.version, case.head, change)
    return step.id


def _by_whom(ctx: Context, case: Case, step: StepRow, known: dict[int, Organ]) -> Assignment:
    not_own(ctx, case)
    if post := held(ctx.assignments, step.post, step.organ, case.item, step.lent) or own_post(ctx, "monitor"):
        return post
    above = set(organs.upwards(known, step.organ))
    if post := next((a for a in ctx.assignments if a.post == "chief" and a.organ in above and not a.on_behalf), None):
        return post
    raise NotYourPost(post=ctx.book.posts[step.post].name, organ=known[step.organ].name)


def _pools(ctx: Context, case: Case, step: StepRow) -> Iterator[int]:
    """Yield the county organs in whose pool somebody may act on the step."""
    pooled = [each.assignment for each in people.holders(ctx.conn, [step.post], ctx.today) if each.assignment.pool]
    county = dict.fromkeys(a.organ for a in pooled if a.level is OrganLevel.COUNTY)
    for organ in county:
        if organ != step.organ and able(ctx, case, replace(step, organ=organ, level=OrganLevel.COUNTY, lent=True)):
            yield organ
