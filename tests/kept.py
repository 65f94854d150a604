"""Databases that were made once and are copied from then on: what a function made, at a moment, on a kind of database.

To found a county and deploy its items takes a test longer than most of what it asks.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from functools import wraps
from itertools import count
from pathlib import Path
from typing import ParamSpec, TypeVar

import psycopg
import sqlalchemy as sa

from engine import clock
from engine.db import store
from engine.settings import settings

P = ParamSpec("P")
Made = TypeVar("Made")
_numbers = count(1)


def kept(make: Callable[P, Made]) -> Callable[P, Made]:
    """Let `make` fill a fresh database once a run; the next time the filled one takes the place of the fresh one.

    That holds for equal arguments and settings at the same moment; where no clock is set, `make` does its work.
    """
    known: dict[tuple[object, ...], tuple[str, Made]] = {}

    @wraps(make)
    def again(*args: P.args, **named: P.kwargs) -> Made:
        url, now = sa.make_url(settings().database_url), clock.now()
        if clock.now() != now:
            return make(*args, **named)
        server = url.database if url.get_backend_name() == "sqlite" else url.query["host"]
        key = (server, now, settings().processes, settings().second_factor, repr(args), repr(named))
        if key not in known:
            known[key] = f"kept_{next(_numbers)}", make(*args, **named)
            _copy(url, str(url.database), known[key][0])
        else:
            _copy(url, known[key][0], str(url.database))
        return known[key][1]

    return again


def _copy(url: sa.URL, source: str, target: str) -> None:
    store.dispose()
    if url.get_backend_name() == "sqlite":
        folder = Path(str(url.database)).parent
        fresh(folder / source, folder / target)
        return
    with psycopg.connect(host=str(url.query["host"]), user=url.username, dbname="postgres", autocommit=True) as server:
        server.execute(f"drop database if exists {target} with (force)".encode())
        server.execute(f"create database {target} template {source} strategy file_copy".encode())


def fresh(source: Path, target: Path) -> None:
    """Put a copy of an SQLite file, to which nobody is connected, in the place of another."""
    for name in ("", "-wal", "-shm"):
        target.with_name(target.name + name).unlink(missing_ok=True)
    shutil.copyfile(source, target)
