"""Says in one sentence why the database does not answer, where a person waits for it. Programs get driver errors."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError

from engine.db import migrate
from engine.errors import DatabaseDown, NotMigrated
from engine.settings import settings


@contextmanager
def explained(*, migrating: bool = False) -> Iterator[None]:
    """Turn an error of the driver into what to do about it; one that has another cause is raised as it is.

    `migrating`: it is no surprise that the database is behind.

    Raises:
        DatabaseDown: it cannot be reached.
        NotMigrated: it has not the present schema.
    """
    try:
        yield
    except DBAPIError as error:
        url = settings().database_url
        try:
            revision = migrate.current(url)
        except DBAPIError as down:
            raise DatabaseDown(why=_first_line(down)) from error
        if revision != migrate.newest() and not migrating:
            raise NotMigrated(revision=revision or "none") from error
        raise


def _first_line(error: DBAPIError) -> str:
    """Return what the driver says, without the statement."""
    return next((line.strip() for line in str(error.orig).splitlines() if line.strip()), type(error.orig).__name__)
