"""Recusals as pages tell them: of a case, of an officer, and those that wait for a decision."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine.db import recusals
from engine.db.read.facts import Found, Named, named, without_name
from engine.db.recusals import RecusalRow
from engine.db.tables import act, case_, organ, person, recusal, recusal_vote, step
from engine.rules.recusal import HEAD, MEMBER, Deciders

MOST = 50  # recusals that one list shows


@dataclass(frozen=True, kw_only=True)
class Vote:
    """A vote of a member of the council."""

    person: int
    name: Named
    upheld: bool
    reason: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Recusal:
    """A recusal in full. `by_applicant`: the applicant asked; `title`: of the case, a natural person's name masked.

    `took_part`: who decided it or voted on it.
    """

    id: int
    case: int
    number: str
    title: str
    state: str
    officer_id: int
    officer: Named
    organ: Named
    source: str
    kind: str
    reason: str
    raised_by_id: int
    raised_by: Named
    by_applicant: bool
    raised_at: datetime
    decided_by: Named | None
    decided_at: datetime | None
    upheld: bool | None
    decision: str
    votes: tuple[Vote, ...]
    took_part: frozenset[int]


@dataclass(frozen=True, kw_only=True)
class InCase:
    """An officer who has had a hand in a case. `paths`: the steps done or held; `case` for the filing."""

    person: int
    name: Named
    paths: tuple[str, ...]


def of_case(conn: Connection, case: int) -> tuple[Recusal, ...]:
    """Return the recusals of a case, in order. Two statements."""
    return _read(conn, recusal.c.case_ == case)


def one(conn: Connection, recusal_id: int) -> Recusal | None:
    """Return a recusal; None: there is no such. Two statements."""
    return next(iter(_read(conn, recusal.c.id == recusal_id)), None)


def of_officer(conn: Connection, officer: int) -> tuple[Recusal, ...]:
    """Return the recusals about an officer or asked for by him, the newest first, at most MOST. Two statements."""
    mine = (recusal.c.officer == officer) | (recusal.c.raised_by == officer) | (recusal.c.decided_by == officer)
    return tuple(reversed(_read(conn, mine, newest=MOST)))


def waiting_for(conn: Connection, officer: int, posts: Collection[str], today: date) -> tuple[Recusal, ...]:
    """Return the recusals that wait for the decision, or the vote, of an officer with these posts, in order."""
    if not {HEAD, MEMBER} & set(posts):
        return ()
    asked = [row.id for row in recusals.waiting(conn) if _is_asked(conn, row, officer, today)]
    return _read(conn, recusal.c.id.in_(asked)) if asked else ()


def deciders(conn: Connection, recusal_id: int, today: date) -> Deciders:
    """Return who decides a recusal today; nobody of one that does not exist. Five statements."""
    row = recusals.one(conn, recusal_id)
    return recusals.deciders(conn, row, today) if row else Deciders(organ=None)


def names(conn: Connection, persons: Collection[int]) -> tuple[Named, ...]:
    """Return the names of persons, in the order of their ids. One statement."""
    query = sa.select(person.c.name, person.c.name_en).where(person.c.id.in_(persons)).order_by(person.c.id)
    return tuple(named(row) for row in conn.execute(query))


def in_case(conn: Connection, case: int) -> tuple[InCase, ...]:
    """Return the officers who did a step of a case or hold one, by name; parties are none. Two statements."""
    did = sa.select(act.c.person, act.c.path).where(act.c.case_ == case)
    holds = sa.select(step.c.claimed_by.label("person"), step.c.path).where(
        step.c.case_ == case, step.c.closed_at.is_(None), step.c.claimed_by.is_not(None)
    )
    hands = sa.union(did, holds).subquery()
    query = (
        sa.select(person.c.id, person.c.name, person.c.name_en, hands.c.path)
        .join(hands, hands.c.person == person.c.id)
        .join(case_, case_.c.id == case)
        .where(person.c.id != case_.c.applicant, case_.c.agent.is_(None) | (person.c.id != case_.c.agent))
        .order_by(person.c.id, hands.c.path)
    )
    paths: dict[tuple[int, Named], list[str]] = defaultdict(list)
    for row in conn.execute(query):
        paths[row.id, named(row)].append(row.path)
    return tuple(InCase(person=key, name=name, paths=tuple(done)) for (key, name), done in paths.items())


def _is_asked(conn: Connection, row: RecusalRow, officer: int, today: date) -> bool:
    asked = recusals.deciders(conn, row, today)
    return officer in asked.persons and officer not in recusals.votes(conn, row.id)


_officer, _by, _decider, _party = (person.alias(name) for name in ("officer", "asker", "decider", "party"))


def _read(conn: Connection, where: sa.ColumnElement[bool], newest: int | None = None) -> tuple[Recusal, ...]:
    query = (
        sa.select(
            recusal, case_.c.number, case_.c.title, case_.c.state, case_.c.applicant,
            _officer.c.name.label("officer_name"), _officer.c.name_en.label("officer_name_en"),
            _by.c.name.label("by_name"), _by.c.name_en.label("by_name_en"),
            _decider.c.name.label("decider_name"), _decider.c.name_en.label("decider_name_en"),
            _party.c.name.label("party"), _party.c.kind.label("party_kind"),
            organ.c.name.label("organ_name"), organ.c.name_en.label("organ_name_en"),
        )
        .join(case_, case_.c.id == recusal.c.case_)
        .join(_officer, _officer.c.id == recusal.c.officer)
        .join(_by, _by.c.id == recusal.c.raised_by)
        .join(_party, _party.c.id == case_.c.applicant)
        .join(organ, organ.c.id == recusal.c.organ)
        .outerjoin(_decider, _decider.c.id == recusal.c.decided_by)
        .where(where)
    )  # fmt: skip
    order = query.order_by(recusal.c.id.desc()).limit(newest) if newest else query.order_by(recusal.c.id)
    rows = sorted(conn.execute(order), key=lambda row: int(row.id))
    votes = _votes(conn, [row.id for row in rows])
    return tuple(_recusal(row, tuple(votes[row.id])) for row in rows)


def _recusal(row: Found, votes: tuple[Vote, ...]) -> Recusal:
    return Recusal(
        id=row.id, case=row.case_, number=row.number, title=without_name(row.title, row.party_kind, row.party),
        state=row.state, officer_id=row.officer, officer=named(row, "officer_name"), organ=named(row, "organ_name"),
        source=row.source, kind=row.kind, reason=row.reason or "", raised_by_id=row.raised_by,
        raised_by=named(row, "by_name"), by_applicant=row.raised_by == row.applicant, raised_at=row.raised_at,
        decided_by=named(row, "decider_name") if row.decided_by else None, decided_at=row.decided_at,
        upheld=row.upheld, decision=row.decision or "", votes=votes,
        took_part=frozenset({vote.person for vote in votes} | ({row.decided_by} if row.decided_by else set())),
    )  # fmt: skip


def _votes(conn: Connection, ids: Collection[int]) -> dict[int, list[Vote]]:
    query = (
        sa.select(recusal_vote, person.c.name, person.c.name_en)
        .join(person, person.c.id == recusal_vote.c.person)
        .where(recusal_vote.c.recusal.in_(ids))
        .order_by(recusal_vote.c.id)
    )
    found: dict[int, list[Vote]] = defaultdict(list)
    for row in conn.execute(query):
        found[row.recusal].append(
            Vote(person=row.person, name=named(row), upheld=row.upheld, reason=row.reason or "", at=row.at)
        )
    return found
