"""What the intake asks: items and their definitions, drafts, uploaded materials. Rows are frozen dataclasses."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine.db import tables as t
from engine.db.read.desk import visible
from engine.db.read.people import Officer
from engine.errors import NotFound
from engine.rules.cards import ITEM
from engine.settings import settings


@dataclass(frozen=True, kw_only=True)
class Definition:
    """A deployed version of an item."""

    id: int
    item: str
    name: str
    name_en: str
    sha256: str


@dataclass(frozen=True, kw_only=True)
class File:
    """An uploaded material. `path`: where its body lies."""

    id: int
    draft: int | None
    case: int | None
    material: str
    name: str
    type: str
    size: int
    person: int
    at: datetime
    path: Path


@dataclass(frozen=True, kw_only=True)
class Draft:
    """What an officer typed. `body`: applicant, form and materials of a filing; form and opinion of a step."""

    id: int
    item: str | None
    step: int | None
    body: Mapping[str, Any]
    saved_at: datetime
    files: Sequence[File] = ()


def items(conn: Connection) -> tuple[Definition, ...]:
    """Return the newest version of each item that one can apply for, by name. One statement."""
    newest = (
        sa.select(sa.func.max(t.definition.c.id))
        .where(t.definition.c.kind == "item", t.definition.c.item != ITEM)
        .group_by(t.definition.c.item)
    )
    rows = conn.execute(sa.select(t.definition).where(t.definition.c.id.in_(newest)).order_by(t.definition.c.name))
    return tuple(_definition(row) for row in rows)


def item(conn: Connection, item_id: str) -> Definition:
    """Return the version in force of an item that one can apply for. One statement.

    Raises:
        NotFound: there is no such item.
    """
    found = t.definition.c.item == item_id, t.definition.c.kind == "item", t.definition.c.item != ITEM
    return _one_definition(conn, sa.and_(*found), item_id)


def definition(conn: Connection, definition_id: int) -> Definition:
    """Return a definition by its id. One statement.

    Raises:
        NotFound: there is none.
    """
    return _one_definition(conn, t.definition.c.id == definition_id, str(definition_id))


def drafts(conn: Connection, person: int) -> tuple[Draft, ...]:
    """Return the filings that the person has begun, the last saved first. One statement."""
    own = (t.draft.c.person == person) & t.draft.c.item.isnot(None)
    return tuple(_draft(row) for row in conn.execute(sa.select(t.draft).where(own).order_by(t.draft.c.saved_at.desc())))


def draft(conn: Connection, person: int, draft_id: int) -> Draft:
    """Return a filing that the person has begun, with its files. Two statements.

    Raises:
        NotFound: there is none, or it is another person's.
    """
    row = conn.execute(
        sa.select(t.draft).where(t.draft.c.id == draft_id, t.draft.c.person == person, t.draft.c.item.isnot(None))
    ).one_or_none()
    if row is None:
        raise NotFound(what="draft", key=str(draft_id))
    return _draft(row, files(conn, t.file.c.draft == draft_id))


def step_draft(conn: Connection, person: int, step: int) -> Draft | None:
    """Return what the person typed on a step, if anything. One statement."""
    row = conn.execute(sa.select(t.draft).where(t.draft.c.person == person, t.draft.c.step == step)).one_or_none()
    return _draft(row) if row else None


def files(conn: Connection, where: sa.ColumnElement[bool]) -> tuple[File, ...]:
    """Return files in the order of their upload. One statement."""
    return tuple(_file(row) for row in conn.execute(sa.select(t.file).where(where).order_by(t.file.c.id)))


def file(conn: Connection, officer: Officer, file_id: int) -> File:
    """Return a file of one's own draft, or of a case that is the officer's to see. One statement.

    Raises:
        NotFound: there is none that the officer may see.
    """
    own = (t.file.c.case_.is_(None) & (t.file.c.person == officer.person)) | visible(officer)
    row = conn.execute(
        sa.select(t.file).outerjoin(t.case_, t.case_.c.id == t.file.c.case_).where(t.file.c.id == file_id, own)
    ).one_or_none()
    if row is None:
        raise NotFound(what="file", key=str(file_id))
    return _file(row)


def _one_definition(conn: Connection, where: sa.ColumnElement[bool], key: str) -> Definition:
    query = sa.select(t.definition).where(where).order_by(t.definition.c.version.desc()).limit(1)
    row = conn.execute(query).one_or_none()
    if row is None:
        raise NotFound(what="item", key=key)
    return _definition(row)


def _definition(row: sa.Row[Any]) -> Definition:
    return Definition(id=row.id, item=row.item, name=row.name, name_en=row.name_en, sha256=row.sha256)


def _draft(row: sa.Row[Any], attached: Sequence[File] = ()) -> Draft:
    body = json.loads(row.body_json)
    return Draft(id=row.id, item=row.item, step=row.step, body=body, saved_at=row.saved_at, files=attached)


def _file(row: sa.Row[Any]) -> File:
    return File(
        id=row.id, draft=row.draft, case=row.case_, material=row.material, name=row.name, type=row.type, size=row.size,
        person=row.person, at=row.at, path=settings().data_dir / "files" / row.stored,
    )  # fmt: skip
