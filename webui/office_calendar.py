"""A proposal to adopt a yearly notice, for the person who decides: the year in words, and what it would move now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from engine import commands
from engine.db import store
from engine.db.read.proposals import Whole
from engine.db.store import Connection
from webui.language import gettext, long_day


@dataclass(frozen=True, kw_only=True)
class Holiday:
    """Days off in a row, by name, with the working days made up for them."""

    name: str
    days: str
    count: int
    makeup: str


def facts(conn: Connection, found: Whole, _: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the template asks for: `holidays`, `changes` in words, and `plan`: commands.Adoption."""
    plan = commands.planned_calendar(conn, found.body_json, store.book())
    notice = plan.notice
    return {
        "holidays": holidays(notice.days_off, notice.makeup_workdays),
        "plan": plan if found.waits else None,
        "changes": [changed(day, works) for day, works in plan.changes.items()] if found.waits and plan.amends else [],
    }


def holidays(days_off: Mapping[date, str], makeup: Mapping[date, str]) -> tuple[Holiday, ...]:
    """Return the holidays in the order of the year; a name with several runs of days has a row for each."""
    rows: list[list[date]] = []
    for day in sorted(days_off):
        if rows and day - rows[-1][-1] == timedelta(1) and days_off[day] == days_off[rows[-1][-1]]:
            rows[-1].append(day)
        else:
            rows.append([day])
    names = [days_off[row[0]] for row in rows]
    alone = sorted(set(makeup.values()) - set(names))
    found = [_holiday(names[n], row, makeup if names[n] not in names[:n] else {}) for n, row in enumerate(rows)]
    return (*found, *(_holiday(name, [], makeup) for name in alone))


def _holiday(name: str, days: list[date], makeup: Mapping[date, str]) -> Holiday:
    span = gettext("%(first)s至%(last)s", first=long_day(days[0]), last=long_day(days[-1])) if len(days) > 1 else ""
    return Holiday(
        name=name,
        days=span or _list(days),
        count=len(days),
        makeup=_list(sorted(day for day, of in makeup.items() if of == name)),
    )


def _list(days: Iterable[date]) -> str:
    return gettext("、").join(long_day(day) for day in days)


def changed(day: date, works: bool) -> str:
    """Return what becomes of a day."""
    return gettext("%(day)s改为上班", day=long_day(day)) if works else gettext("%(day)s改为放假", day=long_day(day))
