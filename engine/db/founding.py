"""Rows of a new county: calendar, organs, officers with their accounts and posts. Only the founding writes them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine.db import accounts, sealed
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
    """An officer with an account; `posts`: (code of the post, code of the organ).

    `id_number` of the identity card: two accounts, or an account and an application, are known to be one person's.
    `terms`: post code -> further columns of the granted post: item, tier, writing, pool, to_on.
    """

    login: str
    name: str
    name_en: str
    posts: tuple[tuple[str, str], ...]
    password_hash: str
    phrase: str | None = None
    language: str = "zh"
    id_number: str | None = None
    status: str = "official"
    certificate: str | None = None
    phone: str | None = None
    address: str | None = None
    must_change: bool = False
    terms: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Grant:
    """A post that a person holds in an organ from a day on, by a proposal."""

    person: int
    post: str
    organ: int
    from_on: date
    proposal: int
    item: str | None = None
    tier: str | None = None
    to_on: date | None = None
    writing: str | None = None
    pool: bool = False


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
    """Add an officer's account, and the person unless the identity number is known already; return the person."""
    number = officer.id_number
    known = accounts.person_of(conn, sealed.keyed_hash("identity", number)) if number is not None else None
    if known is None:
        names = ("name", "name_en", "status", "certificate", "phone", "address")
        known = accounts.add_person(conn, {name: getattr(officer, name) for name in names}, number)
    columns = ("login", "password_hash", "language", "phrase", "must_change")
    accounts.add(conn, {name: getattr(officer, name) for name in columns} | {"person": known.id})
    return known


def grant(conn: Connection, granted: Sequence[Grant]) -> None:
    """Add the posts that officers hold."""
    conn.execute(sa.insert(t.assignment), [vars(each) for each in granted])
