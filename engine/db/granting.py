"""Rows of who holds which post, stands in for whom and is away. Who may change them is for the commands to say."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine.db import tables as t
from engine.db.people import Known
from engine.errors import NotFound


@dataclass(frozen=True, kw_only=True)
class Officer(Known):
    """A person with an account. `status`: official | temporary | trainee | helper."""

    name: str
    status: str


@dataclass(frozen=True, kw_only=True)
class Held:
    """A post as granted. `to_on`: the last day; None: without end."""

    id: int
    person: int
    post: str
    organ: int
    item: str | None
    from_on: date
    to_on: date | None


@dataclass(frozen=True, kw_only=True)
class StandIn:
    """A registered stand-in `person` for the `holder` of a granted post."""

    id: int
    assignment: int
    holder: int
    person: int
    from_on: date
    to_on: date | None


@dataclass(frozen=True, kw_only=True)
class Absence:
    """Days on which a person is away, both ends included."""

    id: int
    person: int
    from_on: date
    to_on: date


_held = sa.select(*[t.assignment.c[name] for name in Held.__dataclass_fields__])
_stands = sa.select(
    t.stand_in.c.id, t.stand_in.c.assignment, t.assignment.c.person.label("holder"), t.stand_in.c.person,
    t.stand_in.c.from_on, t.stand_in.c.to_on,
).join(t.assignment, t.assignment.c.id == t.stand_in.c.assignment)  # fmt: skip
_away = sa.select(*[t.absence.c[name] for name in Absence.__dataclass_fields__])


def officers(conn: Connection, persons: Collection[int]) -> dict[int, Officer]:
    """Return officers by person id, locked in the order of their ids: their posts change one act after the other.

    Raises:
        NotFound: a person is none, or has no account.
    """
    has_account = sa.exists().where(t.account.c.person == t.person.c.id)
    rows = conn.execute(
        sa.select(t.person.c.id, t.person.c.pseudonym, t.person.c.name, t.person.c.status)
        .where(t.person.c.id.in_(persons), has_account)
        .order_by(t.person.c.id)
        .with_for_update()
    )
    found = {row.id: Officer(**row._mapping) for row in rows}
    if missing := set(persons) - found.keys():
        raise NotFound(what="officer", key=str(min(missing)))
    return found


def assignment(conn: Connection, key: int) -> Held:
    """Return a granted post.

    Raises:
        NotFound: there is none.
    """
    row = conn.execute(_held.where(t.assignment.c.id == key)).one_or_none()
    if row is None:
        raise NotFound(what="granted post", key=str(key))
    return Held(**row._mapping)


def held(conn: Connection, persons: Collection[int], from_on: date, to_on: date | None) -> tuple[Held, ...]:
    """Return the posts that persons hold on some day of a period, in the order in which they were granted."""
    wanted = _held.where(t.assignment.c.person.in_(persons), _meets(t.assignment, from_on, to_on))
    return tuple(Held(**row._mapping) for row in conn.execute(wanted.order_by(t.assignment.c.id)))


def grant(conn: Connection, row: dict[str, Any]) -> int:
    """Add a granted post, columns of `assignment`; return its id."""
    return int(conn.execute(sa.insert(t.assignment).values(**row).returning(t.assignment.c.id)).scalar_one())


def end(conn: Connection, assignments: Collection[int], to_on: date) -> None:
    """Let posts end on a day, and what was registered of stand-ins for them."""
    conn.execute(sa.update(t.assignment).where(t.assignment.c.id.in_(assignments)).values(to_on=to_on))
    later = sa.or_(t.stand_in.c.to_on.is_(None), t.stand_in.c.to_on > to_on)
    conn.execute(sa.update(t.stand_in).where(t.stand_in.c.assignment.in_(assignments), later).values(to_on=to_on))


def stand_in(conn: Connection, key: int) -> StandIn:
    """Return a registered stand-in.

    Raises:
        NotFound: there is none.
    """
    row = conn.execute(_stands.where(t.stand_in.c.id == key)).one_or_none()
    if row is None:
        raise NotFound(what="stand-in", key=str(key))
    return StandIn(**row._mapping)


def stand_ins(conn: Connection, persons: Collection[int], from_on: date, to_on: date | None) -> tuple[StandIn, ...]:
    """Return the registrations of a period in which one of the persons is holder or stand-in, the oldest first."""
    either = sa.or_(t.assignment.c.person.in_(persons), t.stand_in.c.person.in_(persons))
    wanted = _stands.where(either, _meets(t.stand_in, from_on, to_on)).order_by(t.stand_in.c.id)
    return tuple(StandIn(**row._mapping) for row in conn.execute(wanted))


def name_stand_in(conn: Connection, row: dict[str, Any]) -> int:
    """Add a registration, columns of `stand_in`; return its id."""
    return int(conn.execute(sa.insert(t.stand_in).values(**row).returning(t.stand_in.c.id)).scalar_one())


def end_stand_ins(conn: Connection, keys: Collection[int], to_on: date) -> None:
    """Let registrations end on a day."""
    conn.execute(sa.update(t.stand_in).where(t.stand_in.c.id.in_(keys)).values(to_on=to_on))


def absences(conn: Connection, persons: Collection[int], from_on: date, to_on: date | None) -> tuple[Absence, ...]:
    """Return when persons are away in a period, the earliest first."""
    wanted = _away.where(t.absence.c.person.in_(persons), _meets(t.absence, from_on, to_on))
    return tuple(Absence(**row._mapping) for row in conn.execute(wanted.order_by(t.absence.c.from_on)))


def absence(conn: Connection, key: int) -> Absence:
    """Return when somebody is away.

    Raises:
        NotFound: there is no such absence.
    """
    row = conn.execute(_away.where(t.absence.c.id == key)).one_or_none()
    if row is None:
        raise NotFound(what="absence", key=str(key))
    return Absence(**row._mapping)


def end_absence(conn: Connection, key: int, to_on: date) -> None:
    """Let days away end with a day."""
    conn.execute(sa.update(t.absence).where(t.absence.c.id == key).values(to_on=to_on))


def record_absence(conn: Connection, row: dict[str, Any]) -> int:
    """Add days away, columns of `absence`; return the id."""
    return int(conn.execute(sa.insert(t.absence).values(**row).returning(t.absence.c.id)).scalar_one())


def cases_held(conn: Connection, person: int) -> list[int]:
    """Return the cases in which a person has claimed an open step, in the order of their ids."""
    claimed = (t.step.c.claimed_by == person) & t.step.c.closed_at.is_(None)
    return list(conn.scalars(sa.select(t.step.c.case_).where(claimed).distinct().order_by(t.step.c.case_)))


def holder(conn: Connection, step: int) -> int | None:
    """Return who has claimed a step; None when nobody has."""
    held: int | None = conn.scalar(sa.select(t.step.c.claimed_by).where(t.step.c.id == step))
    return held


def tie(conn: Connection, row: dict[str, Any]) -> int:
    """Add a declared tie, columns of `relation`; return its id."""
    return int(conn.execute(sa.insert(t.relation).values(**row).returning(t.relation.c.id)).scalar_one())


def own_tie(conn: Connection, key: int, person: int) -> tuple[str, date]:
    """Return kind and first day of a tie that still holds and that a person declared.

    Raises:
        NotFound: there is none.
    """
    mine = (t.relation.c.id == key) & (t.relation.c.person == person) & t.relation.c.to_on.is_(None)
    row = conn.execute(sa.select(t.relation.c.kind, t.relation.c.from_on).where(mine)).one_or_none()
    if row is None:
        raise NotFound(what="tie", key=str(key))
    return row.kind, row.from_on


def end_tie(conn: Connection, key: int, to_on: date) -> None:
    """Let a tie end on a day."""
    conn.execute(sa.update(t.relation).where(t.relation.c.id == key).values(to_on=to_on))


def _meets(table: sa.Table, from_on: date, to_on: date | None) -> sa.ColumnElement[bool]:
    """Return whether a row holds on some day of a period; `to_on` None: without end."""
    ends_after = sa.or_(table.c.to_on.is_(None), table.c.to_on >= from_on)
    return ends_after if to_on is None else sa.and_(ends_after, table.c.from_on <= to_on)
