"""The applicant asks that an officer who handles the case keeps out of it, and is told what was decided."""

from __future__ import annotations

from collections.abc import Mapping

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine import commands
from engine.db import store
from engine.db.read.case import Case
from engine.errors import Invalid, Refused, Stale
from engine.model import Actor
from engine.rules.recusal import REGISTERED, RULE
from webui.errors import status_of
from webui.language import gettext, pick
from webui.messages import message
from webui.portal.blueprint import bp
from webui.portal.progress import ask, keep_open, opened
from webui.recusal import asked_faults, choices
from webui.roles import PUBLIC, role
from webui.security import limiter

KINDS = (*REGISTERED, "other")  # telephones and addresses of officers are nothing that an applicant knows


@bp.get("/progress/recusal")
@role(PUBLIC)
def recuse() -> ResponseReturnValue:
    """Ask which officer should keep out, and why; from here there are 15 minutes again."""
    found = opened()
    if found is None or not found.is_running:
        return redirect(url_for("portal.progress"), 303)
    keep_open(found.id)
    return _page(found)


@bp.post("/progress/recusal")
@role(PUBLIC)
@limiter.limit("10 per minute")
def send_recusal() -> ResponseReturnValue:
    """Raise the recusal as the applicant; what was typed stays when it is refused, or when it came too late."""
    typed = {name: request.form.get(name, "") for name in ("officer", "kind", "reason")}
    found = opened()
    if found is None:
        trouble = gettext("过了 15 分钟，这件已经收起，没有交出去。请再输一次查询码。")
        return ask("", trouble, [typed["reason"]] if typed["reason"].strip() else []), 403
    if faults := asked_faults(typed):
        return _page(found, typed, faults), 422
    try:
        with store.begin(Actor(person=found.applicant_id, channel="portal")) as ctx:
            officer, kind = int(typed["officer"]), typed["kind"]
            commands.raise_recusal(ctx, found.id, officer=officer, kind=kind, reason=typed["reason"])
    except (Invalid, Refused, Stale) as error:
        return _page(found, typed, {"": message(error)}), status_of(error)
    flash(gettext("您的回避申请收到了，由单位领导决定；决定之前这位同志不办您的件。结果在这一页看。"))
    return redirect(url_for("portal.progress"), 303)


def _page(found: Case, typed: Mapping[str, str] | None = None, faults: Mapping[str, str] = {}) -> str:
    with store.reading() as conn:
        officers = choices(conn, found.id, found.definition, found.sha256)
    rule = store.book().constraints[RULE]
    return render_template(
        "recusal/portal.html",
        case=found,
        choices=officers,
        kinds=KINDS,
        typed=typed or {"officer": "", "kind": "", "reason": ""},
        faults=faults,
        basis=pick(rule.basis, rule.basis_en),
    )
