"""Deployed definitions: their versions, their files, what they pin. They are added and never changed."""

from __future__ import annotations

import json
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine.db import tables as t
from engine.db.context import Context
from engine.errors import NotFound
from engine.model import Source


@dataclass(frozen=True, kw_only=True)
class Version:
    """A version of an item or flow: 1, 2, ...; `sha256` is of all its files."""

    id: int
    version: int
    sha256: str


@dataclass(frozen=True, kw_only=True)
class NewVersion:
    """A version to be added; columns of the table `definition`."""

    item: str
    version: int
    kind: str
    name: str
    name_en: str
    sha256: str
    xml: bytes
    item_json: str
    pins_json: str
    proposal: int


_LOCK = 5_811_961  # any fixed number: who adds definitions holds this advisory lock of PostgreSQL
_version = sa.select(t.definition.c.id, t.definition.c.version, t.definition.c.sha256)
_newest = _version.order_by(t.definition.c.version.desc()).limit(1)


def newest(conn: Connection, item: str) -> Version:
    """Return the version of an item in force.

    Raises:
        NotFound: the item has never been deployed.
    """
    row = conn.execute(_newest.where(t.definition.c.item == item, t.definition.c.kind == "item")).one_or_none()
    if row is None:
        raise NotFound(what="item", key=item)
    return Version(**row._mapping)


def one_at_a_time(conn: Connection) -> None:
    """Let nobody else add versions until commit: each takes the number after the last. SQLite has one writer anyway."""
    if conn.dialect.name == "postgresql":
        conn.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))


def last(conn: Connection, item: str) -> Version | None:
    """Return the newest version of an item or shared flow; None when there is none yet."""
    row = conn.execute(_newest.where(t.definition.c.item == item)).one_or_none()
    return Version(**row._mapping) if row else None


def numbered(conn: Connection, item: str, version: int | None) -> Version:
    """Return a version of an item or shared flow by its number; None: the newest.

    Raises:
        NotFound: there is no such version.
    """
    asked = _newest.where(t.definition.c.item == item)
    row = conn.execute(asked if version is None else asked.where(t.definition.c.version == version)).one_or_none()
    if row is None:
        raise NotFound(what="version", key=f"{item}@{version or 'latest'}")
    return Version(**row._mapping)


def of_items(conn: Connection) -> list[Version]:
    """Return all versions of all items, shared flows left out, in the order in which they were deployed."""
    rows = conn.execute(_version.where(t.definition.c.kind == "item").order_by(t.definition.c.id))
    return [Version(**row._mapping) for row in rows]


def source(conn: Connection, definition: int) -> Source:
    """Return the stored files of a definition, with the versions of called flows that it pins."""
    row = conn.execute(sa.select(t.definition).where(t.definition.c.id == definition)).one()
    folder = json.loads(row.item_json)
    pins = json.loads(row.pins_json)
    return Source(
        item=row.item,
        file=folder["file"],
        xml=row.xml,
        forms=folder["forms"],
        facts=folder["facts"],
        called={flow: source(conn, pinned) for flow, pinned in pins.items()},
    )


def add(ctx: Context, new: NewVersion) -> int:
    """Add a version, in force from now on; return its id."""
    row = sa.insert(t.definition).values(**vars(new), approved_at=ctx.now)
    return int(ctx.conn.execute(row.returning(t.definition.c.id)).scalar_one())
