"""The demo county's time: shown on every page, moved forward by any officer; then what has become due is done."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from engine import clock, commands
from engine.db import due, store
from engine.model import SYSTEM_ACTOR
from engine.settings import settings
from webui.language import day, gettext
from webui.roles import OFFICERS, role
from webui.signin import inside

bp = Blueprint("demo", __name__)
ROUNDS = 20  # a fired timer may arm another one that is due already


@bp.post("/demo/advance")
@role(*OFFICERS)
def advance() -> ResponseReturnValue:
    """Move the demo clock forward by one day and run what is due."""
    if not settings().demo:
        abort(404)
    now = clock.advance(timedelta(days=1))
    done = run_due()
    flash(gettext("演示时间到了 %(day)s，到期的 %(done)d 件事已办。", day=day(clock.local_date(now)), done=done))
    return redirect(inside(request.form.get("back", "")) or url_for("signin.home"), 303)


def run_due() -> int:
    """Fire the timers and record the overruns that are due; return how many were."""
    done = 0
    for _ in range(ROUNDS):
        with store.reading() as conn:
            now = clock.now()
            fires, overruns = due.timers(conn, now), due.clocks(conn, clock.local_date(now))
        before = done
        for timer in fires:
            with store.begin(SYSTEM_ACTOR) as ctx:
                done += commands.fire_timer(ctx, timer)
        for overrun in overruns:
            with store.begin(SYSTEM_ACTOR) as ctx:
                done += commands.record_overrun(ctx, overrun)
        if done == before:
            break
    return done
