"""Lets the one notice of what to supplement pass; another only about what came since."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.clock import local_date
from engine.commands.cases import Case
from engine.db import corrections
from engine.db.context import Context
from engine.model import Step
from engine.rules import correcting


def permit_notice(ctx: Context, case: Case, step: Step, outcome: str, form: Mapping[str, Any]) -> None:
    """Make sure that doing the step with this outcome gives no notice too many, whatever the flow draws.

    Given are those of the documents, and those of steps done before documents were kept.

    Raises:
        OneCorrection: a notice was given, and a defect named now is not of something that was supplied since.
    """
    if not correcting.gives_notice(step, outcome):
        return
    steps = case.program.item.steps
    given = [
        done.closed_at
        for done in case.steps
        if done.closed_at and done.path in steps and correcting.gives_notice(steps[done.path], done.outcome)
    ]
    last = max([*given, *([case.told_at] if case.told_at else [])], default=None)
    if last is None:
        return
    supplied = correcting.came(corrections.written(ctx.conn, case.id), steps)
    if refusal := correcting.refusal(local_date(last), supplied, form.get(correcting.DEFECTS, ())):
        raise refusal
