"""Open cases that nobody can finish: once a proposal is approved, and as things are. Told, and never in the way."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, g, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine import clock
from engine.commands.staffing import changes
from engine.commands.staffing.stuck import StuckCase, stuck, stuck_now
from engine.db import store
from engine.db.read import case as cases
from engine.db.read.proposals import Whole
from engine.db.store import Connection
from webui import words
from webui.language import pick
from webui.roles import AUDIT, MONITOR, current_officer, role
from webui.staffing import said

bp = Blueprint("stuck", __name__)
SHOWN = 50  # cases that are listed
FEW = 5  # so many are seen at once; more are unfolded


@dataclass(frozen=True, kw_only=True)
class Row:
    """A case in words. `url`, `why` and `holders` are empty for who may not see into it (SOD-26)."""

    number: str
    item: str
    organ: str
    steps: str
    url: str = ""
    why: str = ""
    holders: str = ""


@dataclass(frozen=True, kw_only=True)
class Group:
    """The cases that are stuck at the same step for the same reason; `rows`: those of them that are listed."""

    steps: str
    why: str
    total: int
    rows: Sequence[Row]


@bp.get("/monitor/stuck", endpoint="now")
@role(MONITOR, AUDIT)
def now() -> ResponseReturnValue:
    """List the open cases that nobody can finish now; htmx gets the list alone, and nothing where there is none."""
    with store.reading() as conn:
        found = stuck_now(conn)
        rows = _rows(conn, found.cases)
    return render_template(
        f"stuck/now{'' if request.headers.get('HX-Request') else '_page'}.html",
        nav_here="monitor.board",
        unseen=found.unseen,
        **_listed(rows),
    )


def address(found: Whole) -> str:
    """Return where the cases are listed that nobody could finish once this is approved; empty: there can be none."""
    asks = found.waits and changes.takes(found.kind, json.loads(found.body_json))
    return url_for("office.stuck", proposal=found.id) if asks else ""


def proposed(conn: Connection, found: Whole) -> dict[str, Any]:
    """Return what the template about a proposal asks for: `_listed`, `unseen`, `on`, and if it is for a while."""
    today = clock.local_date(clock.now())
    change = changes.change(conn, found.kind, json.loads(found.body_json), today)
    if change is None:
        return {**_listed([]), "unseen": 0, "on": today, "away": False}
    told = stuck(conn, change)
    rows = _rows(conn, told.cases)
    return {**_listed(rows), "unseen": told.unseen, "on": told.on, "away": change.absences}


def _listed(rows: Sequence[Row]) -> dict[str, Any]:
    """Return the cases by what they are stuck for, how many are listed and how many there are, and if they are few."""
    found: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        found.setdefault((row.steps, row.why), []).append(row)
    groups, left = [], SHOWN
    for (steps, why), alike in found.items():
        groups.append(Group(steps=steps, why=why, total=len(alike), rows=alike[:left]))
        left = max(0, left - len(alike))
    return {"groups": groups, "shown": min(SHOWN, len(rows)), "total": len(rows), "few": len(rows) <= FEW}


def _rows(conn: Connection, found: Sequence[StuckCase]) -> list[Row]:
    """Return the cases, without complaints about the reader (SOD-21)."""
    reader = current_officer().person
    return [_row(conn, each, reader) for each in found if not cases.kept_from(conn, each.number, reader)]


def _row(conn: Connection, found: StuckCase, reader: int) -> Row:
    facts = {
        "number": found.number,
        "item": said(found.item),
        "organ": pick(found.organ.name, found.organ.name_en),
        "steps": words.joined(said(each) for each in found.steps),
    }
    if not ({MONITOR, AUDIT} & g.audiences or cases.touched(conn, found.id, reader)):
        return Row(**facts)
    return Row(
        **facts,
        url=url_for("monitor.case", number=found.number),
        why=said(found.why),
        holders=words.joined(pick(each.name, each.name_en) for each in found.holders),
    )
