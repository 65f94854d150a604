"""Recusal for officers: ask whether somebody must keep out of a case, see what waits, decide it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine import clock, commands
from engine.db import store
from engine.db.read import casefile
from engine.db.read import recusals as read
from engine.db.read.people import Officer
from engine.db.read.recusals import Recusal
from engine.db.store import Connection
from engine.errors import Invalid, Refused, Stale
from engine.model import RUNNING
from engine.rules.recusal import KINDS, NEAR, RULE, Deciders
from webui import definitions, words
from webui.errors import status_of
from webui.language import gettext, pick
from webui.messages import message
from webui.roles import DESK, MONITOR, current_actor, current_officer, role

bp = Blueprint("recusal", __name__)
LONGEST_ID = 18  # digits


@dataclass(frozen=True, kw_only=True)
class Choice:
    """An officer who may be named. `did`: what of the case he did or holds."""

    person: int
    name: str
    did: str


@bp.app_context_processor
def lines() -> dict[str, object]:
    """Give every template `recusals_of(case)`: for templates/recusal/_step.html."""
    return {"recusals_of": _of_case, "recusal_tie": tie, "recusal_source": source, "recusal_rule": RULE}


def tie(kind: str) -> str:
    """Return the name of a tie."""
    return words.known(words.TIES, kind)


def source(found: Recusal) -> str:
    """Return who asked: the officer himself, the system's finding, a colleague, the applicant."""
    if found.by_applicant:
        return gettext("申请人提出")
    if found.source == "asked":
        return gettext("%(name)s提出", name=pick(found.raised_by.name, found.raised_by.name_en))
    return words.known(words.SOURCES, found.source)


@bp.get("/recusals")
@role(DESK, MONITOR)
def waiting() -> ResponseReturnValue:
    """List what waits for the officer's decision, and what was asked about or by him."""
    officer, today = current_officer(), clock.local_date(clock.now())
    posts = {held.post for held in officer.assignments if held.on_behalf is None}
    with store.reading() as conn:
        asked = read.waiting_for(conn, officer.person, posts, today)
        own = [each for each in read.of_officer(conn, officer.person) if each.id not in {a.id for a in asked}]
    return render_template("recusal/list.html", nav_here="recusal.waiting", waiting=asked, own=own)


@bp.get("/recusals/<int:recusal_id>")
@role(DESK, MONITOR)
def one(recusal_id: int) -> ResponseReturnValue:
    """Show a recusal to whom it concerns, with the form for who decides it."""
    return _one(recusal_id)


@bp.post("/recusals/<int:recusal_id>")
@role(DESK, MONITOR)
def decide(recusal_id: int) -> ResponseReturnValue:
    """Decide, or vote; what was typed stays on the page when it is refused."""
    choice, reason = request.form.get("upheld", ""), request.form.get("reason", "")
    faults = {} if choice in ("yes", "no") else {"upheld": gettext("请选应当回避还是不必回避。")}
    if faults := faults | _unreasoned(reason):
        return _one(recusal_id, faults, choice, reason), 422
    try:
        with store.begin(current_actor()) as ctx:
            commands.decide_recusal(ctx, recusal_id, upheld=choice == "yes", reason=reason)
    except (Invalid, Refused, Stale) as error:
        return _one(recusal_id, {"": message(error)}, choice, reason), status_of(error)
    with store.reading() as conn:
        found = read.one(conn, recusal_id)
    flash(gettext("您的一票已记下。") if found and found.decided_at is None else gettext("决定已记下。"))
    return redirect(url_for("recusal.one", recusal_id=recusal_id), 303)


@bp.get("/recusals/new/<int:case_id>")
@role(DESK, MONITOR)
def form(case_id: int) -> ResponseReturnValue:
    """Ask who must keep out of a case, and why."""
    return _form(case_id, request.args.get("officer", ""))


@bp.post("/recusals/new/<int:case_id>")
@role(DESK, MONITOR)
def ask(case_id: int) -> ResponseReturnValue:
    """Raise a recusal; what was typed stays on the page when it is refused."""
    typed = {name: request.form.get(name, "") for name in ("officer", "kind", "reason")}
    faults = asked_faults(typed)
    if faults:
        return _form(case_id, typed=typed, faults=faults), 422
    try:
        with store.begin(current_actor()) as ctx:
            officer, kind = int(typed["officer"]), typed["kind"]
            made = commands.raise_recusal(ctx, case_id, officer=officer, kind=kind, reason=typed["reason"])
    except (Invalid, Refused, Stale) as error:
        return _form(case_id, typed=typed, faults={"": message(error)}), status_of(error)
    flash(gettext("已提出，由领导决定；这期间该同志不能办本件，手上的步骤已放回待领。"))
    return redirect(url_for("recusal.one", recusal_id=made), 303)


def asked_faults(typed: Mapping[str, str]) -> dict[str, str]:
    """Return what is wrong with a request for recusal, by field."""
    chosen = typed["officer"].isdecimal() and len(typed["officer"]) <= LONGEST_ID
    faults = {} if chosen else {"officer": gettext("请选是谁。")}
    if typed["kind"] not in KINDS:
        faults["kind"] = gettext("请选是什么关系。")
    return faults | _unreasoned(typed["reason"])


def _unreasoned(reason: str) -> dict[str, str]:
    if 0 < len(reason.strip()) <= commands.LONGEST_REASON:
        return {}
    return {"reason": gettext("请写明理由，不超过 %(n)d 字。", n=commands.LONGEST_REASON)}


def _of_case(case_id: int) -> tuple[Recusal, ...]:
    with store.reading() as conn:
        return read.of_case(conn, case_id)


def choices(conn: Connection, case_id: int, definition: int, sha256: str) -> list[Choice]:
    """Return the officers who have had a hand in a case, with what they did."""
    item = definitions.item(conn, definition, sha256)
    return [
        Choice(
            person=each.person,
            name=pick(each.name.name, each.name.name_en),
            did=words.joined(gettext("收件") if p == "case" else definitions.step_name(item, p) for p in each.paths),
        )
        for each in read.in_case(conn, case_id)
    ]


def _form(
    case_id: int, chosen: str = "", typed: Mapping[str, str] | None = None, faults: Mapping[str, str] = {}
) -> str:
    officer = current_officer()
    with store.reading() as conn:
        case = casefile.of_case(conn, officer, case_id)
        others = [c for c in choices(conn, case.id, case.definition, case.sha256) if c.person != officer.person]
    me = Choice(person=officer.person, name=pick(officer.name, officer.name_en), did=gettext("我自己"))
    return render_template(
        "recusal/new.html",
        nav_here="window.desk",
        case=case,
        running=case.state in RUNNING,
        choices=[me, *others],
        kinds=KINDS,
        typed=typed or {"officer": chosen or str(officer.person), "kind": "", "reason": ""},
        faults=faults,
        basis=_basis(),
    )


def _one(recusal_id: int, faults: Mapping[str, str] = {}, chosen: str = "", reason: str = "") -> str:
    officer, today = current_officer(), clock.local_date(clock.now())
    with store.reading() as conn:
        found = read.one(conn, recusal_id)
        if found is None:
            abort(404)
        deciding = read.deciders(conn, recusal_id, today)
        if not _concerns(officer, found, deciding):
            abort(404)
        who = read.names(conn, deciding.persons)
    is_open = found.decided_at is None and found.state in RUNNING
    return render_template(
        "recusal/one.html",
        nav_here="recusal.waiting",
        recusal=found,
        is_open=is_open,
        deciding=deciding,
        decides=is_open and officer.person in set(deciding.persons) - found.took_part,
        voted=officer.person in found.took_part,
        deciders=words.joined_names(who),
        near=found.kind in NEAR,
        basis=_basis(),
        faults=faults,
        chosen=chosen,
        reason=reason,
    )


def _concerns(officer: Officer, found: Recusal, deciding: Deciders) -> bool:
    return officer.person in {found.officer_id, found.raised_by_id, *found.took_part, *deciding.persons}


def _basis() -> str:
    rule = store.book().constraints[RULE]
    return pick(rule.basis, rule.basis_en)
