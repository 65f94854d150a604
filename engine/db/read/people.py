"""Who is signed in, and who holds which post. Read by every page."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine.clock import local_date
from engine.db import holding
from engine.db import tables as t
from engine.model import Assignment, Standing


@dataclass(frozen=True, kw_only=True)
class Officer:
    """The officer of a session. `organs_en`: English names of the organs of the posts, by organ id.

    `must_change`: others know the password; nothing else is done before it is changed. `secured`: by a second factor.
    `standing`: what else is known of the officer, whatever the case.
    """

    person: int
    account: int
    login: str
    name: str
    name_en: str | None
    language: str
    phrase: str
    opened_at: datetime
    assignments: tuple[Assignment, ...]
    organs_en: Mapping[int, str]
    must_change: bool = False
    secured: bool = False
    standing: Standing = field(default_factory=Standing)


@dataclass(frozen=True, kw_only=True)
class Holder:
    """A person with one of the posts held today."""

    person: int
    name: str
    name_en: str | None
    assignment: Assignment


def session(conn: Connection, key_hash: str, now: datetime) -> Officer | None:
    """Return the officer of an open session with the posts held at `now`; None when it is closed or unknown.

    One statement.
    """
    rows = conn.execute(_session, {"key": key_hash, "today": local_date(now)}).all()
    if not rows:
        return None
    first, held = rows[0], [row for row in rows if row.id is not None]
    return Officer(
        person=first.who,
        account=first.account,
        login=first.login,
        name=first.person_name,
        name_en=first.person_name_en,
        language=first.language,
        phrase=first.phrase or "",
        opened_at=first.opened_at,
        must_change=first.must_change,
        secured=first.totp_at is not None,
        assignments=tuple(holding.assignment(row, row.who) for row in held),
        organs_en={row.organ: row.organ_name_en for row in held},
        standing=holding.standing(first),
    )


def holders(conn: Connection, posts: Collection[str], today: date) -> tuple[Holder, ...]:
    """Return who holds one of the posts on `today`, ordered by person and assignment. One statement."""
    rows = conn.execute(_holders, {"posts": list(posts), "today": today})
    return tuple(
        Holder(
            person=row.who,
            name=row.person_name,
            name_en=row.person_name_en,
            assignment=holding.assignment(row, row.who),
        )
        for row in rows
    )


def assignments(conn: Connection, persons: Collection[int], today: date) -> dict[int, tuple[Assignment, ...]]:
    """Return every post that these persons hold on `today`. One statement."""
    found: dict[int, tuple[Assignment, ...]] = dict.fromkeys(persons, ())
    for row in conn.execute(_assignments, {"persons": list(persons), "today": today}):
        found[row.who] += (holding.assignment(row, row.who),)
    return found


def _posts(query: sa.Select[tuple[object, ...]], outer: bool = True) -> sa.Select[tuple[object, ...]]:
    return (
        query.add_columns(
            t.assignment.c.id, t.assignment.c.person, t.assignment.c.post, t.assignment.c.organ, t.assignment.c.item,
            t.assignment.c.tier, t.assignment.c.pool, holding.owner,
            t.organ.c.code.label("organ_code"), t.organ.c.name.label("organ_name"),
            t.organ.c.name_en.label("organ_name_en"), t.organ.c.level, t.organ.c.parent,
        )
        .join(t.assignment, holding.may_act(t.person.c.id, holding.TODAY), isouter=outer)
        .join(t.organ, t.organ.c.id == t.assignment.c.organ, isouter=outer)
    )  # fmt: skip


# Built once: building such a statement takes longer than asking it.
_session = (
    _posts(
        sa.select(
            t.session.c.opened_at, t.account.c.id.label("account"), t.account.c.login, t.account.c.language,
            t.account.c.phrase, t.account.c.must_change, t.account.c.totp_at, t.person.c.id.label("who"),
            t.person.c.name.label("person_name"), t.person.c.name_en.label("person_name_en"), t.person.c.status,
            t.person.c.certificate,
        )
        .join(t.account, t.account.c.id == t.session.c.account)
        .join(t.person, t.person.c.id == t.account.c.person)
    )
    .where(t.session.c.key_hash == sa.bindparam("key"), t.session.c.closed_at.is_(None), t.account.c.active)
    .order_by(t.assignment.c.id)
)  # fmt: skip
_holders = (
    _posts(
        sa.select(
            t.person.c.id.label("who"), t.person.c.name.label("person_name"),
            t.person.c.name_en.label("person_name_en"),
        ).select_from(t.person),
        outer=False,
    )
    .where(t.assignment.c.post.in_(sa.bindparam("posts", expanding=True)))
    .order_by(t.person.c.id, t.assignment.c.id)
)  # fmt: skip
_assignments = (
    _posts(sa.select(t.person.c.id.label("who")).select_from(t.person), outer=False)
    .where(t.person.c.id.in_(sa.bindparam("persons", expanding=True)))
    .order_by(t.assignment.c.id)
)
