"""What time does: fire a timer that is due, record that a limit has been overrun. Both may be asked twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from engine.bpmn import run
from engine.clock import day_start
from engine.commands import cases
from engine.commands.cases import Case
from engine.commands.clocks import overrun
from engine.commands.effects import forestalled
from engine.commands.settle import settle
from engine.commands.settling import clock_row
from engine.db import drafts, find, record
from engine.db.context import Context
from engine.db.find import TimerRow
from engine.db.record import Change, Entry
from engine.model import RUNNING, CaseState, Event
from engine.rules.halting import halting
from engine.rules.recounting import due


def fire_timer(ctx: Context, timer_id: int) -> bool:
    """Fire a timer at its legal instant, however late it is now; return False when it is not due any more.

    Its effects are dated at that instant (deemed acceptance on the day after the fifth working day: Administrative
    Licensing Law art. 32(1)(4)); the events keep the time at which they were written. A timer that follows a clock
    fires when the clock's last day has passed as it is counted now; what is stored may be out of date.
    """
    case = cases.of_timer(ctx, timer_id)
    timer = find.timer(ctx.conn, timer_id)
    if timer.fires_at is None or timer.fires_at > ctx.now:
        return False
    if timer.fired_at or timer.cancelled_at or case.state is not CaseState.OPEN:
        return False
    legal = _legal(ctx, case, timer, timer.fires_at)
    if legal is None or legal > ctx.now:
        waits = {"fires_at": legal} if legal else {"cancelled_at": ctx.now}
        record.save(ctx, case.id, case.version, case.head, Change(timers={timer.key: vars(timer) | waits}))
        return False
    change = Change(timers={timer.key: vars(timer) | {"fired_at": ctx.now}})
    facts = {"key": timer.key, "path": timer.path, "legal_at": record.instant(legal)}
    cause = change.trace(Entry(type=Event.TIMER_FIRED, step=timer.path, facts=facts))
    cases.moving(ctx, case)
    ctx.subject.step = timer.path
    moved = run.fire(case.program, case.engine_state, timer.token, timer.index)
    settle(ctx, case, moved, change, when=legal, cause=cause, form={}, why=timer.path)
    record.save(ctx, case.id, case.version, case.head, change)
    drafts.forget_of_steps(ctx.conn, [step.id for step in case.open_steps if step.token in moved.closed])
    return True


def _legal(ctx: Context, case: Case, timer: TimerRow, stored: datetime) -> datetime | None:
    """Return the instant at which a timer fires; None: never, for what its effect would answer was not silence."""
    if timer.clock is None:
        return stored
    time = find.time_of(ctx.conn, case.id)
    clock = time.clocks.get(timer.clock)
    if clock is None:
        return stored
    if forestalled(case, timer.path, clock):
        return None
    last = due(clock, halting(clock, time.stops, ctx.book.limits), ctx.calendar).on
    return max(day_start(last + timedelta(days=1)), stored)


def record_overrun(ctx: Context, clock_id: int) -> bool:
    """Record that a clock's last day has passed; return False when that is not so (any more)."""
    case = find.case_of_clock(ctx, clock_id)
    time = find.time_of(ctx.conn, case.id)
    clock = next(clock for clock in time.clocks.values() if clock.id == clock_id)
    last = due(clock, halting(clock, time.stops, ctx.book.limits), ctx.calendar)
    if clock.ended_on or clock.overrun_at or not clock.within or case.state not in RUNNING or ctx.today <= last.on:
        return False
    step = next((step.path for step in case.steps if step.id == clock.step), None)
    late = replace(clock, due_on=last.on, provisional=last.provisional, overrun_at=ctx.now)
    change = Change(
        clocks={clock.key: clock_row(case.id, late)},
        entries=[overrun(late, step)],
    )
    record.save(ctx, case.id, case.version, case.head, change)
    return True
