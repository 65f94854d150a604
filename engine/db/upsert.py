"""Insert or update rows by a unique key, in one statement, on SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
    returning: Sequence[sa.Column[Any]] = (),
) -> Sequence[sa.Row[Any]]:
    """Write the rows, all with the same columns; a row whose key exists takes the new values. Nothing for no rows."""
    if not rows:
        return []
    dialect = postgresql if conn.dialect.name == "postgresql" else sqlite
    insert = dialect.insert(table).values(list(rows))
    changed = {name: insert.excluded[name] for name in rows[0] if name not in key}
    statement = insert.on_conflict_do_update(index_elements=list(key), set_=changed)
    if returning:
        return conn.execute(statement.returning(*returning)).all()
    conn.execute(statement)
    return []
