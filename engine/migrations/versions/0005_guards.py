"""What is written once stays: guards below Python on the tables that are only ever inserted into.

SQLite: triggers against UPDATE and DELETE, and against an INSERT whose key exists, because INSERT OR REPLACE deletes
the old row without asking the delete trigger. An existing key is therefore refused even with ON CONFLICT DO NOTHING.
PostgreSQL: a trigger on each statement (ON CONFLICT DO UPDATE counts as an update), always enabled; rights revoked.
An owner of the tables can drop a trigger: let the application connect as another role (deploy/README.md).
"""

from alembic import op

revision = "0005"
down_revision = "0004"

KEYS = {
    "definition": (("id",), ("item", "version")),
    "act": (("id",),),
    "event": (("id",), ("case_", "seq")),
    "leaf": (("gidx",), ("event",)),
    "checkpoint": (("size",),),
}


def upgrade() -> None:
    on_postgresql = op.get_bind().dialect.name == "postgresql"
    for statement in _postgresql() if on_postgresql else _sqlite():
        op.execute(statement)


def _sqlite() -> list[str]:
    statements = []
    for table, keys in KEYS.items():
        refuse = f"begin select raise(abort, '{table} is append-only'); end"
        same = " or ".join("(" + " and ".join(f"{column} = new.{column}" for column in key) + ")" for key in keys)
        exists = f"exists (select 1 from {table} where {same})"  # noqa: S608 (no value in it comes from outside)
        statements += [
            f"create trigger {table}_no_update before update on {table} {refuse}",
            f"create trigger {table}_no_delete before delete on {table} {refuse}",
            f"create trigger {table}_no_replace before insert on {table} when {exists} {refuse}",
        ]
    return statements


def _postgresql() -> list[str]:
    statements = [
        "create function append_only() returns trigger language plpgsql as "
        "$$ begin raise exception '% is append-only', tg_table_name; end $$"
    ]
    for table in KEYS:
        statements += [
            f"create trigger {table}_append_only before update or delete or truncate on {table} "
            "for each statement execute function append_only()",
            f"alter table {table} enable always trigger {table}_append_only",
            f"revoke update, delete, truncate on {table} from public",
        ]
    return statements
