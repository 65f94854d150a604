"""Several people on one step, as pages show it: who is asked, what I am asked for, votes, where a chair looks."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine.db import tables as t
from engine.db.read import desk
from engine.db.read.facts import Named, named
from engine.db.shield import open_to
from engine.model import Act, ActKind, CaseState
from engine.rules import council

_by = t.person.alias("asker")


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Somebody who is asked for an opinion on a step. `kind`: before | after | delegate; `signed_at`: gave it."""

    id: int
    person: int
    name: Named
    kind: str
    position: int
    asked_by: int
    by: Named
    asked_at: datetime
    signed_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Question:
    """An opinion that an officer is asked for, on an open step; `signer` is what `advise` takes.

    `acts`: of the case; an opinion `after` is due when their signatures come to a verdict (rules/signatures). `waits`:
    somebody who is asked before has not answered.
    """

    signer: int
    kind: str
    by: Named
    asked_at: datetime
    waits: bool
    step: int
    path: str
    due_on: date | None
    case: int
    number: str
    title: str
    item_id: str
    definition: int
    sha256: str
    acts: Sequence[Act]


@dataclass(frozen=True, kw_only=True)
class Vote:
    """A vote that stands."""

    person: int
    name: Named
    outcome: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """An open step that nobody has claimed, with its case."""

    step: int
    path: str
    organ: int
    due_on: date | None
    case: int
    number: str
    title: str
    definition: int
    sha256: str


def of_step(conn: Connection, step: int) -> tuple[Asked, ...]:
    """Return who is asked on a step, or has answered there, in their order. One statement."""
    rows = conn.execute(
        sa.select(t.signer, t.person.c.name, t.person.c.name_en, *_asker())
        .join(t.person, t.person.c.id == t.signer.c.person)
        .join(_by, _by.c.id == t.signer.c.asked_by)
        .where(t.signer.c.step == step, t.signer.c.removed_at.is_(None))
        .order_by(t.signer.c.position)
    )
    return tuple(
        Asked(
            id=row.id, person=row.person, name=named(row), kind=row.kind, position=row.position,
            asked_by=row.asked_by, by=named(row, "asker"), asked_at=row.asked_at, signed_at=row.signed_at,
        )
        for row in rows
    )  # fmt: skip


def asked_of(conn: Connection, person: int) -> tuple[Question, ...]:
    """Return what an officer is asked for and has not answered, the first due first. Two statements."""
    one, other = t.signer, t.signer.alias("other")
    waits = sa.exists().where(
        other.c.step == one.c.step,
        other.c.position < one.c.position,
        (other.c.kind == "after") == (one.c.kind == "after"),
        other.c.signed_at.is_(None),
        other.c.removed_at.is_(None),
    )
    rows = conn.execute(
        sa.select(
            one, waits.label("waits"), *_asker(), t.step.c.path, t.step.c.due_on, t.case_.c.number, t.case_.c.title,
            t.case_.c.item, t.case_.c.definition, t.definition.c.sha256,
        )
        .join(_by, _by.c.id == one.c.asked_by)
        .join(t.step, t.step.c.id == one.c.step)
        .join(t.case_, t.case_.c.id == one.c.case_)
        .join(t.definition, t.definition.c.id == t.case_.c.definition)
        .where(
            one.c.person == person, one.c.signed_at.is_(None), one.c.removed_at.is_(None), open_to(person),
            t.step.c.closed_at.is_(None), t.case_.c.state == CaseState.OPEN.value,
        )
        .order_by(t.step.c.due_on.asc().nulls_last(), one.c.id)
    ).all()  # fmt: skip
    acts = desk.acts_of(conn, {row.case_ for row in rows}) if rows else {}
    return tuple(
        Question(
            signer=row.id, kind=row.kind, by=named(row, "asker"), asked_at=row.asked_at, waits=row.waits,
            step=row.step, path=row.path, due_on=row.due_on, case=row.case_, number=row.number, title=row.title,
            item_id=row.item, definition=row.definition, sha256=row.sha256, acts=acts.get(row.case_, ()),
        )
        for row in rows
    )  # fmt: skip


def votes(conn: Connection, step: int) -> tuple[Vote, ...]:
    """Return the votes that stand on a step, in order. One statement."""
    rows = conn.execute(
        sa.select(t.act, t.person.c.name, t.person.c.name_en)
        .join(t.person, t.person.c.id == t.act.c.person)
        .where(t.act.c.step == step)
        .order_by(t.act.c.id)
    ).all()
    acts = [
        Act(person=r.person, path=r.path, kind=ActKind(r.kind), outcome=r.outcome, at=r.at, step=r.step) for r in rows
    ]
    who = {row.person: (named(row), row.at) for row in rows if row.kind == ActKind.VOTE.value}
    return tuple(
        Vote(person=person, name=who[person][0], outcome=outcome, at=who[person][1])
        for person, outcome in council.votes(acts, step).items()
    )


def running(conn: Connection) -> tuple[tuple[int, str], ...]:
    """Return the definitions that open cases run on: id and hash. One statement."""
    query = (
        sa.select(t.definition.c.id, t.definition.c.sha256)
        .where(t.definition.c.id.in_(sa.select(t.case_.c.definition).where(t.case_.c.state == CaseState.OPEN.value)))
        .order_by(t.definition.c.id)
    )
    return tuple((row.id, row.sha256) for row in conn.execute(query))


def at_places(conn: Connection, places: Collection[tuple[int, str]]) -> tuple[Waiting, ...]:
    """Return the open steps of definitions, each place an id and a path: where a chair looks. One statement.

    A step decided by vote belongs to its members' post; that the chair's post presides, only the definition says.
    """
    wanted = [(t.case_.c.definition == definition) & (t.step.c.path == path) for definition, path in places]
    rows = conn.execute(
        sa.select(t.step, t.case_.c.number, t.case_.c.title, t.case_.c.definition, t.definition.c.sha256)
        .join(t.case_, t.case_.c.id == t.step.c.case_)
        .join(t.definition, t.definition.c.id == t.case_.c.definition)
        .where(t.step.c.closed_at.is_(None), t.case_.c.state == CaseState.OPEN.value, sa.or_(sa.false(), *wanted))
        .order_by(t.step.c.due_on.asc().nulls_last(), t.step.c.id)
    )
    return tuple(
        Waiting(
            step=row.id, path=row.path, organ=row.organ, due_on=row.due_on, case=row.case_, number=row.number,
            title=row.title, definition=row.definition, sha256=row.sha256,
        )
        for row in rows
    )  # fmt: skip


def _asker() -> tuple[sa.ColumnElement[str], sa.ColumnElement[str | None]]:
    return _by.c.name.label("asker"), _by.c.name_en.label("asker_en")
