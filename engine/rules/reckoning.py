"""A limit reckoned as of a day, with the ledger that explains it. No clock, no database.

Of days and months the day of start is not counted; `used` is what was counted after it up to and including the day
asked for, and on days over which an end rolls nothing is used and nothing late. Working days are overdue when more
have been used than allowed, other units when the last day, or minute, has passed. What must last (at_least) is never
overdue. Before counts back: `remaining` is what is left until the last day that is early enough, `used` the notice
that is then still given. Hours are used in parts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from engine.model import Unit
from engine.rules import hours, limits
from engine.rules.hours import OfficeHours
from engine.rules.limits import DayKind, Stop
from engine.rules.natural_time import ZONE
from engine.rules.rule import Direction
from engine.rules.workdays import WorkCalendar


@dataclass(frozen=True)
class Line:
    """A day of the ledger. `counted`: units counted so far, days where the limit is in months; `over`: too late."""

    on: date
    kind: DayKind
    counted: float
    over: bool
    provisional: bool


@dataclass(frozen=True, kw_only=True)
class Reckoning:
    """The answer. `due_at`: the last minute in time, of hours and where a window closes; else None."""

    due_on: date
    due_at: datetime | None
    used: float
    remaining: float
    overdue: bool
    provisional: bool
    ledger: tuple[Line, ...]


def days(
    unit: Unit,
    amount: int,
    started_on: date,
    stops: Sequence[Stop],
    calendar: WorkCalendar,
    as_of: date,
    until: date,
    direction: Direction = Direction.WITHIN,
) -> Reckoning:
    """Reckon working days, calendar days or months; `amount` includes extensions, the ledger goes up to `until`.

    Raises:
        BadStop: a stop ends before it begins.
    """
    due = limits.due_on(unit, amount, started_on, stops, calendar, direction)
    if direction is Direction.BEFORE:
        remaining = limits.left_before(unit, amount, started_on, calendar, as_of)
        used, overdue = amount + remaining, as_of > due.on
        found = limits.ledger_before(unit, amount, started_on, calendar)
    else:
        remaining = limits.left(unit, amount, started_on, stops, calendar, as_of)
        used = amount - remaining
        overdue = used > amount if unit is Unit.WORKING_DAY else as_of > due.on
        found = limits.ledger(unit, amount, started_on, stops, calendar, max(due.on, until))
    return Reckoning(
        due_on=due.on,
        due_at=None,
        used=used,
        remaining=remaining,
        overdue=overdue and direction is not Direction.AT_LEAST,
        provisional=due.provisional or (unit is Unit.WORKING_DAY and until > due.on and calendar.is_provisional(until)),
        ledger=tuple(Line(d.on, d.kind, d.number, d.over, calendar.is_provisional(d.on)) for d in found),
    )


def in_hours(
    amount: int,
    started_at: datetime,
    stops: Sequence[Stop],
    calendar: WorkCalendar,
    as_of: datetime,
    until: datetime,
    office: OfficeHours | None = None,
    direction: Direction = Direction.WITHIN,
) -> Reckoning:
    """Reckon hours, within office hours where they are given. Plain hours need no calendar and are never provisional.

    Raises:
        BadStop: a stop ends before it begins.
    """
    due_at = hours.due_at(amount, started_at, stops, calendar, office)
    used = hours.minutes_by_day(started_at, stops, calendar, office, as_of).total()
    started_on, on = started_at.astimezone(ZONE).date(), due_at.astimezone(ZONE).date()
    last, spans = max(on, until.astimezone(ZONE).date()), limits.merged(stops)
    minutes = hours.minutes_by_day(started_at, stops, calendar, office, hours.moment(last, hours.DAY))
    lines, counted = [], 0
    for day in (started_on + timedelta(passed) for passed in range((last - started_on).days + 1)):
        counted += minutes[day]
        kind = DayKind.START if day == started_on else limits.kind_of(day, office is not None, spans, calendar)
        guessed = office is not None and calendar.is_provisional(day)
        lines.append(Line(day, kind, _in_hours(counted), day > on, guessed))
    return Reckoning(
        due_on=on,
        due_at=due_at,
        used=_in_hours(used),
        remaining=_in_hours(60 * amount - used),
        overdue=as_of > due_at and direction is not Direction.AT_LEAST,
        provisional=any(line.provisional for line in lines),
        ledger=tuple(lines),
    )


def _in_hours(minutes: int) -> float:
    return minutes // 60 if minutes % 60 == 0 else round(minutes / 60, 2)
