"""Limits in hours, within working time or plain, and the hour at which a window closes. No clock, no database.

Hours start at once (Civil Code art. 201(2)): plain ones run through nights and days off, working ones inside the
office hours of working days only. Days inside a stop are not counted. A last day ends at 24:00, or when business
closes where there are business hours (art. 203(2)). Times are local, to the minute.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

from engine.rules.counting import Spans
from engine.rules.limits import Stop, merged
from engine.rules.natural_time import ZONE
from engine.rules.workdays import WorkCalendar

DAY = 24 * 60  # minutes
_CLOCK = re.compile(r"([01]\d|2[0-3]):([0-5]\d)|24:00")


class BadHours(ValueError):
    """The text names no hours of the day."""


@dataclass(frozen=True)
class OfficeHours:
    """When offices work on a working day: spans in minutes of the day, in order."""

    spans: tuple[tuple[int, int], ...]

    @classmethod
    def of(cls, text: str) -> OfficeHours:
        """Read `08:30-12:00,14:30-17:30`.

        Raises:
            BadHours: it is written otherwise, the spans are not in order, or hold less than an hour a day.
        """
        spans = []
        for part in text.split(","):
            begin, _, end = part.strip().partition("-")
            spans.append((minute_of_day(begin), minute_of_day(end)))
        edges = [edge for span in spans for edge in span]
        if any(later <= earlier for earlier, later in pairwise(edges)):
            raise BadHours(f"'{text}' is not in order: each span begins after the one before has ended")
        if sum(end - begin for begin, end in spans) < 60:
            raise BadHours(f"'{text}' is less than an hour a day")
        return cls(tuple(spans))


def minute_of_day(text: str) -> int:
    """Read `17:30`; 24:00 is the end of the day.

    Raises:
        BadHours: it is no time of day.
    """
    match = _CLOCK.fullmatch(text)
    if match is None:
        raise BadHours(f"'{text}' is no time of day like 17:30")
    return int(match[1]) * 60 + int(match[2]) if match[1] else DAY


def due_at(
    amount: int, started_at: datetime, stops: Sequence[Stop], calendar: WorkCalendar, office: OfficeHours | None = None
) -> datetime:
    """Return the last minute in time of a limit of `amount` hours; of 0 hours: the last one of the day of start.

    Raises:
        BadStop: a stop ends before it begins.
        OverflowError: the limit ends after the year 9999.
    """
    missing = amount * 60
    for day, begin, end in _open(started_at, merged(stops), calendar, office):
        if amount == 0:
            return moment(day, DAY - 1)
        if missing <= end - begin:
            return moment(day, begin + missing)
        missing -= end - begin
    raise OverflowError("date value out of range")


def minutes_by_day(
    started_at: datetime, stops: Sequence[Stop], calendar: WorkCalendar, office: OfficeHours | None, until: datetime
) -> Counter[date]:
    """Return how many minutes of each day have been counted from the start until that moment."""
    last, minute = until.astimezone(ZONE).date(), _minute(until)
    used = Counter[date]()
    for day, begin, end in _open(started_at, merged(stops), calendar, office):
        if day > last:
            break
        used[day] += max(0, min(end, minute) - begin) if day == last else end - begin
    return used


def received_on(at: datetime, closes: int, calendar: WorkCalendar) -> date:
    """Return the day on which papers count as handed in at a window that closes at a minute of the day.

    After closing on a working day: the next working day. A county's rule may say so; what is sent online counts
    until 24:00 (`closes` = DAY).
    """
    day = at.astimezone(ZONE).date()
    return calendar.add(day, 1) if _minute(at) > closes and calendar.is_working(day) else day


def closed(at: datetime, on: date, closes: int) -> bool:
    """Return whether it is too late at that moment for what must be done on a day until a minute of it."""
    return (at.astimezone(ZONE).date(), _minute(at)) > (on, closes)


def _open(
    started_at: datetime, spans: Spans, calendar: WorkCalendar, office: OfficeHours | None
) -> Iterator[tuple[date, int, int]]:
    """Yield from the start on what is counted: a day, and from which minute to which."""
    first, minute = started_at.astimezone(ZONE).date(), _minute(started_at)
    yield first, minute, minute  # the start itself, so that a limit of 0 has its day
    day = first
    while day < date.max:
        works = office is None or calendar.is_working(day)
        if works and not any(begin <= day <= end for begin, end in spans):
            for begin, end in office.spans if office else ((0, DAY),):
                from_minute = max(begin, minute) if day == first else begin
                if from_minute < end:
                    yield day, from_minute, end
        day += timedelta(1)


def _minute(at: datetime) -> int:
    local = at.astimezone(ZONE)
    return local.hour * 60 + local.minute


def moment(day: date, minute: int) -> datetime:
    """Return the instant of a local minute of a day; DAY is its end."""
    return (datetime.combine(day, time(), ZONE) + timedelta(minutes=minute)).astimezone(UTC)
