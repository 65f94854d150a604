"""Who could act on an open step by the post that it takes, and what is known of each. Who may, permission decides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine.db import cards, shield, standing
from engine.db import tables as t
from engine.db.cards import CardRow
from engine.db.history import StepRow, history
from engine.db.read import people
from engine.errors import NotFound, Refused
from engine.model import Act, Assignment, Standing
from engine.rules.cards import ITEM
from engine.rules.permission import About, holds


@dataclass(frozen=True, kw_only=True)
class Eligible:
    """An officer who holds the post of a step, or stands in for it. `refusal`: why he may not act; None: he may.

    `warning`: the id of a constraint that only warns, and says something about him here; else empty.
    """

    person: int
    name: str
    name_en: str | None
    refusal: Refused | None
    warning: str = ""


@dataclass(frozen=True, kw_only=True)
class Holder:
    """A person with all assignments of today, the own ones first, and what else is known."""

    person: int
    name: str
    name_en: str | None
    assignments: Sequence[Assignment]
    standing: Standing


@dataclass(frozen=True, kw_only=True)
class StepFacts:
    """A step with what permission asks about its case, `id`; read, not locked."""

    step: StepRow
    steps: Sequence[StepRow]
    acts: Sequence[Act]
    id: int
    item: str
    organ: int
    definition: int
    sha256: str
    applicant: int
    agent: int | None
    amount: int | None
    filed_at: datetime
    card: CardRow | None
    complained: About | None


def facts(conn: Connection, step_id: int) -> StepFacts:
    """Return a step and its case. Two statements, of a card's step three.

    Raises:
        NotFound: there is no such step.
    """
    row = conn.execute(
        sa.select(t.case_, t.definition.c.sha256)
        .join(t.definition, t.definition.c.id == t.case_.c.definition)
        .join(t.step, t.step.c.case_ == t.case_.c.id)
        .where(t.step.c.id == step_id)
    ).one_or_none()
    if row is None:
        raise NotFound(what="step", key=str(step_id))
    steps, acts = history(conn, row.id)
    return StepFacts(
        step=next(step for step in steps if step.id == step_id),
        steps=steps,
        acts=acts,
        id=row.id,
        item=row.item,
        organ=row.organ,
        definition=row.definition,
        sha256=row.sha256,
        applicant=row.applicant,
        agent=row.agent,
        amount=row.amount,
        filed_at=row.filed_at,
        card=cards.of_case(conn, row.id) if row.item == ITEM else None,
        complained=shield.about(row),
    )


def holders(conn: Connection, of: StepFacts, today: date) -> tuple[Holder, ...]:
    """Return who holds the step's post there today, or stands in for a holder, by person. Three statements."""
    step = of.step
    there = [
        holder
        for holder in people.holders(conn, (step.post,), today)
        if holds(holder.assignment, step.post, step.organ, of.item, step.lent)
    ]
    named = {holder.person: holder for holder in there}
    every = people.assignments(conn, named, today)
    known = standing.of(conn, of.id, named, today)
    return tuple(
        Holder(
            person=person,
            name=holder.name,
            name_en=holder.name_en,
            assignments=sorted(every[person], key=lambda a: (a.on_behalf is not None, a.id)),
            standing=known[person],
        )
        for person, holder in named.items()
    )
