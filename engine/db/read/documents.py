"""The documents of a case, and where their papers lie. What they say is not shown here: it is on the paper."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine.db import documents
from engine.db import tables as t
from engine.db.read.desk import visible
from engine.db.read.people import Officer
from engine.db.shield import open_to
from engine.errors import NotFound
from engine.rules.documents import KINDS
from engine.settings import settings

PDF = b"%PDF-"


@dataclass(frozen=True, kw_only=True)
class Paper:
    """A document. `path`: where its paper lies, None while it is being made; `code`: as at the foot of its pages."""

    id: int
    case: int
    kind: str
    number: str
    made_at: datetime
    released_at: datetime | None
    code: str
    path: Path | None

    @property
    def name(self) -> str:
        return KINDS[self.kind].name

    @property
    def name_en(self) -> str:
        return KINDS[self.kind].name_en

    @property
    def is_pdf(self) -> bool:
        """Whether the paper is PDF: a web page where PDF could not be made."""
        if self.path is None or not self.path.is_file():
            return False
        with self.path.open("rb") as paper:
            return paper.read(len(PDF)) == PDF


def of_case(conn: Connection, case: int) -> tuple[Paper, ...]:
    """Return the documents of a case, the first made first. One statement."""
    rows = conn.execute(sa.select(t.document).where(t.document.c.case_ == case).order_by(t.document.c.id))
    return tuple(_paper(row) for row in rows)


def seen(conn: Connection, officer: Officer, document: int, *, every: bool) -> Paper:
    """Return a document of a case that is the officer's to see; `every`: of any case but a complaint about him.

    Raises:
        NotFound: there is none that the officer may see, or its paper is not made yet.
    """
    return _one(conn, document, open_to(officer.person) if every else visible(officer))


def own(conn: Connection, case: int, document: int) -> Paper:
    """Return a document of this case.

    Raises:
        NotFound: the document is not of this case, or its paper is not made yet.
    """
    return _one(conn, document, t.case_.c.id == case)


def _one(conn: Connection, document: int, may: sa.ColumnElement[bool]) -> Paper:
    found = sa.select(t.document).join(t.case_, t.case_.c.id == t.document.c.case_)
    released = (t.document.c.id == document) & t.document.c.released_at.is_not(None)
    row = conn.execute(found.where(released, may)).one_or_none()
    if row is None:
        raise NotFound(what="document", key=str(document))
    return _paper(row)


def _paper(row: sa.Row[Any]) -> Paper:
    said = documents.parse(row)
    return Paper(
        id=row.id,
        case=row.case_,
        kind=row.kind,
        number=row.number,
        made_at=row.made_at,
        released_at=row.released_at,
        code=said.code if said else "",
        path=settings().data_dir / "files" / row.stored if row.stored else None,
    )
