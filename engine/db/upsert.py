"""Insert or update rows by a unique key, in one statement, on SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection


def upsert(
    conn: Connection,
    table: sa.Table,
    rows: Sequence[Mapping[str, Any]],
    *,
    key: tuple[str, ...],
    changed: Sequence[str] | None = None,
    returning: Sequence[sa.Column[Any]] = (),
) -> Sequence[sa.Row[Any]]:
    """Write the rows, all with the same columns; nothing for no rows.

    A row whose key exists takes the new values, or only those of the columns `changed`.
    """
    if not rows:
        return []
    names = changed if changed is not None else [name for name in rows[0] if name not in key]
    done = conn.execute(_statement(conn.dialect.name, table, key, tuple(names), tuple(returning)), rows)
    return done.all() if returning else []


@lru_cache(64)
def _statement(
    kind: str, table: sa.Table, key: tuple[str, ...], names: tuple[str, ...], returning: tuple[sa.Column[Any], ...]
) -> Any:
    insert = (postgresql if kind == "postgresql" else sqlite).insert(table)
    taken = {name: insert.excluded[name] for name in names}
    statement = insert.on_conflict_do_update(index_elements=key, set_=taken)
    return statement.returning(*returning) if returning else statement
