"""What follows once a step is done: its tokens move, the case is settled and saved."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.bpmn import run
from engine.bpmn.run import Moved
from engine.commands import cases, forms
from engine.commands.cases import Case
from engine.commands.settle import settle
from engine.db import drafts, record
from engine.db.context import Context
from engine.db.find import StepRow
from engine.db.record import Change


def finish(
    ctx: Context,
    case: Case,
    step: StepRow,
    change: Change,
    *,
    outcome: str,
    form: Mapping[str, Any],
    cause: str,
    holder: Context | None = None,
) -> Moved:
    """Move the case on by the outcome of a step, settle and save it. `cause`: id of the event that says it is done.

    `holder`: the context of who did the step, where the actor only gave the last opinion on it.
    """
    decides = forms.decides(case.source, step.path, form)
    cases.moving(ctx, case)
    moved = run.complete(case.program, case.engine_state, step.token, outcome, decides)
    done = (step, outcome)
    settle(holder or ctx, case, moved, change, when=ctx.now, cause=cause, form=form, completed=done, why=step.path)
    record.save(ctx, case.id, case.version, case.head, change)
    drafts.forget_of_steps(ctx.conn, [s.id for s in case.open_steps if s.token in moved.closed])
    return moved
