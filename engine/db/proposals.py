"""Proposals: office acts by one person that need another's approval. Who may is for the commands to say."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine.db import tables as t
from engine.db.context import Context
from engine.errors import NotFound


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """What was proposed, `by` whom; `approved_by` and `declined_by` are empty while it waits."""

    id: int
    kind: str
    body_json: str
    by: int
    approved_by: int | None
    declined_by: int | None

    @property
    def waits(self) -> bool:
        return self.approved_by is None and self.declined_by is None


def locked(conn: Connection, proposal: int) -> Proposal:
    """Return a proposal, locked.

    Raises:
        NotFound: there is no such proposal.
    """
    columns = [t.proposal.c[name] for name in Proposal.__dataclass_fields__]
    row = conn.execute(sa.select(*columns).where(t.proposal.c.id == proposal).with_for_update()).one_or_none()
    if row is None:
        raise NotFound(what="proposal", key=str(proposal))
    return Proposal(**row._mapping)


def add(
    conn: Connection,
    kind: str,
    body_json: str,
    *,
    by: int,
    at: datetime,
    about: str | None = None,
    approved_by: int | None = None,
) -> int:
    """Add a proposal; return its id. `approved_by`: it is approved in the same act (the founding)."""
    row = sa.insert(t.proposal).values(
        kind=kind,
        about=about,
        body_json=body_json,
        by=by,
        by_at=at,
        approved_by=approved_by,
        approved_at=None if approved_by is None else at,
    )
    return int(conn.execute(row.returning(t.proposal.c.id)).scalar_one())


def approved(ctx: Context, proposal: int) -> None:
    """Note that the actor approves a proposal now."""
    ctx.conn.execute(
        sa.update(t.proposal).where(t.proposal.c.id == proposal).values(approved_by=ctx.person, approved_at=ctx.now)
    )


def declined(ctx: Context, proposal: int, reason: str) -> None:
    """Note that the actor declines a proposal now."""
    ctx.conn.execute(
        sa.update(t.proposal)
        .where(t.proposal.c.id == proposal)
        .values(declined_by=ctx.person, declined_at=ctx.now, decline_reason=reason)
    )
