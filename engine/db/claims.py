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
    by_post = (
        sa.exists()
        .where(t.assignment.c.post == t.step.c.post, holding.may_act(t.step.c.claimed_by, today))
        .correlate(t.step)
    )
    held = t.step.c.closed_at.is_(None) & t.step.c.claimed_by.is_not(None)
    wanted = sa.select(t.step.c.id).where(held, ~by_post, t.step.c.id.not_in(without)).order_by(t.step.c.id)
    return list(conn.scalars(wanted.limit(limit)))


def unanswerable(
    conn: Connection, today: date, desk: Collection[str], limit: int, without: Collection[int] = ()
) -> list[int]:
    """Return who is asked for an opinion and holds none of the `desk` posts today or later, by the id of the signer.

    Cases in fault are left out: their steps rest.
    """
    held = t.assignment
    answers = sa.exists().where(
        held.c.person == t.signer.c.person, held.c.post.in_(desk), sa.or_(held.c.to_on.is_(None), held.c.to_on >= today)
    )
    wanted = (
        sa.select(t.signer.c.id)
        .join(t.step, t.step.c.id == t.signer.c.step)
        .join(t.case_, t.case_.c.id == t.signer.c.case_)
        .where(t.signer.c.signed_at.is_(None), t.signer.c.removed_at.is_(None), t.step.c.closed_at.is_(None))
        .where(t.case_.c.state == CaseState.OPEN.value, ~answers, t.signer.c.id.not_in(without))
    )
    return list(conn.scalars(wanted.order_by(t.signer.c.id).limit(limit)))
