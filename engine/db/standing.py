"""What is known of people who want to act in a case, beside their posts and what they did in it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import date

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine.db import holding, recusals
from engine.db import tables as t
from engine.model import Standing


def of(conn: Connection, case_id: int, persons: Collection[int], today: date) -> dict[int, Standing]:
    """Return the standing of each of these people in a case, as `begin` and `find` give it for the actor.

    One statement.
    """
    told = (*recusals.TIES, recusals.raised(t.case_.c.id))
    query = sa.select(t.person.c.id, t.person.c.status, t.person.c.certificate, *told)
    query = query.join(t.case_, t.case_.c.id == case_id).where(t.person.c.id.in_(persons))
    rows = conn.execute(query, {"persons": sorted(persons), "today": today}).all()
    found = recusals.standings(rows[0], rows[0].raised) if rows else {}
    return {
        row.id: replace(holding.standing(row), recusal=found[row.id].recusal, tie=found[row.id].tie, others=found)
        for row in rows
    }
