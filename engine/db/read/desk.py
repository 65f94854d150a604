"""What the window desk asks: my steps, my unit's pool, what I did, search. Rows are frozen dataclasses.

A list costs the same number of statements whatever its length: rows, clocks, stops, acts where separation is shown, and
the cards whose steps are among them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine.db import cards, find, shield, stops
from engine.db import tables as t
from engine.db.cards import CardRow
from engine.db.memos import MemoKind
from engine.db.read.facts import subtree
from engine.db.read.people import Officer
from engine.model import Act, ActKind, CaseState, Clock, OrganLevel
from engine.rules.cards import ITEM
from engine.rules.limits import Stop
from engine.rules.recusal import HEAD
from engine.rules.task import About

PAGE = 50
MOST = 500  # steps that one officer holds; more are not shown at once


@dataclass(frozen=True, kw_only=True)
class Row:
    """A step in a list, with its case. `clocks`: the running ones; `acts`: only in the pool; `card`: whose life it is.

    `returned`: it was opened because a later step was sent back to it.
    Names come from the definition (webui/definitions.py), which `definition` and `sha256` name.
    """

    step: int
    path: str
    post: str
    organ: int
    organ_name: str
    organ_name_en: str
    opened_at: datetime
    due_on: date | None
    closed_at: datetime | None
    outcome: str | None
    case: int
    number: str
    title: str
    item_id: str
    applicant: int
    agent: int | None
    in_fault: bool
    definition: int
    sha256: str
    clocks: Sequence[Clock]
    stops: Sequence[Stop]
    acts: Sequence[Act] = field(default_factory=tuple)
    card: CardRow | None = None
    returned: bool = False
    amount: int | None = None
    complained: About | None = None
    lent: bool = False

    @property
    def clock(self) -> Clock | None:
        """The clock of the step itself."""
        return next((c for c in self.clocks if c.step == self.step), None)


@dataclass(frozen=True, kw_only=True)
class Found:
    """A case that a search found."""

    case: int
    number: str
    title: str
    state: str
    result: str | None
    filed_at: datetime
    due_on: date | None
    definition: int
    sha256: str


def mine(conn: Connection, person: int) -> tuple[Row, ...]:
    """Return the open steps that the person holds, the first due first; at most MOST. Three statements."""
    held = (t.step.c.claimed_by == person) & t.step.c.closed_at.is_(None)
    own = held & shield.open_to(person)
    return _rows(conn, _steps().where(own).order_by(*_first_due()).limit(MOST))


def asked(conn: Connection, person: int) -> tuple[Row, ...]:
    """Return the open steps on which the person is asked for an opinion, the first due first. Three statements."""
    waits = sa.exists().where(
        t.signer.c.step == t.step.c.id,
        t.signer.c.person == person,
        t.signer.c.signed_at.is_(None),
        t.signer.c.removed_at.is_(None),
    )
    wanted = waits & t.step.c.closed_at.is_(None) & shield.open_to(person)
    return _rows(conn, _steps().where(wanted).order_by(*_first_due()).limit(MOST))


def named(conn: Connection, officer: Officer, steps: Collection[int]) -> tuple[Row, ...]:
    """Return those of these steps whose cases are the officer's to see. Three statements; none where none is named."""
    if not steps:
        return ()
    return _rows(conn, _steps().where(t.step.c.id.in_(steps), visible(officer)).order_by(t.step.c.id))


def returned(conn: Connection, officer: Officer) -> tuple[Row, ...]:
    """Return the unclaimed steps that came back to the officer, who had done them before. Four statements."""
    own = (t.act.c.case_ == t.step.c.case_) & (t.act.c.path == t.step.c.path) & (t.act.c.person == officer.person)
    did = sa.exists().where(own).correlate_except(t.act)
    query = _steps().where(_waiting(officer), _came_back, did).order_by(*_first_due()).limit(MOST)
    return _rows(conn, query, with_acts=True)


def pool_size(conn: Connection, officer: Officer) -> int:
    """Return how many unclaimed steps wait for the officer's posts. One statement."""
    query = sa.select(sa.func.count()).select_from(t.step.join(t.case_, t.case_.c.id == t.step.c.case_))
    return int(conn.scalar(query.where(_waiting(officer))) or 0)


def pool(conn: Connection, officer: Officer, page: int) -> tuple[Row, ...]:
    """Return a page of unclaimed steps that wait for the officer's posts, the first due first. Four statements."""
    query = _steps().where(_waiting(officer)).order_by(*_first_due()).limit(PAGE).offset((page - 1) * PAGE)
    return _rows(conn, query, with_acts=True)


def done(conn: Connection, person: int, page: int) -> tuple[Row, ...]:
    """Return a page of the steps that the person completed or signed, the last one first. Three statements."""
    own = (t.act.c.person == person) & (t.act.c.kind != ActKind.TAKE_BACK.value)
    last = sa.select(t.act.c.step, sa.func.max(t.act.c.id).label("last")).where(own, t.act.c.step.isnot(None))
    acts = last.group_by(t.act.c.step).subquery()
    query = _steps().join(acts, acts.c.step == t.step.c.id).where(shield.open_to(person)).order_by(acts.c.last.desc())
    return _rows(conn, query.limit(PAGE).offset((page - 1) * PAGE))


def done_size(conn: Connection, person: int) -> int:
    """Return how many steps the person completed or signed. One statement."""
    of = t.act.join(t.case_, t.case_.c.id == t.act.c.case_)
    query = sa.select(sa.func.count(sa.distinct(t.act.c.step))).select_from(of)
    query = query.where(t.act.c.person == person, shield.open_to(person))
    return int(conn.scalar(query) or 0)


def search(conn: Connection, officer: Officer, words: str, page: int) -> tuple[tuple[Found, ...], int]:
    """Return a page of the applications that the officer may see whose number or title holds the words, and how many.

    An exact number comes first, then the newest. Two statements.
    """
    number = words.strip().upper()
    wanted = t.case_.c.number.contains(number, autoescape=True) | t.case_.c.title.contains(
        words.strip(), autoescape=True
    )
    own = visible(officer) & (t.case_.c.item != ITEM)
    total = int(conn.scalar(sa.select(sa.func.count()).select_from(t.case_).where(wanted, own)) or 0)
    rows = conn.execute(
        sa.select(t.case_, t.definition.c.sha256)
        .join(t.definition, t.definition.c.id == t.case_.c.definition)
        .where(wanted, own)
        .order_by((t.case_.c.number == number).desc(), t.case_.c.id.desc())
        .limit(PAGE)
        .offset((page - 1) * PAGE)
    )
    found = tuple(
        Found(
            case=row.id, number=row.number, title=row.title, state=row.state, result=row.result,
            filed_at=row.filed_at, due_on=row.due_on, definition=row.definition, sha256=row.sha256,
        )
        for row in rows.all()
    )  # fmt: skip
    return found, total


def visible(officer: Officer) -> sa.ColumnElement[bool]:
    """Return the condition that a case is the officer's to see.

    A step came to a post held, or a hand was in it, or an opinion is asked for, or a copy of it was sent; a head reads
    what is done in the organ and below it. A complaint is kept from whom it is about.
    """
    acted = sa.exists().where(t.act.c.case_ == t.case_.c.id, t.act.c.person == officer.person).correlate(t.case_)
    came = sa.exists().where(t.step.c.case_ == t.case_.c.id, _held(officer)).correlate(t.case_)
    asks = (t.signer.c.person == officer.person) & t.signer.c.removed_at.is_(None)
    sent = (t.memo.c.person == officer.person) & (t.memo.c.kind == MemoKind.COPY.value)
    asked_for = sa.exists().where(t.signer.c.case_ == t.case_.c.id, asks).correlate(t.case_)
    told = sa.exists().where(t.memo.c.case_ == t.case_.c.id, sent).correlate(t.case_)
    return sa.or_(acted, came, asked_for, told, *_below(officer)) & shield.open_to(officer.person)


def _below(officer: Officer) -> Iterator[sa.ColumnElement[bool]]:
    """The conditions that a step of the case lies in an organ that the officer heads, or below it."""
    for a in officer.assignments:
        if a.post == HEAD and a.on_behalf is None:
            where = (t.step.c.case_ == t.case_.c.id) & t.step.c.organ.in_(subtree(a.organ))
            yield sa.exists().where(where).correlate(t.case_)


def _held(officer: Officer) -> sa.ColumnElement[bool]:
    """The condition that a step's post is held by the officer: there, or in a window directly under its organ."""
    wishes = [
        (t.step.c.post == a.post)
        & t.step.c.organ.in_([a.organ, *([a.parent] if a.level is OrganLevel.WINDOW and a.parent else [])])
        & (sa.true() if a.item is None else t.case_.c.item == a.item)
        & (sa.true() if a.pool else ~t.step.c.lent)
        for a in officer.assignments
    ]
    return sa.or_(sa.false(), *wishes)


def _waiting(officer: Officer) -> sa.ColumnElement[bool]:
    return (
        t.step.c.claimed_by.is_(None) & t.step.c.closed_at.is_(None) & _held(officer) & shield.open_to(officer.person)
    )


def _first_due() -> tuple[sa.ColumnElement[Any], ...]:
    return (t.step.c.due_on.asc().nulls_last(), t.step.c.id.asc())


_ended = t.step.alias("ended")
_came_back = (
    sa.exists()
    .where(_ended.c.case_ == t.step.c.case_, _ended.c.ended_by == "returned", _ended.c.closed_at == t.step.c.opened_at)
    .correlate_except(_ended)
)


def _steps() -> sa.Select[Any]:
    return (
        sa.select(
            t.step, t.case_.c.number, t.case_.c.title, t.case_.c.item.label("item_id"), t.case_.c.definition,
            t.definition.c.sha256, t.case_.c.applicant, t.case_.c.agent, t.case_.c.state, t.case_.c.amount,
            t.case_.c.about_person, t.case_.c.about_post, t.case_.c.about_organ,
            t.organ.c.name.label("organ_name"), t.organ.c.name_en.label("organ_name_en"),
            _came_back.label("returned"),
        )
        .join(t.case_, t.case_.c.id == t.step.c.case_)
        .join(t.organ, t.organ.c.id == t.step.c.organ)
        .join(t.definition, t.definition.c.id == t.case_.c.definition)
    )  # fmt: skip


def _rows(conn: Connection, query: sa.Select[Any], with_acts: bool = False) -> tuple[Row, ...]:
    rows = conn.execute(query).all()
    if not rows:
        return ()
    cases = {row.case_ for row in rows}
    clocks, stopped = running_clocks(conn, cases), stops.of_cases(conn, cases)
    acts = acts_of(conn, cases) if with_acts else {}
    found = cards.of_cases(conn, {row.case_ for row in rows if row.item_id == ITEM})
    return tuple(
        Row(
            step=row.id, path=row.path, post=row.post, organ=row.organ, organ_name=row.organ_name,
            organ_name_en=row.organ_name_en, opened_at=row.opened_at, due_on=row.due_on, closed_at=row.closed_at,
            outcome=row.outcome, case=row.case_, number=row.number, title=row.title, item_id=row.item_id,
            applicant=row.applicant, agent=row.agent,
            in_fault=row.state == CaseState.FAULT, definition=row.definition, sha256=row.sha256,
            clocks=clocks[row.case_], stops=stopped[row.case_], acts=acts.get(row.case_, ()),
            card=found.get(row.case_), returned=row.returned, amount=row.amount, complained=shield.about(row),
            lent=row.lent,
        )
        for row in rows
    )  # fmt: skip


def running_clocks(conn: Connection, cases: Collection[int]) -> dict[int, list[Clock]]:
    """Return the running clocks of cases in the order they started. One statement."""
    query = sa.select(t.clock).where(t.clock.c.case_.in_(cases), t.clock.c.ended_on.is_(None)).order_by(t.clock.c.id)
    found: dict[int, list[Clock]] = defaultdict(list)
    for row in conn.execute(query):
        found[row.case_].append(find.clock(row))
    return found


def acts_of(conn: Connection, cases: Collection[int]) -> dict[int, list[Act]]:
    """Return what was done in cases, in order. One statement."""
    query = sa.select(t.act).where(t.act.c.case_.in_(cases)).order_by(t.act.c.id)
    found: dict[int, list[Act]] = defaultdict(list)
    for row in conn.execute(query):
        found[row.case_].append(
            Act(
                person=row.person, path=row.path, kind=ActKind(row.kind), outcome=row.outcome, at=row.at,
                on_behalf=row.on_behalf_of, step=row.step,
            )
        )  # fmt: skip
    return found
