"""The arithmetic under limits: months, and days outside spans that are not counted. No clock, no database.

A span is (first day, last day), both inclusive; several are in order and do not overlap.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Sequence
from datetime import date, timedelta

from engine.model import Unit
from engine.rules.workdays import WorkCalendar

Spans = Sequence[tuple[date, date]]


def length(unit: Unit, amount: int, started_on: date) -> int:
    """Return the limit in days that are counted: working days for that unit, else natural days."""
    if unit is Unit.MONTH:
        return (add_months(started_on, amount) - started_on).days
    return -(-amount // 24) if unit is Unit.HOUR else amount


def day_counted(unit: Unit, number: int, started_on: date, spans: Spans, calendar: WorkCalendar) -> date:
    """Return the day on which the `number`-th day outside the spans is counted: working days, else natural ones."""
    add, count = (calendar.add, calendar.count) if unit is Unit.WORKING_DAY else (_add_days, days_between)
    cursor = started_on
    for first, last in spans:
        if last <= cursor:
            continue
        free = max(0, count(cursor, first - timedelta(1)))
        if number <= free:
            break
        number, cursor = number - free, last
    return add(cursor, number)


def counted(started_on: date, today: date, spans: Spans, count: Callable[[date, date], int]) -> int:
    """Return the days that `count` finds after the start up to `today`, without those in the spans."""
    stopped = 0
    for first, last in spans:
        begin, end = max(first - timedelta(1), started_on), min(last, today)
        stopped += count(begin, end) if begin < end else 0
    return max(0, count(started_on, today)) - stopped


def months_in(started_on: date, days: int) -> int:
    """Return how many whole months the `days` after the start hold."""
    months = days // 28 + 1
    while (add_months(started_on, months) - started_on).days > days:
        months -= 1
    return months


def add_months(day: date, months: int) -> date:
    """Return the corresponding date `months` later, or the end of that month (Civil Code art. 202)."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def days_between(after: date, to: date) -> int:
    return (to - after).days


def _add_days(day: date, n: int) -> date:
    return day + timedelta(n)
