"""Take one's own completed step back, as long as nobody has used what came of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from engine import clock
from engine.bpmn import run
from engine.bpmn.program import Program
from engine.bpmn.run import Moved, NoUndo
from engine.clock import local_date
from engine.commands import cases
from engine.commands.cases import Case
from engine.commands.clocks import reopen
from engine.commands.permit import permit
from engine.commands.saying import say
from engine.commands.settle import cancel_steps, finish
from engine.commands.settling import settling, step_row
from engine.commands.timers import arm_again, arm_timers
from engine.db import drafts, record, undoing
from engine.db.context import Connection, Context
from engine.db.record import Change, Entry
from engine.db.undoing import Done
from engine.errors import CannotWithdraw, TimeFirst
from engine.model import ActKind, Assignment, CaseState, Event

WHY = "taken_back"  # why the steps that the completion had opened end


def withdraw_step(ctx: Context, step_id: int, *, reason: str) -> int:
    """Take back the completion of a step by the actor, who holds it again; return the case's id.

    Of a step that several signed it is the last signature; the others stand. The act stays and counts for separation.
    The step's clock runs on as if it had never ended; what came of the completion is cancelled.

    Raises:
        Refused: the actor may not act on the step any more.
        CannotWithdraw: somebody else completed it, or it cannot be undone.
        Invalid: no reason is given.
        TimeFirst: a timer is past its instant and has not fired yet.
        CaseClosed, CaseInFault, CaseMoved: as with a step.
    """
    case = cases.of_step(ctx, step_id, "withdraw_step")
    assignment = permit(ctx, case, replace(case.step(step_id), closed_at=None))
    if case.late:
        raise TimeFirst()
    found = undoing.done(ctx.conn, step_id)
    assert found is not None
    moved = _undone(case.program, found, ctx.person, ctx.today)
    if isinstance(moved, str):
        raise CannotWithdraw(why=moved)
    change = Change()
    _note(ctx, case, found, assignment, change, reason)
    _settle(ctx, case, found, moved, change)
    record.save(ctx, case.id, case.version, case.head, change)
    drafts.forget_of_steps(ctx.conn, [s.id for s in case.open_steps if s.token in moved.closed])
    return case.id


def withdrawable(conn: Connection, step_id: int, person: int) -> str | None:
    """Return why a person may not take a step back, as a code of `errors.undone.NO_WITHDRAWAL`; None: it is possible.

    Whether the person still holds the post is not asked here. For pages; reads only.
    """
    found = undoing.done(conn, step_id)
    if found is None or found.state is not CaseState.OPEN:
        return "open"
    program = cases.definition(conn, found.definition, found.sha256).program
    moved = _undone(program, found, person, local_date(clock.now()))
    return moved if isinstance(moved, str) else None


def _undone(program: Program, found: Done, person: int, today: date) -> Moved | str:
    """Return the move that takes a completion back, or the code of why there is none."""
    completed = found.completed_by()
    if found.step.closed_at is None or completed is None:
        return "open"
    if completed.person != person:
        return "not_yours"
    if found.kept is None:
        return "effect"
    try:
        moved = run.take_back(program, found.kept, found.engine_state)
    except NoUndo as error:
        return str(error)
    if not found.untouched(moved.closed):
        return "used"
    return "late" if found.ran_out(moved.closed, today) else moved


def _note(ctx: Context, case: Case, found: Done, assignment: Assignment, change: Change, reason: str) -> None:
    step = found.step
    commitment = say(ctx, case, step, assignment, change, ActKind.WITHDRAW, reason)
    change.trace(
        Entry(
            type=Event.STEP_WITHDRAWN,
            step=step.path,
            post=assignment.post,
            assignment=assignment.id,
            on_behalf=assignment.on_behalf_pseudonym,
            due_on=step.due_on,
            data=commitment,
            facts={"round": step.round},
        )
    )


def _settle(ctx: Context, case: Case, found: Done, moved: Moved, change: Change) -> None:
    """Fill `change` with what follows: the step opens again, its successors end, timers are as they were before."""
    now = settling(ctx, case, change, when=ctx.now, cause=change.entries[-1].id)
    cancel_steps(now, [s for s in case.open_steps if s.token in moved.closed], WHY)
    step = found.step
    due_on = reopen(now, step)
    held = {"claimed_by": ctx.person, "claimed_at": ctx.now, "due_on": due_on}
    change.steps[step.token] = step_row(case, step) | held
    arm_again(now, undoing.disarmed(ctx.conn, case.id, [f"{a.token}:{a.index}" for a in moved.armed]))
    arm_timers(now, replace(moved, armed=()))
    change.case |= {"engine_state": moved.state}
    finish(now)
