"""Time limits: their last day, what is used and left of them, and the days they counted. No clock, no database.

The day of start is not counted; the last day is in time until it ends; overrun begins with the next day. A stop is
[first day not counted, last day not counted], both inclusive. Beyond the published calendar answers are provisional.
A limit of 0 is due on the day it starts: there is no period that could stop or roll.
Sources: Administrative Licensing Law art. 45, 82; Civil Code art. 201 to 203.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from engine.errors import SunlitError
from engine.model import Unit
from engine.rules.counting import Spans, add_months, counted, day_counted, days_between, length, months_in
from engine.rules.rule import Direction
from engine.rules.workdays import WorkCalendar


class DayKind(StrEnum):
    START = "start"
    DAY = "day"
    MAKEUP = "makeup"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    STOP = "stop"


@dataclass(kw_only=True, eq=False)
class BadStop(SunlitError):
    """The stop ends on {to_on}, before it begins on {from_on}."""

    from_on: date
    to_on: date


@dataclass(frozen=True)
class Stop:
    """Days that are not counted, both ends inclusive; `to_on` is the planned day while the stop still runs.

    `document`: the number of the notice.
    """

    kind: str
    from_on: date
    to_on: date
    document: str = ""


@dataclass(frozen=True)
class Due:
    on: date
    provisional: bool


@dataclass(frozen=True)
class Day:
    """One day of a ledger. `number`: days counted so far; `over`: the limit has run out."""

    on: date
    kind: DayKind
    number: int
    over: bool


def due_on(
    unit: Unit,
    amount: int,
    started_on: date,
    stops: Sequence[Stop],
    calendar: WorkCalendar,
    direction: Direction = Direction.WITHIN,
) -> Due:
    """Return the last day of a limit, and whether it is provisional: hours, and what is due at once, never are.

    within: the last day in time. at_least: the day that must have passed. before: the latest day that is early
    enough; stops are not known there. Days and months that end on a day off roll to the next working day outside
    every stop (before: to the working day before), Civil Code art. 203; months end on the corresponding date or the
    month's end, art. 202. Hours start at once (art. 201) and do not roll: the last day an hour limit can touch.

    Raises:
        BadStop: a stop ends before it begins.
    """
    if direction is Direction.BEFORE:
        on = _due_before(unit, amount, started_on, calendar)
    else:
        spans = merged(stops)
        on = _roll(unit, amount, _natural_end(unit, amount, started_on, spans, calendar), spans, calendar)
    needs_calendar = amount > 0 and unit is not Unit.HOUR
    return Due(on, needs_calendar and (calendar.is_provisional(started_on) or calendar.is_provisional(on)))


def used(unit: Unit, started_on: date, stops: Sequence[Stop], calendar: WorkCalendar, today: date) -> int:
    """Return how many units have been counted up to and including `today`; months are whole months passed."""
    spans = merged(stops)
    if unit is Unit.WORKING_DAY:
        return counted(started_on, today, spans, calendar.count)
    days = counted(started_on, today, spans, days_between)
    if unit is Unit.HOUR:
        return 24 * days
    return months_in(started_on, days) if unit is Unit.MONTH else days


def left(unit: Unit, amount: int, started_on: date, stops: Sequence[Stop], calendar: WorkCalendar, today: date) -> int:
    """Return how many units are left after `today`; negative: how many have passed since the last day.

    0 on the last day, and on the days off that follow the last working day although the limit is over then:
    ask `today > due_on(...).on` for that. On days a limit rolled over nothing is left and nothing is late.
    """
    due = due_on(unit, amount, started_on, stops, calendar).on
    if today > due:
        return -used(unit, due, stops, calendar, today)
    return max(0, amount - used(unit, started_on, stops, calendar, today))


def left_before(unit: Unit, amount: int, day: date, calendar: WorkCalendar, today: date) -> int:
    """Return how many units are left until the latest day that is early enough before `day`; negative: since it."""
    due = _due_before(unit, amount, day, calendar)
    return -used(unit, due, (), calendar, today) if today > due else used(unit, today, (), calendar, due)


def ledger(
    unit: Unit, amount: int, started_on: date, stops: Sequence[Stop], calendar: WorkCalendar, until: date
) -> tuple[Day, ...]:
    """Return each day from the start to `until` with what it counted for; limits in months and hours count days.

    Weekends and holidays are named where they do not count: always for working days, else where the end rolls.
    """
    spans = merged(stops)
    natural = _natural_end(unit, amount, started_on, spans, calendar)
    due = _roll(unit, amount, natural, spans, calendar)
    days, number = [Day(started_on, DayKind.START, 0, False)], 0
    for passed in range(1, (until - started_on).days + 1):
        on = started_on + timedelta(passed)
        rolls = unit is Unit.WORKING_DAY or natural < on <= due
        kind = kind_of(on, rolls, spans, calendar)
        number += kind in (DayKind.DAY, DayKind.MAKEUP) and (unit is Unit.WORKING_DAY or not rolls)
        days.append(Day(on, kind, number, on > due))
    return tuple(days)


def ledger_before(unit: Unit, amount: int, day: date, calendar: WorkCalendar) -> tuple[Day, ...]:
    """Return each day from `day` back to the latest one that is early enough; `number`: days counted back so far."""
    due, natural = _due_before(unit, amount, day, calendar), _natural_before(unit, amount, day, calendar)
    days, number = [Day(day, DayKind.START, 0, False)], 0
    for passed in range(1, (day - due).days + 1):
        on = day - timedelta(passed)
        rolls = unit is Unit.WORKING_DAY or on < natural
        kind = kind_of(on, rolls, (), calendar)
        number += kind in (DayKind.DAY, DayKind.MAKEUP) and (unit is Unit.WORKING_DAY or not rolls)
        days.append(Day(on, kind, number, False))
    return tuple(days)


def merged(stops: Iterable[Stop]) -> list[tuple[date, date]]:
    """Return the days of the stops as spans that are in order and do not overlap."""
    spans: list[tuple[date, date]] = []
    for stop in sorted(stops, key=lambda s: s.from_on):
        if stop.to_on < stop.from_on:
            raise BadStop(from_on=stop.from_on, to_on=stop.to_on)
        if spans and stop.from_on <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(spans[-1][1], stop.to_on))
        else:
            spans.append((stop.from_on, stop.to_on))
    return spans


def kind_of(on: date, names_days_off: bool, spans: Spans, calendar: WorkCalendar) -> DayKind:
    """Return what a day is: stopped, counted, or, where `names_days_off`, a weekend, holiday or make-up day."""
    if any(first <= on <= last for first, last in spans):
        return DayKind.STOP
    if not names_days_off:
        return DayKind.DAY
    weekend = on.weekday() >= 5
    if calendar.is_working(on):
        return DayKind.MAKEUP if weekend else DayKind.DAY
    return DayKind.WEEKEND if weekend else DayKind.HOLIDAY


def _natural_end(unit: Unit, amount: int, started_on: date, spans: Spans, calendar: WorkCalendar) -> date:
    return day_counted(unit, length(unit, amount, started_on), started_on, spans, calendar)


def _roll(unit: Unit, amount: int, on: date, spans: Spans, calendar: WorkCalendar) -> date:
    if amount == 0 or unit not in (Unit.CALENDAR_DAY, Unit.MONTH):
        return on
    on = calendar.next_working(on)
    for first, last in spans:
        if first <= on <= last:
            on = calendar.add(last, 1)
    return on


def _due_before(unit: Unit, amount: int, day: date, calendar: WorkCalendar) -> date:
    on = _natural_before(unit, amount, day, calendar)
    rolls = amount and unit in (Unit.CALENDAR_DAY, Unit.MONTH) and not calendar.is_working(on)
    return calendar.add(on, -1) if rolls else on


def _natural_before(unit: Unit, amount: int, day: date, calendar: WorkCalendar) -> date:
    if unit is Unit.WORKING_DAY:
        return calendar.add(day, -amount)
    return add_months(day, -amount) if unit is Unit.MONTH else day - timedelta(length(unit, amount, day))
