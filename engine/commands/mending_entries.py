"""Fields of a form that was handed in are corrected: the new form stands beside the former one, and both stay."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.commands import forms
from engine.commands.cases import Case
from engine.commands.involved import written
from engine.db import people, recorded
from engine.db.context import Context
from engine.db.filled import CORRECTS, FILING
from engine.db.find import StepRow
from engine.db.record import Change, Entry
from engine.db.recorded import Entered
from engine.errors import CaseMoved
from engine.model import Assignment, Event
from engine.rules import mending
from engine.rules.mending import refused

WHAT = "entry"


def proposed(ctx: Context, case: Case, path: str, fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is proposed: the form's row, and the fields with their former and new values.

    Raises:
        NotCorrectable: the form is not handed in, a field is bound, or a document rests on it.
        Invalid: with the new values the form does not fit its schema.
    """
    entry = _entered(ctx, case, path)
    changed = {name: value for name, value in fields.items() if entry.form.get(name) != value}
    if not changed:
        raise refused(mending.SAME)
    _free(ctx, case, entry, changed)
    _fits(case, entry, changed)
    before = {name: entry.form.get(name) for name in changed}
    return {"what": WHAT, "path": path, "form": entry.id, "before": before, "after": changed}


def correct(ctx: Context, case: Case, proposal: int, body: Mapping[str, Any], post: Assignment, change: Change) -> str:
    """Fill `change` with the corrected form; return the path of the form.

    Raises:
        CaseMoved: the form was corrected since this was proposed.
        NotCorrectable, Invalid: it cannot be corrected any more.
    """
    path, changed = str(body["path"]), body["after"]
    entry = _entered(ctx, case, path)
    if entry.id != body["form"]:
        raise CaseMoved()
    _free(ctx, case, entry, changed)
    form = _fits(case, entry, changed)
    row, commitment = written(ctx, case, path, {**entry.body, "form": form, CORRECTS: entry.id}, entry.step)
    change.forms.append(row)
    change.trace(
        Entry(
            type=Event.ENTRY_CORRECTED,
            step=path,
            post=post.post,
            assignment=post.id,
            data=commitment,
            facts={"proposal": proposal, "path": path},
        )
    )
    change.case |= _named(case, path, form, changed)
    return path


def _entered(ctx: Context, case: Case, path: str) -> Entered:
    entry = recorded.entered(ctx.conn, case.id, path)
    if entry is None or (path != FILING and path not in case.program.item.steps):
        raise refused(mending.NO_FORM, path)
    if (step := _step(case, entry)) and step.closed_at is None:
        raise refused(mending.STEP_OPEN)
    return entry


def _step(case: Case, entry: Entered) -> StepRow | None:
    return next((step for step in case.steps if step.id == entry.step), None)


def _free(ctx: Context, case: Case, entry: Entered, changed: Mapping[str, Any]) -> None:
    """Make sure that nothing has moved by these fields, and no document says them."""
    schema = case.source.forms.get(entry.path, {}).get("properties", {})
    item = case.program.item
    days = {mark.date for at in (*item.marks.values(), *(s.marks for s in item.steps.values())) for mark in at}
    asked = {r.request for s in item.steps.values() for r in (s.stop, s.extend) if r is not None}
    for name in changed:
        field = schema.get(name, {})
        if field.get("x-decides"):
            raise refused(mending.DECIDES, name)
        if name in days:
            raise refused(mending.IS_MARK, name)
        if entry.path in asked and name.startswith(("stop_", "extend_")):
            raise refused(mending.MOVED_CLOCKS, name)
        if "x-about" in field:
            raise refused(mending.COMPLAINED, name)
        if field.get("x-amount") and _decided_by_tier(case):
            raise refused(mending.BY_TIER)
    if numbers := recorded.resting(ctx.conn, case.id, {name: entry.form.get(name) for name in changed}):
        raise refused(mending.IN_DOCUMENT, ", ".join(numbers))


def _decided_by_tier(case: Case) -> bool:
    steps = case.program.item.steps
    return any(step.closed_at and step.path in steps and steps[step.path].tier for step in case.steps)


def _fits(case: Case, entry: Entered, changed: Mapping[str, Any]) -> dict[str, Any]:
    step = _step(case, entry)
    form = {name: value for name, value in (entry.form | dict(changed)).items() if value is not None}
    forms.check(case.source, entry.path, form, step.outcome if step else None)
    return form


def _named(case: Case, path: str, form: Mapping[str, Any], changed: Mapping[str, Any]) -> dict[str, Any]:
    """Return title and amount of the case where they come from a field that is corrected."""
    found: dict[str, Any] = {}
    if path != FILING:
        return found
    title = str(case.source.facts.get("title_field", ""))
    if title in changed:
        found["title"] = str(form.get(title, "")) or people.masked("natural", case.applicant_name)
    for name, field in case.source.forms.get(path, {}).get("properties", {}).items():
        if field.get("x-amount") and name in changed:
            found["amount"] = form.get(name)
    return found
