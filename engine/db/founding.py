"""Rows of a new county: calendar, organs, officers with their accounts and posts. Only the founding writes them."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine.db import sealed
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
    """

    login: str
    name: str
    name_en: str
    posts: tuple[tuple[str, str], ...]
    password_hash: str
    phrase: str | None = None
    language: str = "zh"
    id_number: str | None = None


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
    """Add an officer's account, and the person unless the identity number is known already; return the person."""
    known = _known(conn, officer) or _new(conn, officer)
    conn.execute(
        sa.insert(t.account).values(
            person=known.id,
            login=officer.login,
            password_hash=officer.password_hash,
            active=True,
            language=officer.language,
            phrase=officer.phrase,
        )
    )
    return known


def _known(conn: Connection, officer: OfficerRow) -> Known | None:
    if officer.id_number is None:
        return None
    same = t.person.c.id_hash == sealed.keyed_hash("identity", officer.id_number)
    row = conn.execute(sa.select(t.person.c.id, t.person.c.pseudonym).where(same)).one_or_none()
    return Known(**row._mapping) if row else None


def _new(conn: Connection, officer: OfficerRow) -> Known:
    person: dict[str, Any] = {
        "pseudonym": secrets.token_hex(8),
        "kind": "natural",
        "name": officer.name,
        "name_en": officer.name_en,
    }
    if officer.id_number is not None:
        person |= {
            "id_type": "identity_card",
            "id_hash": sealed.keyed_hash("identity", officer.id_number),
            "id_cipher": sealed.seal(officer.id_number),
        }
    row = conn.execute(sa.insert(t.person).values(**person).returning(t.person.c.id, t.person.c.pseudonym)).one()
    return Known(id=row.id, pseudonym=row.pseudonym)


def grant(conn: Connection, granted: Sequence[Grant]) -> None:
    """Add the posts that officers hold."""
    conn.execute(sa.insert(t.assignment), [vars(each) for each in granted])
