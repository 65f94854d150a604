"""Recusals of cases as rows, and what is known of the ties of those who act. What follows is engine/rules/recusal.py's.

Facts are read with the case itself, so that no command needs a statement more: ties with the case's row, recusals after
its lock is held, for nobody may act on what was true before somebody else's commit.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine.db import organs, shield
from engine.db import tables as t
from engine.db.context import Context
from engine.db.read import people
from engine.model import RUNNING, Standing
from engine.rules import recusal as rules
from engine.rules.recusal import HEAD, MEMBER, Deciders, Known, Raised, Reach, standing
from engine.rules.task import concerns

_FIELD, _LINE = "\x1f", "\x1e"  # stand in no telephone or address: they are taken out of what is joined


def _clean(value: Any) -> sa.ColumnElement[str]:
    text = sa.func.coalesce(sa.cast(value, sa.Text), "")
    return sa.func.replace(sa.func.replace(text, _FIELD, " "), _LINE, " ")


def _joined(*values: Any) -> sa.ColumnElement[str]:
    first, *others = [_clean(value) for value in values]
    for value in others:
        first = first + _FIELD + value
    return first


def _lines(*values: Any) -> Any:
    return sa.func.aggregate_strings(_joined(*values), _LINE)


def _reach(of: Any) -> Any:
    who = t.person.alias()
    return sa.select(_joined(who.c.id, who.c.phone, who.c.address)).where(who.c.id == of).scalar_subquery()


_persons: sa.BindParameter[int] = sa.bindparam("persons", expanding=True)
_today = sa.bindparam("today", type_=sa.Date)
_people = sa.select(_lines(t.person.c.id, t.person.c.phone, t.person.c.address)).where(t.person.c.id.in_(_persons))
_offices = sa.select(_lines(sa.literal(0), t.organ.c.phone, t.organ.c.address))
_relations = sa.select(_lines(t.relation.c.person, t.relation.c.kind)).where(
    t.relation.c.person.in_(_persons),
    t.relation.c.other.in_([t.case_.c.applicant, t.case_.c.agent]),
    t.relation.c.from_on <= _today,
    t.relation.c.to_on.is_(None) | (t.relation.c.to_on >= _today),
)
TIES = (  # columns of a query over `case_`; parameters `persons` and `today`
    _reach(t.case_.c.applicant).label("applicant_reach"),
    _reach(t.case_.c.agent).label("agent_reach"),
    _people.correlate(None).scalar_subquery().label("people_reach"),
    _offices.correlate(None).scalar_subquery().label("offices_reach"),
    _relations.correlate(t.case_).scalar_subquery().label("relations"),
)


def raised(case: Any) -> Any:
    """Return the column with all recusals of a case, for a query that is sent when the case is locked."""
    upheld = sa.case((t.recusal.c.upheld.is_(None), ""), (t.recusal.c.upheld, "1"), else_="0")
    return (
        sa.select(_lines(t.recusal.c.officer, t.recusal.c.kind, upheld))
        .where(t.recusal.c.case_ == case)
        .scalar_subquery()
        .label("raised")
    )


def asked(ctx: Context) -> dict[str, Any]:
    """Return the parameters for those who act: the actor, and everybody for whom he may stand in."""
    persons = {ctx.person, *(a.on_behalf for a in ctx.assignments if a.on_behalf is not None)}
    return {"persons": sorted(persons), "today": ctx.today}


def standings(row: Any, told: str | None) -> dict[int, Standing]:
    """Return how recusal stands for each of the persons asked about. `told`: the column `raised`."""
    people = tuple(_read(row.people_reach))
    known = Known(
        parties=(*_read(row.applicant_reach), *_read(row.agent_reach)),
        people=people,
        offices=tuple(_read(row.offices_reach)),
        registered={(int(person), kind) for person, kind in _split(row.relations)},
        raised=tuple(
            Raised(officer=int(officer), kind=kind, upheld={"": None, "1": True, "0": False}[upheld])
            for officer, kind, upheld in _split(told)
        ),
    )
    found = {each.person: standing(each.person, known) for each in people}
    return {person: Standing(recusal=recusal, tie=tie) for person, (recusal, tie) in found.items()}


def _read(text: str | None) -> Sequence[Reach]:
    return [Reach(person=int(person), phone=phone, address=address) for person, phone, address in _split(text)]


def _split(text: str | None) -> list[list[str]]:
    return [line.split(_FIELD) for line in text.split(_LINE)] if text else []


def of_persons(conn: Connection, case: int, persons: Collection[int], today: date) -> dict[int, Standing]:
    """Return how recusal stands between these persons and a case. One statement."""
    query = sa.select(*TIES, raised(t.case_.c.id)).where(t.case_.c.id == sa.bindparam("case"))
    row = conn.execute(query, {"case": case, "persons": sorted(persons), "today": today}).one()
    return standings(row, row.raised)


def of_cases(ctx: Context, cases: Collection[int]) -> dict[int, dict[int, Standing]]:
    """Return how recusal stands between those who act and each of these cases. One statement."""
    query = sa.select(t.case_.c.id, *TIES, raised(t.case_.c.id)).where(t.case_.c.id.in_(cases))
    return {row.id: standings(row, row.raised) for row in ctx.conn.execute(query, asked(ctx))}


@dataclass(frozen=True, kw_only=True)
class RecusalRow:
    """A recusal as stored, without its words, and the parties of its case."""

    id: int
    case_: int
    applicant: int
    agent: int | None
    about_person: int | None
    about_post: str | None
    about_organ: int | None
    officer: int
    organ: int
    source: str
    kind: str
    raised_by: int
    decided_at: datetime | None
    upheld: bool | None


_PARTIES = ("applicant", "agent", "about_person", "about_post", "about_organ")
_row = (
    sa.select(*[(t.case_ if n in _PARTIES else t.recusal).c[n] for n in RecusalRow.__dataclass_fields__])
    .join(t.case_, t.case_.c.id == t.recusal.c.case_)
    .order_by(t.recusal.c.id)
)


def of_case(conn: Connection, case: int) -> tuple[RecusalRow, ...]:
    """Return the recusals of a case, in order."""
    return tuple(RecusalRow(**r._mapping) for r in conn.execute(_row.where(t.recusal.c.case_ == case)))


def waiting(conn: Connection) -> tuple[RecusalRow, ...]:
    """Return the recusals of running cases that nobody has decided, in order."""
    open_ones = _row.where(t.recusal.c.decided_at.is_(None), t.case_.c.state.in_(RUNNING))
    return tuple(RecusalRow(**r._mapping) for r in conn.execute(open_ones))


def one(conn: Connection, recusal: int) -> RecusalRow | None:
    """Return a recusal, if there is such."""
    row = conn.execute(_row.where(t.recusal.c.id == recusal)).one_or_none()
    return RecusalRow(**row._mapping) if row else None


def deciders(conn: Connection, row: RecusalRow, today: date) -> Deciders:
    """Return who decides a recusal today (engine/rules/recusal.py): never whom a complaint is about.

    Four statements, of a complaint five.
    """
    holders = [h for h in people.holders(conn, (HEAD, MEMBER), today) if h.assignment.on_behalf is None]
    about = of_persons(conn, row.case_, {h.person for h in holders}, today)
    out = {row.raised_by, row.applicant, *(person for person, known in about.items() if known.recusal)}
    out |= {row.agent} if row.agent else set()
    if complained := shield.about(row):
        posts = people.assignments(conn, {h.person for h in holders}, today)
        out |= {person for person, own in posts.items() if concerns(person, own, complained)}
    parents = {organ.id: organ.parent for organ in organs.by_id(conn).values()}
    return rules.deciders(row.organ, parents, [(h.person, h.assignment) for h in holders], row.officer, out)


def add(ctx: Context, *, case: int, officer: int, organ: int, source: str, kind: str, reason: str) -> int:
    """Add an open recusal; return its id."""
    row = sa.insert(t.recusal).values(
        case_=case,
        officer=officer,
        organ=organ,
        source=source,
        kind=kind,
        reason=reason,
        raised_by=ctx.person,
        raised_at=ctx.now,
    )
    return int(ctx.conn.execute(row.returning(t.recusal.c.id)).scalar_one())


def decide(ctx: Context, recusal: int, upheld: bool, reason: str) -> None:
    """Note that a recusal is decided by the actor."""
    decision = {"decided_by": ctx.person, "decided_at": ctx.now, "upheld": upheld, "decision": reason}
    ctx.conn.execute(sa.update(t.recusal).where(t.recusal.c.id == recusal).values(decision))


def vote(ctx: Context, recusal: int, upheld: bool, reason: str) -> None:
    """Add the actor's vote."""
    row = {"recusal": recusal, "person": ctx.person, "upheld": upheld, "reason": reason, "at": ctx.now}
    ctx.conn.execute(sa.insert(t.recusal_vote).values(row))


def votes(conn: Connection, recusal: int) -> Mapping[int, bool]:
    """Return the votes on a recusal by member."""
    rows = conn.execute(sa.select(t.recusal_vote).where(t.recusal_vote.c.recusal == recusal))
    return {row.person: row.upheld for row in rows}


def pseudonym(conn: Connection, person: int) -> str | None:
    """Return the name of a person in the trace; None: there is no such person."""
    return conn.scalar(sa.select(t.person.c.pseudonym).where(t.person.c.id == person))
