"""Compare definitions: the files of a deployed version, and what changed between two in words. Nothing is written."""

from __future__ import annotations

from collections.abc import Mapping

from engine.bpmn.diff import diff
from engine.bpmn.diff.words import sentences
from engine.db import definitions
from engine.db.context import Connection
from engine.errors import NotFound
from engine.model import Source
from engine.rules.book import Book

LATEST = "latest"


def deployed(conn: Connection, item: str, version: str) -> Source:
    """Return the files of a deployed version: 1, 2, ..., or `latest`.

    Raises:
        NotFound: there is no such version.
    """
    number = int(version) if version.isascii() and version.isdecimal() and len(version) < 9 else None
    found = definitions.last(conn, item) if version == LATEST else definitions.numbered(conn, item, number)
    if found is None:
        raise NotFound(what="deployed version", key=f"{item}@{version}")
    return definitions.source(conn, found.id)


def changes_in_words(old: Source, new: Source, lang: str, book: Book) -> list[str]:
    """Return what changed from `old` to `new`, a sentence each; `lang`: zh or en."""
    return sentences(diff(old, new), lang, titles(book))


def titles(book: Book) -> Mapping[str, tuple[str, str]]:
    """Return what posts, rules of time and constraints are called, by code."""
    return {
        code: (row.name, row.name_en)
        for table in (book.posts, book.limits, book.constraints)
        for code, row in table.items()
    }
