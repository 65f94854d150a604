"""The shared tail of every command that moves a case: steps, marks, clocks, timers and lamps follow the tokens."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from engine.bpmn.run import Moved
from engine.commands import effects
from engine.commands.cases import Case
from engine.commands.clocks import end_clock, end_step_clock, start_step
from engine.commands.marks import reach, reach_all
from engine.commands.scoring import keep_score
from engine.commands.settling import Settling, case_days, settling, stops
from engine.commands.timers import arm_timers
from engine.db import cards, organs
from engine.db.context import Context
from engine.db.find import StepRow
from engine.db.organs import Organ
from engine.db.record import Change, Entry
from engine.model import CaseState, Event
from engine.rules.cards import SUBJECT

RECEIVED = "received"  # the mark that every filing reaches


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
    why: str = "",
) -> None:
    """Fill `change` with all that follows from a move.

    `completed`: the step that was done, with its outcome; other closed steps are cancelled, and `why` says by what.
    `form`: what was filled in, of that step or at filing; empty when nobody filled in anything.
    """
    now = settling(ctx, case, change, when=when, cause=cause, form=form)
    if not now.marks:
        reach(now, RECEIVED, now.on)
    _close_steps(now, moved.closed, completed, why)
    reach_all(now, moved, completed)
    keep_score(now)
    effects.take(now, moved)
    _open_steps(now, moved)
    if moved.ended is not None:
        end(now, CaseState.CLOSED, moved.ended)
    arm_timers(now, moved)
    change.case |= {"engine_state": moved.state}
    finish(now)


def finish(now: Settling) -> None:
    """Store marks, changed clocks and the days on which the case's lamp turns."""
    running = [clock for clock in now.clocks.values() if clock.ended_on is None]
    marks = json.dumps({name: on.isoformat() for name, on in now.marks.items()}, sort_keys=True)
    ctx = now.ctx
    days = case_days(running, lambda clock: stops(now, clock), ctx.calendar, ctx.book.thresholds)
    now.change.case |= {"marks_json": marks, **days}


def end(now: Settling, state: CaseState, result: str | None) -> None:
    """Close the case: every running clock ends, the state is set, the trace says so."""
    for clock in [clock for clock in now.clocks.values() if clock.ended_on is None]:
        end_clock(now, clock, now.on)
    now.change.case |= {"state": state.value, "result": result, "closed_at": now.when}
    if state is CaseState.CLOSED:
        facts = {"state": state.value, "result": result}
        now.change.trace(Entry(type=Event.CASE_CLOSED, facts=facts, outcome=result, by_actor=False))


def cancel_steps(now: Settling, steps: Iterable[StepRow], why: str) -> None:
    """Close open steps that nobody did."""
    for step in steps:
        now.change.steps[step.token] = _row(now.case, step) | {"closed_at": now.when}
        end_step_clock(now, step)
        facts = {"why": why}
        now.change.trace(Entry(type=Event.STEP_CANCELLED, step=step.path, facts=facts, by_actor=False))


def _close_steps(now: Settling, tokens: Sequence[str], completed: tuple[StepRow, str] | None, why: str) -> None:
    done = completed[0].token if completed else None
    cancel_steps(now, [s for s in now.case.open_steps if s.token in tokens and s.token != done], why)
    if completed:
        step, outcome = completed
        now.change.steps[step.token] = _row(now.case, step) | {"closed_at": now.when, "outcome": outcome}
        end_step_clock(now, step)


def _row(case: Case, step: StepRow) -> dict[str, Any]:
    names = ("token", "path", "round", "post", "organ", "opened_at", "due_on", "claimed_by", "claimed_at")
    return {"case_": case.id, **{name: getattr(step, name) for name in names}, "closed_at": None, "outcome": None}


def _open_steps(now: Settling, moved: Moved) -> None:
    if not moved.opened:
        return
    known = organs.by_id(now.ctx.conn)
    declared = now.case.program.item.steps
    card = (
        cards.of_case(now.ctx.conn, now.case.id) if SUBJECT in {declared[o.path].post for o in moved.opened} else None
    )
    for opened in moved.opened:
        step = declared[opened.path]
        post, organ = step.post, _organ(known, now.case.organ, step.organ)
        if card is not None and post == SUBJECT:
            post, organ = card.post, card.organ
        clock = start_step(now, step, opened.token)
        rounds = 1 + sum(s.path == opened.path for s in now.case.steps)
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
            "closed_at": None,
            "outcome": None,
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


def _organ(known: Mapping[int, Organ], start: int, level: str) -> int:
    """Return the nearest organ of the level up the tree; `case` is where the case was filed."""
    here = start
    while level != "case" and known[here].level != level and (above := known[here].parent) is not None:
        here = above
    return here
