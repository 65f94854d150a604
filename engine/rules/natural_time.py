"""Natural time: ISO 8601 durations and dates of flow timers. Working time lives in limits; no clock is read here."""

from __future__ import annotations

import calendar
import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Shanghai")
_DURATION = re.compile(
    r"P(?=.)(?:(\d{1,4})Y)?(?:(\d{1,4})M)?(?:(\d{1,4})W)?(?:(\d{1,5})D)?"
    r"(?:T(?=.)(?:(\d{1,6})H)?(?:(\d{1,7})M)?(?:(\d{1,9})S)?)?"
)


class BadTime(ValueError):
    """The text is neither an ISO 8601 duration nor a date with or without time."""


def instant(text: str, start: datetime) -> datetime:
    """Return the instant that an ISO 8601 duration, counted from `start`, or an ISO 8601 date names; UTC.

    Months and years end on the corresponding local date, or on the last day of the month (Civil Code art. 202).
    A date without a zone is local time; a date alone means its 00:00.

    Raises:
        BadTime: the text is something else, or the result lies beyond the year 9999.
    """
    try:
        if match := _DURATION.fullmatch(text):
            years, months, weeks, days, hours, minutes, seconds = (int(part or 0) for part in match.groups())
            moved = _add_months(start.astimezone(ZONE), 12 * years + months) + timedelta(days=7 * weeks + days)
            return moved.astimezone(UTC) + timedelta(hours=hours, minutes=minutes, seconds=seconds)
        named = datetime.fromisoformat(text)
    except (ValueError, OverflowError) as error:
        raise BadTime(f"'{text}' is no ISO 8601 duration or date") from error
    return (named if named.tzinfo else named.replace(tzinfo=ZONE)).astimezone(UTC)


def _add_months(start: datetime, months: int) -> datetime:
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    return start.replace(year=year, month=month + 1, day=min(start.day, calendar.monthrange(year, month + 1)[1]))
