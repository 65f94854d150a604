"""What an officer may ask for in a case beside its steps: more time, a special procedure; and asking for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from engine import commands
from engine.db import store
from engine.db.read import casefile
from engine.db.read.casefile import CaseFile
from engine.db.read.people import Officer
from engine.db.store import Connection
from engine.model import Item
from engine.rules import permission, raising
from webui import definitions
from webui.language import gettext, pick
from webui.messages import message as words_of
from webui.roles import DESK, MONITOR, current_actor, current_officer, role
from webui.window import timeline
from webui.window.blueprint import bp


@dataclass(frozen=True, kw_only=True)
class Request:
    """A message as a button. `who`: the post and organ that may; `why`: why this officer may not, or not now.

    `timed`: it asks for a stop or for more time, which another person approves.
    """

    message: str
    name: str
    who: str
    why: str
    timed: bool


def requests(conn: Connection, officer: Officer, case: CaseFile, of: Item, today: date) -> list[Request]:
    """Return what the flow of an open case waits for, each with the reason where it is barred."""
    if case.closed_at is not None or case.fault or not of.raised:
        return []
    book, found = store.book(), []
    clocks = {clock.key: clock for clock in case.clocks}
    for raised in commands.awaited(conn, case.definition, case.sha256, case.engine_state):
        organ = timeline.organ_of(case.organs, case.organ, raised.organ)
        asked = timeline.task(case, of, book, raised.path, raised.post, organ)
        refusal = permission.bar(officer.person, officer.assignments, asked, book.exclusions, officer.standing)
        refusal = refusal or raising.bar(of, raised, clocks, case.stops, case.acts, book, today)
        found.append(
            Request(
                message=raised.message,
                name=pick(raised.name, raised.name_en),
                who=f"{asked.post_name} · {asked.organ_name}",
                why=words_of(refusal) if refusal else "",
                timed=any(step.stop or step.extend for step in raising.steps(of, raised)),
            )
        )
    return found


@bp.post("/cases/<int:case_id>/messages/<message>")
@role(DESK, MONITOR)
def deliver(case_id: int, message: str) -> ResponseReturnValue:
    """Ask for something in a case; then show the step that opens."""
    with store.begin(current_actor()) as ctx:
        commands.deliver(ctx, case_id, message)
    with store.reading() as conn:
        found = casefile.of_case(conn, current_officer(), case_id)
        of = definitions.item(conn, found.definition, found.sha256)
    raised = next(each for each in of.raised if each.message == message)
    flash(gettext("已提出“%(name)s”，请认领填写。", name=pick(raised.name, raised.name_en)))
    opened = {step.path for step in raising.steps(of, raised)}
    following = [step.id for step in found.steps if step.closed_at is None and step.path in opened]
    if following:
        return redirect(url_for("window.step", step_id=following[-1]), 303)
    return redirect(url_for("window.case", case_id=case_id), 303)
