"""Database engines: SQLite (WAL, full sync, one writer at a time) or PostgreSQL, one engine a process and URL."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=5000", "foreign_keys=ON", "recursive_triggers=ON")


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


def reader(url: str) -> Engine:
    """Return the same engine, for transactions that only read."""
    return engine(url).execution_options(reading=True, postgresql_readonly=True)


def dispose() -> None:
    """Close every connection and forget the engines."""
    for made in _made:
        made.dispose()
    _made.clear()
    engine.cache_clear()


_made: list[Engine] = []


def _on_connect(raw: Any, _: Any) -> None:
    raw.isolation_level = None  # transactions are begun by _on_begin, not by the driver
    cursor = raw.cursor()
    for pragma in PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _on_begin(conn: Connection) -> None:
    conn.exec_driver_sql("BEGIN" if conn.get_execution_options().get("reading") else "BEGIN IMMEDIATE")
