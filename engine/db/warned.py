"""What the monitors have been told of what only warns: each thing once, whoever looks again."""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from engine.db import tables as t
from engine.db.context import Connection, Context

Key = tuple[str, str]  # id of the constraint, or STAFFING; and whom and when it is about
STAFFING = "staffing"


def told(conn: Connection, keys: Collection[Key]) -> set[Key]:
    """Return which of the keys have been told. One statement."""
    named = t.warned.c.key.in_([key for _, key in keys])
    rows = conn.execute(sa.select(t.warned.c.rule, t.warned.c.key).where(named))
    return {(row.rule, row.key) for row in rows}.intersection(keys)


def tell(ctx: Context, key: Key) -> bool:
    """Note that this is told now; return False when it was told before, by another worker at this moment, too."""
    dialect = postgresql if ctx.conn.dialect.name == "postgresql" else sqlite
    row = {"rule": key[0], "key": key[1], "at": ctx.now}
    new = dialect.insert(t.warned).values(row).on_conflict_do_nothing(index_elements=["rule", "key"])
    return ctx.conn.scalar(new.returning(t.warned.c.id)) is not None


def of(conn: Connection, rule: str) -> set[Key]:
    """Return all that has been told by a rule. One statement."""
    return {(rule, key) for key in conn.scalars(sa.select(t.warned.c.key).where(t.warned.c.rule == rule))}


def forget(ctx: Context, rule: str, keys: Collection[Key]) -> None:
    """Let what is so no longer be told again when it comes back. One statement, or none."""
    if keys:
        gone = (t.warned.c.rule == rule) & t.warned.c.key.in_([key for _, key in keys])
        ctx.conn.execute(sa.delete(t.warned).where(gone))
