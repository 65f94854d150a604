"""Time limits: their last day, what is used and left of them, and the days they counted. No clock, no database.

The day of start is not counted; the last day is in time until it ends; overrun begins with the next day. A stop is
[first day not counted, last day not counted], both inclusive. Beyond the published calendar answers are provisional.
Sources: Administrative Licensing Law art. 45, 82; Civil Code art. 201 to 203.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from engine.errors import SunlitError
from engine.model import Unit
from engine.rules.workdays import WorkCalendar


class Direction(StrEnum):
    WITHIN = "within"  # must be done by the end of the last day
    AT_LEAST = "at_least"  # this many days must pass: a sale period, a public notice
    BEFORE = "before"  # at the latest so many days before the day it counts from


class Effect(StrEnum):
    """What the law makes of silence. There is no deemed grant: no statute read for this system knows one."""

    NONE = "none"
    CARD_ONLY = "card_only"
    DEEMED_ACCEPTANCE = "deemed_acceptance"
    DEEMED_RENEWAL = "deemed_renewal"
    DEEMED_CONSENT = "deemed_consent"
    LAPSE = "lapse"


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


@dataclass(frozen=True, kw_only=True)
class Extension:
    """By how much, in the rule's unit, a limit may be prolonged, how often, and by whom."""

    amount: int
    approver: str
    approver_en: str
    times: int = 1


@dataclass(frozen=True, kw_only=True)
class Rule:
    """A time limit of the law. `mark` is the evidence mark of DOMAIN.md; an item names verified rules only.

    `stops`: kinds of stops that halt it. `note` tells what the figures do not.
    """

    id: str
    name: str
    name_en: str
    unit: Unit
    amount: int
    direction: Direction
    stops: tuple[str, ...]
    extension: Extension | None
    effect: Effect
    basis: str
    basis_en: str
    verified: bool
    mark: str = ""
    note: str = ""
    note_en: str = ""


@dataclass(frozen=True)
class Stop:
    """Days that are not counted, both ends inclusive; `to_on` is the planned day while the stop still runs."""

    kind: str
    from_on: date
    to_on: date


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
    """Return the last day of a limit, and whether it is provisional.

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
        on = _roll(unit, _natural_end(unit, amount, started_on, merged(stops), calendar), stops, calendar)
    first, last = sorted((started_on, on))
    return Due(on, calendar.is_provisional(first) or calendar.is_provisional(last))


def used(unit: Unit, started_on: date, stops: Sequence[Stop], calendar: WorkCalendar, today: date) -> int:
    """Return how many units have been counted up to and including `today`; months are whole months passed."""
    spans = merged(stops)
    if unit is Unit.WORKING_DAY:
        return _counted(started_on, today, spans, calendar.count)
    days = _counted(started_on, today, spans, _days_between)
    if unit is Unit.HOUR:
        return 24 * days
    return _months_in(started_on, days) if unit is Unit.MONTH else days


def left(unit: Unit, amount: int, started_on: date, stops: Sequence[Stop], calendar: WorkCalendar, today: date) -> int:
    """Return how many units are left after `today`; negative: how many have passed since the last day.

    0 on the last day, and on the days off that follow the last working day although the limit is over then:
    ask `today > due_on(...).on` for that. On days a limit rolled over nothing is left and nothing is late.
    """
    due = due_on(unit, amount, started_on, stops, calendar).on
    if today > due:
        return -used(unit, due, stops, calendar, today)
    return max(0, amount - used(unit, started_on, stops, calendar, today))


def ledger(
    unit: Unit, amount: int, started_on: date, stops: Sequence[Stop], calendar: WorkCalendar, until: date
) -> tuple[Day, ...]:
    """Return each day from the start to `until` with what it counted for; limits in months and hours count days.

    Weekends and holidays are named where they do not count: always for working days, else where the end rolls.
    """
    spans = merged(stops)
    natural = _natural_end(unit, amount, started_on, spans, calendar)
    due = _roll(unit, natural, stops, calendar)
    days, number = [Day(started_on, DayKind.START, 0, False)], 0
    for passed in range(1, (until - started_on).days + 1):
        on = started_on + timedelta(passed)
        rolls = unit is Unit.WORKING_DAY or natural < on <= due
        kind = _kind(on, rolls, spans, calendar)
        number += kind in (DayKind.DAY, DayKind.MAKEUP) and (unit is Unit.WORKING_DAY or not rolls)
        days.append(Day(on, kind, number, on > due))
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


def day_counted(
    unit: Unit, number: int, started_on: date, spans: Sequence[tuple[date, date]], calendar: WorkCalendar
) -> date:
    """Return the day on which the `number`-th day outside the spans is counted: working days, else natural ones."""
    add, count = (calendar.add, calendar.count) if unit is Unit.WORKING_DAY else (_add_days, _days_between)
    cursor = started_on
    for first, last in spans:
        if last <= cursor:
            continue
        free = max(0, count(cursor, first - timedelta(1)))
        if number <= free:
            break
        number, cursor = number - free, last
    return add(cursor, number)


def length(unit: Unit, amount: int, started_on: date) -> int:
    """Return the limit in days that are counted: working days for that unit, else natural days."""
    if unit is Unit.MONTH:
        return (_add_months(started_on, amount) - started_on).days
    return -(-amount // 24) if unit is Unit.HOUR else amount


def _natural_end(
    unit: Unit, amount: int, started_on: date, spans: Sequence[tuple[date, date]], calendar: WorkCalendar
) -> date:
    return day_counted(unit, length(unit, amount, started_on), started_on, spans, calendar)


def _roll(unit: Unit, on: date, stops: Sequence[Stop], calendar: WorkCalendar) -> date:
    if unit not in (Unit.CALENDAR_DAY, Unit.MONTH):
        return on
    on = calendar.next_working(on)
    for first, last in merged(stops):
        if first <= on <= last:
            on = calendar.add(last, 1)
    return on


def _due_before(unit: Unit, amount: int, day: date, calendar: WorkCalendar) -> date:
    if unit is Unit.WORKING_DAY:
        return calendar.add(day, -amount)
    if unit is Unit.MONTH:
        on = _add_months(day, -amount)
    else:
        on = day - timedelta(length(unit, amount, day))
    return on if unit is Unit.HOUR or calendar.is_working(on) else calendar.add(on, -1)


def _counted(
    started_on: date, today: date, spans: Sequence[tuple[date, date]], count: Callable[[date, date], int]
) -> int:
    """Return the days counted after the start up to `today`, without those in the spans."""
    stopped = 0
    for first, last in spans:
        begin, end = max(first - timedelta(1), started_on), min(last, today)
        stopped += count(begin, end) if begin < end else 0
    return max(0, count(started_on, today)) - stopped


def _months_in(started_on: date, days: int) -> int:
    months = days // 28 + 1
    while (_add_months(started_on, months) - started_on).days > days:
        months -= 1
    return months


def _add_months(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _add_days(day: date, n: int) -> date:
    return day + timedelta(n)


def _days_between(after: date, to: date) -> int:
    return (to - after).days


def _kind(on: date, names_days_off: bool, spans: Sequence[tuple[date, date]], calendar: WorkCalendar) -> DayKind:
    if any(first <= on <= last for first, last in spans):
        return DayKind.STOP
    if not names_days_off:
        return DayKind.DAY
    weekend = on.weekday() >= 5
    if calendar.is_working(on):
        return DayKind.MAKEUP if weekend else DayKind.DAY
    return DayKind.WEEKEND if weekend else DayKind.HOLIDAY
