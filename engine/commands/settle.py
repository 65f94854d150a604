"""The shared tail of every command that moves a case: steps, marks, clocks, timers and lamps follow the tokens."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from engine.bpmn import undo
from engine.bpmn.run import Moved
from engine.commands import documents, effects
from engine.commands.cases import Case
from engine.commands.clocks import end_clock, end_step_clock, start_step
from engine.commands.extending import extend
from engine.commands.marks import reach, reach_all
from engine.commands.scoring import keep_score
from engine.commands.settling import Settling, case_days, done_row, settling, step_row, stops
from engine.commands.stopping import stop_and_resume
from engine.commands.timers import arm_timers
from engine.db import cards, organs
from engine.db.context import Context
from engine.db.find import StepRow
from engine.db.record import Change, Entry
from engine.model import CaseState, ClockKind, Event
from engine.rules.cards import SUBJECT

RECEIVED = "received"  # the mark that every filing reaches
RETURNED = "returned"  # how a step ended that was sent back
CLOCKS = (Event.CLOCK_STARTED, Event.CLOCK_ENDED, Event.CLOCK_OVERRUN)
OPINIONS = (Event.STEP_ADVISED, Event.SIGNER_REMOVED)  # the last of them may end a step that was signed before
# what a completion may do and still be taken back
WITHIN = {Event.STEP_COMPLETED, Event.STEP_OPENED, *OPINIONS, *CLOCKS}


def settle(
    ctx: Context,
    case: Case,
    moved: Moved,
    change: Change,
    *,
    when: datetime,
    cause: str,
    form: Mapping[str, Any],
    completed: tuple[StepRow, str] | None = None,
    returned: StepRow | None = None,
    why: str = "",
) -> Settling:
    """Fill `change` with all that follows from a move; return the case as it stands then.

    `completed`: the step that was done, with its outcome; `returned`: the step that was sent back. Other closed steps
    are cancelled, and `why` says by what.
    `form`: what was filled in, of that step or at filing; empty when nobody filled in anything.
    """
    now = settling(ctx, case, change, when=when, cause=cause, form=form)
    if not now.marks:
        reach(now, RECEIVED, now.on)
    _close_steps(now, moved.closed, completed, returned, why)
    reach_all(now, moved, completed)
    keep_score(now)
    effects.take(now, moved)
    stop_and_resume(now, completed)
    extend(now, completed)
    _open_steps(now, moved)
    if moved.ended is not None:
        end(now, CaseState.CLOSED, moved.ended)
    arm_timers(now, moved)
    documents.make(now, moved, completed)
    if completed:
        change.steps[completed[0].token]["undo"] = _undo(now, moved, completed[0])
    change.case |= {"engine_state": moved.state}
    finish(now)
    return now


def finish(now: Settling) -> None:
    """Store marks, changed clocks and the days on which the case's lamp turns."""
    running = [clock for clock in now.clocks.values() if clock.ended_on is None]
    marks = json.dumps({name: on.isoformat() for name, on in now.marks.items()}, sort_keys=True)
    ctx = now.ctx
    days = case_days(running, lambda clock: stops(now, clock), ctx.calendar, ctx.book.thresholds)
    now.change.case |= {"marks_json": marks, **days}


def end(now: Settling, state: CaseState, result: str | None) -> None:
    """Close the case: every running clock ends, the state is set, the trace says so, and nothing is taken back."""
    for clock in [clock for clock in now.clocks.values() if clock.ended_on is None]:
        end_clock(now, clock, now.on)
    now.change.case |= {"state": state.value, "result": result, "closed_at": now.when}
    for step in now.case.steps:
        if step.outcome is not None:
            now.change.steps.setdefault(step.token, done_row(now.case, step))
    if state is CaseState.CLOSED:
        facts = {"state": state.value, "result": result}
        now.change.trace(Entry(type=Event.CASE_CLOSED, facts=facts, outcome=result, by_actor=False))


def cancel_steps(now: Settling, steps: Iterable[StepRow], why: str) -> None:
    """Close open steps that nobody did."""
    for step in steps:
        now.change.steps[step.token] = step_row(now.case, step) | {"closed_at": now.when, "ended_by": why}
        end_step_clock(now, step)
        facts = {"why": why}
        now.change.trace(Entry(type=Event.STEP_CANCELLED, step=step.path, facts=facts, by_actor=False))


def _close_steps(
    now: Settling,
    tokens: Sequence[str],
    completed: tuple[StepRow, str] | None,
    returned: StepRow | None,
    why: str,
) -> None:
    done = {step.token for step in (completed[0] if completed else None, returned) if step}
    cancel_steps(now, [s for s in now.case.open_steps if s.token in tokens and s.token not in done], why)
    if returned:
        row = step_row(now.case, returned)
        now.change.steps[returned.token] = row | {"closed_at": now.when, "ended_by": RETURNED}
        end_step_clock(now, returned)
    if completed:
        step, outcome = completed
        now.change.steps[step.token] = step_row(now.case, step) | {"closed_at": now.when, "outcome": outcome}
        end_step_clock(now, step)


def _undo(now: Settling, moved: Moved, step: StepRow) -> bytes | None:
    """Return what takes the completion of a step back (engine/bpmn/undo.py); None when it is not to be taken back.

    So it is where it had an effect in law, handed a paper over, sent something outside, or ended other steps.
    """
    clocks = {entry.facts["kind"] for entry in now.change.entries if entry.type in CLOCKS}
    inward = {entry.type for entry in now.change.entries} <= WITHIN and clocks <= {ClockKind.STEP}
    alone = set(moved.closed) <= {step.token} and not moved.sent
    if not inward or not alone or now.case.program.item.steps[step.path].serves:
        return None
    return undo.pair(now.case.engine_state, moved.state)


def _open_steps(now: Settling, moved: Moved) -> None:
    if not moved.opened:
        return
    known, declared, new = now.organs, now.case.program.item.steps, set[str]()
    card = (
        cards.of_case(now.ctx.conn, now.case.id) if SUBJECT in {declared[o.path].post for o in moved.opened} else None
    )
    for opened in moved.opened:
        step = declared[opened.path]
        post, organ = step.post, organs.nearest(known, now.case.organ, step.organ)
        if card is not None and post == SUBJECT:
            post, organ = card.post, card.organ
        clock = start_step(now, step, opened.token)
        before = [s.path for s in now.case.steps] + [r["path"] for r in now.change.steps.values() if r["token"] in new]
        rounds = 1 + before.count(opened.path)  # instances that open together are rounds of their own
        new.add(opened.token)
        now.change.steps[opened.token] = {
            "case_": now.case.id,
            "token": opened.token,
            "path": opened.path,
            "round": rounds,
            "post": post,
            "organ": organ,
            "opened_at": now.when,
            "due_on": clock.due_on if clock else None,
            "claimed_by": None,
            "claimed_at": None,
            "lent": False,
            **dict.fromkeys(("closed_at", "outcome", "ended_by", "undo")),
        }
        facts = {
            "opened_by": now.cause,
            "path": opened.path,
            "round": rounds,
            "limit": step.days,
            "post_organ": known[organ].code,
        }
        now.change.trace(
            Entry(
                type=Event.STEP_OPENED,
                step=opened.path,
                post=post,
                facts=facts,
                by_actor=False,
                due_on=clock.due_on if clock else None,
            )
        )
