"""deploy/postgresql-*.sql: the program's role may write the trace, not rewrite it, nor lift the guards."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest

from engine.db import migrate
from engine.settings import ROOT

pytestmark = pytest.mark.services
EVENT = "insert into event (case_, seq, type, at, body) values ('organ:1', 1, 'county.founded', now(), '')"


@pytest.fixture(scope="module")
def program(postgresql) -> Iterator[psycopg.Connection]:
    """A connection as `sunlit` to a database that was set up as the README says."""
    for statement in (ROOT / "deploy/postgresql-roles.sql").read_text().splitlines():
        if not statement.startswith("--"):
            postgresql.execute(statement)
    migrate.upgrade(postgresql.url("sunlit", "sunlit_owner"))
    with psycopg.connect(host=str(postgresql.folder), user="sunlit_owner", dbname="sunlit") as owner:
        owner.execute((ROOT / "deploy/postgresql-rights.sql").read_bytes())
    with psycopg.connect(host=str(postgresql.folder), user="sunlit", dbname="sunlit", autocommit=True) as connection:
        connection.execute(EVENT)
        yield connection
    postgresql.execute("drop database sunlit")
    postgresql.execute("drop role sunlit")
    postgresql.execute("drop role sunlit_owner")


@pytest.mark.parametrize(
    "statement",
    [
        "update event set type = 'x'",
        "delete from event",
        "truncate event",
        f"{EVENT} on conflict (case_, seq) do update set type = 'x'",
        "drop trigger event_append_only on event",
        "alter table event disable trigger event_append_only",
        "create or replace function append_only() returns trigger language plpgsql as $$ begin return old; end $$",
        "drop table checkpoint",
        "create table own (id int)",
        "set session_replication_role = replica",
        "update alembic_version set version_num = ''",
    ],
)
def test_the_program_may_not(program: psycopg.Connection, statement: str) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        program.execute(statement)


def test_the_program_may_do_its_work(program: psycopg.Connection, postgresql) -> None:
    program.execute("insert into chain (id, head, seq, last_at) values ('organ:1', '', 1, now())")
    program.execute("update chain set seq = 2")
    program.execute("select id from chain for update")
    program.execute("insert into person (pseudonym, kind, name) values ('p1', 'natural', '')")
    program.execute("delete from person where pseudonym = 'p1'")

    assert program.execute("select type from event").fetchall() == [("county.founded",)]
    migrate.upgrade(postgresql.url("sunlit", "sunlit"))  # nothing to do: no rights needed
