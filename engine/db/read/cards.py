"""Lists of yellow and red cards: by what waits, of a case, of an office; and how many there are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine.db.read.cardrights import Reader, visible, waits
from engine.db.read.cardrows import Row, cards, fetch, marks_of, standing_level
from engine.db.read.facts import Query, subtree
from engine.db.tables import card, case_, definition, step
from engine.model import RUNNING

PAGE = 50


@dataclass(frozen=True, kw_only=True)
class Filter:
    """`step`: path of a step that is open; `mine`: one waits for the reader; `late`: one is past its last day.

    `organ` means its subtree. `closed`: cards whose life has ended, else those whose life goes on.
    """

    level: str = ""
    step: str = ""
    organ: int | None = None
    post: str = ""
    mine: bool = False
    late: bool = False
    closed: bool = False
    q: str = ""
    page: int = 1


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """How many cards have this step open; `definition` and `sha256` name a version of the flow that knows its name."""

    path: str
    cards: int
    definition: int
    sha256: str


@dataclass(frozen=True, kw_only=True)
class Counts:
    """Cards the reader may see. `steps`: running ones by the path of an open step; `mine`, `late`: among them."""

    running: int
    closed: int
    mine: int
    late: int
    steps: Sequence[Waiting]


@dataclass(frozen=True, kw_only=True)
class Badge:
    """A card of a case that counts by now, as the case's own pages mark it."""

    number: str
    level: str


@dataclass(frozen=True, kw_only=True)
class Month:
    """Cards for facts of one month, by level."""

    yellow: int
    red: int


def rows(conn: Connection, who: Reader, wanted: Filter, today: date) -> tuple[Row, ...]:
    """Return one page: the first answer due on top; closed ones: the last closed on top. Four statements."""
    query = _narrow(cards(), who, wanted, today)
    first = sa.select(sa.func.min(step.c.due_on)).where(_open_step()).correlate(card).scalar_subquery()
    order = (case_.c.closed_at.desc(),) if wanted.closed else (first.asc().nulls_last(),)
    return fetch(conn, who, query.order_by(*order, card.c.id.desc()).limit(PAGE).offset((wanted.page - 1) * PAGE))


def listed(conn: Connection, who: Reader, wanted: Filter, today: date) -> int:
    """Return how many cards the list holds over all its pages. One statement."""
    query = sa.select(sa.func.count()).select_from(card.join(case_, case_.c.id == card.c.case_))
    return conn.scalar(_narrow(query, who, wanted, today)) or 0


def badges(conn: Connection, who: Reader, cases: Collection[int]) -> dict[int, list[Badge]]:
    """Return the cards about these cases that count and that the reader may see, by case. One statement."""
    query = (
        sa.select(card.c.subject_case, card.c.level, case_.c.number, case_.c.marks_json)
        .select_from(card.join(case_, case_.c.id == card.c.case_))
        .where(visible(who), card.c.subject_case.in_(cases))
        .order_by(card.c.id)
    )
    found: dict[int, list[Badge]] = defaultdict(list)
    for row in conn.execute(query):
        if level := standing_level(row.level, marks_of(row.marks_json)):
            found[row.subject_case].append(Badge(number=row.number, level=level))
    return found


def one(conn: Connection, who: Reader, number: str) -> Row | None:
    """Return the card whose life is the case with this number, if the reader may see it. Four statements."""
    found = fetch(conn, who, cards().where(visible(who), case_.c.number == number))
    return found[0] if found else None


def counts(conn: Connection, who: Reader, today: date) -> Counts:
    """Count the cards that the reader may see. Two statements."""
    lives = case_.c.state.in_([state.value for state in RUNNING])
    joined = card.join(case_, case_.c.id == card.c.case_)
    total = sa.select(
        _sum(lives), _sum(~lives), _sum(lives & _some(waits(who))), _sum(lives & _some(step.c.due_on < today))
    ).select_from(joined)
    running, closed, mine, late = conn.execute(total.where(visible(who))).one()
    by_step = (
        sa.select(
            step.c.path, sa.func.count(sa.distinct(card.c.id)).label("cards"), case_.c.definition, definition.c.sha256
        )
        .select_from(joined.join(step, step.c.case_ == case_.c.id))
        .join(definition, definition.c.id == case_.c.definition)
        .where(visible(who), lives, step.c.closed_at.is_(None))
        .group_by(step.c.path, case_.c.definition, definition.c.sha256)
        .order_by(case_.c.definition)
    )
    steps: dict[str, Waiting] = {}
    for row in conn.execute(by_step):
        before = steps[row.path].cards if row.path in steps else 0
        steps[row.path] = Waiting(path=row.path, cards=before + row.cards, definition=row.definition, sha256=row.sha256)
    return Counts(running=running, closed=closed, mine=mine, late=late, steps=tuple(steps.values()))


def waiting(conn: Connection, who: Reader) -> int:
    """Return how many cards have an open step that waits for the reader. One statement."""
    query = sa.select(sa.func.count()).select_from(card).where(visible(who), _some(waits(who)))
    return conn.scalar(query) or 0


def month(conn: Connection, who: Reader, first: date, last: date) -> Month:
    """Count the cards for facts of the days from `first` to `last`. One statement."""
    query = sa.select(_sum(card.c.level == "yellow"), _sum(card.c.level == "red"))
    yellow, red = conn.execute(query.where(visible(who), card.c.on.between(first, last))).one()
    return Month(yellow=yellow, red=red)


def _open_step() -> sa.ColumnElement[bool]:
    return (step.c.case_ == card.c.case_) & step.c.closed_at.is_(None)


def _some(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    return sa.exists().where(_open_step(), condition)


def _sum(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
    return sa.func.coalesce(sa.func.sum(sa.case((condition, 1), else_=0)), 0)


def _narrow(query: Query, who: Reader, wanted: Filter, today: date) -> Query:
    lives = case_.c.state.in_([state.value for state in RUNNING])
    query = query.where(visible(who), ~lives if wanted.closed else lives)
    if wanted.level:
        query = query.where(card.c.level == wanted.level)
    if wanted.step:
        query = query.where(_some(step.c.path == wanted.step))
    if wanted.organ is not None:
        query = query.where(card.c.organ.in_(subtree(wanted.organ)))
    if wanted.post:
        query = query.where(card.c.post == wanted.post)
    if wanted.mine:
        query = query.where(_some(waits(who)))
    if wanted.late:
        query = query.where(_some(step.c.due_on < today))
    return query.where(_said(wanted.q)) if wanted.q else query


def _said(words: str) -> sa.ColumnElement[bool]:
    """The condition that the words stand in the number of the card, or in number or title of the case it is about."""
    about = case_.alias("about")
    in_subject = about.c.number.contains(words.upper(), autoescape=True) | about.c.title.contains(
        words, autoescape=True
    )
    named_there = sa.exists().where(about.c.id == card.c.subject_case, in_subject)
    return case_.c.number.contains(words.upper(), autoescape=True) | named_there
