"""What `sunlit due` is asked: its options read strictly, every fault with what to do, and the answer by the rules."""

from __future__ import annotations

import re
from argparse import ArgumentParser, Namespace
from dataclasses import dataclass, replace
from datetime import date, datetime

from engine import calendars
from engine.clock import ZONE
from engine.model import Unit
from engine.rules import hours, reckoning
from engine.rules.hours import BadHours, OfficeHours
from engine.rules.limits import Stop
from engine.rules.reckoning import Reckoning
from engine.rules.rule import Direction
from engine.rules.workdays import WorkCalendar

MOST = {Unit.WORKING_DAY: 10_000, Unit.CALENDAR_DAY: 10_000, Unit.MONTH: 1_200, Unit.HOUR: 10_000}
FIRST, LAST = date(1992, 1, 1), date(2199, 12, 31)  # local time has kept one offset since 1992
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2})?(Z|[+-][0-9]{2}:[0-9]{2})?")


class BadQuestion(ValueError):
    """The options make no question that has an answer; the text says what to do."""


@dataclass(frozen=True, kw_only=True)
class Question:
    """`start`, `as_of`: local date-times of hours, or where a window closes; else 00:00 of their days.

    `until`: how far the ledger is wanted at least. `closes`: minute of the day, None: 24:00.
    """

    unit: Unit
    limit: int
    extension: int
    direction: Direction
    start: datetime
    as_of: datetime
    as_of_day: bool  # a whole day is meant, not a moment
    until: datetime
    stops: tuple[Stop, ...]
    office: OfficeHours | None
    closes: int | None


def add_to(parser: ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--start", metavar="D", help="2026-03-02; with hours 2026-03-02T15:00, local time")
    parser.add_argument("--limit", metavar="N", help="how many, 0 to 10000; months: 0 to 1200")
    parser.add_argument("--unit", choices=[*Unit], default=Unit.WORKING_DAY.value)
    parser.add_argument("--stop", metavar="A..B", action="append", default=[], help="days not counted, both inclusive")
    parser.add_argument("--extend", metavar="N", help="by how much the limit was prolonged")
    parser.add_argument("--as-of", metavar="D", help="the day, or moment, to reckon for; default: now")
    parser.add_argument("--direction", choices=[*Direction], default=Direction.WITHIN.value)
    parser.add_argument("--working-hours", metavar="H", help="08:30-12:00,14:30-17:30: count hours within them only")
    parser.add_argument(
        "--closes", metavar="HH:MM", help="a window's closing hour: papers handed in later count as the next working "
        "day's, the last day ends then; --start and --as-of may be date-times"
    )  # fmt: skip


def read(given: Namespace, now: datetime) -> Question:
    """Return what is asked.

    Raises:
        BadQuestion: something is missing, malformed, out of bounds, or does not go together.
    """
    if given.start is None or given.limit is None:
        raise BadQuestion("to count a limit give --start and --limit; to list what is due give no option at all")
    unit, direction = Unit(given.unit), Direction(given.direction)
    closes = _closing(given.closes)
    _fits(given, unit, direction)
    start, _ = _time("--start", given.start, unit, given.closes is not None)
    as_of, whole = now.astimezone(ZONE).replace(second=0, microsecond=0), unit is not Unit.HOUR and closes is None
    if given.as_of is not None:
        as_of, whole = _time("--as-of", given.as_of, unit, given.closes is not None)
    return Question(
        unit=unit,
        limit=_number("--limit", given.limit, MOST[unit]),
        extension=_number("--extend", "0" if given.extend is None else given.extend, MOST[unit]),
        direction=direction,
        start=start,
        as_of=as_of,
        as_of_day=whole,
        until=as_of if given.as_of is not None else start,
        stops=tuple(_stop(text) for text in given.stop),
        office=_office(given.working_hours),
        closes=closes,
    )


def answer(asked: Question) -> Reckoning:
    """Return the answer, by the published calendar."""
    calendar = WorkCalendar.of({day: works for day, (works, _, _) in calendars.days().items()})
    amount = asked.limit + asked.extension
    if asked.unit is Unit.HOUR:
        return reckoning.in_hours(
            amount, asked.start, asked.stops, calendar, asked.as_of, asked.until, asked.office, asked.direction
        )
    started_on = asked.start.date()
    if asked.closes is not None and asked.direction is not Direction.BEFORE:
        started_on = hours.received_on(asked.start, asked.closes, calendar)
    found = reckoning.days(
        asked.unit, amount, started_on, asked.stops, calendar, asked.as_of.date(), asked.until.date(), asked.direction
    )
    if asked.closes is None:
        return found
    on = found.due_on
    late = asked.as_of.date() > on if asked.as_of_day else hours.closed(asked.as_of, on, asked.closes)
    overdue = late and asked.direction is not Direction.AT_LEAST
    return replace(found, due_at=hours.moment(on, asked.closes), overdue=overdue)


def _fits(given: Namespace, unit: Unit, direction: Direction) -> None:
    """Refuse options that do not go together."""
    if given.working_hours is not None and unit is not Unit.HOUR:
        raise BadQuestion(f"--working-hours belongs to --unit hour, not to {unit}; leave it out")
    if given.closes is not None and unit is Unit.HOUR:
        raise BadQuestion("hours end at their minute, not at a closing hour; leave --closes out or use --working-hours")
    if direction is Direction.BEFORE and (given.stop or given.extend not in (None, "0")):
        raise BadQuestion("a limit that counts backwards knows neither stops nor extensions; leave them out")
    if direction is Direction.BEFORE and unit is Unit.HOUR:
        raise BadQuestion("no law counts hours backwards; take another --unit or --direction")


def _time(option: str, text: str, unit: Unit, timed: bool) -> tuple[datetime, bool]:
    """Return a local date-time, and whether it stands for a whole day."""
    if _DAY.fullmatch(text):
        if unit is Unit.HOUR:
            raise BadQuestion(f"hours need a time of day: {option} {text}T09:00")
        return datetime.combine(_day(option, text), datetime.min.time(), ZONE), True
    if not _MOMENT.fullmatch(text):
        raise BadQuestion(f"{option}: '{text}' is no date; write 2026-03-02, or for hours 2026-03-02T15:00")
    if unit is not Unit.HOUR and not timed:
        raise BadQuestion(f"{option}: {unit} limits count whole days; write {text[:10]}, or add --closes HH:MM")
    _day(option, text[:10])
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise BadQuestion(f"{option}: '{text}' does not exist; look at the calendar and the clock")
    local = (moment if moment.tzinfo else moment.replace(tzinfo=ZONE)).astimezone(ZONE)
    _day(option, local.date().isoformat())
    return local.replace(second=0), False


def _day(option: str, text: str) -> date:
    if not _DAY.fullmatch(text):
        raise BadQuestion(f"{option}: '{text}' is no date; write it like 2026-03-02")
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise BadQuestion(f"{option}: there is no day {text}; look at the calendar")
    if not FIRST <= day <= LAST:
        raise BadQuestion(f"{option}: {text} is out of range; write a day from {FIRST} to {LAST}")
    return day


def _number(option: str, text: str, most: int) -> int:
    if not re.fullmatch(r"[0-9]{1,5}", text) or int(text) > most:
        raise BadQuestion(f"{option}: '{text}' is no whole number from 0 to {most}")
    return int(text)


def _stop(text: str) -> Stop:
    first, dots, last = text.partition("..")
    if not dots:
        raise BadQuestion(f"--stop: '{text}' is no span of days; write 2026-03-09..2026-03-20")
    from_on, to_on = _day("--stop", first), _day("--stop", last)
    if to_on < from_on:
        raise BadQuestion(f"--stop: {to_on} is before {from_on}; write the first day first")
    return Stop("", from_on, to_on)


def _office(text: str | None) -> OfficeHours | None:
    try:
        return None if text is None else OfficeHours.of(text)
    except BadHours as error:
        raise BadQuestion(f"--working-hours: {error}; write 08:30-12:00,14:30-17:30")


def _closing(text: str | None) -> int | None:
    try:
        return None if text is None else hours.minute_of_day(text)
    except BadHours as error:
        raise BadQuestion(f"--closes: {error}")
