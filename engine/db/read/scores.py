"""What cards cost offices, month by month, and how many cards are rescinded: by unit, and by who issued them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine.db.read.cardrights import Reader, marked, visible
from engine.db.read.facts import Named, Query, named
from engine.db.tables import act, card, case_, organ, person, score
from engine.model import SYSTEM, ActKind
from engine.rules.separation import FILING

PAGE = 100
RESCINDED = '"rescinded":'  # the mark, as it stands in the column


@dataclass(frozen=True, kw_only=True)
class Line:
    """What one card took or gave back on a day. `reason`: issued | downgraded | rescinded."""

    number: str
    level: str
    organ: Named
    post: str
    points: int
    reason: str
    on: date


@dataclass(frozen=True, kw_only=True)
class Sum:
    """What the cards of an office cost in a span of days."""

    organ_id: int
    organ: Named
    post: str
    cards: int
    points: int


@dataclass(frozen=True, kw_only=True)
class Rate:
    """Cards, and how many of them were rescinded. `by`: the unit that got them, or who issued or reviewed them."""

    by: Named
    cards: int
    rescinded: int


def lines(conn: Connection, who: Reader, first: date, last: date, page: int = 1) -> tuple[Line, ...]:
    """Return a page of what counts from a day of the span, the latest first. One statement."""
    query = (
        sa.select(
            score.c.points, score.c.reason, score.c.on, score.c.post, card.c.level, case_.c.number, organ.c.name,
            organ.c.name_en,
        )
        .select_from(score.join(card, card.c.id == score.c.card))
        .join(case_, case_.c.id == card.c.case_)
        .join(organ, organ.c.id == score.c.organ)
        .where(visible(who), score.c.on.between(first, last))
        .order_by(score.c.on.desc(), score.c.id.desc())
    )  # fmt: skip
    return tuple(
        Line(
            number=row.number, level=row.level, organ=named(row), post=row.post, points=row.points, reason=row.reason,
            on=row.on,
        )
        for row in conn.execute(query.limit(PAGE).offset((page - 1) * PAGE))
    )  # fmt: skip


def sums(conn: Connection, who: Reader, first: date, last: date) -> tuple[Sum, ...]:
    """Return what the span cost each office, the most first. One statement."""
    points = sa.func.sum(score.c.points).label("points")
    cards = sa.func.count(sa.distinct(score.c.card)).label("cards")
    query = (
        sa.select(score.c.organ, score.c.post, organ.c.name, organ.c.name_en, points, cards)
        .select_from(score.join(card, card.c.id == score.c.card))
        .join(organ, organ.c.id == score.c.organ)
        .where(visible(who), score.c.on.between(first, last))
        .group_by(score.c.organ, score.c.post, organ.c.name, organ.c.name_en)
        .order_by(points, score.c.organ, score.c.post)
    )
    return tuple(
        Sum(organ_id=row.organ, organ=named(row), post=row.post, cards=row.cards, points=int(row.points))
        for row in conn.execute(query)
    )


def by_unit(conn: Connection, who: Reader) -> tuple[Rate, ...]:
    """Return for each unit how many of its served cards were rescinded; the most cards first. One statement."""
    gone = sa.func.sum(sa.case((case_.c.marks_json.contains(RESCINDED), 1), else_=0)).label("gone")
    query = (
        sa.select(organ.c.name, organ.c.name_en, sa.func.count().label("cards"), gone)
        .select_from(card.join(case_, case_.c.id == card.c.case_))
        .join(organ, organ.c.id == card.c.organ)
        .where(visible(who), marked("served"))
        .group_by(organ.c.id, organ.c.name, organ.c.name_en)
        .order_by(sa.func.count().desc(), organ.c.id)
    )
    return _rates(conn, query)


def by_issuer(conn: Connection, who: Reader) -> tuple[Rate, ...]:
    """Return for each who issued served cards how many were rescinded; the system is the last. One statement."""
    issued = ((act.c.path == "issue") & (act.c.outcome == "issue")) | (act.c.path == FILING)
    last = sa.select(act.c.person).where(act.c.case_ == card.c.case_, issued)
    issuer = sa.func.coalesce(last.order_by(act.c.id.desc()).limit(1).scalar_subquery(), SYSTEM).label("issuer")
    each = (
        sa.select(issuer, case_.c.marks_json)
        .select_from(card.join(case_, case_.c.id == card.c.case_))
        .where(visible(who), marked("served"))
        .subquery()
    )
    gone = sa.func.sum(sa.case((each.c.marks_json.contains(RESCINDED), 1), else_=0)).label("gone")
    return _rates(
        conn,
        sa.select(person.c.name, person.c.name_en, sa.func.count().label("cards"), gone)
        .select_from(each.join(person, person.c.id == each.c.issuer))
        .group_by(person.c.id, person.c.name, person.c.name_en)
        .order_by(person.c.id == SYSTEM, sa.func.count().desc(), person.c.id),
    )


def by_reviewer(conn: Connection, who: Reader) -> tuple[Rate, ...]:
    """Return for each who reviewed cards, alone or in a panel, how many of them they rescinded. One statement."""
    reviewed = act.c.path.in_(("review", "panel")) & act.c.kind.in_((ActKind.COMPLETE.value, ActKind.SIGN.value))
    total = sa.func.count(sa.distinct(card.c.id)).label("cards")
    gone = sa.func.count(sa.distinct(sa.case((act.c.outcome == "rescind", card.c.id)))).label("gone")
    return _rates(
        conn,
        sa.select(person.c.name, person.c.name_en, total, gone)
        .select_from(card.join(act, act.c.case_ == card.c.case_).join(person, person.c.id == act.c.person))
        .where(visible(who), reviewed)
        .group_by(person.c.id, person.c.name, person.c.name_en)
        .order_by(total.desc(), person.c.id),
    )


def _rates(conn: Connection, query: Query) -> tuple[Rate, ...]:
    return tuple(Rate(by=named(row), cards=row.cards, rescinded=int(row.gone)) for row in conn.execute(query))
