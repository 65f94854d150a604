"""Rows of a new county: calendar, organs, officers with their accounts and posts. Only the founding writes them."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine.db import tables as t
from engine.db.people import Known


@dataclass(frozen=True, kw_only=True)
class OrganRow:
    """An organ; parents stand before their children. The topmost one's `series` heads receipt numbers."""

    code: str
    name: str
    name_en: str
    level: str
    parent: str | None = None
    division: str | None = None
    series: str | None = None
    phone: str | None = None
    address: str | None = None


@dataclass(frozen=True, kw_only=True)
class OfficerRow:
    """An officer with an account; `posts`: (code of the post, code of the organ)."""

    login: str
    name: str
    name_en: str
    posts: tuple[tuple[str, str], ...]
    password_hash: str
    phrase: str | None = None
    language: str = "zh"


@dataclass(frozen=True, kw_only=True)
class Grant:
    """A post that a person holds in an organ from a day on, by a proposal."""

    person: int
    post: str
    organ: int
    from_on: date
    proposal: int


def is_founded(conn: Connection) -> bool:
    """Return whether the database holds a county already."""
    return bool(conn.scalar(sa.select(sa.func.count()).select_from(t.organ)))


def adopt_calendar(conn: Connection, days: Mapping[date, tuple[bool, str, str]]) -> None:
    """Add days: whether offices work, name of a holiday or make-up day, notice."""
    rows = [
        {"day": day, "is_working": working, "name": name or None, "source": notice}
        for day, (working, name, notice) in days.items()
    ]
    conn.execute(sa.insert(t.calendar_day), rows)


def add_organs(conn: Connection, organs: Sequence[OrganRow]) -> dict[str, int]:
    """Add organs; return their ids by code."""
    ids: dict[str, int] = {}
    for organ in organs:
        row = sa.insert(t.organ).values(**vars(organ) | {"parent": ids[organ.parent] if organ.parent else None})
        ids[organ.code] = int(conn.execute(row.returning(t.organ.c.id)).scalar_one())
    return ids


def add_officer(conn: Connection, officer: OfficerRow) -> Known:
    """Add an officer's person, under a new pseudonym, and account; return the person."""
    pseudonym = secrets.token_hex(8)
    person = sa.insert(t.person).values(pseudonym=pseudonym, kind="natural", name=officer.name, name_en=officer.name_en)
    new = int(conn.execute(person.returning(t.person.c.id)).scalar_one())
    conn.execute(
        sa.insert(t.account).values(
            person=new,
            login=officer.login,
            password_hash=officer.password_hash,
            active=True,
            language=officer.language,
            phrase=officer.phrase,
        )
    )
    return Known(id=new, pseudonym=pseudonym)


def grant(conn: Connection, granted: Sequence[Grant]) -> None:
    """Add the posts that officers hold."""
    conn.execute(sa.insert(t.assignment), [vars(each) for each in granted])
