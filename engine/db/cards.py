"""Cards and scores: rows that are only ever added. What a card is for, and how it stands, is asked here."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine.clock import local_date
from engine.db import tables as t
from engine.model import CaseState, Event
from engine.rules.cards import ITEM, SUBJECT, Cause, Level
from engine.rules.permission import About


@dataclass(frozen=True, kw_only=True)
class CardRow:
    """A card. `case_` is its own case, of which are `number`, `state`, `result` and `marks`.

    `organ`: id of the organ that got it; `person`: who held the step then; `on`: legal date of the fact.
    """

    id: int
    case_: int
    number: str
    state: CaseState
    result: str | None
    marks: Mapping[str, date]
    subject_case: int | None
    clock: int | None
    key: str
    level: Level
    cause: Cause
    rule: str | None
    path: str | None
    post: str
    organ: int
    person: int | None
    on: date

    def judged(self, step_post: str) -> About | None:
        """Return whom the card is about, for a step that judges it: any but those of the office itself."""
        return None if step_post == SUBJECT else About(post=self.post, organ=self.organ, person=self.person)


@dataclass(frozen=True, kw_only=True)
class ScoreRow:
    """What a card cost an office from a day on, or gave back (`points` above 0)."""

    id: int
    card: int
    organ: int
    post: str
    points: int
    reason: str
    on: date


_card = sa.select(t.card, t.case_.c.number, t.case_.c.state, t.case_.c.result, t.case_.c.marks_json).join(
    t.case_, t.case_.c.id == t.card.c.case_
)


def of_case(conn: Connection, case_id: int) -> CardRow | None:
    """Return the card whose own case this is."""
    row = conn.execute(_card.where(t.card.c.case_ == case_id)).one_or_none()
    return _row(row) if row else None


def by_id(conn: Connection, card_id: int) -> CardRow | None:
    """Return a card by its id."""
    row = conn.execute(_card.where(t.card.c.id == card_id)).one_or_none()
    return _row(row) if row else None


def of_cases(conn: Connection, cases: Collection[int]) -> dict[int, CardRow]:
    """Return the cards whose own cases these are, by case; no statement when there is no case."""
    if not cases:
        return {}
    return {row.case_: _row(row) for row in conn.execute(_card.where(t.card.c.case_.in_(cases)))}


def about(conn: Connection, subject_case: int) -> tuple[CardRow, ...]:
    """Return the cards about a case, in the order in which they were drafted."""
    query = _card.where(t.card.c.subject_case == subject_case).order_by(t.card.c.id)
    return tuple(_row(row) for row in conn.execute(query))


def yellow_beside(conn: Connection, subject_case: int, post: str, organ: int, since: date) -> tuple[CardRow, ...]:
    """Return the yellow cards about a case, and those of a post for facts since a day, as they were drafted."""
    here = (t.card.c.post == post) & (t.card.c.organ == organ) & (t.card.c.on >= since)
    near = (t.card.c.subject_case == subject_case) | here
    query = _card.where(t.card.c.level == Level.YELLOW.value, near).order_by(t.card.c.id)
    return tuple(_row(row) for row in conn.execute(query))


def exists(conn: Connection, key: str, level: Level, subject_case: int | None = None) -> bool:
    """Return whether there is a card of this key and level about this case; about any case when none is given."""
    same = (t.card.c.key == key) & (t.card.c.level == level.value)
    if subject_case is not None:
        same &= t.card.c.subject_case == subject_case
    return conn.scalar(sa.select(t.card.c.id).where(same).limit(1)) is not None


def number_of_keys(conn: Connection, subject_case: int, prefix: str) -> int:
    """Return how many cards about a case have a key that begins so."""
    like = (t.card.c.subject_case == subject_case) & t.card.c.key.startswith(prefix, autoescape=True)
    return conn.scalar(sa.select(sa.func.count()).where(like)) or 0


def add(conn: Connection, values: Mapping[str, Any]) -> int:
    """Add a card; return its id. `values`: columns of the table `card`."""
    return int(conn.execute(sa.insert(t.card).values(**values).returning(t.card.c.id)).scalar_one())


def scores(conn: Connection, card_id: int) -> tuple[ScoreRow, ...]:
    """Return what a card cost and gave back, in order."""
    rows = conn.execute(sa.select(t.score).where(t.score.c.card == card_id).order_by(t.score.c.id))
    return tuple(ScoreRow(**row._mapping) for row in rows)


def score(conn: Connection, card: CardRow, points: int, reason: str, on: date) -> None:
    """Add what a card costs, or gives back."""
    values = {"card": card.id, "organ": card.organ, "post": card.post, "points": points, "reason": reason, "on": on}
    conn.execute(sa.insert(t.score).values(values))


_introduced = sa.select(sa.func.min(t.definition.c.approved_at)).where(t.definition.c.item == ITEM)


def since(conn: Connection) -> date | None:
    """Return the day on which cards were introduced: facts of earlier days give none. None: not at all."""
    approved: datetime | None = conn.scalar(_introduced)
    return local_date(approved) if approved else None


def decided(conn: Connection, clock_id: int, now: datetime) -> None:
    """Note that it has been decided whether a card follows from a clock's overrun."""
    conn.execute(sa.update(t.clock).where(t.clock.c.id == clock_id).values(carded_at=now))


def is_decided(conn: Connection, clock_id: int) -> bool:
    """Return whether it has been decided if a card follows from a clock's overrun."""
    return conn.scalar(sa.select(t.clock.c.carded_at).where(t.clock.c.id == clock_id)) is not None


@dataclass(frozen=True, kw_only=True)
class Notice:
    """A notice of what to supplement. `nth`: 1 for the first of its case."""

    case_: int
    step: int | None
    made_at: datetime
    carded_at: datetime | None
    nth: int


def notice(conn: Connection, document_id: int) -> Notice:
    """Return a notice of what to supplement that exists, by its document's id."""
    row = conn.execute(sa.select(t.document).where(t.document.c.id == document_id)).one()
    same = (t.document.c.case_ == row.case_) & (t.document.c.kind == row.kind) & (t.document.c.id <= document_id)
    nth = conn.scalar(sa.select(sa.func.count()).where(same)) or 0
    return Notice(case_=row.case_, step=row.step, made_at=row.made_at, carded_at=row.carded_at, nth=nth)


def notice_decided(conn: Connection, document_id: int, now: datetime) -> None:
    """Note that it has been decided whether a card follows from a notice."""
    conn.execute(sa.update(t.document).where(t.document.c.id == document_id).values(carded_at=now))


_HOLDING = (Event.STEP_CLAIMED.value, Event.STEP_RELEASED.value, Event.STEP_SIGNED.value)


def holder(conn: Connection, number: str, path: str, since: datetime, until: datetime) -> int | None:
    """Return who held a step of a case at an instant, as its trace tells.

    `since`: when the step opened, for a step may open more than once.
    """
    held = sa.select(t.event.c.type, t.event.c.person, t.event.c.body).where(
        t.event.c.case_ == number, t.event.c.type.in_(_HOLDING), t.event.c.at >= since, t.event.c.at < until
    )
    found = [row for row in conn.execute(held.order_by(t.event.c.seq)) if json.loads(row.body)["step"] == path]
    if not found or found[-1].type != Event.STEP_CLAIMED:
        return None
    return conn.scalar(sa.select(t.person.c.id).where(t.person.c.pseudonym == found[-1].person))


def _row(row: sa.Row[Any]) -> CardRow:
    values: dict[str, Any] = {name: getattr(row, name, None) for name in CardRow.__dataclass_fields__}
    values["marks"] = {name: date.fromisoformat(on) for name, on in json.loads(row.marks_json).items()}
    kinds = {"state": CaseState(row.state), "level": Level(row.level), "cause": Cause(row.cause)}
    return CardRow(**values | kinds)
