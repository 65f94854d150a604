"""The trace as it is exported: heads of chains, and the exact bytes of events. `record` alone writes it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine.db import tables as t


@dataclass(frozen=True, kw_only=True)
class ChainHead:
    """Hash of the last event of a chain, and the number of its events. `id`: case number, or organ:<id>."""

    id: str
    head: str
    seq: int


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
