"""The trace as it is exported: heads of chains, and the exact bytes of events. `record` alone writes it."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine.db import tables as t


@dataclass(frozen=True, kw_only=True)
class ChainHead:
    """Hash of the last event of a chain, and the number of its events. `id`: case number, or organ:<id>."""

    id: str
    head: str
    seq: int


@dataclass(frozen=True, kw_only=True)
class Miscopied:
    """An event whose columns, by which it is found, do not say what its bytes say."""

    chain: str
    seq: int
    recorded: str
    told: str


def heads(conn: Connection, chains: Collection[str] | None = None) -> list[ChainHead]:
    """Return the heads of these chains, or of all, in order of id; a chain that does not exist is left out."""
    wanted = sa.select(t.chain.c.id, t.chain.c.head, t.chain.c.seq).order_by(t.chain.c.id)
    if chains is not None:
        wanted = wanted.where(t.chain.c.id.in_(chains))
    return [ChainHead(**row._mapping) for row in conn.execute(wanted)]


def bodies(conn: Connection, chains: Collection[str] | None = None) -> Iterator[bytes]:
    """Yield the bytes of the events of these chains, or of all, in the order of recording; never all in memory."""
    wanted = sa.select(t.event.c.body).order_by(t.event.c.id)
    if chains is not None:
        wanted = wanted.where(t.event.c.case_.in_(chains))
    yield from conn.execution_options(yield_per=1000).scalars(wanted)


RAW_AT = sa.type_coerce(t.event.c.at, sa.types.NullType()).label("raw_at")  # whatever stands there, an instant or not


def miscopied(conn: Connection, chains: Collection[str] | None = None) -> Iterator[Miscopied]:
    """Yield the events of these chains, or of all, whose columns differ from their bytes; one statement.

    In the order of recording.

    Bytes that are no event are left out: the verifier names them.
    """
    query = sa.select(t.event.c.case_, t.event.c.seq, t.event.c.type, t.event.c.person, RAW_AT, t.event.c.body)
    if chains is not None:
        query = query.where(t.event.c.case_.in_(chains))
    for row in conn.execution_options(yield_per=1000).execute(query.order_by(t.event.c.id)):
        kept = (row.case_, row.seq, row.type, row.person, instant(row.raw_at))
        body = parsed(row.body)
        told = tuple(body.get(name) for name in ("case", "seq", "type", "person", "at"))
        if body and kept != told:
            recorded, said = (" ".join(str(part) for part in parts) for parts in (kept, told))
            yield Miscopied(chain=row.case_, seq=row.seq, recorded=recorded, told=said)


def untraced(conn: Connection) -> list[str]:
    """Return the numbers of the cases that have no chain, in their order: each had one from its filing on."""
    chained = sa.exists().where(t.chain.c.id == t.case_.c.number)
    return list(conn.scalars(sa.select(t.case_.c.number).where(~chained).order_by(t.case_.c.number)))


def parsed(content: bytes) -> dict[str, Any]:
    """Return what an event's bytes say; nothing where they are not an event."""
    try:
        body = json.loads(content)
    except (ValueError, RecursionError):
        return {}
    return body if isinstance(body, dict) else {}


def instant(raw: Any) -> str:
    """Return the column `at`, as the database holds it, in the form that events have."""
    if isinstance(raw, datetime):
        return raw.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    return f"{raw}Z".replace(" ", "T")
