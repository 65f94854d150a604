"""What the command line says when the database is away or behind: one line, what to do, exit 1."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from engine.__main__ import main
from engine.db import engines
from engine.db.outage import explained
from engine.settings import settings


def said(capsys: pytest.CaptureFixture[str]) -> str:
    """Return the one line of the answer."""
    out, err = capsys.readouterr()
    assert out == ""
    (line,) = err.splitlines()
    return line


def test_an_empty_database_asks_to_be_migrated(configure: Callable[..., None], capsys) -> None:
    assert main(["due"]) == 1
    assert said(capsys) == (
        "sunlit: The database is not at the version of this program (its revision: none). Run `sunlit migrate`."
    )


def test_a_database_that_is_behind_asks_to_be_migrated(database_url: str, capsys) -> None:
    with engines.engine(database_url).begin() as conn:
        conn.execute(sa.text("update alembic_version set version_num = '0004'"))
        conn.execute(sa.text("alter table timer rename column fires_at to rings_at"))

    assert main(["due"]) == 1
    assert "(its revision: 0004). Run `sunlit migrate`." in said(capsys)


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("sqlite:////proc/none.db", "unable to open database file"),
        ("postgresql+psycopg://nobody@127.0.0.1:1/none", "127.0.0.1"),  # nothing listens on port 1
    ],
)
@pytest.mark.parametrize("verb", ["due", "migrate"])
def test_a_database_that_cannot_be_reached_is_named(
    verb: str, url: str, why: str, configure: Callable[..., None], capsys
) -> None:
    configure(SUNLIT_DATABASE_URL=url)

    assert main([verb]) == 1
    line = said(capsys)
    assert line.startswith("sunlit: The database cannot be reached: ")
    assert why in line
    assert "SUNLIT_DATABASE_URL" in line


def test_an_error_with_another_cause_is_not_hidden(database_url: str) -> None:
    with pytest.raises(DBAPIError, match="nonsense"), explained():
        ask_nonsense()


def test_a_migration_that_fails_does_not_advise_to_migrate(configure: Callable[..., None]) -> None:
    with pytest.raises(DBAPIError, match="nonsense"), explained(migrating=True):
        ask_nonsense()


def ask_nonsense() -> None:
    with engines.engine(settings().database_url).begin() as conn:
        conn.execute(sa.text("select * from nonsense"))
