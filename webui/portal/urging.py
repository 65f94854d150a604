"""The applicant urges a step that takes long; the office is told, and nothing else changes."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from engine import commands
from engine.db import store
from engine.errors import NotFound, Refused, Stale
from engine.model import Actor
from webui.errors import status_of
from webui.language import gettext
from webui.messages import message
from webui.portal.blueprint import bp
from webui.portal.progress import keep_open, opened, page
from webui.roles import PUBLIC, role
from webui.security import limiter


@bp.post("/progress/urge")
@role(PUBLIC)
@limiter.limit("10 per minute")
def urge() -> ResponseReturnValue:
    """Urge one of the open steps of the case that was opened with the receipt."""
    found = opened()
    if found is None:
        return redirect(url_for("portal.progress"), 303)
    step = request.form.get("step", 0, int)
    if step not in [each.id for each in found.open_steps]:
        flash(gettext("这一步已经办过，不用再催。"))
        return redirect(url_for("portal.progress"), 303)
    try:
        with store.begin(Actor(person=found.applicant_id, channel="portal")) as ctx:
            commands.urge(ctx, step, text="")
    except (NotFound, Refused, Stale) as error:
        flash(message(error))
        return page(opened() or found), status_of(error)
    keep_open(found.id)
    flash(gettext("已经催了，经办单位会看到。办理期限不变。"))
    return redirect(url_for("portal.progress"), 303)
