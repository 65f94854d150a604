"""Posts that people hold, those who stand in for them, and what is open under a post. Nothing of a case's content."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from engine.db import holding
from engine.db.read.facts import Found, Named, named
from engine.db.tables import assignment, organ, person, signer, stand_in, step
from engine.errors import NotFound


@dataclass(frozen=True, kw_only=True)
class Post:
    """A post of a person, whether or not it is held today; `writing`: number of the paper that grants it."""

    id: int
    person: int
    post: str
    organ: int
    organ_name: Named
    item: str | None
    tier: str | None
    from_on: date
    to_on: date | None
    writing: str | None
    pool: bool
    proposal: int

    def is_held(self, on: date) -> bool:
        return self.from_on <= on and not self.is_over(on)

    def is_over(self, on: date) -> bool:
        return self.to_on is not None and self.to_on < on


@dataclass(frozen=True, kw_only=True)
class StandIn:
    """A registered B for an A: `person` (`name`) stands in for `holder` (`holder_name`) in a post."""

    id: int
    assignment: int
    post: str
    organ_name: Named
    holder: int
    holder_name: Named
    person: int
    name: Named
    from_on: date
    to_on: date | None
    proposal: int

    def is_over(self, on: date) -> bool:
        return self.to_on is not None and self.to_on < on


@dataclass(frozen=True, kw_only=True)
class Holders:
    """Persons by assignment, and by registered stand-in."""

    posts: Mapping[int, int]
    stand_ins: Mapping[int, int]


@dataclass(frozen=True, kw_only=True)
class Held:
    """How many open steps a person holds by a post in an organ."""

    post: str
    organ_name: Named
    steps: int


def of(conn: sa.Connection, persons: Collection[int]) -> list[Post]:
    """One statement: every post of these persons, past and future ones too, the oldest first."""
    return _posts(conn, assignment.c.person.in_(persons))


def post(conn: sa.Connection, key: int) -> Post:
    """One statement: a post of a person by its assignment.

    Raises:
        NotFound: there is no such assignment.
    """
    for found in _posts(conn, assignment.c.id == key):
        return found
    raise NotFound(what="assignment", key=str(key))


def stand_ins(conn: sa.Connection, key: int) -> tuple[StandIn, ...]:
    """One statement: who stands in for this person, and for whom this person does; the newest first."""
    return _stand_ins(conn, sa.or_(assignment.c.person == key, stand_in.c.person == key))


def one_stand_in(conn: sa.Connection, key: int) -> StandIn:
    """One statement: a registered stand-in.

    Raises:
        NotFound: there is no such stand-in.
    """
    for found in _stand_ins(conn, stand_in.c.id == key):
        return found
    raise NotFound(what="stand-in", key=str(key))


def holders(conn: sa.Connection, assignments: Collection[int], stand_ins: Collection[int]) -> Holders:
    """Two statements: whose posts these are, and for whom these stand-ins are registered; by their keys."""
    own = sa.select(assignment.c.id, assignment.c.person).where(assignment.c.id.in_(assignments))
    joined = sa.select(stand_in.c.id, assignment.c.person).join(assignment, assignment.c.id == stand_in.c.assignment)
    return Holders(
        posts={row.id: row.person for row in conn.execute(own)},
        stand_ins={row.id: row.person for row in conn.execute(joined.where(stand_in.c.id.in_(stand_ins)))},
    )


def open_steps(conn: sa.Connection, key: int) -> tuple[Held, ...]:
    """One statement: how many open steps a person holds, by post and organ."""
    query = (
        sa.select(step.c.post, organ.c.name, organ.c.name_en, sa.func.count().label("steps"))
        .join(organ, organ.c.id == step.c.organ)
        .where(step.c.claimed_by == key, step.c.closed_at.is_(None))
        .group_by(step.c.post, organ.c.name, organ.c.name_en)
        .order_by(step.c.post, organ.c.name)
    )
    return tuple(Held(post=row.post, organ_name=named(row), steps=row.steps) for row in conn.execute(query))


def open_questions(conn: sa.Connection, key: int) -> int:
    """One statement: on how many open steps a person's opinion is asked for and has not come."""
    query = sa.select(sa.func.count()).select_from(signer).join(step, step.c.id == signer.c.step)
    waits = (signer.c.signed_at.is_(None), signer.c.removed_at.is_(None), step.c.closed_at.is_(None))
    return int(conn.execute(query.where(signer.c.person == key, *waits)).scalar_one())


def other_holders(conn: sa.Connection, code: str, within: int, without: int, on: date) -> tuple[Named, ...]:
    """One statement: who else holds a post in an organ on a day, by name."""
    query = (
        sa.select(person.c.id, person.c.name, person.c.name_en)
        .join(assignment, assignment.c.person == person.c.id)
        .where(assignment.c.post == code, assignment.c.organ == within, person.c.id != without)
        .where(holding.in_force(assignment, on))
        .distinct()
        .order_by(person.c.name, person.c.id)
    )
    return tuple(named(row) for row in conn.execute(query))


def waiting_steps(conn: sa.Connection, code: str, within: int) -> int:
    """One statement: how many open steps of a post in an organ there are, taken or not."""
    query = sa.select(sa.func.count()).where(step.c.post == code, step.c.organ == within, step.c.closed_at.is_(None))
    return int(conn.execute(query).scalar_one())


def _posts(conn: sa.Connection, which: sa.ColumnElement[bool]) -> list[Post]:
    columns = [assignment.c[key] for key in Post.__dataclass_fields__ if key != "organ_name"]
    query = sa.select(*columns, organ.c.name, organ.c.name_en).join(organ, organ.c.id == assignment.c.organ)
    return [_post(row) for row in conn.execute(query.where(which).order_by(assignment.c.from_on, assignment.c.id))]


def _post(row: Found) -> Post:
    told = {key: getattr(row, key) for key in Post.__dataclass_fields__ if key != "organ_name"}
    return Post(organ_name=named(row), **told)


def _stand_ins(conn: sa.Connection, which: sa.ColumnElement[bool]) -> tuple[StandIn, ...]:
    holder = person.alias("holder")
    query = (
        sa.select(
            stand_in.c.id, stand_in.c.assignment, stand_in.c.person, stand_in.c.from_on, stand_in.c.to_on,
            stand_in.c.proposal, assignment.c.post, assignment.c.person.label("holder"),
            holder.c.name.label("holder_name"), holder.c.name_en.label("holder_name_en"),
            organ.c.name.label("organ"), organ.c.name_en.label("organ_en"), person.c.name, person.c.name_en,
        )
        .join(assignment, assignment.c.id == stand_in.c.assignment)
        .join(holder, holder.c.id == assignment.c.person)
        .join(organ, organ.c.id == assignment.c.organ)
        .join(person, person.c.id == stand_in.c.person)
        .where(which)
        .order_by(stand_in.c.from_on.desc(), stand_in.c.id.desc())
    )  # fmt: skip
    return tuple(
        StandIn(
            id=row.id,
            assignment=row.assignment,
            post=row.post,
            organ_name=named(row, "organ"),
            holder=row.holder,
            holder_name=named(row, "holder_name"),
            person=row.person,
            name=named(row),
            from_on=row.from_on,
            to_on=row.to_on,
            proposal=row.proposal,
        )
        for row in conn.execute(query)
    )
