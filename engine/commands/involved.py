"""Who is involved in a case: whoever has acted in it or holds a step of it, and whose post it waits for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.commands import forms
from engine.commands.cases import Case
from engine.db import record
from engine.db.context import Context
from engine.db.memos import MOST
from engine.errors import ComplainedOf, Invalid, OwnCase
from engine.model import Assignment
from engine.rules.permission import concerns, held


def has_hand(person: int, case: Case) -> bool:
    """Return whether a person has acted in the case, himself or through a stand-in, or holds an open step of it."""
    acted = any(person in (act.person, act.on_behalf) for act in case.acts)
    return acted or any(step.claimed_by == person for step in case.open_steps)


def waits_for(ctx: Context, case: Case) -> Assignment | None:
    """Return the actor's post that an open step of the case waits for, if any."""
    found = (held(ctx.assignments, step.post, step.organ, case.item, step.lent) for step in case.open_steps)
    return next((post for post in found if post is not None), None)


def own_post(ctx: Context, *posts: str) -> Assignment | None:
    """Return the actor's first own post among these; without any named, the first own post at all."""
    own = (a for a in ctx.assignments if a.on_behalf is None)
    return next((a for a in own if not posts or a.post in posts), None)


def not_own(ctx: Context, case: Case) -> None:
    """Make sure that the actor is not a party to the case, nor complained of in it.

    Raises:
        OwnCase: the actor is the applicant or the agent (Civil Servants Law art. 76).
        ComplainedOf: it is a complaint about the actor (SOD-21).
    """
    if ctx.person in (case.applicant, case.agent):
        raise OwnCase(basis="SOD-31")
    if case.complained and concerns(ctx.person, ctx.assignments, case.complained):
        raise ComplainedOf(basis=case.complained.rule)


def said(verb: str, field: str, text: str) -> str:
    """Return what was written, without spaces around it.

    Raises:
        Invalid: nothing was, or too much.
    """
    words = text.strip()
    if not words:
        raise Invalid(findings=(forms.finding(verb, field, "say it in words"),))
    if len(words) > MOST:
        raise Invalid(findings=(forms.finding(verb, field, f"say it in at most {MOST} characters"),))
    return words


def written(
    ctx: Context, case: Case, path: str, what: Mapping[str, Any], step: int | None = None
) -> tuple[dict[str, Any], str]:
    """Return the row of what the actor wrote at a path, erasable, and the commitment to it for the trace."""
    body = forms.text(what)
    salt, commitment = record.payload(body.encode())
    row = {
        "case_": case.id,
        "step": step,
        "path": path,
        "person": ctx.person,
        "body_json": body,
        "salt": salt,
        "at": ctx.now,
    }
    return row, commitment
