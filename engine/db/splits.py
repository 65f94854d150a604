"""The amount that a case counts, with the cases that it may have been split from (SOD-14)."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine.db import tables as t
from engine.model import CaseState


def together(
    conn: Connection, *, case: int, applicant: int, item: str, amount: int | None, filed_at: datetime | None, days: int
) -> int | None:
    """Return the yuan of a case and of all others of its applicant and item filed within `days` of it.

    Withdrawn ones do not count. None: the amount of the case is not known. One statement.
    Source: Government Procurement Law art. 28 (no splitting); the days are a setting of the county.
    """
    if amount is None or filed_at is None:
        return amount
    span = timedelta(days=days)
    others = sa.select(sa.func.coalesce(sa.func.sum(t.case_.c.amount), 0)).where(
        t.case_.c.applicant == applicant,
        t.case_.c.item == item,
        t.case_.c.id != case,
        t.case_.c.state != CaseState.WITHDRAWN.value,
        t.case_.c.filed_at.between(filed_at - span, filed_at + span),
    )
    return amount + int(conn.scalar(others) or 0)
