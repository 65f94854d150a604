"""What the pages of moving ask: versions of items with the cases that run on them, and which cases a proposal moved."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from engine.db.read.facts import Named, named
from engine.db.tables import case_, definition, event
from engine.db.trail import parsed
from engine.model import RUNNING, CaseState, Event


@dataclass(frozen=True, kw_only=True)
class Version:
    """A deployed version of an item. `running`: cases on it that have not ended; `proposal`: put it in force."""

    id: int
    item: str
    version: int
    sha256: str
    name: Named
    since: datetime
    running: int
    proposal: int


def versions(conn: sa.Connection, item: str = "") -> tuple[Version, ...]:
    """One statement: the versions of an item, or of all items in their order, the newest first."""
    cases = (
        sa.select(case_.c.definition, sa.func.count().label("running"))
        .where(case_.c.state.in_(RUNNING))
        .group_by(case_.c.definition)
        .subquery()
    )
    query = (
        sa.select(definition, sa.func.coalesce(cases.c.running, 0).label("running"))
        .outerjoin(cases, cases.c.definition == definition.c.id)
        .where(definition.c.kind == "item", definition.c.item == item if item else sa.true())
        .order_by(definition.c.item, definition.c.version.desc())
    )
    return tuple(
        Version(
            id=row.id,
            item=row.item,
            version=row.version,
            sha256=row.sha256,
            name=named(row),
            since=row.approved_at,
            running=row.running,
            proposal=row.proposal,
        )
        for row in conn.execute(query)
    )


def states(conn: sa.Connection, numbers: Collection[str]) -> dict[str, tuple[CaseState, int]]:
    """One statement: state and version of these cases, by number."""
    query = (
        sa.select(case_.c.number, case_.c.state, definition.c.version)
        .join(definition, definition.c.id == case_.c.definition)
        .where(case_.c.number.in_(numbers))
    )
    return {row.number: (CaseState(row.state), row.version) for row in conn.execute(query)}


def moved(conn: sa.Connection, proposal: int, numbers: Collection[str]) -> frozenset[str]:
    """One statement: which of these cases a proposal has moved, as their traces tell."""
    told = sa.select(event.c.case_, event.c.body).where(event.c.type == Event.CASE_MOVED, event.c.case_.in_(numbers))
    bodies = ((row.case_, parsed(row.body)) for row in conn.execute(told))
    return frozenset(number for number, body in bodies if body.get("facts", {}).get("proposal") == proposal)
