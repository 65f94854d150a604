"""The rule book: what lies in processes/_rules against what two persons adopted last, and the form to propose it."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from engine import commands
from engine.db import store
from engine.db.read import proposals, rulebook
from engine.errors import Invalid, Refused, Stale
from webui.errors import status_of
from webui.language import gettext
from webui.messages import finding, message
from webui.people import rule_changes
from webui.people.blueprint import bp
from webui.people.proposing import lacking
from webui.roles import ADMIN, current_actor, role

KIND = "rules"


@bp.get("/rules", endpoint="rules")
@role(ADMIN)
def compared() -> ResponseReturnValue:
    """Show what would change if the files that lie there were adopted."""
    return _page()


@bp.post("/rules")
@role(ADMIN)
def propose_rules() -> ResponseReturnValue:
    """Propose to adopt the files that lie there."""
    try:
        with store.begin(current_actor()) as ctx:
            made = commands.propose_rules(ctx)
    except Invalid as error:
        return _page(gettext("规则文件有错，先改好再提。"), tuple(finding(f) for f in error.findings)), status_of(error)
    except (Refused, Stale) as error:
        return _page(message(error)), status_of(error)
    flash(gettext("提议已记下，第 %(number)d 号；等另一个人批准后执行。", number=made))
    return redirect(url_for("office.proposal", proposal=made), 303)


def _page(notice: str = "", findings: tuple[str, ...] = ()) -> str:
    with store.reading() as conn:
        adopted, differing = rulebook.adopted(conn), commands.rules_differing(conn)
        waiting = [each for each in proposals.waiting(conn) if each.kind == KIND]
    return render_template(
        "people/rules.html",
        adopted=adopted,
        changes=rule_changes.in_words(differing),
        texts=rule_changes.as_text(differing),
        waiting=waiting,
        notice=notice,
        findings=findings,
        bar=lacking(KIND),
    )
