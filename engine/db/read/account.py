"""What an officer asks about the own account: where it is signed in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine.db import tables as t


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
