"""What one settling of a case works on: the case, what changes in it, and its clocks as they stand now."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from engine.clock import local_date
from engine.commands.cases import Case
from engine.db import organs
from engine.db.context import Context
from engine.db.find import CaseTime, StepRow, time_of
from engine.db.organs import Organ
from engine.db.record import Change
from engine.db.stops import StopRow
from engine.model import Clock, ClockKind
from engine.rules import lamps
from engine.rules.halting import halting
from engine.rules.lamps import Thresholds
from engine.rules.limits import Stop
from engine.rules.workdays import WorkCalendar


@dataclass(frozen=True, kw_only=True)
class Settling:
    """One settling: `when` is the legal instant of the move, `cause` the id of the event that caused it.

    `form`: the form of the completed step, or the filing form; empty when the move came without one.
    """

    ctx: Context
    case: Case
    change: Change
    when: datetime
    cause: str
    form: Mapping[str, Any]
    clocks: dict[str, Clock]
    stops: list[Stop]
    running: StopRow | None  # the stop that runs as the settling begins
    timers: Sequence[Mapping[str, Any]]
    marks: dict[str, date]

    @property
    def on(self) -> date:
        return local_date(self.when)

    @cached_property
    def organs(self) -> Mapping[int, Organ]:
        """All organs by id, read once."""
        return organs.by_id(self.ctx.conn)


def settling(
    ctx: Context, case: Case, change: Change, *, when: datetime, cause: str, form: Mapping[str, Any] | None = None
) -> Settling:
    """Begin to settle: read the case's time, unless it is only being filed."""
    time = time_of(ctx.conn, case.id) if case.version else CaseTime(clocks={}, stops=(), timers=())
    return Settling(
        ctx=ctx,
        case=case,
        change=change,
        when=when,
        cause=cause,
        form=form or {},
        clocks=time.clocks,
        stops=list(time.stops),
        running=time.running,
        timers=time.timers,
        marks=dict(case.marks),
    )


def keep(now: Settling, clock: Clock, token: str = "") -> None:
    now.clocks[clock.key] = clock
    row = clock_row(now.case.id, clock)
    before = now.change.clocks.get(clock.key, {})
    now.change.clocks[clock.key] = row | {"token": token or before.get("token", "")}


def clock_row(case: int, clock: Clock) -> dict[str, Any]:
    """Return a clock as a row, without its id."""
    names = (
        "step",
        "key",
        "rule",
        "until",
        "amount",
        "extended",
        "direction",
        "started_on",
        "due_on",
        "provisional",
        "ended_on",
        "overrun_at",
    )
    row = {name: getattr(clock, name) for name in names}
    return {"case_": case, "kind": clock.kind.value, "unit": clock.unit.value, **row}


def step_row(case: Case, step: StepRow) -> dict[str, Any]:
    """Return an open step as a row, without its id."""
    names = ("token", "path", "round", "post", "organ", "opened_at", "due_on", "claimed_by", "claimed_at", "lent")
    row = {"case_": case.id, **{name: getattr(step, name) for name in names}}
    return row | dict.fromkeys(("closed_at", "outcome", "ended_by", "undo"))


def done_row(case: Case, step: StepRow) -> dict[str, Any]:
    """Return a completed step as a row, without its id and without what would take it back."""
    return step_row(case, step) | {"closed_at": step.closed_at, "outcome": step.outcome}


def stops(now: Settling, clock: Clock) -> Sequence[Stop]:
    """Return the stops that halt this clock."""
    return halting(clock, now.stops, now.ctx.book.limits)


def case_days(
    running: Iterable[Clock], stops_of: Callable[[Clock], Sequence[Stop]], calendar: WorkCalendar, limits: Thresholds
) -> dict[str, date | None]:
    """Return what a case's row says of its running clocks: the first last day, and the days its lamp turns.

    What must last, or precede a day, has neither.
    """
    clocks = [clock for clock in running if clock.within]
    turns = lamps.earliest(
        lamps.turns(c.unit, c.amount + c.extended, c.started_on, stops_of(c), calendar, limits) for c in clocks
    )
    dues = [clock.due_on for clock in clocks if clock.kind is not ClockKind.STEP]
    return {
        "due_on": min(dues, default=None),
        "blue_on": turns.blue_on,
        "yellow_on": turns.yellow_on,
        "red_on": turns.red_on,
    }
