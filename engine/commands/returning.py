"""Send a step back to an earlier one: its block is done anew from there. What was said and done is kept and shown."""

from __future__ import annotations

from engine.bpmn import run
from engine.bpmn.program import Program
from engine.bpmn.run import Moved, NoReturn, NotThere
from engine.commands import cases
from engine.commands.cases import Case
from engine.commands.claims import own
from engine.commands.permit import permit
from engine.commands.saying import say
from engine.commands.settle import settle
from engine.db import drafts, memos, record, undoing
from engine.db.context import Connection, Context
from engine.db.find import StepRow
from engine.db.memos import Memo, MemoKind
from engine.db.record import Change, Entry
from engine.errors import CannotReturn, EngineFault, TimeFirst
from engine.model import ActKind, CaseState, Event

WHY = "returned"  # why the other steps of the block end


def return_step(ctx: Context, step_id: int, *, to: str, reason: str) -> int:
    """Send the step that the actor holds back to the step `to` (a path); return the case's id.

    Live steps of the block end, `to` opens in a new round with a new clock; the case's clocks run on, and no mark is
    reached twice (engine/bpmn/returning.py).

    Raises:
        Refused: the actor may not act on the step, or does not hold it.
        Invalid: no reason is given.
        CannotReturn: it is not declared, that step was not done in this case, or the flow does not allow it.
        StepClosed, CaseMoved: somebody was faster.
        TimeFirst: a timer is past its instant and has not fired yet.
    """
    case = cases.of_step(ctx, step_id, "return_step")
    step = case.step(step_id)
    assignment = permit(ctx, case, step)
    own(ctx, step)
    if case.late:
        raise TimeFirst()
    change = Change()
    commitment = say(ctx, case, step, assignment, change, ActKind.RETURN, reason)
    moved = _moved(case, step, to)
    facts = {"round": step.round, "to": to}
    entry = Entry(
        type=Event.STEP_RETURNED,
        step=step.path,
        post=assignment.post,
        assignment=assignment.id,
        on_behalf=assignment.on_behalf_pseudonym,
        due_on=step.due_on,
        data=commitment,
        facts=facts,
    )
    cause = change.trace(entry)
    settle(ctx, case, moved, change, when=ctx.now, cause=cause, form={}, returned=step, why=WHY)
    record.save(ctx, case.id, case.version, case.head, change)
    drafts.forget_of_steps(ctx.conn, [s.id for s in case.open_steps if s.token in moved.closed])
    did = [act.person for act in case.acts if act.path == to and act.kind is ActKind.COMPLETE]
    held = [s.claimed_by for s in case.open_steps if s.token in moved.closed and s.claimed_by is not None]
    memos.tell(ctx, [Memo(person=p, kind=MemoKind.RETURN, case=case.id, text=reason.strip()) for p in (*did, *held)])
    return case.id


def returnable(conn: Connection, step_id: int) -> tuple[str, ...]:
    """Return the paths of the steps that an open step may be sent back to now, as declared. For pages; reads only."""
    found = undoing.done(conn, step_id)
    if found is None or found.step.closed_at is not None or found.state is not CaseState.OPEN:
        return ()
    program = cases.definition(conn, found.definition, found.sha256).program
    done = _done(found.steps)
    declared = [to for to in program.item.steps[found.step.path].returns if to in done]
    return tuple(to for to in declared if _can(program, found.engine_state, found.step.token, to))


def _moved(case: Case, step: StepRow, to: str) -> Moved:
    steps = case.program.item.steps
    name = steps[to].name if to in steps else to
    if to not in steps[step.path].returns:
        raise CannotReturn(to=name, why="undeclared")
    if to not in _done(case.steps):
        raise CannotReturn(to=name, why="not_done")
    try:
        return run.back(case.program, case.engine_state, step.token, to)
    except NoReturn as error:
        raise CannotReturn(to=name, why="flow") from error


def _done(steps: tuple[StepRow, ...]) -> set[str]:
    return {step.path for step in steps if step.outcome is not None}


def _can(program: Program, state: bytes, token: str, to: str) -> bool:
    try:
        run.back(program, state, token, to)
    except (NoReturn, NotThere, EngineFault):
        return False
    return True
