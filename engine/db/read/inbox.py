"""What concerns an officer: memos, and by query what waits for an answer of this person beside the own steps.

Nothing waits by a memo alone: proposals and requests for an opinion are found where they lie, so that none is missed
and none stays after it was decided. Recusals that wait are engine/db/read/recusals.py's.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine.db import shield
from engine.db import tables as t
from engine.db.read.facts import Found, Named, named

PAGE = 50
OF_A_CASE = "correction"  # kind of proposals that the head of the unit where the case lies decides


@dataclass(frozen=True, kw_only=True)
class Asker:
    """Who looks. `kinds`: of proposals that the posts held decide; `heads`: organs that the person is the head of."""

    person: int
    kinds: Collection[str] = ()
    heads: Collection[int] = ()


@dataclass(frozen=True, kw_only=True)
class About:
    """The case that a line is about, with the version that names its steps; `path`: of the step, if it is one."""

    case: int
    number: str
    title: str
    definition: int
    sha256: str
    step: int | None
    path: str


@dataclass(frozen=True, kw_only=True)
class Line:
    """A memo. `by`: who told it, None for the system; `text`: None where there was none, or it was erased."""

    id: int
    kind: str
    by: Named | None
    at: datetime
    text: str | None
    is_new: bool
    about: About | None


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """What waits for this person. `what`: proposal | signer, with the `key` of it; `kind`: which sort."""

    what: str
    key: int
    kind: str
    by: Named
    at: datetime
    about: About | None


def new(conn: Connection, asker: Asker) -> int:
    """Return how many lines are new or wait: for the header. One statement."""
    counts = [
        sa.select(sa.func.count()).select_from(t.memo).where(_own(asker.person), t.memo.c.read_at.is_(None)),
        sa.select(sa.func.count()).select_from(t.proposal).where(_proposed(asker)),
        sa.select(sa.func.count()).select_from(_SIGNERS).where(_asked(asker)),
    ]
    row = conn.execute(sa.select(*[count.scalar_subquery() for count in counts])).one()
    return sum(row)


def size(conn: Connection, person: int) -> int:
    """Return how many memos the person has. One statement."""
    return int(conn.scalar(sa.select(sa.func.count()).select_from(t.memo).where(_own(person))) or 0)


def lines(conn: Connection, person: int, page: int) -> tuple[Line, ...]:
    """Return a page of memos, the new ones first, then the latest. One statement."""
    by = t.person.alias("by")
    query = (
        sa.select(t.memo, by.c.name, by.c.name_en, *_ABOUT, t.step.c.path)
        .outerjoin(by, by.c.id == t.memo.c.by)
        .outerjoin(t.step, t.step.c.id == t.memo.c.step)
        .outerjoin(t.case_, t.case_.c.id == t.memo.c.case_)
        .outerjoin(t.definition, t.definition.c.id == t.case_.c.definition)
        .where(_own(person))
        .order_by(t.memo.c.read_at.isnot(None), t.memo.c.id.desc())
    )
    rows = conn.execute(query.limit(PAGE).offset((page - 1) * PAGE))
    return tuple(
        Line(
            id=row.id,
            kind=row.kind,
            by=named(row) if row.name else None,
            at=row.at,
            text=row.text,
            is_new=row.read_at is None,
            about=_about(row),
        )
        for row in rows
    )


def told(conn: Connection, memo: int) -> tuple[str, About | None]:
    """Return the kind of a memo, and the case that it is about, if it is one. One statement."""
    query = (
        sa.select(t.memo.c.kind, t.memo.c.step, *_ABOUT, t.step.c.path)
        .outerjoin(t.step, t.step.c.id == t.memo.c.step)
        .outerjoin(t.case_, t.case_.c.id == t.memo.c.case_)
        .outerjoin(t.definition, t.definition.c.id == t.case_.c.definition)
        .where(t.memo.c.id == memo)
    )
    row = conn.execute(query).one()
    return row.kind, _about(row)


def waiting(conn: Connection, asker: Asker) -> tuple[Waiting, ...]:
    """Return what waits for the person, the oldest first of each sort; at most a page of each. Two statements."""
    return (*_proposals(conn, asker), *_signers(conn, asker))


_ABOUT = (
    t.case_.c.id.label("of_case"),
    t.case_.c.number,
    t.case_.c.title,
    t.case_.c.definition.label("of_definition"),
    t.definition.c.sha256,
)
_SIGNERS = t.signer.join(t.step, t.step.c.id == t.signer.c.step)


def _own(person: int) -> sa.ColumnElement[bool]:
    """The person's memos, but of no complaint about the person."""
    return (t.memo.c.person == person) & ~_kept(person, lambda case: case.c.id == t.memo.c.case_)


def _kept(person: int, of: Callable[[sa.FromClause], sa.ColumnElement[bool]]) -> sa.ColumnElement[bool]:
    """The condition that what a line is about is a complaint about the person (SOD-21)."""
    case = t.case_.alias("complaint")
    return sa.exists().where(of(case), ~shield.open_to(person, case)).correlate_except(case)


def _proposed(asker: Asker) -> sa.ColumnElement[bool]:
    """A proposal of somebody else that the posts held decide; about a case, where its organ is headed."""
    waits = t.proposal.c.approved_by.is_(None) & t.proposal.c.declined_by.is_(None)
    case = t.case_.alias("proposed_case")
    headed = sa.exists().where(case.c.number == t.proposal.c.about, case.c.organ.in_(_under(asker)))
    here = (t.proposal.c.kind != OF_A_CASE) | headed.correlate(t.proposal)
    waits &= ~_kept(asker.person, lambda found: found.c.number == t.proposal.c.about)
    return waits & (t.proposal.c.by != asker.person) & t.proposal.c.kind.in_(asker.kinds) & here


def _asked(asker: Asker) -> sa.ColumnElement[bool]:
    kept = _kept(asker.person, lambda found: found.c.id == t.signer.c.case_)
    unanswered = ~kept & t.signer.c.signed_at.is_(None) & t.signer.c.removed_at.is_(None)
    return (t.signer.c.person == asker.person) & unanswered & t.step.c.closed_at.is_(None)


def _under(asker: Asker) -> sa.Select[tuple[int]]:
    """The ids of the organs that the person heads, and of all under them."""
    tree = sa.select(t.organ.c.id).where(t.organ.c.id.in_(asker.heads)).cte(recursive=True)
    tree = tree.union(sa.select(t.organ.c.id).where(t.organ.c.parent == tree.c.id))
    return sa.select(tree.c.id)


def _proposals(conn: Connection, asker: Asker) -> list[Waiting]:
    by = t.person.alias("by")
    query = (
        sa.select(t.proposal.c.id, t.proposal.c.kind, t.proposal.c.by_at, by.c.name, by.c.name_en, *_ABOUT)
        .join(by, by.c.id == t.proposal.c.by)
        .outerjoin(t.case_, t.case_.c.number == t.proposal.c.about)
        .outerjoin(t.definition, t.definition.c.id == t.case_.c.definition)
        .where(_proposed(asker))
        .order_by(t.proposal.c.id)
        .limit(PAGE)
    )
    return [
        Waiting(what="proposal", key=row.id, kind=row.kind, by=named(row), at=row.by_at, about=_about(row))
        for row in conn.execute(query)
    ]


def _signers(conn: Connection, asker: Asker) -> list[Waiting]:
    by = t.person.alias("by")
    query = (
        sa.select(t.signer, t.step.c.path, by.c.name, by.c.name_en, *_ABOUT)
        .select_from(_SIGNERS)
        .join(by, by.c.id == t.signer.c.asked_by)
        .join(t.case_, t.case_.c.id == t.signer.c.case_)
        .join(t.definition, t.definition.c.id == t.case_.c.definition)
        .where(_asked(asker))
        .order_by(t.signer.c.id)
        .limit(PAGE)
    )
    return [
        Waiting(what="signer", key=row.id, kind=row.kind, by=named(row), at=row.asked_at, about=_about(row))
        for row in conn.execute(query)
    ]


def _about(row: Found) -> About | None:
    if row.of_case is None:
        return None
    return About(
        case=row.of_case,
        number=row.number,
        title=row.title,
        definition=row.of_definition,
        sha256=row.sha256,
        step=getattr(row, "step", None),
        path=getattr(row, "path", None) or "",
    )
