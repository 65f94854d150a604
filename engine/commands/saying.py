"""What somebody said with an act that is no completion: the act, the words, and what the trace keeps of them."""

from __future__ import annotations

from engine.commands import forms
from engine.commands.cases import Case
from engine.db import record
from engine.db.context import Context
from engine.db.find import StepRow
from engine.db.record import Change
from engine.errors import Invalid
from engine.model import ActKind, Assignment


def say(
    ctx: Context, case: Case, step: StepRow, assignment: Assignment, change: Change, kind: ActKind, reason: str
) -> str:
    """Add an act on a step with its reason; return the commitment to the words.

    Raises:
        Invalid: no reason is given.
    """
    if not reason.strip():
        raise Invalid(findings=(forms.finding(kind.value, "reason", "say why", "reason"),))
    body = forms.text({"form": {}, "opinion": reason.strip()})
    salt, commitment = record.payload(body.encode())
    told = {"case_": case.id, "step": step.id, "path": step.path, "person": ctx.person, "at": ctx.now}
    change.acts.append(
        {
            **told,
            "on_behalf_of": assignment.on_behalf,
            "assignment": assignment.id,
            "kind": kind.value,
            "outcome": None,
        }
    )
    change.forms.append({**told, "body_json": body, "salt": salt})
    return commitment
