"""The rules in force: the files of processes/_rules as two persons adopted them. What lies on disk is a draft.

Before a county adopts any, and for a file that the adopted ones lack, the files on disk hold.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from time import monotonic

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine.db import tables as t
from engine.rules.book import Book, load
from engine.settings import settings

RECENT = 1.0  # seconds
_last = sa.select(sa.func.max(t.rulebook.c.id)).scalar_subquery()
newest = sa.select(t.rulebook.c.sha256).where(t.rulebook.c.id == _last).scalar_subquery().label("rules")


@dataclass(frozen=True, kw_only=True)
class Adopted:
    """The files in force: name -> text."""

    sha256: str
    files: Mapping[str, str]
    adopted_at: datetime
    proposal: int


def folder() -> Path:
    """Return where the files lie on disk."""
    return settings().processes / "_rules"


def on_disk() -> dict[str, str]:
    """Return the files on disk that can be read: name -> text. The reader of the book tells of the others."""
    files = {}
    for path in sorted(folder().glob("*.toml")):
        with suppress(OSError, UnicodeDecodeError):
            files[path.name] = path.read_text(encoding="utf-8")
    return files


def digest(files: Mapping[str, str]) -> str:
    """Return the SHA-256 of files: of their names and texts as JSON with sorted keys."""
    return hashlib.sha256(_text(files).encode()).hexdigest()


def parsed(files: Mapping[str, str]) -> Book:
    """Return the book of files; kept by content, so it never goes stale.

    Raises:
        Invalid: all findings of the files.
    """
    return _parsed(str(folder()), _text(files))


def of(conn: Connection, sha256: str | None) -> Book:
    """Return the book of the newest adopted files, by their digest; None: of the files on disk."""
    if sha256 is None:
        return parsed(on_disk())
    key = settings().database_url, sha256
    if key not in _books:
        adopted = of_digest(conn, sha256)
        assert adopted is not None
        _books[key] = parsed(adopted.files)
    return _books[key]


def newest_book(conn: Connection) -> Book:
    """Return the book in force; that of the files on disk where there is no database yet."""
    return of(conn, conn.scalar(sa.select(newest)) if sa.inspect(conn).has_table(t.rulebook.name) else None)


def current(conn: Connection) -> Adopted | None:
    """Return the files in force; None while none are adopted."""
    return _adopted(conn, t.rulebook.c.id == _last)


def of_digest(conn: Connection, sha256: str | None) -> Adopted | None:
    """Return files that were adopted, by their digest."""
    return _adopted(conn, t.rulebook.c.sha256 == sha256)


def adopt(conn: Connection, files: Mapping[str, str], *, proposal: int, at: datetime) -> str:
    """Put files in force; return their digest."""
    row = {"sha256": digest(files), "files_json": _text(files), "proposal": proposal, "adopted_at": at}
    conn.execute(sa.insert(t.rulebook).values(**row))
    _recent.clear()
    return str(row["sha256"])


def recent() -> Book | None:
    """Return the book that was in force a second ago or less, if it was asked for since."""
    book, at = _recent.get(settings().database_url, (None, 0.0))
    return book if monotonic() - at <= RECENT else None


def remember(book: Book) -> None:
    """Remember what is in force now."""
    _recent[settings().database_url] = book, monotonic()


def forget() -> None:
    """Forget the books of all databases: for tests, and after a fork."""
    _books.clear()
    _recent.clear()


_books: dict[tuple[str, str], Book] = {}
_recent: dict[str, tuple[Book, float]] = {}


def _adopted(conn: Connection, which: sa.ColumnElement[bool]) -> Adopted | None:
    row = conn.execute(sa.select(t.rulebook).where(which).order_by(t.rulebook.c.id.desc()).limit(1)).one_or_none()
    if row is None:
        return None
    return Adopted(
        sha256=row.sha256, files=json.loads(row.files_json), adopted_at=row.adopted_at, proposal=row.proposal
    )


@lru_cache(8)
def _parsed(where: str, files: str) -> Book:
    return load(Path(where), json.loads(files))


def _text(files: Mapping[str, str]) -> str:
    return json.dumps(dict(files), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
