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
    changed: Sequence[str] | None = None,
    returning: Sequence[sa.Column[Any]] = (),
) -> Sequence[sa.Row[Any]]:
    """Write the rows, all with the same columns; nothing for no rows.

    A row whose key exists takes the new values, or only those of the columns `changed`.
    """
    if not rows:
        return []
    dialect = postgresql if conn.dialect.name == "postgresql" else sqlite
    insert = dialect.insert(table).values(list(rows))
    names = changed if changed is not None else [name for name in rows[0] if name not in key]
    taken = {name: insert.excluded[name] for name in names}
    statement = insert.on_conflict_do_update(index_elements=list(key), set_=taken)
    if returning:
        return conn.execute(statement.returning(*returning)).all()
    conn.execute(statement)
    return []
