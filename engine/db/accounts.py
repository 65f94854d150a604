"""Rows of officers' accounts. Passwords arrive here hashed, secrets sealed; who may is for the commands to say."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine.db import sealed
from engine.db import tables as t
from engine.db.people import Known
from engine.errors import NotFound


@dataclass(frozen=True, kw_only=True)
class Account:
    """An account. `totp_at`: time step of the last code taken, None while no second factor is confirmed."""

    id: int
    person: int
    login: str
    password_hash: str
    active: bool
    must_change: bool
    totp_cipher: bytes | None
    totp_at: int | None


_account = sa.select(*[t.account.c[name] for name in Account.__dataclass_fields__])


def of_person(conn: Connection, person: int) -> tuple[Account, ...]:
    """Return the accounts of a person, in the order in which they were opened."""
    rows = conn.execute(_account.where(t.account.c.person == person).order_by(t.account.c.id))
    return tuple(Account(**row._mapping) for row in rows)


def locked(conn: Connection, key: int) -> Account:
    """Return an account, locked.

    Raises:
        NotFound: there is none.
    """
    row = conn.execute(_account.where(t.account.c.id == key).with_for_update()).one_or_none()
    if row is None:
        raise NotFound(what="account", key=str(key))
    return Account(**row._mapping)


def is_taken(conn: Connection, login: str) -> bool:
    """Return whether an account has this login."""
    return conn.scalar(sa.select(t.account.c.id).where(t.account.c.login == login)) is not None


def person_of(conn: Connection, number_hash: str) -> Known | None:
    """Return the person with this keyed hash of an identity number; None when nobody is known by it."""
    row = conn.execute(
        sa.select(t.person.c.id, t.person.c.pseudonym).where(t.person.c.id_hash == number_hash)
    ).one_or_none()
    return Known(**row._mapping) if row else None


def login_of(conn: Connection, login: str) -> int:
    """Return the person of a login.

    Raises:
        NotFound: there is no such account.
    """
    person: int | None = conn.scalar(sa.select(t.account.c.person).where(t.account.c.login == login))
    if person is None:
        raise NotFound(what="officer", key=login)
    return person


def add_person(conn: Connection, row: Mapping[str, Any], number: str | None) -> Known:
    """Add a natural person, columns of `person`, under a fresh pseudonym; return the person.

    `number` of the identity card is kept as a keyed hash and sealed.
    """
    new = {"pseudonym": secrets.token_hex(8), "kind": "natural", **row}
    if number is not None:
        new |= {
            "id_type": "identity_card",
            "id_hash": sealed.keyed_hash("identity", number),
            "id_cipher": sealed.seal(number),
        }
    made = conn.execute(sa.insert(t.person).values(**new).returning(t.person.c.id, t.person.c.pseudonym)).one()
    return Known(id=made.id, pseudonym=made.pseudonym)


def change_person(conn: Connection, person: int, columns: Mapping[str, Any]) -> None:
    """Bring a known person's columns up to date."""
    conn.execute(sa.update(t.person).where(t.person.c.id == person).values(**columns))


def add(conn: Connection, row: Mapping[str, Any]) -> int:
    """Add an active account, columns of `account`; return its id."""
    new = {"active": True, "language": "zh", **row}
    return int(conn.execute(sa.insert(t.account).values(**new).returning(t.account.c.id)).scalar_one())


def change(conn: Connection, keys: Collection[int], **columns: Any) -> None:
    """Change columns of accounts."""
    conn.execute(sa.update(t.account).where(t.account.c.id.in_(keys)).values(**columns))


def take_code(conn: Connection, key: int, step: int) -> bool:
    """Take the code of a time step; return whether neither it nor a later one was taken before."""
    fresh = sa.or_(t.account.c.totp_at.is_(None), t.account.c.totp_at < step)
    return conn.execute(sa.update(t.account).where(t.account.c.id == key, fresh).values(totp_at=step)).rowcount == 1


def forget_tries(conn: Connection, subject: str) -> None:
    """Forget the wrong tries counted under a subject: two persons have reopened the account."""
    conn.execute(sa.delete(t.attempt).where(t.attempt.c.subject == subject))
