"""What an operator wants to know about the database: how far the trace is, whether the worker lives."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine.db import tables as t


@dataclass(frozen=True, kw_only=True)
class Head:
    """Number of events in the trace, and the instant of the last one."""

    events: int
    last_at: datetime | None


def trace_head(conn: Connection) -> Head:
    """Return how far the trace is; the heads of the chains know it."""
    count, last_at = conn.execute(sa.select(sa.func.sum(t.chain.c.seq), sa.func.max(t.chain.c.last_at))).one()
    return Head(events=int(count or 0), last_at=last_at)


def silence(conn: Connection, name: str = "worker") -> timedelta | None:
    """Return how long a worker has not been heard of, by the database's own real clock; None when it never was."""
    now = sa.type_coerce(sa.func.current_timestamp(), t.Instant())
    found = conn.execute(sa.select(now, t.heartbeat.c.at).where(t.heartbeat.c.name == name)).one_or_none()
    return max(found[0] - found[1], timedelta()) if found else None
