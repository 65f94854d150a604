"""What is due: timers past their instant, clocks past their last day. The worker asks here; commands check again."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine.clock import day_start
from engine.db import tables as t

_armed = t.timer.c.fired_at.is_(None) & t.timer.c.cancelled_at.is_(None)
_running = t.clock.c.ended_on.is_(None) & t.clock.c.overrun_at.is_(None)


def timers(conn: Connection, now: datetime, limit: int = 500) -> list[int]:
    """Return ids of timers to fire, in the order of their legal instants."""
    found = sa.select(t.timer.c.id).where(_armed, t.timer.c.fires_at <= now)
    return list(conn.scalars(found.order_by(t.timer.c.fires_at, t.timer.c.id).limit(limit)))


def clocks(conn: Connection, today: date, limit: int = 500) -> list[int]:
    """Return ids of running clocks whose last day has passed, the oldest first."""
    found = sa.select(t.clock.c.id).where(_running, t.clock.c.due_on < today)
    return list(conn.scalars(found.order_by(t.clock.c.due_on, t.clock.c.id).limit(limit)))


def oldest(conn: Connection, now: datetime) -> datetime | None:
    """Return the legal instant of the oldest timer that should have fired and has not."""
    return conn.scalar(sa.select(sa.func.min(t.timer.c.fires_at)).where(_armed, t.timer.c.fires_at <= now))


def next_instant(conn: Connection, today: date) -> datetime | None:
    """Return the legal instant of what comes due next: a timer, or the day after a running clock's last day."""
    timer = conn.scalar(sa.select(sa.func.min(t.timer.c.fires_at)).where(_armed))
    last = conn.scalar(sa.select(sa.func.min(t.clock.c.due_on)).where(_running, t.clock.c.due_on >= today))
    overrun = day_start(last + timedelta(days=1)) if last else None
    return min((at for at in (timer, overrun) if at), default=None)
