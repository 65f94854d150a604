"""Proposals as the office pages and the command line list them: what waits for a second person, what was decided."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine.db.read.facts import Found, Named, named
from engine.db.tables import person, proposal
from engine.errors import NotFound

PAGE = 50


@dataclass(frozen=True, kw_only=True)
class Row:
    """A proposal. `about`: an item's id or a case number; `by_id`: the person who made it.

    `decided_by`, `decided_at`: who approved or declined it and when; None while it waits. `reason`: why declined.
    """

    id: int
    kind: str
    about: str | None
    by: Named
    by_id: int
    by_at: datetime
    approved: bool
    declined: bool
    decided_by: Named | None
    decided_at: datetime | None
    reason: str | None

    @property
    def waits(self) -> bool:
        return not self.approved and not self.declined


@dataclass(frozen=True, kw_only=True)
class Whole(Row):
    """A proposal with what is proposed, as JSON text."""

    body_json: str


_proposer, _decider = person.alias("proposer"), person.alias("decider")
_query = (
    sa.select(
        proposal.c.id, proposal.c.kind, proposal.c.about, proposal.c.by, proposal.c.by_at, proposal.c.approved_by,
        proposal.c.approved_at, proposal.c.declined_by, proposal.c.declined_at, proposal.c.decline_reason,
        _proposer.c.name.label("proposer"), _proposer.c.name_en.label("proposer_en"),
        _decider.c.name.label("decider"), _decider.c.name_en.label("decider_en"),
    )
    .join(_proposer, _proposer.c.id == proposal.c.by)
    .outerjoin(_decider, _decider.c.id == sa.func.coalesce(proposal.c.approved_by, proposal.c.declined_by))
)  # fmt: skip
_waits = proposal.c.approved_by.is_(None) & proposal.c.declined_by.is_(None)


@dataclass(frozen=True, kw_only=True)
class Only:
    """Which proposals an officer may see: those of `kinds`, and the own ones, `by` this person."""

    kinds: Collection[str]
    by: int


def listed(conn: sa.Connection, page: int, only: Only | None = None) -> tuple[Row, ...]:
    """One statement: a page of the proposals; those that wait first, the newest on top."""
    order = (sa.case((_waits, 0), else_=1), proposal.c.id.desc())
    rows = conn.execute(_query.where(_seen(only)).order_by(*order).limit(PAGE).offset((page - 1) * PAGE))
    return tuple(Row(**_fields(row)) for row in rows)


def of_kinds(conn: sa.Connection, kinds: Collection[str]) -> tuple[Whole, ...]:
    """One statement: all proposals of these kinds with what is proposed, the newest first."""
    query = _query.add_columns(proposal.c.body_json).where(proposal.c.kind.in_(kinds)).order_by(proposal.c.id.desc())
    return tuple(Whole(**_fields(row), body_json=row.body_json) for row in conn.execute(query))


def waiting(conn: sa.Connection) -> tuple[Row, ...]:
    """One statement: the proposals that wait, the oldest first."""
    return tuple(Row(**_fields(row)) for row in conn.execute(_query.where(_waits).order_by(proposal.c.id)))


def bodies(conn: sa.Connection, keys: Collection[int]) -> dict[int, str]:
    """One statement: what these proposals propose, by their number."""
    query = sa.select(proposal.c.id, proposal.c.body_json).where(proposal.c.id.in_(keys))
    return {row.id: row.body_json for row in conn.execute(query)}


def size(conn: sa.Connection, only: Only | None = None) -> tuple[int, int]:
    """One statement: how many proposals `listed` lists, and how many of them wait."""
    counted = sa.select(sa.func.count(), sa.func.coalesce(sa.func.sum(sa.case((_waits, 1), else_=0)), 0))
    total, open_ones = conn.execute(counted.select_from(proposal).where(_seen(only))).one()
    return total, open_ones


def one(conn: sa.Connection, key: int) -> Whole:
    """One statement: a proposal by its number.

    Raises:
        NotFound: there is no such proposal.
    """
    row = conn.execute(_query.add_columns(proposal.c.body_json).where(proposal.c.id == key)).one_or_none()
    if row is None:
        raise NotFound(what="proposal", key=str(key))
    return Whole(**_fields(row), body_json=row.body_json)


def _seen(only: Only | None) -> sa.ColumnElement[bool]:
    return sa.true() if only is None else sa.or_(proposal.c.kind.in_(only.kinds), proposal.c.by == only.by)


def _fields(row: Found) -> dict[str, Any]:
    return {
        "id": row.id,
        "kind": row.kind,
        "about": row.about,
        "by": named(row, "proposer"),
        "by_id": row.by,
        "by_at": row.by_at,
        "approved": row.approved_by is not None,
        "declined": row.declined_by is not None,
        "decided_by": named(row, "decider") if row.decider else None,
        "decided_at": row.approved_at or row.declined_at,
        "reason": row.decline_reason,
    }
