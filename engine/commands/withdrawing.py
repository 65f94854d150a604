"""Withdraw an application: by the applicant with the receipt, or by the acceptance post at the applicant's wish."""

from __future__ import annotations

from engine.commands import cases, forms, noting
from engine.commands.permit import by_post_of
from engine.commands.settle import cancel_steps, end, finish
from engine.commands.settling import settling
from engine.db import drafts, record
from engine.db.context import Context
from engine.db.record import Change, Entry
from engine.errors import Finding, Invalid, NotFound, TooLateToWithdraw
from engine.model import RUNNING, CaseState, Event
from engine.rules.cards import ITEM

DECIDED = "decided"  # the mark after which an application can no longer be withdrawn


def withdraw(ctx: Context, case_id: int, *, reason: str) -> int:
    """Close the case because the applicant takes the application back; return its id. Its flow may be in fault.

    Raises:
        NotYourRole, NotYourPost: the actor is neither the applicant nor holds the acceptance post where it was filed.
        OwnCase, Recused, RecusalPending, TieFound: who would do it at the window keeps out of the case.
        TooLateToWithdraw: the decision has been made.
        Invalid: no reason is given.
    """
    case = cases.by_id(ctx, case_id, "withdraw", RUNNING)
    if case.item == ITEM:
        raise NotFound(what="application", key=case.number)
    post = None if ctx.person == case.applicant else by_post_of(ctx, case, "acceptance")
    if DECIDED in case.marks:
        raise TooLateToWithdraw()
    if not reason.strip():
        fault = Finding(file="withdraw", line=0, level="form", rule="reason", message="say why", where="reason")
        raise Invalid(findings=(fault,))
    body = forms.text({"reason": reason.strip()})
    salt, commitment = record.payload(body.encode())
    change = Change()
    change.forms.append(
        {
            "case_": case.id,
            "step": None,
            "path": "withdraw",
            "person": ctx.person,
            "body_json": body,
            "salt": salt,
            "at": ctx.now,
        }
    )
    cause = change.trace(
        Entry(
            type=Event.CASE_WITHDRAWN,
            data=commitment,
            facts={"channel": ctx.actor.channel},
            **noting.by(post),
        )
    )
    now = settling(ctx, case, change, when=ctx.now, cause=cause)
    cancel_steps(now, case.open_steps, "withdrawn")
    end(now, CaseState.WITHDRAWN, None)
    change.case["fault_json"] = None
    finish(now)
    for row in now.timers:
        change.timers[row["key"]] = dict(row) | {"cancelled_at": ctx.now}
    record.save(ctx, case.id, case.version, case.head, change)
    drafts.forget_of_steps(ctx.conn, [step.id for step in case.open_steps])
    return case.id
