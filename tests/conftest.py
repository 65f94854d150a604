"""What every test may ask for: an empty migrated database of either kind, a Redis, a browser."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any, TypeVar

import hypothesis
import pytest
from playwright.sync_api import Browser

from engine.commands import definitions
from engine.db import migrate
from engine.model import Source
from engine.settings import settings
from tests.kept import fresh
from tests.services import Missing, chromium, postgres, redis_server

hypothesis.settings.register_profile("untimed", deadline=None)  # a busy machine makes no test fail
hypothesis.settings.load_profile("untimed")

Server = TypeVar("Server")
SECRET = "a secret that only tests know"


@pytest.fixture(scope="session", autouse=True)
def proven_once() -> Iterator[None]:
    """Check and read the same files once a run: nearly every test founds a county and deploys its items.

    Whether its officers can do them is not asked then; tests/staffing asks it.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            definitions, "check", _remembered(definitions.check, lambda found: not found)
        )  # else it names files
        patch.setattr(definitions, "read", _remembered(definitions.read, lambda _: True))
        patch.setattr(definitions, "lacking", lambda *_: {})  # small counties cannot staff all: test_deploying.py
        yield


def _remembered(work: Callable[..., Any], keep: Callable[[Any], bool]) -> Callable[..., Any]:
    known: dict[tuple[object, ...], tuple[object, Any]] = {}

    def again(source: Source, **how: Any) -> Any:
        book = how.get("book")
        key = (definitions.digest(source), how.get("level"), id(book))
        if key not in known or not keep(known[key][1]):
            known[key] = book, work(source, **how)  # with the book, so that no other has its id
        return known[key][1]

    return again


@pytest.fixture(scope="session")
def run_dir() -> Iterator[Path]:
    """A short temporary path: a unix socket's may not exceed 107 characters."""
    with tempfile.TemporaryDirectory(prefix="sunlit-") as name:
        Path(name).chmod(0o755)  # PostgreSQL's account must get through
        yield Path(name)


@pytest.fixture(scope="session")
def postgresql(run_dir: Path) -> Iterator[postgres.Postgres]:
    """A private PostgreSQL server; its database `sunlit_template` is migrated and empty."""
    server = _start(postgres.start, run_dir / "postgresql")
    try:
        server.execute("create database sunlit_template")
        migrate.upgrade(server.url("sunlit_template"))
        yield server
    finally:
        server.stop()


@pytest.fixture(scope="session")
def sqlite_template(run_dir: Path) -> Path:
    """An SQLite file, migrated and empty."""
    path = run_dir / "template.db"
    migrate.upgrade(f"sqlite:///{path}")
    return path


@pytest.fixture
def sqlite_url(configure: Callable[..., None], sqlite_template: Path, run_dir: Path) -> Iterator[str]:
    """The address of a fresh migrated SQLite file; the settings point to it.

    All tests have the same, one after the other: what is known about it, such as compiled statements, stays known.
    """
    path = run_dir / "sunlit.db"
    fresh(sqlite_template, path)
    configure(SUNLIT_DATABASE_URL=f"sqlite:///{path}")
    yield f"sqlite:///{path}"
    forget()


@pytest.fixture
def postgresql_url(configure: Callable[..., None], postgresql: postgres.Postgres) -> Iterator[str]:
    """The same with PostgreSQL."""
    postgresql.execute("create database sunlit_test template sunlit_template strategy file_copy")
    configure(SUNLIT_DATABASE_URL=postgresql.url("sunlit_test"))
    yield postgresql.url("sunlit_test")
    forget()
    postgresql.execute("drop database sunlit_test with (force)")


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.services)])
def database_url(request: pytest.FixtureRequest) -> str:
    """The address of a fresh migrated database; the settings point to it. The test runs once on each kind.

    One kind is enough: `@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)`.
    """
    return str(request.getfixturevalue(f"{request.param}_url"))


@pytest.fixture
def configure(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Callable[..., None]]:
    """Set settings by their names and make the program read them anew; outside settings are never seen."""
    for name in os.environ:
        if name.startswith("SUNLIT_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("SUNLIT_DATA_DIR", str(tmp_path / "var"))
    monkeypatch.setenv("SUNLIT_SECRET_KEY", SECRET)
    monkeypatch.setenv("SUNLIT_SECOND_FACTOR", "offered")

    def change(**names: str) -> None:
        for name, value in names.items():
            monkeypatch.setenv(name, value)
        forget()

    change()
    yield change
    forget()


def forget() -> None:
    """Forget the settings, every open connection, and what was proven of cases: the next have the same ids."""
    with suppress(ModuleNotFoundError):
        import_module("engine.db.store").dispose()
    settings.cache_clear()


@pytest.fixture(scope="session")
def redis_session(run_dir: Path) -> Iterator[redis_server.RedisServer]:
    server = _start(redis_server.start, run_dir / "redis")
    yield server
    server.stop()


@pytest.fixture
def redis(redis_session: redis_server.RedisServer) -> redis_server.RedisServer:
    """A private Redis, empty and running; a test may stop it."""
    if redis_session.process is None or redis_session.process.poll() is not None:
        redis_session.start()
    with redis_session.client() as client:
        client.flushall()
    return redis_session


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A headless Chromium; use `browser.new_context()` for a clean visitor."""
    try:
        with chromium.running() as running:
            yield running
    except Missing as reason:
        pytest.skip(str(reason))


def _start(start: Callable[[Path], Server], folder: Path) -> Server:
    try:
        return start(folder)
    except Missing as reason:
        pytest.skip(str(reason))
