"""From what a card may follow and nobody has decided yet: overruns, second correction notices, unanswered cards."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine.clock import day_start, local_date
from engine.db import tables as t
from engine.db.cards import since
from engine.rules.cards import Cause, Level

CORRECTION = "supplement_notice"  # the kind of document of which a case has one
Piece = tuple[datetime, tuple[str, int]]


def due(conn: Connection, now: datetime, limit: int, without: Collection[tuple[str, int]]) -> list[Piece]:
    """Return the facts up to now with their legal instants, the first first; none where cards are not introduced.

    Facts of the day of introduction and before give no card.
    """
    first = since(conn)
    if first is None:
        return []
    found = [*_overruns(conn, now, first, limit), *_corrections(conn, first, limit), *_unanswered(conn)]
    return sorted(piece for piece in found if piece[0] <= now and piece[1] not in without)


def waits(conn: Connection, clocks: Collection[int]) -> bool:
    """Return whether it is still to be decided if a card follows from the overrun of one of these clocks."""
    first = since(conn) if clocks else None
    if first is None:
        return False
    undecided = t.clock.c.overrun_at.is_not(None) & t.clock.c.carded_at.is_(None) & (t.clock.c.due_on >= first)
    return bool(conn.scalar(sa.select(sa.exists().where(t.clock.c.id.in_(clocks), undecided))))


def _overruns(conn: Connection, now: datetime, first: date, limit: int) -> list[Piece]:
    rows = conn.execute(
        sa.select(t.clock.c.id, t.clock.c.due_on)
        .where(
            t.clock.c.overrun_at.is_not(None),
            t.clock.c.carded_at.is_(None),
            t.clock.c.due_on >= first,
            t.clock.c.due_on < local_date(now),
        )
        .order_by(t.clock.c.due_on, t.clock.c.id)
        .limit(limit)
    )
    return [(day_start(row.due_on + timedelta(days=1)), ("card", row.id)) for row in rows]


def _corrections(conn: Connection, first: date, limit: int) -> list[Piece]:
    rows = conn.execute(
        sa.select(t.document.c.id, t.document.c.made_at)
        .where(
            t.document.c.kind == sa.literal_column(f"'{CORRECTION}'"),  # as in the index
            t.document.c.carded_at.is_(None),
            t.document.c.made_at >= day_start(first + timedelta(days=1)),
        )
        .order_by(t.document.c.made_at, t.document.c.id)
        .limit(limit)
    )
    return [(row.made_at, ("correction", row.id)) for row in rows]


def _unanswered(conn: Connection) -> list[Piece]:
    red = t.card.alias("red")
    followed = sa.exists().where(
        red.c.subject_case == t.card.c.subject_case,
        red.c.key == sa.literal(f"{Cause.NO_REPLY}:") + t.card.c.key,
        red.c.level == Level.RED.value,
    )
    rows = conn.execute(
        sa.select(t.card.c.id, t.case_.c.marks_json)
        .join(t.case_, t.case_.c.id == t.card.c.case_)
        .where(
            t.card.c.level == Level.YELLOW.value,
            t.case_.c.marks_json.contains(f'"{Cause.NO_REPLY}"'),
            ~followed,
        )
    )
    return [
        (day_start(date.fromisoformat(json.loads(row.marks_json)[Cause.NO_REPLY])), ("reply", row.id)) for row in rows
    ]
