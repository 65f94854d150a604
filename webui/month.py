"""The working days of a month, for the picture on the sign-in page."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from engine.rules.workdays import WorkCalendar


@dataclass(frozen=True, kw_only=True)
class Month:
    """`cells`: one a day, off | past | today | left; `working`: how many; `makeup`: those on weekends."""

    cells: tuple[str, ...]
    working: int
    makeup: tuple[date, ...]


def month_of(today: date, calendar: WorkCalendar) -> Month:
    """Return the month that `today` lies in."""
    days = [today.replace(day=n + 1) for n in range(monthrange(today.year, today.month)[1])]
    working = [day for day in days if calendar.is_working(day)]
    return Month(
        cells=tuple(_cell(day, today, calendar.is_working(day)) for day in days),
        working=len(working),
        makeup=tuple(day for day in working if day.weekday() >= 5),
    )


def _cell(day: date, today: date, working: bool) -> str:
    if day == today:
        return "today"
    if not working:
        return "off"
    return "past" if day < today else "left"
