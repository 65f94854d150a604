"""The calendar's days as adopted. Whoever adopts a notice holds all cases meanwhile, and makes a new edition."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine.db import tables as t
from engine.db.people import count
from engine.db.upsert import upsert

_NAME = "calendar"
_AT_ONCE = 1000  # days in one statement
edition = sa.func.coalesce(
    sa.select(t.counter.c.value).where(t.counter.c.name == _NAME).scalar_subquery(), 0
)  # how many notices have been adopted since the founding


def adopted(conn: Connection) -> dict[date, tuple[bool, str, str]]:
    """Return every day known, in order: whether offices work, name of a holiday or make-up day, notice."""
    rows = conn.execute(sa.select(t.calendar_day).order_by(t.calendar_day.c.day))
    return {row.day: (row.is_working, row.name or "", row.source) for row in rows}


def hold_cases(conn: Connection) -> None:
    """Wait for every command that changes a case, and let no other begin to until the transaction ends.

    A command that counted by the older calendar and waits here meanwhile finds another edition when it saves, and is
    told to look again. On SQLite nobody else writes anyhow.
    """
    if conn.dialect.name == "postgresql":
        conn.execute(sa.text("lock table case_ in exclusive mode"))


def adopt(conn: Connection, days: Mapping[date, tuple[bool, str, str]]) -> None:
    """Write days, those known too, and make a new edition."""
    rows = [
        {"day": day, "is_working": works, "name": name or None, "source": notice}
        for day, (works, name, notice) in sorted(days.items())
    ]
    for first in range(0, len(rows), _AT_ONCE):
        upsert(conn, t.calendar_day, rows[first : first + _AT_ONCE], key=("day",))
    count(conn, _NAME)
