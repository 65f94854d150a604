"""What is known of people who want to act in a case, beside their posts and what they did in it."""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine.db import holding
from engine.db import tables as t
from engine.model import Standing


def of(conn: Connection, case_id: int, persons: Collection[int]) -> dict[int, Standing]:  # noqa: ARG001
    """Return the standing of each of these people in a case, as `begin` and `find` give it for the actor.

    One statement.
    """
    columns = (t.person.c.id, t.person.c.status, t.person.c.certificate)
    rows = conn.execute(sa.select(*columns).where(t.person.c.id.in_(persons)))
    return {row.id: holding.standing(row) for row in rows}
