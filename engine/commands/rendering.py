"""Puts documents on paper. Twice the same job makes one paper: it is looked again when it is recorded.

Unlike a command, this opens its transactions itself: no template is rendered while others wait for the database.
"""

from __future__ import annotations

import hashlib

from engine import notices
from engine.commands.drafts import written
from engine.db import documents, find, record
from engine.db.context import Context
from engine.db.documents import Waiting
from engine.db.record import Entry
from engine.db.store import begin, reading
from engine.errors import NotFound
from engine.model import SYSTEM_ACTOR, CaseState, Event

PANGO = notices.INSTALL  # what brings the library without which documents are web pages


def render_document(document: int) -> bool:
    """Render a document, write it to disk synced, then record and release it; False when that is done already."""
    with reading() as conn:
        waiting = documents.waiting(conn, document)
    if waiting is None or waiting.document is None:
        return False
    paper = notices.render(waiting.document)
    stored, digest = written(paper), hashlib.sha256(paper).hexdigest()
    with begin(SYSTEM_ACTOR) as ctx:
        return _record(ctx, waiting, stored, digest)


def render_waiting(case: int, number: str | None = None) -> int:
    """Render what waits for its paper in a case, or the one document; return how many were rendered."""
    with reading() as conn:
        waiting = documents.unrendered(conn, case, number)
    return sum(render_document(document) for document in waiting)


def paper(number: str) -> bytes:
    """Return a document as it is printed, made anew from its facts: the same bytes on the machine that made it.

    Raises:
        NotFound: there is no such document, or its facts were erased.
    """
    with reading() as conn:
        found = documents.numbered(conn, number)
    if found is None:
        raise NotFound(what="document", key=number)
    return notices.render(found)


def _record(ctx: Context, waiting: Waiting, stored: str, digest: str) -> bool:
    case = find.case(ctx, waiting.case, "render", tuple(CaseState))
    if not documents.rendered(ctx.conn, waiting.id, stored=stored, sha256=digest, at=ctx.now):
        return False
    facts = {"document": waiting.id, "number": waiting.number, "sha256": digest}
    record.append(ctx, case.head, [Entry(type=Event.DOCUMENT_RENDERED, facts=facts)])
    return True
