"""Which open steps are held by somebody who has no post for them any more. Releasing them is for the commands."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine.db import holding
from engine.db import tables as t


def stranded(conn: Connection, today: date, limit: int, without: Collection[int] = ()) -> list[int]:
    """Return open steps whose holder has today, own or as a stand-in, no post of their kind, the oldest first.

    Where the post is held does not matter here: a claim in another organ is refused as it is completed.
    """
    return list(conn.scalars(_stranded, {"today": today, "most": limit, "without": list(without)}))


_by_post = (
    sa.exists()
    .where(t.assignment.c.post == t.step.c.post, holding.may_act(t.step.c.claimed_by, holding.TODAY))
    .correlate(t.step)
)
_stranded = (
    sa.select(t.step.c.id)
    .where(
        t.step.c.closed_at.is_(None),
        t.step.c.claimed_by.is_not(None),
        ~_by_post,
        t.step.c.id.not_in(sa.bindparam("without", expanding=True)),
    )
    .order_by(t.step.c.id)
    .limit(sa.bindparam("most"))
)
