"""The list of officers, and one officer's page: posts, stand-ins, absences, accounts, what was proposed about him."""

from __future__ import annotations

import math
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine import clock
from engine.db import store
from engine.db.read import officers
from engine.db.read import posts as held
from engine.db.read.officers import PAGE
from webui import words
from webui.masks import masked_phone
from webui.people import history
from webui.people.blueprint import bp
from webui.people.proposing import lacking
from webui.roles import ADMIN, current_officer, role

MOST_PAGES = 100_000
LONGEST = 100  # characters that are searched for


@bp.get("", endpoint="officers")
@role(ADMIN)
def listed() -> ResponseReturnValue:
    """List the officers by name; part of a name or login, and an organ, narrow the list."""
    today, text = clock.local_date(clock.now()), request.args.get("text", "").strip()[:LONGEST]
    page = min(max(1, request.args.get("page", 1, int)), MOST_PAGES)
    with store.reading() as conn:
        organs = officers.organs(conn)
        chosen = request.args.get("organ", type=int)
        within = chosen if chosen in dict(organs) else None
        found = officers.listed(conn, today, text=text, within=within, page=page)
        total = officers.count(conn, today, text=text, within=within)
    given: dict[str, Any] = {"text": text or None, "organ": within}
    return render_template(
        "people/list.html",
        found=found,
        total=total,
        organs=organs,
        text=text,
        within=within,
        page=page,
        pages=math.ceil(total / PAGE),
        page_url=lambda number: url_for("people.officers", page=number, **given),
        bar=lacking("officer"),
        words=words,
        book=store.book(),
    )


@bp.get("/<int:person>")
@role(ADMIN)
def one(person: int) -> ResponseReturnValue:
    """Show an officer. Of the open steps held only posts and numbers: who administers sees no case (SOD-26)."""
    today = clock.local_date(clock.now())
    with store.reading() as conn:
        officer = officers.one(conn, person, today)
        stand_ins = held.stand_ins(conn, person)
        steps = held.open_steps(conn, person)
        told = history.about(conn, officer, stand_ins)
    return render_template(
        "people/one.html",
        nav_here="people.officers",
        shown=officer,
        stand_ins=stand_ins,
        steps=steps,
        history=told,
        bar=lacking("post"),
        itself=person == current_officer().person,
        phone=masked_phone(officer.phone),
        words=words,
        book=store.book(),
    )
