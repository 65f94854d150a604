"""What cards cost offices, month by month, and how many cards are rescinded: by unit, and by who issued them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine.db.read.cardrights import Reader, visible
from engine.db.read.facts import Named, named
from engine.db.tables import card, case_, organ, score

PAGE = 100


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
    """Cards whose life has ended or that were issued, and how many of them were rescinded. `by`: unit or person."""

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
