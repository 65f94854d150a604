"""The migrated schema is the metadata's, and what is written once stays, even for plain SQL."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from engine.db import migrate
from engine.db.tables import metadata

HEAD = ScriptDirectory("engine/migrations").get_current_head()

# One row of each guarded table, in the order of their foreign keys.
ROWS = {
    "definition": "(id, item, version, kind, name, name_en, sha256, xml, item_json, pins_json, proposal, approved_at) "
    "values ({id}, 'food', {key}, 'item', '', '', '', '', '', '', 1, '2026-03-02')",
    "act": "(id, case_, path, person, kind, at) values ({id}, 1, 'case', 0, 'file', '2026-03-02')",
    "event": "(id, case_, seq, type, at, body) values ({id}, '2026-YL-000001', {key}, 'case.filed', '2026-03-02', '')",
    "leaf": "(gidx, event) values ({id}, {key})",
    "checkpoint": "(size, root, note, at) values ({id}, '', '', '2026-03-02')",
    "card": '(id, case_, key, level, cause, post, organ, "on") '
    "values ({id}, {key}, 'manual:1', 'red', 'manual', '', 1, '2026-03-02')",
    "score": "(id, card, organ, post, points, reason, \"on\") values ({id}, 1, 1, '', -5, 'issued', '2026-03-02')",
}
KEY = {
    "definition": "id",
    "act": "id",
    "event": "id",
    "leaf": "gidx",
    "checkpoint": "size",
    "card": "id",
    "score": "id",
}
COLUMN = {
    "definition": "name",
    "act": "outcome",
    "event": "type",
    "leaf": "gidx",
    "checkpoint": "root",
    "card": "post",
    "score": "post",
}
TABLES = pytest.mark.parametrize("table", list(ROWS))


@pytest.fixture
def database(database_url: str) -> Iterator[sa.Engine]:
    """A database with one row in each guarded table."""
    engine = sa.create_engine(database_url, poolclass=sa.NullPool)
    with engine.begin() as connection:
        for statement in (
            "insert into proposal (id, kind, body_json, by, by_at) values (1, 'founding', '', 0, '2026-03-02')",
            "insert into organ (id, code, name, name_en, level) values (1, 'yl', '云岭县', 'Yunling', 'county')",
            f"insert into definition {ROWS['definition'].format(id=1, key=1)}",
            *(
                "insert into case_ (id, number, definition, item, organ, applicant, title, channel, state, version, "
                "engine_state, marks_json, query_hash, filed_at) values "
                f"({id}, '2026-YL-00000{id}', 1, 'food', 1, 0, '', 'window', 'open', 1, '', '', '', '2026-03-02')"
                for id in (1, 2)
            ),
            *(f"insert into {table} {ROWS[table].format(id=1, key=1)}" for table in list(ROWS)[1:]),
        ):
            connection.exec_driver_sql(statement)
    yield engine
    engine.dispose()


def refused(database: sa.Engine, statement: str) -> bool:
    """Run one statement; return whether a guard refused it, after checking that nothing changed."""
    before = rows(database)
    try:
        with database.begin() as connection:
            connection.exec_driver_sql(statement)
    except sa.exc.DBAPIError as error:
        assert rows(database) == before
        return "append-only" in str(error)
    return False


def rows(database: sa.Engine) -> list[object]:
    with database.connect() as connection:
        return [connection.exec_driver_sql(f"select * from {table} order by 1").all() for table in ROWS]


def test_the_migrated_schema_is_the_metadata(database_url: str) -> None:
    engine = sa.create_engine(database_url, poolclass=sa.NullPool)

    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        differences = compare_metadata(context, metadata)
        checks = sa.inspect(connection).get_check_constraints("proposal")

    assert differences == []
    assert [check["name"] for check in checks] == ["two_persons"]
    assert migrate.current(database_url) == HEAD


def test_the_system_is_person_0_and_others_follow(database_url: str) -> None:
    engine = sa.create_engine(database_url, poolclass=sa.NullPool)
    person = metadata.tables["person"]

    with engine.begin() as connection:
        key = connection.execute(person.insert().values(pseudonym="p1", kind="natural", name="李")).inserted_primary_key
        names = connection.execute(sa.select(person.c.id, person.c.pseudonym).order_by(person.c.id)).all()

    assert key == (1,)
    assert names == [(0, "system"), (1, "p1")]


@TABLES
def test_an_update_is_refused(database: sa.Engine, table: str) -> None:
    value = "2" if table == "leaf" else "'x'"

    assert refused(database, f"update {table} set {COLUMN[table]} = {value}")


@TABLES
def test_a_delete_is_refused(database: sa.Engine, table: str) -> None:
    assert refused(database, f"delete from {table}")


@TABLES
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("verb", ["insert or replace", "replace", "insert or ignore", "insert or fail"])
def test_replacing_a_row_is_refused_on_sqlite(database: sa.Engine, table: str, verb: str) -> None:
    assert refused(database, f"{verb} into {table} {ROWS[table].format(id=1, key=9)}")
    if table in ("definition", "event", "leaf"):  # their second unique key, under a new first one
        assert refused(database, f"{verb} into {table} {ROWS[table].format(id=9, key=1)}")


@TABLES
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_update_or_replace_is_refused_on_sqlite(database: sa.Engine, table: str) -> None:
    assert refused(database, f"update or replace {table} set {KEY[table]} = 7")


@TABLES
def test_overwriting_on_conflict_is_refused(database: sa.Engine, table: str) -> None:
    value = "2" if table == "leaf" else "'x'"

    assert refused(
        database,
        f"insert into {table} {ROWS[table].format(id=1, key=1)} "
        f"on conflict ({KEY[table]}) do update set {COLUMN[table]} = {value}",
    )


@TABLES
@pytest.mark.parametrize("database_url", [pytest.param("postgresql", marks=pytest.mark.services)], indirect=True)
def test_truncate_and_merge_are_refused_on_postgresql(database: sa.Engine, table: str) -> None:
    key = KEY[table]

    assert refused(database, f"truncate {table} cascade")
    assert refused(database, f"set session_replication_role = replica; delete from {table}")
    assert refused(
        database, f"merge into {table} t using (select 1 as one) s on t.{key} = s.one when matched then delete"
    )


@TABLES
def test_a_further_row_is_accepted(database: sa.Engine, table: str) -> None:
    if table == "leaf":
        with database.begin() as connection:
            connection.exec_driver_sql(f"insert into event {ROWS['event'].format(id=2, key=2)}")

    with database.begin() as connection:
        connection.exec_driver_sql(f"insert into {table} {ROWS[table].format(id=2, key=2)}")

    with database.connect() as connection:
        assert connection.exec_driver_sql(f"select count(*) from {table}").scalar() == 2


def test_migrating_twice_and_from_two_programs_at_once_is_harmless(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'new' / 'sunlit.db'}"
    program = [sys.executable, "-c", f"from engine.db import migrate; migrate.upgrade({url!r})"]

    started = [subprocess.Popen(program, stderr=subprocess.PIPE) for _ in range(3)]
    errors = [process.communicate()[1] for process in started]
    migrate.upgrade(url)

    assert errors == [b""] * 3
    assert migrate.current(url) == HEAD


def test_a_migration_that_fails_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    url = f"sqlite:///{tmp_path / 'sunlit.db'}"
    raised = RuntimeError("no power")

    def fail(*_: object, **__: object) -> None:
        raise raised

    monkeypatch.setattr("alembic.op.execute", fail)
    with pytest.raises(RuntimeError, match="no power"):
        migrate.upgrade(url)

    assert migrate.current(url) is None
    with sa.create_engine(url, poolclass=sa.NullPool).connect() as connection:
        assert sa.inspect(connection).get_table_names() == []
