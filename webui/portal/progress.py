"""The applicant's page: progress by receipt number and query code, in plain words; and taking the application back.

What was opened is kept in the signed session for 15 minutes, never in an address.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from flask import flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from engine import clock, commands
from engine.db import store
from engine.db.read import audit as traces
from engine.db.read import case as cases
from engine.db.read import documents as papers
from engine.db.read import recusals
from engine.db.read.case import Case
from engine.db.read.portal import ahead, asked, waiting
from engine.db.read.taken import taken
from engine.errors import Invalid, Refused, Stale
from engine.model import SYSTEM, Actor, CaseState, ClockKind, Item
from engine.rules.book import Book
from webui import definitions, outcomes, standing, words
from webui.clocks import Face, kind_name
from webui.errors import headers_of, status_of
from webui.language import day, gettext, ngettext, pick
from webui.ledger import Account
from webui.messages import message
from webui.monitor import lamp_of
from webui.plain_ledger import told
from webui.portal.blueprint import bp
from webui.roles import PUBLIC, role
from webui.security import limiter
from webui.standing import Shown

OPENED = "opened_case"
STAYS = timedelta(minutes=15)


@bp.get("/progress")
@role(PUBLIC)
def progress() -> ResponseReturnValue:
    """Ask for number and code (the receipt's QR fills in both), or show the case that was opened with them."""
    number = request.args.get("number", "").strip()[:40]
    found = opened()
    if found is None or (number and number.upper() != found.number):
        return ask(number)
    return page(found)


@bp.post("/progress")
@role(PUBLIC)
@limiter.limit("30 per minute")
def look() -> ResponseReturnValue:
    """Open a case with its query code. One answer for an unknown number and a wrong code; tries are counted."""
    number, code = request.form.get("number", "").strip()[:40], request.form.get("code", "").strip()[:40]
    session.pop(OPENED, None)
    try:
        with store.begin(Actor(person=SYSTEM, channel="portal")) as ctx:
            case = commands.open_case_by_code(ctx, number, code, request.remote_addr or "")
    except Refused as refusal:
        return ask(number, message(refusal)), status_of(refusal), headers_of(refusal)
    keep_open(case)
    return redirect(url_for("portal.progress"), 303)


@bp.post("/progress/close")
@role(PUBLIC)
def close() -> ResponseReturnValue:
    """Forget the opened case: the next person at this screen sees nothing."""
    session.pop(OPENED, None)
    return redirect(url_for("portal.progress"), 303)


@bp.get("/progress/withdraw")
@role(PUBLIC)
def withdraw() -> ResponseReturnValue:
    """Ask whether the applicant is sure, and why."""
    found = opened()
    if found is None or not may_withdraw(found):
        return redirect(url_for("portal.progress"), 303)
    return render_template("portal/withdraw.html", case=found, trouble="")


@bp.post("/progress/withdraw")
@role(PUBLIC)
def take_back() -> ResponseReturnValue:
    """Take the application back, as the applicant."""
    found = opened()
    if found is None:
        return redirect(url_for("portal.progress"), 303)
    reason = request.form.get("reason", "").strip()[:500]
    try:
        with store.begin(Actor(person=found.applicant_id, channel="portal")) as ctx:
            commands.withdraw(ctx, found.id, reason=reason)
    except Invalid as invalid:
        trouble = gettext("请写一句为什么撤回。")
        return render_template("portal/withdraw.html", case=found, trouble=trouble), status_of(invalid)
    except (Refused, Stale) as error:
        flash(message(error))
        return page(opened() or found), status_of(error)
    flash(gettext("申请已撤回。以后还要办，可以重新申请。"))
    return redirect(url_for("portal.progress"), 303)


def may_withdraw(found: Case) -> bool:
    """Whether the page offers to withdraw; the command decides."""
    return found.is_running and "decided" not in found.marks


def keep_open(case: int) -> None:
    """Keep a case opened for 15 minutes from now."""
    session[OPENED] = {"case": case, "until": int((clock.now() + STAYS).timestamp())}


def opened() -> Case | None:
    """Return the case opened in this session, unless 15 minutes have passed."""
    kept = session.get(OPENED)
    if not kept or kept["until"] < clock.now().timestamp():
        session.pop(OPENED, None)
        return None
    with store.reading() as conn:
        return cases.by_id(conn, kept["case"])


def ask(number: str, trouble: str = "", kept: Sequence[str] = ()) -> str:
    """Return the page that asks for number and code. `kept`: texts that were sent too late, not to be lost."""
    return render_template("portal/form.html", number=number, trouble=trouble, kept=kept)


def page(found: Case) -> str:
    today, book = clock.local_date(clock.now()), store.book()
    with store.reading() as conn:
        item, calendar = definitions.item(conn, found.definition, found.sha256), store.calendar(conn)
        source = definitions.source(conn, found.definition, found.sha256)
        facts = source.facts
        last = max((c.due_on for c in found.clocks), default=today)
        names = cases.day_names(conn, clock.local_date(found.filed_at), max(last, today))
        made, kept_out = papers.of_case(conn, found.id), recusals.of_case(conn, found.id)
        longer, effects = traces.extensions(conn, found.number), taken(conn, found.number)
    account = Account(
        case=found, item=item, calendar=calendar, book=book, day_names=names, today=today, extensions=longer
    )
    shown = [s for s in standing.faces(found, item, calendar, book, today) if s.clock.kind is not ClockKind.STEP]
    own = [_public(each, book) for each in shown if not each.clock.ended_on]
    nearest = min((face for face in own if face.within), key=lambda face: face.due_on, default=None)
    return render_template(
        "portal/progress.html",
        case=found,
        item=item,
        asked=asked(found),
        waiting=waiting(found, item),
        effects=effects,
        ahead=[pick(step.name, step.name_en) for step in ahead(found, item)],
        lamp=nearest.lamp if nearest else lamp_of(found),
        faces=own,
        ledgers=[told(account, each.clock, _public(each, book).name) for each in shown],
        headline=_headline(found, item, nearest),
        may_withdraw=may_withdraw(found),
        remedies=pick(str(facts.get("remedies", "")), facts.get("remedies_en")) if found.closed_at else "",
        past=[step for step in found.steps if step.closed_at],
        now_open=found.open_steps,
        words=words,
        definitions=definitions,
        documents=made,
        recusals=[r for r in kept_out if r.by_applicant or r.upheld],
        outcomes=outcomes,
        outcome_of=lambda step: definitions.outcome_name(source, step.path, step.outcome),
        book=book,
        number=found.number,
    )


def _public(shown: Shown, book: Book) -> Face:
    """Return the face of a clock with the name of its rule instead of the rule's id."""
    rule = book.limits.get(shown.clock.rule)
    if shown.clock.kind is not ClockKind.STATUTE or rule is None:
        return shown.face
    return replace(shown.face, name=f"{kind_name(shown.clock.kind)} · {pick(rule.name, rule.name_en)}")


def _headline(case: Case, item: Item, nearest: Face | None) -> tuple[str, str]:
    """Return where the case is, and how its time stands: the two halves of the page's heading."""
    if case.state == CaseState.WITHDRAWN:
        return gettext("您已撤回申请"), ""
    if case.state == CaseState.FAULT:
        return gettext("办理程序出了故障，正在修复"), gettext("期限照走")
    if case.state == CaseState.CLOSED:
        return gettext("您的办件已办结"), ""
    if asked(case) and (mine := waiting(case, item)):
        until = mine[0].due_on
        in_time = until is not None and until >= clock.local_date(clock.now())
        return gettext("等您补正"), gettext("请在 %(day)s 前交", day=day(until)) if until and in_time else ""
    names = words.joined(definitions.step_name(item, step.path) for step in case.open_steps)
    where = gettext("正在%(steps)s", steps=names) if names else gettext("正在办理")
    if nearest is None:
        return where, ""
    if nearest.stopped:
        return where, gettext("时限停着")
    if nearest.lamp == "over":
        return where, gettext("已经超过期限")
    if nearest.left == 0 and nearest.due_on > clock.local_date(clock.now()):
        return where, gettext("%(day)s止", day=day(nearest.due_on, clock.local_date(clock.now())))
    if nearest.left == 0:
        return where, gettext("今天是最后一天")
    return where, ngettext("还剩 %(num)d 日", "还剩 %(num)d 日", nearest.left)
