"""Documents as stored: their facts while they last, whether a paper lies on disk. No rule of what they must say."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine.db import tables as t
from engine.rules.documents import Document


@dataclass(frozen=True, kw_only=True)
class NewDocument:
    """A document that is being made; columns of the table `document`."""

    case_: int
    step: int | None
    kind: str
    number: str
    facts_json: str
    made_at: datetime


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """A document that has not been rendered; `document` is None once its facts were erased."""

    id: int
    case: int
    number: str
    document: Document | None


def add(conn: Connection, new: NewDocument) -> int:
    """Store a document; return its id."""
    row = sa.insert(t.document).values(**vars(new)).returning(t.document.c.id)
    return int(conn.execute(row).scalar_one())


def of_case(conn: Connection, case: int) -> list[tuple[str, str, bool]]:
    """Return (kind, number, whether it may be served) of a case's documents, in the order they were made."""
    columns = (t.document.c.kind, t.document.c.number, t.document.c.released_at.is_not(None))
    found = sa.select(*columns).where(t.document.c.case_ == case).order_by(t.document.c.id)
    return [(row[0], row[1], bool(row[2])) for row in conn.execute(found)]


def waiting(conn: Connection, document: int) -> Waiting | None:
    """Return a document that waits for its paper; None when it has one, or there is no such document."""
    row = conn.execute(
        sa.select(t.document).where(t.document.c.id == document, t.document.c.rendered_at.is_(None))
    ).one_or_none()
    if row is None:
        return None
    return Waiting(id=row.id, case=row.case_, number=row.number, document=parse(row))


def parse(row: sa.Row[Any]) -> Document | None:
    """Return the document of a row; None when its facts were erased."""
    facts = json.loads(row.facts_json or "{}")
    return Document(kind=row.kind, number=row.number, facts=facts) if facts else None


def numbered(conn: Connection, number: str) -> Document | None:
    """Return the document with this number; None when there is none, or its facts were erased."""
    row = conn.execute(sa.select(t.document).where(t.document.c.number == number)).one_or_none()
    return parse(row) if row else None


def rendered(conn: Connection, document: int, *, stored: str, sha256: str, at: datetime) -> bool:
    """Note the paper of a document and release it; False when it has one already."""
    changed = conn.execute(
        sa.update(t.document)
        .where(t.document.c.id == document, t.document.c.rendered_at.is_(None))
        .values(rendered_at=at, released_at=at, sha256=sha256, stored=stored)
    )
    return changed.rowcount == 1


def unrendered(conn: Connection, case: int, number: str | None = None) -> list[int]:
    """Return the documents of a case that wait for their paper, the first made first; `number`: this one only."""
    waits = (t.document.c.case_ == case) & t.document.c.rendered_at.is_(None)
    wanted = sa.select(t.document.c.id).where(waits).order_by(t.document.c.id)
    return list(conn.scalars(wanted if number is None else wanted.where(t.document.c.number == number)))


@dataclass(frozen=True, kw_only=True)
class CardFacts:
    """A card with what its notice says of the case and office that it is about."""

    level: str
    cause: str
    rule: str | None
    path: str | None
    post: str
    organ: str
    organ_id: int
    held_by: str | None
    on: date
    head: str | None
    seq: int | None
    subject: str | None
    title: str | None
    definition: int | None
    sha256: str | None
    due_on: date | None
    amount: int | None
    unit: str | None


def card(conn: Connection, case: int) -> CardFacts | None:
    """Return the card whose own case this is."""
    about = t.case_.alias("about")
    row = conn.execute(
        sa.select(
            *(t.card.c[name] for name in ("level", "cause", "rule", "path", "post", "on")),
            t.organ.c.name.label("organ"),
            t.organ.c.id.label("organ_id"),
            t.chain.c.head,
            t.chain.c.seq,
            t.person.c.name.label("held_by"),
            about.c.number.label("subject"),
            t.definition.c.name.label("title"),
            about.c.definition,
            t.definition.c.sha256,
            t.clock.c.due_on,
            t.clock.c.amount,
            t.clock.c.unit,
        )
        .join(t.organ, t.organ.c.id == t.card.c.organ)
        .outerjoin(t.person, t.person.c.id == t.card.c.person)
        .outerjoin(about, about.c.id == t.card.c.subject_case)
        .outerjoin(t.definition, t.definition.c.id == about.c.definition)
        .outerjoin(t.chain, t.chain.c.id == about.c.number)
        .outerjoin(t.clock, t.clock.c.id == t.card.c.clock)
        .where(t.card.c.case_ == case)
    ).one_or_none()
    return CardFacts(**row._mapping) if row else None


def text(facts: Mapping[str, Any]) -> str:
    """Return facts as they are stored."""
    return json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
