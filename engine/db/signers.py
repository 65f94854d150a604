"""Persons who are asked for an opinion on a step beside its holder, and the officers who may be."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine.db import holding
from engine.db import tables as t
from engine.model import Assignment


@dataclass(frozen=True, kw_only=True)
class Signer:
    """Somebody who is asked: `kind` is before | after | delegate; `signed_at`: has given the opinion."""

    id: int
    person: int
    name: str
    pseudonym: str
    kind: str
    position: int
    asked_by: int
    signed_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Officer:
    """A person, the posts by which he may act today, whether he is away, and whether he can sign in."""

    person: int
    name: str
    pseudonym: str
    away: bool
    active: bool
    assignments: tuple[Assignment, ...]

    @property
    def own(self) -> tuple[Assignment, ...]:
        """The posts that are the officer's, without those he is the stand-in for."""
        return tuple(a for a in self.assignments if a.on_behalf is None)

    def in_person(self, post: str) -> tuple[Assignment, ...]:
        """All posts, without those of this kind that he is only the stand-in for."""
        return tuple(a for a in self.assignments if a.on_behalf is None or a.post != post)


@dataclass(frozen=True, kw_only=True)
class Signed:
    """The newest signature of a person on a step: what was filled in, by which post, and who it was."""

    body_json: str
    assignment: int | None
    name: str
    pseudonym: str


asked = sa.exists().where(
    t.signer.c.case_ == t.case_.c.id,
    t.signer.c.removed_at.is_(None),
    t.signer.c.step == t.step.c.id,
    t.step.c.closed_at.is_(None),
)  # of a case: somebody is asked for an opinion on one of its open steps


_active = sa.exists().where(t.account.c.person == t.person.c.id, t.account.c.active)


_of_step = (
    sa.select(t.signer, t.person.c.name, t.person.c.pseudonym)
    .join(t.person, t.person.c.id == t.signer.c.person)
    .where(t.signer.c.step == sa.bindparam("step_id"), t.signer.c.removed_at.is_(None))
    .order_by(t.signer.c.position)
)


def of_step(conn: Connection, step: int) -> tuple[Signer, ...]:
    """Return who is asked on a step, or was and has answered, in their order. One statement."""
    rows = conn.execute(_of_step, {"step_id": step})
    return tuple(Signer(**{name: getattr(row, name) for name in Signer.__dataclass_fields__}) for row in rows)


def asked_on(conn: Connection, case: int, person: int) -> set[int]:
    """Return the steps of a case on which a person's opinion is or was asked for."""
    own = (t.signer.c.case_ == case) & (t.signer.c.person == person) & t.signer.c.removed_at.is_(None)
    return set(conn.scalars(sa.select(t.signer.c.step).where(own)))


def pending(conn: Connection, case: int) -> dict[int, tuple[int, ...]]:
    """Return who is asked for an opinion in a case, by step, whether or not he has answered. One statement."""
    found: dict[int, tuple[int, ...]] = {}
    for row in conn.execute(_pending, {"case": case}):
        found[row.step] = (*found.get(row.step, ()), row.person)
    return found


_pending = (
    sa.select(t.signer.c.step, t.signer.c.person)
    .where(t.signer.c.case_ == sa.bindparam("case"), t.signer.c.removed_at.is_(None))
    .order_by(t.signer.c.id)
)


def step_of(conn: Connection, signer: int) -> int | None:
    """Return the step on which somebody is or was asked."""
    found: int | None = conn.scalar(sa.select(t.signer.c.step).where(t.signer.c.id == signer))
    return found


def add(conn: Connection, *, case: int, step: int, person: int, kind: str, by: int, at: datetime) -> int:
    """Ask somebody, behind those who are asked already; return the signer's id."""
    last = sa.select(sa.func.coalesce(sa.func.max(t.signer.c.position), 0)).where(t.signer.c.step == step)
    row = sa.insert(t.signer).values(
        case_=case,
        step=step,
        person=person,
        kind=kind,
        position=last.scalar_subquery() + 1,
        asked_by=by,
        asked_at=at,
    )
    return int(conn.execute(row.returning(t.signer.c.id)).scalar_one())


def answered(conn: Connection, signer: int, at: datetime) -> None:
    """Note that the opinion was given."""
    conn.execute(sa.update(t.signer).where(t.signer.c.id == signer).values(signed_at=at))


def removed(conn: Connection, signer: int, at: datetime) -> None:
    """Note that the opinion is not asked for any more."""
    conn.execute(sa.update(t.signer).where(t.signer.c.id == signer).values(removed_at=at))


def ask_again(conn: Connection, signers: Collection[int]) -> None:
    """Ask again those who have answered: what they were asked about has changed."""
    conn.execute(sa.update(t.signer).where(t.signer.c.id.in_(signers)).values(signed_at=None))


def officers(conn: Connection, persons: Collection[int], today: date) -> dict[int, Officer]:
    """Return officers by person, with the posts by which they may act today. One statement."""
    return _officers(conn, t.person.c.id.in_(persons), today)


def holders(conn: Connection, posts: Collection[str], today: date) -> dict[int, Officer]:
    """Return by person all who hold one of the posts themselves, wherever, with all posts they have. One statement."""
    held = sa.select(t.assignment.c.person).where(t.assignment.c.post.in_(posts), holding.in_force(t.assignment, today))
    return _officers(conn, t.person.c.id.in_(held), today)


def _officers(conn: Connection, where: sa.ColumnElement[bool], today: date) -> dict[int, Officer]:
    rows: Sequence[sa.Row[tuple[object, ...]]] = conn.execute(
        sa.select(
            t.person.c.id.label("who"),
            t.person.c.name.label("person_name"),
            t.person.c.pseudonym,
            holding.away(t.person.c.id, today).label("away"),
            _active.label("active"),
            *holding.COLUMNS,
        )
        .select_from(t.person)
        .outerjoin(t.assignment, holding.may_act(t.person.c.id, today))
        .outerjoin(t.organ, t.organ.c.id == t.assignment.c.organ)
        .where(where)
        .order_by(t.person.c.id, t.assignment.c.person != t.person.c.id, t.assignment.c.id)
    ).all()
    found: dict[int, Officer] = {}
    for row in rows:
        held = () if row.id is None else (holding.assignment(row, row.who),)
        before = found[row.who].assignments if row.who in found else ()
        found[row.who] = Officer(
            person=row.who,
            name=row.person_name,
            pseudonym=row.pseudonym,
            away=row.away,
            active=row.active,
            assignments=before + held,
        )
    return found


def signature(conn: Connection, step: int, path: str, person: int) -> Signed:
    """Return the newest signature of a person on a step. One statement."""
    act, row = t.act, t.form
    found = (
        sa.select(row.c.body_json, act.c.assignment, t.person.c.name, t.person.c.pseudonym)
        .join(act, (act.c.step == row.c.step) & (act.c.person == row.c.person) & (act.c.kind == "sign"))
        .join(t.person, t.person.c.id == row.c.person)
        .where(row.c.step == step, row.c.path == path, row.c.person == person)
        .order_by(row.c.id.desc(), act.c.id.desc())
        .limit(1)
    )
    return Signed(**conn.execute(found).one()._mapping)
