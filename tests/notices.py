"""Made-up notices for the years after the shipped calendar, as values and as files."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date, timedelta
from random import Random
from typing import Any

from engine import calendars
from engine.calendars.notice import Notice, days_of
from engine.rules.workdays import WorkCalendar

SOURCE = "国办发明电〔2026〕00号（虚构）"
OFF = ("2027-01-01", "2027-01-02", "2027-01-03", "2027-01-04", "2027-02-08", "2027-02-09")
MAKEUP = ("2027-01-16", "2027-02-20")


def notice(off: Iterable[str] = OFF, makeup: Iterable[str] = MAKEUP, year: int = 2027) -> Notice:
    return Notice(
        year=year,
        sources=(SOURCE,),
        days_off={date.fromisoformat(day): "元旦" for day in off},
        makeup_workdays={date.fromisoformat(day): "元旦" for day in makeup},
    )


def text(told: Notice, **more: Any) -> str:
    """Return a notice as a file."""
    body = {
        "notice": list(told.sources),
        "days_off": {str(day): name for day, name in told.days_off.items()},
        "makeup_workdays": {str(day): name for day, name in told.makeup_workdays.items()},
    }
    return json.dumps({"years": {str(told.year): body | more}}, ensure_ascii=False, indent=1)


def drawn(seed: int) -> Notice:
    """Return a notice of 2027 whose first weeks are full of holidays and make-up days at random."""
    random, first = Random(seed), date(2027, 1, 1)
    days = [first + timedelta(n) for n in range(60)]
    off = {str(day) for day in days if day == first or random.random() < 0.3}
    makeup = {str(day) for day in days if day.weekday() > 4 and str(day) not in off and random.random() < 0.5}
    return notice(sorted(off), sorted(makeup))


def calendar(*told: Notice) -> WorkCalendar:
    """Return the shipped calendar with these years after it."""
    known = dict(calendars.days())
    for each in told:
        known |= days_of(each)
    return WorkCalendar.of({day: works for day, (works, _, _) in known.items()})
