"""Everybody who could act on a day: officers with their posts, those whom they stand in for, and who is away."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine.db import holding
from engine.db import tables as t
from engine.db.organs import Organ, by_id
from engine.model import Assignment, Standing


@dataclass(frozen=True, kw_only=True)
class Officer:
    """A person with an account that may sign in. `login`: of the first such account.

    `own`: the posts held; `instead`: those by which he is registered as a stand-in, whether or not the holder is away.
    """

    person: int
    login: str
    name: str
    name_en: str
    standing: Standing
    own: tuple[Assignment, ...]
    instead: tuple[Assignment, ...]

    @property
    def posts(self) -> tuple[Assignment, ...]:
        return (*self.own, *self.instead)


@dataclass(frozen=True, kw_only=True)
class Staff:
    """The staff of the county on a day. `away`: persons; `organs`: all, by id."""

    on: date
    officers: Mapping[int, Officer]
    away: frozenset[int]
    organs: Mapping[int, Organ]

    @cached_property
    def _by_post(self) -> Mapping[str, Sequence[Officer]]:
        found: dict[str, dict[int, Officer]] = defaultdict(dict)
        for officer in self.officers.values():
            for post in officer.posts:
                found[post.post][officer.person] = officer
        return {post: tuple(officers.values()) for post, officers in found.items()}

    def of_post(self, post: str) -> Sequence[Officer]:
        """Return who holds a post anywhere, or stands in for a holder."""
        return self._by_post.get(post, ())

    def filing(self, post: str, item: str) -> tuple[int, ...]:
        """Return the organs that offer an item: where somebody holds the post that files it, himself, or in a window.

        As filing decides it (engine/commands/filing.py): no stand-in files.
        """
        found = (a for officer in self.officers.values() for a in officer.own if a.post == post)
        return tuple(dict.fromkeys(sorted(holding.filed_at(a) for a in found if a.item in (None, item))))


def staff(conn: Connection, on: date) -> Staff:
    """Return everybody who could act on a day. Four statements, however many they are.

    Absences that are planned for that day count, and posts granted from or until then.
    """
    own: dict[int, list[Assignment]] = defaultdict(list)
    instead: dict[int, list[Assignment]] = defaultdict(list)
    for row in conn.execute(_posts, {"today": on}):
        (own if row.who == row.person else instead)[row.who].append(holding.assignment(row, row.who))
    officers = {
        row.id: Officer(
            person=row.id,
            login=row.login,
            name=row.name,
            name_en=row.name_en or row.name,
            standing=holding.standing(row),
            own=tuple(own[row.id]),
            instead=tuple(instead[row.id]),
        )
        for row in conn.execute(_officers)
    }
    away = frozenset(conn.scalars(_away, {"today": on}))
    return Staff(on=on, officers=officers, away=away, organs=by_id(conn))


def changes(conn: Connection, today: date, until: date) -> tuple[date, ...]:
    """Return the days after today, the last one included, on which a post, stand-in or absence begins or is over.

    One statement.
    """
    found = conn.execute(_changes, {"today": today, "until": until})
    days = {row.day + timedelta(days=1) if row.over else row.day for row in found}
    return tuple(sorted(day for day in days if today < day <= until))


def persons(conn: Connection, logins: Collection[str]) -> dict[str, int]:
    """Return the persons of those of these logins that exist. One statement."""
    rows = conn.execute(sa.select(t.account.c.login, t.account.c.person).where(t.account.c.login.in_(logins)))
    return {row.login: row.person for row in rows}


_first = (
    sa.select(sa.func.min(t.account.c.id))
    .where(t.account.c.person == t.person.c.id, t.account.c.active)
    .correlate(t.person)
    .scalar_subquery()
)
_officers = (
    sa.select(
        t.person.c.id,
        t.person.c.name,
        t.person.c.name_en,
        t.person.c.status,
        t.person.c.certificate,
        t.account.c.login,
    )
    .join(t.account, t.account.c.id == _first)
    .order_by(t.person.c.id)
)
_who = sa.union_all(
    sa.select(t.assignment.c.id.label("assignment"), t.assignment.c.person.label("who")).where(
        holding.in_force(t.assignment, holding.TODAY)
    ),
    sa.select(t.stand_in.c.assignment, t.stand_in.c.person.label("who")).where(
        holding.in_force(t.stand_in, holding.TODAY)
    ),
).subquery()
_posts = (
    sa.select(
        _who.c.who,
        *holding.COLUMNS,
    )
    .join(t.assignment, t.assignment.c.id == _who.c.assignment)
    .join(t.organ, t.organ.c.id == t.assignment.c.organ)
    .where(holding.in_force(t.assignment, holding.TODAY))
    .order_by(_who.c.who, t.assignment.c.id)
)
_away = sa.select(t.absence.c.person).where(holding.in_force(t.absence, holding.TODAY)).distinct()
_until = sa.bindparam("until", type_=sa.Date)
_changes = sa.union(
    *(
        sa.select(day.label("day"), sa.literal(over).label("over")).where(day.between(holding.TODAY, _until))
        for table in (t.assignment, t.stand_in, t.absence)
        for day, over in ((table.c.from_on, False), (table.c.to_on, True))
    )
)
