"""Who is asked for an opinion on a step beside its holder: on the steps of a case, and of one officer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine.db import tables as t


@dataclass(frozen=True, kw_only=True)
class Ask:
    """Somebody asked for an opinion. `kind`: before | after | delegate; open while neither signed nor removed."""

    id: int
    step: int
    person: int
    name: str
    name_en: str | None
    kind: str
    asked_by: int
    by: str
    by_en: str | None
    asked_at: datetime
    signed_at: datetime | None
    removed_at: datetime | None

    @property
    def open(self) -> bool:
        return self.signed_at is None and self.removed_at is None


def of_case(conn: Connection, case: int) -> tuple[Ask, ...]:
    """Return who is or was asked on the steps of a case, in order. One statement."""
    return _asked(conn, t.signer.c.case_ == case)


def of_person(conn: Connection, person: int) -> dict[int, Ask]:
    """Return by step what the person is asked for now. One statement."""
    still = t.signer.c.signed_at.is_(None) & t.signer.c.removed_at.is_(None)
    return {ask.step: ask for ask in _asked(conn, (t.signer.c.person == person) & still)}


def _asked(conn: Connection, where: sa.ColumnElement[bool]) -> tuple[Ask, ...]:
    by = t.person.alias("by_person")
    rows = conn.execute(
        sa.select(t.signer, t.person.c.name, t.person.c.name_en, by.c.name.label("by"), by.c.name_en.label("by_en"))
        .join(t.person, t.person.c.id == t.signer.c.person)
        .join(by, by.c.id == t.signer.c.asked_by)
        .where(where)
        .order_by(t.signer.c.step, t.signer.c.position)
    )
    return tuple(Ask(**{name: getattr(row, name) for name in Ask.__dataclass_fields__}) for row in rows)
