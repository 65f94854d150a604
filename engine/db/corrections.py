"""Notices of what to supplement: those given in a case, what was written there, and cases that got more than one."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine.db import tables as t
from engine.db.filled import CORRECTS
from engine.rules.correcting import NOTICE, Written, standing


@dataclass(frozen=True, kw_only=True)
class Repeated:
    """A notice after the first of its case: the `nth`. It is permitted, and the monitors are told."""

    case: int
    nth: int
    document: int
    step: int | None
    made_at: datetime


told_at = (
    sa.select(sa.func.max(t.document.c.made_at))
    .where(t.document.c.case_ == t.case_.c.id, t.document.c.kind == NOTICE)
    .scalar_subquery()
)  # of the case that is being looked up: a statement less (DESIGN section 8)


def written(conn: Connection, case: int) -> list[Written]:
    """Return what was filled in in a case, in order; a corrected entry came when the former one did."""
    found = sa.select(t.form.c.id, t.form.c.path, t.form.c.at, t.form.c.body_json).where(t.form.c.case_ == case)
    rows = [(row, json.loads(row.body_json)) for row in conn.execute(found)]
    return standing(
        Written(id=row.id, path=row.path, at=row.at, form=body.get("form", {}), corrects=body.get(CORRECTS))
        for row, body in rows
    )


def repeated(conn: Connection, case: int | None = None) -> list[Repeated]:
    """Return every notice after the first of its case, of one case or of all: what a monitor looks into (DET-07)."""
    nth = sa.func.row_number().over(partition_by=t.document.c.case_, order_by=t.document.c.id).label("nth")
    notices = sa.select(t.document, nth).where(t.document.c.kind == NOTICE)
    if case is not None:
        notices = notices.where(t.document.c.case_ == case)
    every = notices.subquery()
    return [
        Repeated(case=row.case_, nth=row.nth, document=row.id, step=row.step, made_at=row.made_at)
        for row in conn.execute(sa.select(every).where(every.c.nth > 1).order_by(every.c.id))
    ]
