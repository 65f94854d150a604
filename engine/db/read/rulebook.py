"""The rule book in force, for the page about it: by which proposal, and since when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from engine.db.tables import rulebook


@dataclass(frozen=True, kw_only=True)
class Adopted:
    """The files of processes/_rules as two persons adopted them last; `sha256` of all of them."""

    sha256: str
    proposal: int
    since: datetime


def adopted(conn: sa.Connection) -> Adopted | None:
    """One statement: the rule book in force; None when none was adopted, and the files themselves count."""
    row = conn.execute(sa.select(rulebook).order_by(rulebook.c.id.desc()).limit(1)).one_or_none()
    return Adopted(sha256=row.sha256, proposal=row.proposal, since=row.adopted_at) if row else None
