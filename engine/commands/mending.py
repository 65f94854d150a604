"""Correct a wrong entry: one person proposes, the head of the unit approves, and both days stay readable.

A day of a mark, also after an outage: what came in on paper is filed when the system is there again, and the day of its
receipt is corrected. Or a field of a form that was handed in. Nothing is overwritten: the former day stays in the
trace, the former form beside the new one. Maker and checker differ, and the heads of both units are told (SOD-19).
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from datetime import date
from typing import Any

from engine.commands import cases, forms, mending_entries, mending_marks
from engine.commands.cases import Case
from engine.commands.involved import has_hand, not_own, own_post, said
from engine.commands.permit import apart, by_post, impartial
from engine.commands.proposing import propose
from engine.db import memos, organs, record, staff
from engine.db.context import Context
from engine.db.memos import Memo, MemoKind
from engine.db.proposals import Proposal
from engine.db.record import Change
from engine.errors import Invalid, NoHand, NotFound, NotYourPost
from engine.model import Assignment, CaseState
from engine.rules.cards import ITEM
from engine.rules.permission import Hands, held

KIND = "correction"
POSTS = ("chief",)
RULE = "SOD-19"
ACT = "更正"  # as messages name it
STATES = (CaseState.OPEN, CaseState.CLOSED, CaseState.WITHDRAWN)


def propose_correction(
    ctx: Context,
    case_id: int,
    *,
    mark: str | None = None,
    on: date | None = None,
    path: str | None = None,
    fields: Mapping[str, Any] | None = None,
    reason: str,
    evidence: str,
) -> int:
    """Propose to correct the day of a mark, or fields of the form handed in at a path; return the proposal's id.

    Either `mark` and `on`, or `path` (`case`: the filing form) and `fields`, which hold the new values. `evidence`:
    the paper that shows it. By officers with a hand in the case, or the acceptance post where it was filed.

    Raises:
        NoHand: the actor is none of these.
        OwnCase: the actor is the applicant or the agent.
        NotCorrectable: the order of the marks would change, the day lies ahead, a field moves the flow or a clock, or
            a document rests on it.
        TooEarly, NoticeTooLate: by the new day what must last, or be told in advance, was not.
        Invalid: reason or evidence is missing, neither or both are to be corrected, or the form does not fit.
        NotFound: it is the life of a card.
        CaseInFault: the flow of the case is repaired first.
    """
    case = _case(ctx, case_id, "propose_correction")
    post = _maker(ctx, case)
    why = {"reason": said("correction", "reason", reason), "evidence": said("correction", "evidence", evidence)}
    if mark and on and not path and not fields:
        what = mending_marks.proposed(ctx, case, mark, on)
    elif path and fields and not mark and not on:
        what = mending_entries.proposed(ctx, case, path, fields)
    else:
        message = "say either a mark and its day, or a form and its fields"
        raise Invalid(findings=(forms.finding("correction", "what", message),))
    body = {"case": case.id, "number": case.number, **what, **why, "salt": secrets.token_hex(16)}
    return propose(ctx, KIND, forms.text(body), post, about=case.number)


def carry_out(ctx: Context, proposal: Proposal) -> str:
    """Correct as proposed, if what is corrected is still as it was then; return `number: what`."""
    body = json.loads(proposal.body_json)
    case = _case(ctx, body["case"], ctx.subject.verb)
    post = _checker(ctx, case)
    change = Change()
    if body["what"] == mending_marks.WHAT:
        done = mending_marks.correct(ctx, case, proposal.id, body, post, change)
    else:
        done = mending_entries.correct(ctx, case, proposal.id, body, post, change)
    record.save(ctx, case.id, case.version, case.head, change)
    _tell(ctx, case, proposal.by, body["reason"])
    ctx.subject.chain, ctx.subject.definition = "", None
    return f"{case.number}: {done}"


def _case(ctx: Context, case_id: int, verb: str) -> Case:
    case = cases.by_id(ctx, case_id, verb, STATES)
    if case.item == ITEM:
        raise NotFound(what="application", key=case.number)
    return case


def _maker(ctx: Context, case: Case) -> Assignment:
    not_own(ctx, case)
    post = held(ctx.assignments, "acceptance", case.organ, case.item)
    apart(ctx, case, post)
    if post is None and has_hand(ctx.person, case):
        post = own_post(ctx)
    if post is None:
        raise NoHand()
    return post


def _checker(ctx: Context, case: Case) -> Assignment:
    """Return the actor's post as head of the unit where the case was filed, or of one above, without a hand in it."""
    by_post(ctx, *POSTS)
    known = organs.by_id(ctx.conn)
    above = organs.upwards(known, case.organ)
    post = next((a for a in ctx.assignments if a.post in POSTS and a.organ in above and not a.on_behalf), None)
    if post is None:
        raise NotYourPost(post=ctx.book.posts[POSTS[0]].name, organ=known[case.organ].name)
    hands = Hands(
        applicant=case.applicant,
        agent=case.agent,
        acts=case.acts,
        held=[(step.path, step.claimed_by) for step in case.open_steps],
        names={path: step.name for path, step in case.program.item.steps.items()},
        standings=case.standings,
    )
    impartial(ctx, ACT, hands, number=case.number, definition=case.sha256)
    not_own(ctx, case)
    return post


def _tell(ctx: Context, case: Case, maker: int, reason: str) -> None:
    """Tell the maker, and the heads of the maker's and the checker's units (SOD-19)."""
    known = organs.by_id(ctx.conn)
    heads = staff.heads(ctx.conn, POSTS[0], ctx.today)
    units = staff.units(ctx.conn, (maker, ctx.person), ctx.today)
    told = [maker]
    for unit in units:
        nearest = next((organ for organ in organs.upwards(known, unit) if organ in heads), None)
        told += heads.get(nearest, ()) if nearest is not None else ()
    memos.tell(ctx, [Memo(person=p, kind=MemoKind.CORRECTION, case=case.id, text=reason) for p in told])
