"""The shortages of the next 30 days: which items an organ cannot do, by the leave and posts that are on record."""

from __future__ import annotations

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine import clock
from engine.commands.staffing import Shortage, shortages
from engine.db import store
from engine.db.read import choices
from webui import staffing
from webui.language import day_or_today, pick
from webui.roles import OFFICERS, role

bp = Blueprint("ahead", __name__, url_prefix="/staffing")


@bp.get("/ahead", endpoint="listed")
@role(*OFFICERS)
def listed() -> ResponseReturnValue:
    """List the shortages, of one `item` and in one `organ` if they are named. htmx gets the list alone."""
    item, organ = request.args.get("item", ""), request.args.get("organ", "")
    today = clock.local_date(clock.now())
    with store.reading() as conn:
        found = shortages(conn, today, item=item, organ=organ)
        names = {each.key: each.name for each in choices.items(conn)}
    return render_template(
        "staffing/ahead.html" if request.headers.get("HX-Request") else "staffing/ahead_page.html",
        nav_here="rotation.counted",
        found=found,
        key=item,
        item_word=lambda key: pick(names[key].name, names[key].name_en),
        said=staffing.said,
        url=_url,
        when=lambda on: day_or_today(on, today),
    )


def _url(found: Shortage) -> str:
    """Return the staffing page of the item in the organ on the first day."""
    today = clock.local_date(clock.now())
    on = found.first.isoformat() if found.first > today else None
    return url_for("staffing.item", item=found.item, organ=found.organ.code, on=on)
