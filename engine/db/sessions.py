"""Accounts, sessions and counted tries. Passwords and keys arrive here hashed; who may is for the commands to say."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine.db import tables as t
from engine.db.context import Context


@dataclass(frozen=True, kw_only=True)
class Account:
    """An account with what a sign-in asks; `pseudonym` is its person's."""

    id: int
    person: int
    password_hash: str
    active: bool
    must_change: bool
    totp_cipher: bytes | None
    totp_at: int | None
    pseudonym: str


def account(conn: Connection, login: str) -> Account | None:
    """Return the account of a login; None when there is none."""
    row = conn.execute(
        sa.select(
            t.account.c.id, t.account.c.person, t.account.c.password_hash, t.account.c.active, t.account.c.must_change,
            t.account.c.totp_cipher, t.account.c.totp_at, t.person.c.pseudonym,
        )
        .join(t.person, t.person.c.id == t.account.c.person)
        .where(t.account.c.login == login)
    ).one_or_none()  # fmt: skip
    return Account(**row._mapping) if row else None


def add(ctx: Context, key_hash: str, account: int, address: str) -> None:
    """Open a session of an account."""
    ctx.conn.execute(
        sa.insert(t.session).values(
            key_hash=key_hash, account=account, opened_at=ctx.now, seen_at=ctx.now, address=address
        )
    )


def seen(ctx: Context, key_hash: str) -> None:
    """Note that a session is in use."""
    ctx.conn.execute(sa.update(t.session).where(t.session.c.key_hash == key_hash).values(seen_at=ctx.now))


def close(ctx: Context, key_hash: str) -> bool:
    """Close a session; return whether it was open."""
    return _closed(ctx, t.session.c.key_hash == key_hash) > 0


def close_all(ctx: Context, account: int, keep: str = "") -> int:
    """Close the open sessions of an account, but for the one with the hash `keep`; return how many there were."""
    return _closed(ctx, (t.session.c.account == account) & (t.session.c.key_hash != keep))


def tries(conn: Connection, kind: str, subjects: Collection[str], since: datetime) -> dict[str, int]:
    """Return how many wrong tries were counted under each subject after an instant; those with none are left out."""
    rows = conn.execute(
        sa.select(t.attempt.c.subject, sa.func.count().label("number"))
        .where(t.attempt.c.kind == kind, t.attempt.c.subject.in_(subjects), t.attempt.c.at > since)
        .group_by(t.attempt.c.subject)
    )
    return {row.subject: row.number for row in rows}


def nth_last_try(conn: Connection, kind: str, subject: str, number: int) -> datetime:
    """Return the instant of the last but `number` - 1 wrong try at a subject; there must be as many."""
    of = (t.attempt.c.kind == kind) & (t.attempt.c.subject == subject)
    query = sa.select(t.attempt.c.at).where(of).order_by(t.attempt.c.at.desc()).offset(number - 1).limit(1)
    found: datetime = conn.execute(query).scalar_one()
    return found


def _closed(ctx: Context, which: sa.ColumnElement[bool]) -> int:
    closed = sa.update(t.session).where(which, t.session.c.closed_at.is_(None)).values(closed_at=ctx.now)
    return ctx.conn.execute(closed).rowcount


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """What a query code is compared with."""

    case: int
    query_hash: str


def receipt(conn: Connection, number: str) -> Receipt | None:
    """Return the receipt with this number; None when there is none."""
    row = conn.execute(sa.select(t.case_.c.id, t.case_.c.query_hash).where(t.case_.c.number == number)).one_or_none()
    return Receipt(case=row.id, query_hash=row.query_hash) if row else None
