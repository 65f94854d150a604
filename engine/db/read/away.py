"""Who is away today, and until when."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine.db import holding
from engine.db import tables as t


def until(conn: Connection, persons: Collection[int], today: date) -> dict[int, date]:
    """Return the last day away of those of these persons who are away on `today`. One statement."""
    query = sa.select(t.absence.c.person, sa.func.max(t.absence.c.to_on).label("last"))
    query = query.where(t.absence.c.person.in_(persons), holding.in_force(t.absence, today))
    return {row.person: row.last for row in conn.execute(query.group_by(t.absence.c.person))}
