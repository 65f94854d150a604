"""The law of limits a second time, slowly: day by day and quarter by quarter, from the articles alone.

It shares no code with the engine's rules. `works` says of a day whether offices work on it; stops are pairs of days,
both inclusive. Sources: Civil Code art. 201 to 203; Administrative Licensing Law art. 45, 82.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, timedelta

Works = Callable[[date], bool]
Stops = Sequence[tuple[date, date]]
Office = Sequence[tuple[int, int]]
ONE, QUARTER = timedelta(days=1), timedelta(minutes=15)
FIXED = {(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)}


def regular(day: date) -> bool:
    """Whether a day that no notice has named is a working day."""
    return day.isoweekday() <= 5 and (day.month, day.day) not in FIXED


def stopped(day: date, stops: Stops) -> bool:
    return any(first <= day <= last for first, last in stops)


def corresponding(day: date, months: int) -> date:
    """Art. 202: the day of that number in the month, or the last one the month has."""
    year, month, number = day.year, day.month, day.day
    for _ in range(abs(months)):
        month += 1 if months > 0 else -1
        if month == 13:
            year, month = year + 1, 1
        if month == 0:
            year, month = year - 1, 12
    while True:
        try:
            return date(year, month, number)
        except ValueError:
            number -= 1


def whole(unit: str, amount: int, start: date) -> int:
    """How many days must be counted: working days for that unit, else natural days that hours and months hold."""
    if unit == "hour":
        return amount // 24 + (amount % 24 > 0)
    days, end = 0, corresponding(start, amount if unit == "month" else 0)
    while start + days * ONE < end:
        days += 1
    return days if unit == "month" else amount


def last_days(unit: str, amount: int, start: date, stops: Stops, works: Works) -> tuple[date, date]:
    """The day on which the count is full, and the last day in time, after it has rolled (art. 203)."""
    missing, day = whole(unit, amount, start), start
    while missing:
        day += ONE
        if not stopped(day, stops) and (unit != "working_day" or works(day)):
            missing -= 1
    full = day
    if amount and unit in ("calendar_day", "month"):
        while stopped(day, stops) or not works(day):
            day += ONE
    return full, day


def latest_before(unit: str, amount: int, day: date, works: Works) -> date:
    """The latest day that leaves so much before `day`; it never moves nearer to it."""
    if unit == "month":
        day = corresponding(day, -amount)
    else:
        missing = whole(unit, amount, day)
        while missing:
            day -= ONE
            if unit != "working_day" or works(day):
                missing -= 1
    while amount and unit in ("calendar_day", "month") and not works(day):
        day -= ONE
    return day


def used(unit: str, amount: int, start: date, stops: Stops, works: Works, today: date) -> int:
    """What has been counted up to and including today; months are whole ones. Days an end rolls over count nothing."""
    full, due = last_days(unit, amount, start, stops, works)
    free = [day for day in between(start, today) if not stopped(day, stops)]
    if unit == "working_day":
        return sum(works(day) for day in free)
    if unit == "calendar_day":
        return sum(not full < day <= due for day in free)
    if today <= due:
        return min(amount, _months(start, len(free)))
    return amount + _months(due, sum(day > due for day in free))


def between(start: date, today: date) -> Iterator[date]:
    """The days after the start up to and including today."""
    while start < today:
        start += ONE
        yield start


def _months(start: date, days: int) -> int:
    number = 0
    while corresponding(start, number + 1) <= start + days * ONE:
        number += 1
    return number


def last_quarter(amount: int, start: datetime, stops: Stops, works: Works, office: Office) -> datetime:
    """When hours that begin on a quarter of an hour are full; `office`: minutes of a working day; none: plain hours."""
    missing, at = 4 * amount, start
    while missing:
        missing -= is_open(at, stops, works, office)
        at += QUARTER
    return at


def is_open(at: datetime, stops: Stops, works: Works, office: Office) -> bool:
    """Whether the quarter of an hour that begins then is counted."""
    if stopped(at.date(), stops):
        return False
    minute = at.hour * 60 + at.minute
    return not office or (works(at.date()) and any(begin <= minute < end for begin, end in office))
