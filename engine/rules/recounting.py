"""What another calendar makes of a running clock, and of a timer's instant. No clock, no database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from engine.model import Clock, Unit
from engine.rules import limits
from engine.rules.limits import Due, Stop
from engine.rules.rule import Direction
from engine.rules.workdays import WorkCalendar


def due(clock: Clock, stops: Sequence[Stop], calendar: WorkCalendar) -> Due:
    """Return the last day of a clock, its extensions included; `stops`: those that halt it."""
    amount, way = clock.amount + clock.extended, Direction(clock.direction)
    return limits.due_on(clock.unit, amount, clock.started_on, stops, calendar, way)


def recount(clock: Clock, stops: Sequence[Stop], calendar: WorkCalendar, today: date) -> Clock:
    """Return a clock with its last day by the calendar.

    An overrun recorded by the older calendar is void when the last day has not passed after all; it stays in the trace.
    """
    last = due(clock, stops, calendar)
    overrun_at = clock.overrun_at if last.on < today else None
    return replace(clock, due_on=last.on, provisional=last.provisional, overrun_at=overrun_at)


def armed_from(armed_on: date | None, workdays: int, last: date, calendar: WorkCalendar) -> date:
    """Return the day from which workdays(n) count: of a timer that does not know it, by the calendar it was armed by.

    From days off before the same working day it would have been the same last day; the working day is taken.
    """
    return armed_on if armed_on is not None else calendar.add(last, -workdays)


def last_workday(workdays: int, start: date, stops: Sequence[Stop], calendar: WorkCalendar) -> date:
    """Return the last day of workdays(n)."""
    return limits.due_on(Unit.WORKING_DAY, workdays, start, stops, calendar).on


def instant_anew(legal: datetime, before: datetime, now: datetime) -> datetime:
    """Return when a timer fires whose legal instant is another now.

    Nothing takes effect at an instant that had passed, without it, before the calendar was adopted: what moves to
    earlier than now fires now, and what was due already stays so.
    """
    return max(legal, min(before, now))
