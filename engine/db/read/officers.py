"""Officers as those who administer see them: posts, stand-ins, absences, accounts. Nothing of any case's content."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from engine.db import holding
from engine.db.read import posts
from engine.db.read.facts import Named, named, subtree
from engine.db.read.posts import Post
from engine.db.tables import absence, account, assignment, organ, person, session
from engine.errors import NotFound

PAGE = 50


@dataclass(frozen=True, kw_only=True)
class Absence:
    id: int
    person: int
    from_on: date
    to_on: date
    kind: str
    proposal: int


@dataclass(frozen=True, kw_only=True)
class Account:
    """`second_factor`: a code is asked for at sign-in. `signed_in_at`: the last time, None when never."""

    id: int
    person: int
    login: str
    active: bool
    must_change: bool
    second_factor: bool
    signed_in_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Officer:
    """A person with an account. The lists hold past and future rows too; `absences` those that are not over."""

    person: int
    name: Named
    status: str
    certificate: str | None
    phone: str | None
    identified: bool  # an identity number is on file; it is shown to nobody
    posts: tuple[Post, ...]
    absences: tuple[Absence, ...]
    accounts: tuple[Account, ...]

    def is_away(self, on: date) -> bool:
        return any(each.from_on <= on <= each.to_on for each in self.absences)

    def held(self, on: date) -> tuple[Post, ...]:
        return tuple(each for each in self.posts if each.is_held(on))


def listed(conn: sa.Connection, today: date, *, text: str, within: int | None, page: int) -> tuple[Officer, ...]:
    """Return a page of officers by name: `text` is part of a name or a login, `within` an organ with all under it."""
    found = _wanted(sa.select(person), today, text, within).order_by(person.c.name, person.c.id)
    return _officers(conn, found.limit(PAGE).offset((page - 1) * PAGE), today)


def count(conn: sa.Connection, today: date, *, text: str, within: int | None) -> int:
    """One statement: how many officers `listed` would list."""
    query = _wanted(sa.select(sa.func.count()).select_from(person), today, text, within)
    return int(conn.execute(query).scalar_one())


def one(conn: sa.Connection, key: int, today: date) -> Officer:
    """Return an officer.

    Raises:
        NotFound: there is no such person, or the person has no account.
    """
    found = _officers(conn, _wanted(sa.select(person), today, "", None).where(person.c.id == key), today)
    if not found:
        raise NotFound(what="officer", key=str(key))
    return found[0]


def one_absence(conn: sa.Connection, key: int) -> Absence:
    """One statement: when somebody is or was away.

    Raises:
        NotFound: there is no such absence.
    """
    row = conn.execute(_away.where(absence.c.id == key)).one_or_none()
    if row is None:
        raise NotFound(what="absence", key=str(key))
    return Absence(**row._mapping)


def everybody(conn: sa.Connection) -> tuple[tuple[int, Named], ...]:
    """One statement: all officers by name, for choosing one."""
    query = sa.select(person.c.id, person.c.name, person.c.name_en).where(_has_account)
    return tuple((row.id, named(row)) for row in conn.execute(query.order_by(person.c.name, person.c.id)))


def names(conn: sa.Connection, keys: Collection[int]) -> dict[int, Named]:
    """One statement: the names of these persons."""
    query = sa.select(person.c.id, person.c.name, person.c.name_en).where(person.c.id.in_(keys))
    return {row.id: named(row) for row in conn.execute(query)}


def organs(conn: sa.Connection) -> tuple[tuple[int, Named], ...]:
    """One statement: all organs, in the order in which they were founded."""
    query = sa.select(organ.c.id, organ.c.name, organ.c.name_en).order_by(organ.c.id)
    return tuple((row.id, named(row)) for row in conn.execute(query))


_away = sa.select(*[absence.c[key] for key in Absence.__dataclass_fields__])
_has_account = sa.exists().where(account.c.person == person.c.id)


def _wanted(query: sa.Select[Any], today: date, text: str, within: int | None) -> sa.Select[Any]:
    query = query.where(_has_account)
    if text:
        by_login = sa.exists().where(account.c.person == person.c.id, account.c.login.icontains(text, autoescape=True))
        names = (person.c.name.contains(text, autoescape=True), person.c.name_en.icontains(text, autoescape=True))
        query = query.where(sa.or_(*names, by_login))
    if within is not None:
        there = assignment.c.organ.in_(subtree(within))
        held = sa.exists().where(assignment.c.person == person.c.id, there, holding.in_force(assignment, today))
        query = query.where(held)
    return query


def _officers(conn: sa.Connection, query: sa.Select[Any], today: date) -> tuple[Officer, ...]:
    rows = conn.execute(query).all()
    keys = [row.id for row in rows]
    held = _by_person(posts.of(conn, keys))
    absences, accounts = _by_person(_absences(conn, keys, today)), _by_person(_accounts(conn, keys))
    return tuple(
        Officer(
            person=row.id,
            name=named(row),
            status=row.status,
            certificate=row.certificate,
            phone=row.phone,
            identified=row.id_hash is not None,
            posts=tuple(held[row.id]),
            absences=tuple(absences[row.id]),
            accounts=tuple(accounts[row.id]),
        )
        for row in rows
    )


def _by_person(found: Collection[Any]) -> dict[int, list[Any]]:
    kept: dict[int, list[Any]] = defaultdict(list)
    for each in found:
        kept[each.person].append(each)
    return kept


def _absences(conn: sa.Connection, keys: Collection[int], today: date) -> list[Absence]:
    query = _away.where(absence.c.person.in_(keys), absence.c.to_on >= today)
    return [Absence(**row._mapping) for row in conn.execute(query.order_by(absence.c.from_on, absence.c.id))]


def _accounts(conn: sa.Connection, keys: Collection[int]) -> list[Account]:
    last = sa.select(sa.func.max(session.c.opened_at)).where(session.c.account == account.c.id).scalar_subquery()
    columns = (account.c.id, account.c.person, account.c.login, account.c.active, account.c.must_change)
    confirmed = sa.and_(account.c.totp_cipher.is_not(None), account.c.totp_at.is_not(None))
    query = sa.select(*columns, confirmed.label("second_factor"), last.label("signed_in_at"))
    rows = conn.execute(query.where(account.c.person.in_(keys)).order_by(account.c.id))
    return [Account(**row._mapping) for row in rows]
