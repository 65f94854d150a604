"""What those who administer did, for the audit administrator: proposals, decisions, accounts, posts, refusals."""

from __future__ import annotations

from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.db import store
from engine.db.read import audit as traces
from engine.db.read.audit import PAGE, Filter
from engine.model import Event
from webui import trail as told
from webui import words
from webui.people.blueprint import bp
from webui.roles import ADMIN, role

POST = "audit_administrator"
ORGANS = "organ:"  # chains of organs; a case's own chain is its receipt number
MOST_PAGES = 100_000
WATCHED = (
    *(Event.COUNTY_FOUNDED, Event.PROPOSED, Event.APPROVED, Event.DECLINED, Event.CALENDAR_ADOPTED),
    *(Event.POST_GRANTED, Event.POST_ENDED, Event.STAND_IN_NAMED, Event.STAND_IN_ENDED),
    *(Event.ABSENCE_RECORDED, Event.ABSENCE_ENDED, Event.ACCOUNT_CHANGED, Event.RULES_ADOPTED),
    *(Event.TRACE_EXPORTED, Event.TRACE_CHECKED, Event.SIGN_IN_FAILED, Event.REFUSED),
)


@bp.get("/watch")
@role(ADMIN, posts=(POST,))
def watch() -> ResponseReturnValue:
    """List what stands about administration in the chains of organs, the newest first; no case is in it (SOD-26)."""
    kind = request.args.get("type", "")
    wanted = Filter(
        case=ORGANS,
        types=tuple(event for event in WATCHED if event == kind) or WATCHED,
        officer=request.args.get("officer", "").strip()[:100],
        page=min(max(1, request.args.get("page", 1, int)), MOST_PAGES),
    )
    with store.reading() as conn:
        total, records = traces.count(conn, wanted), traces.search(conn, wanted)
    given: dict[str, Any] = {"type": kind or None, "officer": wanted.officer or None}
    return render_template(
        "people/watch.html",
        records=records,
        total=total,
        officer=wanted.officer,
        kind=kind,
        watched=WATCHED,
        page=wanted.page,
        pages=-(-total // PAGE),
        page_url=lambda number: url_for("people.watch", page=number, **given),
        trail=told,
        words=words,
        book=store.book(),
    )
