"""How what somebody does on a step is noted: the act, what was written, and by whose post the event says it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.commands import forms
from engine.commands.cases import Case
from engine.db import record
from engine.db.context import Context
from engine.db.find import StepRow
from engine.db.record import Change
from engine.errors import Invalid
from engine.model import ActKind, Assignment


def by(assignment: Assignment | None) -> dict[str, Any]:
    """Return what an event says of the post by which something was done, and of the person whose post it is."""
    if assignment is None:
        return {"post": None, "assignment": None}
    return {"post": assignment.post, "assignment": assignment.id, "on_behalf": assignment.on_behalf_pseudonym}


def act(
    ctx: Context,
    case: Case,
    step: StepRow,
    assignment: Assignment | None,
    kind: ActKind,
    outcome: str | None = None,
) -> dict[str, Any]:
    """Return the act as a row: by the actor, and for the person whose stand-in the actor is."""
    return {
        "case_": case.id,
        "step": step.id,
        "path": step.path,
        "person": ctx.person,
        "on_behalf_of": assignment.on_behalf if assignment else None,
        "assignment": assignment.id if assignment else None,
        "kind": kind.value,
        "outcome": outcome,
        "at": ctx.now,
    }


def written(ctx: Context, case: Case, step: StepRow, change: Change, what: Mapping[str, Any], path: str = "") -> str:
    """Keep what was written, which can be erased; return the commitment that stays. `path`: not the step's own form."""
    body = forms.text(what)
    salt, commitment = record.payload(body.encode())
    change.forms.append(
        {
            "case_": case.id,
            "step": step.id,
            "path": path or step.path,
            "person": ctx.person,
            "body_json": body,
            "salt": salt,
            "at": ctx.now,
        }
    )
    return commitment


def said(what: str, name: str, message: str) -> str:
    """Return a text without blanks around it.

    Raises:
        Invalid: nothing is left; `name` is the field, `message` what to do.
    """
    if not (text := what.strip()):
        raise Invalid(findings=(forms.finding(name, name, message),))
    return text
