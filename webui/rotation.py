"""What constraints that only warn have counted: pairs too often together, long stays at a window, approval and
supervision by one (SOD-28, SOD-11). Nothing is refused by it; monitors look and ask."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from engine import clock
from engine.db import store
from engine.db.read import moves, officers, pairs
from engine.db.read.pairs import ROTATION, SUPERVISION
from engine.rules.cards import quarter_begins
from webui.language import pick
from webui.roles import MONITOR, role

bp = Blueprint("rotation", __name__)


@dataclass(frozen=True, kw_only=True)
class Pair:
    """A pair by name: decided together in `cases` of the item's `of`; `above`: more than the rule allows."""

    item: str
    one: str
    other: str
    cases: int
    of: int
    above: bool


@bp.get("/monitor/rotation", endpoint="counted")
@role(MONITOR)
def counted() -> ResponseReturnValue:
    """Show this quarter's pairs, those above the share first, and who has stayed long or done both."""
    book, today = store.book(), clock.local_date(clock.now())
    rotation, supervision = book.constraints.get(ROTATION), book.constraints.get(SUPERVISION)
    first = quarter_begins(today)
    with store.reading() as conn:
        found = pairs.counted(conn, rotation, first, today) if rotation else ()
        names = officers.names(conn, {person for each in found for person in (each.one, each.other)})
        items = {each.item: each.name for each in moves.versions(conn)}
        stays = pairs.stays(conn, rotation, today) if rotation else ()
        both = pairs.both(conn, supervision, today) if supervision else ()
    rows = [
        Pair(
            item=pick(items[each.item].name, items[each.item].name_en) if each.item in items else each.item,
            one=pick(names[each.one].name, names[each.one].name_en),
            other=pick(names[each.other].name, names[each.other].name_en),
            cases=each.cases,
            of=each.of,
            above=rotation is not None and pairs.above(each, rotation),
        )
        for each in found
    ]
    return render_template(
        "monitor/rotation.html",
        rows=sorted(rows, key=lambda row: not row.above),
        stays=stays,
        both=both,
        rotation=rotation,
        supervision=supervision,
        first=first,
    )
