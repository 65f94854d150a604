"""The demo county's time: shown on every page, moved forward by any officer; then what has become due is done."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from engine import clock, commands
from engine.settings import settings
from webui.language import day, gettext
from webui.roles import OFFICERS, role
from webui.signin import inside

bp = Blueprint("demo", __name__)


@bp.post("/demo/advance")
@role(*OFFICERS)
def advance() -> ResponseReturnValue:
    """Move the demo clock forward by one day and run what is due."""
    if not settings().demo:
        abort(404)
    now = clock.advance(timedelta(days=1))
    done, _ = commands.catch_up()
    flash(gettext("演示时间到了 %(day)s，到期的 %(done)d 件事已办。", day=day(clock.local_date(now)), done=done))
    return redirect(inside(request.form.get("back", "")) or url_for("signin.home"), 303)
