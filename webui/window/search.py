"""Find a case by its number or title."""

from __future__ import annotations

import math

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.db import store
from engine.db.read import desk as read
from webui import definitions
from webui.roles import DESK, current_officer, role
from webui.window.blueprint import bp
from webui.window.lists import page_asked


@bp.get("/search")
@role(DESK)
def search() -> ResponseReturnValue:
    """List the cases that hold the words, as far as they are mine to see."""
    words, page = request.args.get("q", "").strip()[:100], page_asked()
    with store.reading() as conn:
        found, total = read.search(conn, current_officer(), words, page) if words else ((), 0)
        names = {f.case: definitions.item(conn, f.definition, f.sha256) for f in found}
    return render_template(
        "window/search.html",
        words=words,
        found=found,
        items=names,
        item_name=definitions.item_name,
        end_name=definitions.end_name,
        total=total,
        page=page,
        pages=math.ceil(total / read.PAGE),
        page_url=lambda number: url_for("window.search", q=words, page=number),
    )
