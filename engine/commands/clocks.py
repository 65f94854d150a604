"""Clocks are started and ended; steps have clocks of their own. Every start and end is traced."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from engine.commands.settling import Settling, keep, step_row, stops
from engine.db.find import StepRow
from engine.db.record import Entry
from engine.model import Clock, ClockKind, Event, Step, Unit
from engine.rules import limits, recounting
from engine.rules.recounting import due
from engine.rules.rule import Direction

PROMISE_RULE = "L15"  # Regulation on Improving the Business Environment art. 36(2): a promise binds who makes it


def start_step(now: Settling, step: Step, token: str) -> Clock | None:
    if step.days is None:
        return None
    return start(
        now,
        ClockKind.STEP,
        f"step:{token}",
        PROMISE_RULE,
        Unit.WORKING_DAY,
        step.days,
        now.on,
        path=step.path,
        token=token,
    )


def start(
    now: Settling,
    kind: ClockKind,
    key: str,
    rule: str,
    unit: Unit,
    amount: int,
    start: date,
    *,
    until: str = "",
    path: str | None = None,
    token: str = "",
    direction: Direction = Direction.WITHIN,
) -> Clock:
    clock = Clock(
        key=key,
        kind=kind,
        rule=rule,
        unit=unit,
        amount=amount,
        direction=direction,
        started_on=start,
        until=until,
        due_on=start,
        provisional=False,
    )
    last = due(clock, stops(now, clock), now.ctx.calendar)
    clock = replace(clock, due_on=last.on, provisional=last.provisional)
    keep(now, clock, token)
    facts = {
        "key": key,
        "kind": kind.value,
        "unit": unit.value,
        "amount": amount,
        "from": start.isoformat(),
        "provisional": last.provisional,
    }
    now.change.trace(Entry(type=Event.CLOCK_STARTED, step=path, rule=rule, due_on=last.on, facts=facts, by_actor=False))
    return clock


def end_step_clock(now: Settling, step: StepRow) -> None:
    if (clock := now.clocks.get(f"step:{step.token}")) and clock.ended_on is None:
        end_clock(now, clock, now.on, step.path)


def overrun(clock: Clock, path: str | None, *, by_actor: bool = True) -> Entry:
    """Return the event that a clock's last day has passed."""
    facts = {
        "key": clock.key,
        "kind": clock.kind.value,
        "overrun_on": (clock.due_on + timedelta(days=1)).isoformat(),
        "amount": clock.amount,
        "unit": clock.unit.value,
    }
    return Entry(
        type=Event.CLOCK_OVERRUN, step=path, rule=clock.rule, due_on=clock.due_on, facts=facts, by_actor=by_actor
    )


def end_clock(now: Settling, clock: Clock, on: date, path: str | None = None) -> None:
    """End a clock; an overrun that nobody has recorded yet is recorded first, so that none goes by unseen.

    What must last or precede a day is never late: it is done in its time or refused (engine/commands/marks.py). Of what
    precedes a day the notice that is given is what was used.
    """
    late = clock.within and on > clock.due_on
    if late and clock.overrun_at is None:
        clock = replace(clock, overrun_at=now.ctx.now)
        now.change.trace(overrun(clock, path, by_actor=False))
    keep(now, replace(clock, ended_on=on))
    first, last = (on, clock.started_on) if clock.direction == Direction.BEFORE else (clock.started_on, on)
    used = limits.used(clock.unit, first, stops(now, clock), now.ctx.calendar, last)
    facts = {
        "key": clock.key,
        "kind": clock.kind.value,
        "started_on": clock.started_on.isoformat(),
        "used": used,
        "in_time": not late,
    }
    now.change.trace(
        Entry(type=Event.CLOCK_ENDED, step=path, rule=clock.rule, due_on=clock.due_on, facts=facts, by_actor=False)
    )


def reopen(now: Settling, step: StepRow) -> date | None:
    """Let the clock of a step run on as if it had never ended; return its last day, None when the step has none.

    Stops that began or ended meanwhile are counted now.
    """
    ended = now.clocks.get(f"step:{step.token}")
    if ended is None:
        return None
    clock = replace(ended, ended_on=None)
    keep(now, clock)
    facts = {"key": clock.key, "kind": clock.kind.value, "started_on": clock.started_on.isoformat()}
    now.change.trace(
        Entry(
            type=Event.CLOCK_REOPENED, step=step.path, rule=clock.rule, due_on=clock.due_on, facts=facts, by_actor=False
        )
    )
    recount(now, clock, counted(now, clock), "stop" if now.running else "resume")
    return now.clocks[clock.key].due_on


def counted(now: Settling, clock: Clock) -> Clock:
    """Return a running clock with its last day by the stops and the amount as they are now."""
    return recounting.recount(clock, stops(now, clock), now.ctx.calendar, now.on)


def recount(now: Settling, before: Clock, after: Clock, why: str) -> None:
    """Keep what another count has made of a running clock, and trace another day. `why`: stop, resume or extension."""
    if after == before:
        return
    keep(now, after)
    step = next((s for s in now.case.open_steps if after.key == f"step:{s.token}"), None)
    if step is not None:
        now.change.steps[step.token] = step_row(now.case, step) | {"due_on": after.due_on}
    if after.due_on == before.due_on:
        return
    facts = {
        "key": after.key,
        "kind": after.kind.value,
        "from": before.due_on.isoformat(),
        "to": after.due_on.isoformat(),
        "provisional": after.provisional,
        "why": why,
    }
    path = step.path if step else None
    now.change.trace(
        Entry(type=Event.CLOCK_RECOUNTED, step=path, rule=after.rule, due_on=after.due_on, facts=facts, by_actor=False)
    )
