"""Cards: what happened becomes a case of item `efficacy_card`, by the system or by a monitor.

A card bears the legal date of its fact, however late it is drafted; the time to explain it runs from its service.
Cards are measures of efficiency; where there is a clue it is handed over, and nothing here is a sanction.
"""

from __future__ import annotations

from datetime import date, timedelta

from engine.clock import day_start, local_date
from engine.commands import cases, forms
from engine.commands.card_cases import Fact, Issued, draft
from engine.commands.permit import by_post
from engine.db import cards, find, organs
from engine.db.context import Context
from engine.db.find import OpenCase, StepRow
from engine.errors import Invalid, NotFound, OwnUnit
from engine.model import CaseState
from engine.rules.cards import ITEM, JUDGES, Cause, Level, Span, level_of, responsible
from engine.rules.permission import About, concerns

ANY_STATE = tuple(CaseState)


def draft_card(ctx: Context, clock_id: int) -> bool:
    """Decide whether a card follows from a clock's overrun, and draft it; return False when that is decided already.

    None follows from lateness in the life of a card, or on a step that waits for the applicant.
    """
    case = find.case_of_clock(ctx, clock_id)
    ctx.subject.verb = "draft_card"
    clock = next(clock for clock in find.time_of(ctx.conn, case.id).clocks.values() if clock.id == clock_id)
    if clock.overrun_at is None or cards.is_decided(ctx.conn, clock_id):
        return False
    cards.decided(ctx.conn, clock_id, ctx.now)
    on = clock.due_on + timedelta(days=1)
    span = _late(ctx, case, clock.step, on)
    if case.item != ITEM and span is not None:
        fact = Fact(
            level=level_of(clock.kind, clock.rule, ctx.book.cards),
            cause=Cause.OVERRUN,
            key=clock.key,
            on=on,
            post=span.post,
            organ=int(span.organ),
            path=span.path,
            person=cards.holder(ctx.conn, case.number, span.path, span.opened_at, day_start(on)),
            rule=clock.rule,
            clock=clock_id,
        )
        draft(ctx, case, fact)
    return True


def draft_for_silence(ctx: Context, card_id: int) -> bool:
    """Draft the red card for a yellow one that was not answered; return False when there is one, or an answer."""
    yellow = cards.by_id(ctx.conn, card_id)
    if yellow is None or yellow.subject_case is None or Cause.NO_REPLY.value not in yellow.marks:
        return False
    case = find.case(ctx, yellow.subject_case, "draft_card", ANY_STATE)
    fact = Fact(
        level=Level.RED,
        cause=Cause.NO_REPLY,
        key=f"{Cause.NO_REPLY}:{yellow.key}",
        on=yellow.marks[Cause.NO_REPLY],
        post=yellow.post,
        organ=yellow.organ,
        path=yellow.path,
        person=yellow.person,
        rule=yellow.rule,
    )
    return draft(ctx, case, fact) is not None


def draft_for_correction(ctx: Context, document_id: int) -> bool:
    """Draft the card for a second notice of what to supplement (Licensing Law art. 32(1)(4): once, and all of it).

    Return False when that is decided already.
    """
    notice = cards.notice(ctx.conn, document_id)
    case = find.case(ctx, notice.case_, "draft_card", ANY_STATE)
    if cards.notice(ctx.conn, document_id).carded_at is not None:
        return False
    cards.notice_decided(ctx.conn, document_id, ctx.now)
    step = next((step for step in case.steps if step.id == notice.step), None)
    if notice.nth > 1 and step is not None:
        fact = Fact(
            level=Level.YELLOW,
            cause=Cause.CORRECTION,
            key=f"{Cause.CORRECTION}:{notice.nth}",
            on=local_date(notice.made_at),
            post=step.post,
            organ=step.organ,
            path=step.path,
            person=step.claimed_by,
        )
        draft(ctx, case, fact)
    return True


def issue_card(
    ctx: Context, case_id: int, *, level: str, post: str, organ: int, reason: str, rule: str = "", path: str = ""
) -> Issued:
    """Issue a card about a case by hand; a red one waits for a second monitor.

    `post`, `organ`: the office that gets it; `path`: the step in which it happened, if it was one.

    Raises:
        NotYourRole: the actor is no monitor.
        OwnUnit: the actor is of that office.
        NotFound: there is no such case, or it is itself a card.
        Invalid: level, post, organ, path or reason is wrong.
    """
    ctx.subject.verb = "issue_card"
    monitor = by_post(ctx, "monitor")
    case = find.case(ctx, case_id, "issue_card", ANY_STATE)
    if case.item == ITEM:
        raise NotFound(what="application", key=case.number)
    _sound(ctx, case, level, post, organ, path)
    step = next((step for step in reversed(case.steps) if step.path == path), None)
    person = step.claimed_by if step else None
    if concerns(ctx.person, ctx.assignments, About(post=post, organ=organ, person=person)):
        raise OwnUnit(basis="SOD-20")
    fact = Fact(
        level=Level(level),
        cause=Cause.MANUAL,
        key=f"manual:{cards.number_of_keys(ctx.conn, case.id, 'manual:') + 1}",
        on=ctx.today,
        post=post,
        organ=organ,
        path=path or None,
        person=person,
        rule=rule or None,
        reason=reason.strip(),
    )
    issued = draft(ctx, case, fact, monitor)
    assert issued is not None
    return issued


def _sound(ctx: Context, case: OpenCase, level: str, post: str, organ: int, path: str) -> None:
    known = ctx.book.posts.get(post)
    wrong = {
        "level": level not in tuple(Level),
        "post": known is None or known.reserved or post in JUDGES,
        "organ": organ not in organs.by_id(ctx.conn),
        "path": bool(path) and path not in [step.path for step in case.steps],
    }
    if where := [name for name, is_wrong in wrong.items() if is_wrong]:
        raise Invalid(findings=tuple(forms.finding("card", name, f"choose another {name}", "card") for name in where))


def _late(ctx: Context, case: OpenCase, step_id: int | None, on: date) -> Span | None:
    """Return the step on which time ran out the day before `on`; None when the applicant was waited for."""
    declared = cases.definition(ctx.conn, case.definition, case.sha256).program.item.steps

    def span(step: StepRow) -> Span:
        waits = step.path in declared and declared[step.path].applicant
        return Span(
            path=step.path,
            post=step.post,
            organ=step.organ,
            opened_at=step.opened_at,
            closed_at=step.closed_at,
            applicant=waits,
        )

    if step_id is not None:
        own = span(case.step(step_id))
        return None if own.applicant else own
    return responsible([span(step) for step in case.steps], day_start(on))
