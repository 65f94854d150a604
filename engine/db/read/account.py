"""What an officer asks about the own account: where it is signed in, which ties are declared."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine.db import tables as t
from engine.db.people import masked


@dataclass(frozen=True, kw_only=True)
class Session:
    """An open sign-in. `here`: the one that asks."""

    opened_at: datetime
    address: str
    here: bool


def sessions(conn: Connection, account: int, key_hash: str) -> list[Session]:
    """Return the open sign-ins of an account, the newest first."""
    found = (
        sa.select(t.session.c.opened_at, t.session.c.address, t.session.c.key_hash)
        .where(t.session.c.account == account, t.session.c.closed_at.is_(None))
        .order_by(t.session.c.opened_at.desc(), t.session.c.id.desc())
    )
    return [
        Session(opened_at=row.opened_at, address=row.address, here=row.key_hash == key_hash)
        for row in conn.execute(found)
    ]


@dataclass(frozen=True, kw_only=True)
class Tie:
    """A tie that the officer declared (Civil Servants Law art. 74). `name`: a natural person's is masked."""

    id: int
    kind: str
    name: str
    from_on: date
    to_on: date | None

    @property
    def may_end(self) -> bool:
        """Whether it has not ended; a tie of blood never does."""
        return self.to_on is None and self.kind not in ("lineal", "collateral")


def ties(conn: Connection, person: int) -> list[Tie]:
    """Return the ties that a person has declared, the newest first. One statement."""
    columns = (t.relation.c.id, t.relation.c.kind, t.relation.c.from_on, t.relation.c.to_on)
    found = (
        sa.select(*columns, t.person.c.kind.label("whose"), t.person.c.name)
        .join(t.person, t.person.c.id == t.relation.c.other)
        .where(t.relation.c.person == person, t.relation.c.source == "declared")
        .order_by(t.relation.c.from_on.desc(), t.relation.c.id.desc())
    )
    return [
        Tie(id=row.id, kind=row.kind, name=masked(row.whose, row.name), from_on=row.from_on, to_on=row.to_on)
        for row in conn.execute(found)
    ]
