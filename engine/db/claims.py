"""What waits for somebody who has no post for it any more: steps, and questions. Freeing them is for the commands."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine.db import holding
from engine.db import tables as t
from engine.model import CaseState


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


def unanswerable(
    conn: Connection, today: date, desk: Collection[str], limit: int, without: Collection[int] = ()
) -> list[int]:
    """Return who is asked for an opinion and holds none of the `desk` posts today or later, by the id of the signer.

    Cases in fault are left out: their steps rest.
    """
    given = {"today": today, "desk": list(desk), "without": list(without), "most": limit}
    return list(conn.scalars(_unanswerable, given))


_answers = sa.exists().where(
    t.assignment.c.person == t.signer.c.person,
    t.assignment.c.post.in_(sa.bindparam("desk", expanding=True)),
    sa.or_(t.assignment.c.to_on.is_(None), t.assignment.c.to_on >= holding.TODAY),
)
_unanswerable = (
    sa.select(t.signer.c.id)
    .join(t.step, t.step.c.id == t.signer.c.step)
    .join(t.case_, t.case_.c.id == t.signer.c.case_)
    .where(
        t.signer.c.signed_at.is_(None),
        t.signer.c.removed_at.is_(None),
        t.step.c.closed_at.is_(None),
        t.case_.c.state == CaseState.OPEN.value,
        ~_answers,
        t.signer.c.id.not_in(sa.bindparam("without", expanding=True)),
    )
    .order_by(t.signer.c.id)
    .limit(sa.bindparam("most"))
)
