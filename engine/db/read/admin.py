"""What an administrator, and the replay of scenarios, ask: accounts with their posts, open steps."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine.db import tables as t


@dataclass(frozen=True, kw_only=True)
class Holder:
    """An account with a post it holds; `parent`: the organ above, for windows."""

    login: str
    account: int
    person: int
    name: str
    post: str | None
    organ: int | None
    organ_name: str | None
    level: str | None
    parent: int | None
    assignment: int | None = None


def holders(conn: Connection) -> list[Holder]:
    """Return every account, once for each post, in the order in which they were made."""
    rows = conn.execute(
        sa.select(
            t.account.c.login,
            t.account.c.id.label("account"),
            t.account.c.person,
            t.person.c.name,
            t.assignment.c.post,
            t.assignment.c.id.label("assignment"),
            t.organ.c.id.label("organ"),
            t.organ.c.name.label("organ_name"),
            t.organ.c.level,
            t.organ.c.parent,
        )
        .join(t.person, t.person.c.id == t.account.c.person)
        .outerjoin(t.assignment, t.assignment.c.person == t.person.c.id)
        .outerjoin(t.organ, t.organ.c.id == t.assignment.c.organ)
        .order_by(t.account.c.id, t.assignment.c.id)
    )
    return [Holder(**row._mapping) for row in rows]


def organs(conn: Connection) -> dict[str, int]:
    """Return the ids of organs by code."""
    return {row.code: row.id for row in conn.execute(sa.select(t.organ.c.code, t.organ.c.id))}


def is_founded(conn: Connection) -> bool:
    """Return whether a county has been founded in this database."""
    return conn.scalar(sa.select(t.organ.c.id).limit(1)) is not None


def applicant(conn: Connection, case: int) -> int:
    """Return the person who applied in a case."""
    return int(conn.execute(sa.select(t.case_.c.applicant).where(t.case_.c.id == case)).scalar_one())


def organs_of(conn: Connection, case: int) -> tuple[int, ...]:
    """Return the organ where a case was filed and those above it."""
    found = [int(conn.execute(sa.select(t.case_.c.organ).where(t.case_.c.id == case)).scalar_one())]
    while (above := conn.scalar(sa.select(t.organ.c.parent).where(t.organ.c.id == found[-1]))) is not None:
        found.append(int(above))
    return tuple(found)


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a step waits."""

    step: int
    post: str
    organ: int


def newest_step(conn: Connection, case: int, path: str) -> Place | None:
    """Return the newest step of a case with this path, open or not."""
    found = sa.select(t.step).where(t.step.c.case_ == case, t.step.c.path == path)
    row = conn.execute(found.order_by(t.step.c.id.desc()).limit(1)).one_or_none()
    return Place(step=row.id, post=row.post, organ=row.organ) if row else None


def card(conn: Connection, level: str, begins: datetime, nth: int) -> tuple[int, str] | None:
    """Return case and number of the nth card of a level (from 1) that was drafted on the day that begins then."""
    day = t.case_.c.filed_at.between(begins, begins + timedelta(days=1))
    found = sa.select(t.case_.c.id, t.case_.c.number).join(t.card, t.card.c.case_ == t.case_.c.id)
    row = conn.execute(
        found.where(t.card.c.level == level, day).order_by(t.card.c.id).offset(nth - 1).limit(1)
    ).one_or_none()
    return (row.id, row.number) if row else None
