"""Urge a step that takes long: its holder is told, or everybody who may claim it. Nothing moves by it."""

from __future__ import annotations

from datetime import date, timedelta

from engine.clock import day_start
from engine.commands import cases
from engine.commands.capable import able
from engine.commands.cases import Case
from engine.commands.involved import has_hand, not_own, own_post, said
from engine.db import memos, record, recorded, staff
from engine.db.context import Context
from engine.db.find import StepRow
from engine.db.memos import Memo, MemoKind
from engine.db.record import Change, Entry
from engine.errors import NoHand, StepClosed, UrgedToday
from engine.model import Assignment, Event
from engine.rules.permission import PORTAL, held

URGERS = ("monitor", "chief")
RECEIVER = "acceptance"


def urge(ctx: Context, step_id: int, *, text: str) -> int:
    """Tell who holds an open step, or who may claim it, that it is waited for; return the step's id.

    By monitors and chiefs, by the acceptance post where the case was filed, by officers with a hand in the case, and
    by the applicant with the receipt, who may do so once a working day for each step. Where nobody may act on the step
    the monitors are told.

    Raises:
        NoHand: the actor is none of these.
        OwnCase: an officer urges the own case from the desk.
        UrgedToday: the applicant has urged this step on this working day.
        StepClosed: it has been done.
        Invalid: the text is too long; an officer must say something, an applicant need not.
    """
    case = cases.of_step(ctx, step_id, "urge")
    step = case.step(step_id)
    applies = ctx.actor.channel == PORTAL and ctx.person == case.applicant
    post = None if applies else _by_whom(ctx, case)
    if step.closed_at is not None:
        raise StepClosed()
    words = said("urge", "text", text) if text.strip() or not applies else ""
    if applies:
        _once_a_day(ctx, case, step)
    entry = Entry(
        type=Event.STEP_URGED,
        step=step.path,
        post=post.post if post else None,
        assignment=post.id if post else None,
        due_on=step.due_on,
    )
    record.save(ctx, case.id, case.version, case.head, Change(entries=[entry]))
    told = _whom(ctx, case, step)
    memos.tell(ctx, [Memo(person=p, kind=MemoKind.URGE, case=case.id, step=step.id, text=words) for p in told])
    return step.id


def _urge_again(ctx: Context, case: Case, step: StepRow) -> date | None:
    first = ctx.today if ctx.calendar.is_working(ctx.today) else ctx.calendar.add(ctx.today, -1)
    since = max(day_start(first), step.opened_at)
    urged = recorded.urged(ctx.conn, case.number, str(ctx.pseudonym), since)
    return ctx.calendar.next_working(ctx.today + timedelta(days=1)) if step.path in urged else None


def _once_a_day(ctx: Context, case: Case, step: StepRow) -> None:
    if again := _urge_again(ctx, case, step):
        raise UrgedToday(again_on=again)


def _by_whom(ctx: Context, case: Case) -> Assignment:
    """Return the post by which an officer urges."""
    not_own(ctx, case)
    if post := own_post(ctx, *URGERS) or held(ctx.assignments, RECEIVER, case.organ, case.item):
        return post
    post = own_post(ctx)
    if post is None or not has_hand(ctx.person, case):
        raise NoHand()
    return post


def _whom(ctx: Context, case: Case, step: StepRow) -> list[int]:
    if step.claimed_by is not None:
        return [step.claimed_by]
    if claimants := able(ctx, case, step):
        return list(claimants)
    return [person for held in staff.heads(ctx.conn, "monitor", ctx.today).values() for person in held]
