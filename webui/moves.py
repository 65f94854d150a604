"""Propose to move running cases to another version: versions with their cases, the plan case by case, the form."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine import commands
from engine.commands.moving import KIND, MOST, PROPOSERS
from engine.db import store
from engine.db.read import moves, proposals
from engine.db.read.moves import Version
from engine.errors import Invalid, NotFound, NotYourRole, Refused, Stale
from engine.model import CaseState
from webui import words
from webui.errors import status_of
from webui.language import gettext
from webui.messages import message
from webui.office_moves import Versions
from webui.roles import ADMIN, current_actor, current_officer, role

bp = Blueprint("moves", __name__, url_prefix="/office/moves")


@dataclass(frozen=True, kw_only=True)
class Row:
    """A running case: `why` it cannot move, else empty; `notes`: worth knowing; `in_fault`: it wants a repair, too."""

    number: str
    steps: str
    version: int
    why: tuple[str, ...]
    notes: tuple[str, ...]
    in_fault: bool


@bp.get("", endpoint="items")
@role(ADMIN)
def listed() -> ResponseReturnValue:
    """List the items with the versions that cases run on."""
    with store.reading() as conn:
        found = moves.versions(conn)
    items = [list(versions) for _, versions in groupby(found, lambda each: each.item)]
    return render_template("admin/move_items.html", items=[(each[0], _shown(each, each[0].version)) for each in items])


@bp.get("/<item>/<int:to>")
@role(ADMIN)
def plan(item: str, to: int) -> ResponseReturnValue:
    """Show what a move to this version would do with each running case of the item, with the form to propose it."""
    return _plan(item, to)


@bp.post("/<item>/<int:to>")
@role(ADMIN)
def propose(item: str, to: int) -> ResponseReturnValue:
    """Propose to move the cases that are ticked; the ticks stay on the page when it is refused."""
    ticked = request.form.getlist("case")
    if not ticked:
        return _plan(item, to, gettext("请至少勾选一件。"), ticked), 422
    try:
        with store.begin(current_actor()) as ctx:
            made = commands.propose_move(ctx, item, to, ticked)
    except (Invalid, NotFound) as error:
        return _plan(item, to, gettext("勾选的办件里有的刚刚变了，或者太多；下面是最新的计划。"), ticked), status_of(
            error
        )
    except (Refused, Stale) as error:
        about = f"{ctx.subject.chain} " if ctx.subject.chain else ""
        return _plan(item, to, about + message(error), ticked), status_of(error)
    flash(gettext("提议已记下，第 %(number)d 号；等另一个人批准后执行。", number=made))
    return redirect(url_for("office.proposal", proposal=made), 303)


def _shown(versions: Sequence[Version], to: int) -> list[Version]:
    """Return the versions worth showing, the newest first: in force, chosen, or with running cases."""
    return [each for each in versions if each.running or each.version in (versions[0].version, to)]


def _plan(item: str, to: int, notice: str = "", ticked: Sequence[str] | None = None) -> str:
    book = store.book()
    with store.reading() as conn:
        versions = moves.versions(conn, item)
        names = Versions(conn=conn, by_number={each.version: each for each in versions}, to=to)
        if to not in names.by_number:
            abort(404)
        found = commands.plan_move(conn, item, to)
        waiting = [each for each in proposals.waiting(conn) if (each.kind, each.about) == (KIND, item)]
        changes = names.changes(case.version for case in found)
        states = moves.states(conn, [case.number for case in found])
        rows = [
            Row(
                number=case.number,
                steps=names.steps(case.steps, case.version),
                version=case.version,
                why=tuple(names.sentence(fault, case.version) for fault in case.faults),
                notes=tuple(names.sentence(note, case.version) for note in case.notes),
                in_fault=states[case.number][0] is CaseState.FAULT,
            )
            for case in found
        ]
    able = [row.number for row in rows if not row.why]
    if ticked is None:
        ticked = [] if request.args.get("tick") == "none" else able[:MOST]
    lacking = not any(each.post in PROPOSERS for each in current_officer().assignments)
    posts = words.joined(words.post(post, book) for post in PROPOSERS)
    return render_template(
        "admin/move.html",
        nav_here="moves.items",
        versions=_shown(versions, to),
        chosen=names.by_number[to],
        newest=versions[0].version,
        changes=changes,
        rows=sorted(rows, key=lambda row: bool(row.why)),
        able=len(able),
        most=MOST,
        ticked=frozenset(ticked),
        waiting=waiting,
        notice=notice,
        bar=message(NotYourRole(posts=posts)) if lacking else "",
    )
