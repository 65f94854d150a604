"""One yellow or red card, whole: who answers for it, what it rests on, what was done with it, what it cost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine.db import cards as drafted
from engine.db import find, trail
from engine.db.cards import CardRow
from engine.db.read import cards, casefile, intake
from engine.db.read import case as cases
from engine.db.read.cardrights import Reader
from engine.db.read.cardrows import Row
from engine.db.read.case import Case
from engine.db.read.casefile import Filled
from engine.db.read.facts import Found, Named, named
from engine.db.stops import of_cases
from engine.db.tables import assignment, chain, clock, event, file, organ, person, score
from engine.model import Clock, Event
from engine.rules import trace
from engine.rules.cards import Cause, quarter_begins
from engine.rules.limits import Stop

ABOUT = (Event.CLOCK_STARTED.value, Event.CLOCK_OVERRUN.value, Event.CARD_DRAFTED.value)


@dataclass(frozen=True, kw_only=True)
class Score:
    """What the card took (`points` below 0) or gave back. `reason`: issued | downgraded | rescinded."""

    points: int
    reason: str
    on: date
    organ: Named
    post: str


@dataclass(frozen=True, kw_only=True)
class Proof:
    """An event of the subject's chain that the card rests on."""

    seq: int
    type: str
    fingerprint: str
    facts: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """What the card rests on. `clock`: the one that was overrun, with the subject's `stops`; `head`: of its chain."""

    clock: Clock | None
    stops: Sequence[Stop]
    proofs: Sequence[Proof]
    head: str
    seq: int


@dataclass(frozen=True, kw_only=True)
class Card:
    """A card. `life`: its own case; `filled`: what its steps wrote, with `names` by person; `tiers`: post -> holders.

    `beside`: the yellow cards that a card for repetition counts.
    The holders are those of today, in the office of the card or the nearest one above that has the post.
    """

    row: Row
    life: Case
    filled: Sequence[Filled]
    names: Mapping[int, Named]
    files: Sequence[intake.File]
    scores: Sequence[Score]
    evidence: Evidence
    tiers: Mapping[str, Sequence[Named]]
    beside: Sequence[CardRow]


def whole(conn: Connection, who: Reader, number: str, heads: Sequence[str], today: date) -> Card | None:
    """Return a card if the reader may see it. `heads`: the posts that answer above who acted.

    Always the same number of statements (tests/db/test_read_cards.py).
    """
    row = cards.one(conn, who, number)
    life = cases.by_number(conn, number) if row else None
    if row is None or life is None:
        return None
    filled = casefile.filled(conn, life.id)
    return Card(
        row=row,
        life=life,
        filled=filled,
        names=_names(conn, filled),
        files=intake.files(conn, file.c.case_ == life.id),
        scores=_scores(conn, row.id),
        evidence=_evidence(conn, row),
        tiers=tiers(conn, row.organ_id, heads, today),
        beside=_beside(conn, row),
    )


def _beside(conn: Connection, row: Row) -> tuple[CardRow, ...]:
    if row.cause != Cause.REPEATED or row.subject is None:
        return ()
    found = drafted.yellow_beside(conn, row.subject.id, row.post, row.organ_id, quarter_begins(row.on))
    return tuple(other for other in found if other.on <= row.on and "rescinded" not in other.marks)


def _names(conn: Connection, filled: Sequence[Filled]) -> dict[int, Named]:
    query = sa.select(person.c.id, person.c.name, person.c.name_en).where(person.c.id.in_({f.person for f in filled}))
    return {row.id: named(row) for row in conn.execute(query)}


def _scores(conn: Connection, card: int) -> tuple[Score, ...]:
    query = sa.select(score, organ.c.name, organ.c.name_en).join(organ, organ.c.id == score.c.organ)
    return tuple(
        Score(points=row.points, reason=row.reason, on=row.on, organ=named(row), post=row.post)
        for row in conn.execute(query.where(score.c.card == card).order_by(score.c.id))
    )


def _evidence(conn: Connection, row: Row) -> Evidence:
    about, number = (row.subject.id, row.subject.number) if row.subject else (row.case, row.number)
    overrun = conn.execute(sa.select(clock).where(clock.c.id == row.clock)).one_or_none()
    head = conn.execute(sa.select(chain).where(chain.c.id == number)).one_or_none()
    return Evidence(
        clock=find.clock(overrun) if overrun else None,
        stops=of_cases(conn, [about])[about],
        proofs=_proofs(conn, row, number),
        head=head.head if head else "",
        seq=head.seq if head else 0,
    )


def _proofs(conn: Connection, row: Row, chain_id: str) -> tuple[Proof, ...]:
    """Return the events that name the card's clock, or the card itself, in the chain of the case it is about."""
    query = sa.select(event.c.seq, event.c.type, event.c.body).where(event.c.case_ == chain_id, event.c.type.in_(ABOUT))
    found = [(each, trail.parsed(each.body).get("facts")) for each in conn.execute(query.order_by(event.c.seq))]
    return tuple(
        Proof(seq=each.seq, type=each.type, fingerprint=trace.link(each.body), facts=facts)
        for each, facts in found
        if isinstance(facts, dict) and (facts.get("card") == row.number or facts.get("key") == row.key)
    )


def tiers(conn: Connection, start: int, posts: Sequence[str], today: date) -> dict[str, tuple[Named, ...]]:
    """Return who holds each post, in the organ `start` or the nearest one above that has it."""
    above = {row.id: row.parent for row in conn.execute(sa.select(organ.c.id, organ.c.parent))}
    in_force = (assignment.c.from_on <= today) & (assignment.c.to_on.is_(None) | (assignment.c.to_on >= today))
    query = (
        sa.select(assignment.c.post, assignment.c.organ, person.c.name, person.c.name_en)
        .join(person, person.c.id == assignment.c.person)
        .where(in_force, assignment.c.post.in_(posts))
        .order_by(assignment.c.id)
    )
    held = conn.execute(query).all()
    return {post: _nearest([row for row in held if row.post == post], start, above) for post in posts}


def _nearest(held: Sequence[Found], start: int, above: Mapping[int, int | None]) -> tuple[Named, ...]:
    here: int | None = start
    while here is not None:
        if found := tuple(named(row) for row in held if row.organ == here):
            return found
        here = above.get(here)
    return ()
