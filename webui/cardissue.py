"""A monitor issues a card by hand: the case, the step in which it happened, the level, the facts and reasons."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine import commands
from engine.db import store
from engine.db.read import case as cases
from engine.db.read.case import Case, CaseStep
from engine.db.store import Connection
from engine.errors import Invalid, NotFound, NotYourRole, Refused, Stale
from engine.model import Item
from webui import cardlines, definitions, words
from webui.errors import status_of
from webui.language import gettext
from webui.messages import message
from webui.roles import MONITOR, current_actor, current_officer, role

bp = Blueprint("cardissue", __name__)
POST = "monitor"
LONGEST = 2000  # characters of the reason
SHORTEST = 5


@bp.get("/monitor/cards/new")
@role(MONITOR)
def form() -> ResponseReturnValue:
    """Ask for the case; once it is known, for the step and the reason."""
    return _form(request.args.get("case", "").strip().upper()[:100])


@bp.post("/monitor/cards/new")
@role(MONITOR)
def issue() -> ResponseReturnValue:
    """Issue the card; what was typed stays on the page when it is refused."""
    number, reason = request.form.get("case", ""), request.form.get("reason", "").strip()[:LONGEST]
    with store.reading() as conn:
        case, _ = _case(conn, number)
    if case is None:
        raise NotFound(what="case", key=number)
    step = next((each for each in case.steps if str(each.id) == request.form.get("step")), None)
    if step is None or len(reason) < SHORTEST:
        return _form(number, missing="step" if step is None else "reason"), 422
    try:
        with store.begin(current_actor()) as ctx:
            issued = commands.issue_card(
                ctx, case.id, level=request.form.get("level", ""), post=step.post, organ=step.organ_id, reason=reason,
                rule=request.form.get("rule", ""), path=step.path,
            )  # fmt: skip
    except (Refused, Stale, Invalid) as error:
        return _form(number, message(error)), status_of(error)
    flash(gettext("牌 %(number)s 已拟好。", number=issued.number))
    return redirect(url_for("cards.one", number=issued.number), 303)


def _form(number: str, notice: str = "", missing: str = "") -> str:
    book = store.book()
    with store.reading() as conn:
        case, item = _case(conn, number)
    mine = any(a.post == POST for a in current_officer().assignments)
    return render_template(
        "cards/new.html",
        nav_here="cards.workbench",
        number=number,
        case=case,
        steps=[(step, definitions.step_name(item, step.path)) for step in _steps(case)] if item else [],
        rules=[book.limits[rule] for rule in dict.fromkeys(c.rule for c in case.clocks) if rule in book.limits]
        if case
        else [],
        notice=notice,
        missing=missing,
        typed=request.form,
        bar="" if mine else message(NotYourRole(posts=words.post(POST, book))),
        words=words,
        book=book,
        shortest=SHORTEST,
    )


def _case(conn: Connection, number: str) -> tuple[Case | None, Item | None]:
    """Return a case that a card may be about, with what it declares."""
    case = cases.by_number(conn, number) if number else None
    if case is None or case.item == cardlines.ITEM:
        return None, None
    return case, definitions.item(conn, case.definition, case.sha256)


def _steps(case: Case | None) -> list[CaseStep]:
    """Return the steps that somebody held or did, the last one first: there somebody can have failed."""
    return [step for step in reversed(case.steps) if step.holder or step.by] if case else []
