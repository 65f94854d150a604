"""Database engines: SQLite (WAL, full sync, one writer at a time) or PostgreSQL, one engine a process and URL."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=5000", "foreign_keys=ON", "recursive_triggers=ON")
PATIENCE = 5.0  # seconds in line, before the busy_timeout begins
_turn = Lock()


@lru_cache(4)
def engine(url: str) -> Engine:
    """Return the engine of a database; a transaction on SQLite begins IMMEDIATE unless it is for reading only."""
    made = sa.make_url(url)
    if made.get_backend_name() != "sqlite":
        _made.append(sa.create_engine(made, pool_pre_ping=True, pool_size=8, max_overflow=24))
        return _made[-1]
    if made.database:
        Path(made.database).parent.mkdir(parents=True, exist_ok=True)
    result = sa.create_engine(made)
    sa.event.listen(result, "connect", _on_connect)
    sa.event.listen(result, "begin", _on_begin)
    _made.append(result)
    return result


@contextmanager
def writing(url: str) -> Iterator[Connection]:
    """Open a transaction that writes.

    SQLite has one writer and lets the others try again at intervals, so under load somebody never gets a turn. The
    threads of a process therefore wait in line here; who has waited long enough tries all the same.
    """
    made = engine(url)
    turn = _turn
    in_line = made.dialect.name == "sqlite" and turn.acquire(timeout=PATIENCE)
    try:
        with made.begin() as conn:
            yield conn
    finally:
        if in_line:
            turn.release()


def reader(url: str) -> Engine:
    """Return the same engine, for transactions that only read: all statements of one see one moment."""
    made = engine(url)
    if made.dialect.name == "postgresql":
        return made.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    return made.execution_options(reading=True)


def dispose() -> None:
    """Close every connection; after a fork nobody stands in line. The engines keep the statements they compiled."""
    global _turn
    _turn = Lock()
    for made in _made:
        made.dispose()


_made: list[Engine] = []


def _on_connect(raw: Any, _: Any) -> None:
    raw.isolation_level = None  # transactions are begun by _on_begin, not by the driver
    cursor = raw.cursor()
    for pragma in PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _on_begin(conn: Connection) -> None:
    conn.exec_driver_sql("BEGIN" if conn.get_execution_options().get("reading") else "BEGIN IMMEDIATE")
