"""Officers as a staff: who is away, who heads an organ, how the trace names them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine.db import holding
from engine.db import tables as t


@dataclass(frozen=True, kw_only=True)
class Known:
    """An officer with an account that may sign in, as commands name him and as the trace does."""

    person: int
    name: str
    pseudonym: str


def away(conn: Connection, persons: Collection[int], today: date) -> set[int]:
    """Return which of these persons are away on a day. One statement."""
    found = sa.select(t.absence.c.person).where(holding.in_force(t.absence, today), t.absence.c.person.in_(persons))
    return set(conn.scalars(found))


def known(conn: Connection, persons: Collection[int]) -> dict[int, Known]:
    """Return those of these persons who are officers, by id. One statement."""
    found = (
        sa.select(t.person.c.id, t.person.c.name, t.person.c.pseudonym)
        .where(t.person.c.id.in_(persons))
        .where(sa.exists().where(t.account.c.person == t.person.c.id, t.account.c.active))
    )
    rows = conn.execute(found)
    return {row.id: Known(person=row.id, name=row.name, pseudonym=row.pseudonym) for row in rows}


def heads(
    conn: Connection, post: str, today: date, organs: Collection[int] | None = None
) -> Mapping[int, tuple[int, ...]]:
    """Return who holds a post on a day, in these organs or in any, by organ. One statement."""
    found = sa.select(t.assignment.c.organ, t.assignment.c.person).where(
        t.assignment.c.post == post, holding.in_force(t.assignment, today)
    )
    if organs is not None:
        found = found.where(t.assignment.c.organ.in_(organs))
    held: dict[int, tuple[int, ...]] = {}
    for row in conn.execute(found.order_by(t.assignment.c.id)):
        held[row.organ] = (*held.get(row.organ, ()), row.person)
    return held


def units(conn: Connection, persons: Collection[int], today: date) -> list[int]:
    """Return the organs in which these persons hold posts on a day."""
    found = (
        sa.select(t.assignment.c.organ)
        .distinct()
        .where(t.assignment.c.person.in_(persons), holding.in_force(t.assignment, today))
    )
    return sorted(conn.scalars(found))
