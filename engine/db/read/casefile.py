"""All that a case page shows: steps, acts, clocks, stops, effects, what was filled in, files. Ten statements."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine.db import cards, faults, find, shield, stops
from engine.db import tables as t
from engine.db.cards import CardRow
from engine.db.faults import CaseFault
from engine.db.filled import CORRECTS
from engine.db.read import desk, intake
from engine.db.read.people import Officer
from engine.db.read.taken import Taken, taken
from engine.errors import NotFound
from engine.model import Act, CaseState, Clock
from engine.rules.cards import ITEM
from engine.rules.limits import Stop
from engine.rules.task import About


@dataclass(frozen=True, kw_only=True)
class Organ:
    id: int
    name: str
    name_en: str
    level: str
    parent: int | None
    phone: str | None
    address: str | None


@dataclass(frozen=True, kw_only=True)
class Who:
    """A person's name. `kind`: natural | legal | system."""

    name: str
    name_en: str | None
    kind: str
    phone: str | None = None


@dataclass(frozen=True, kw_only=True)
class StepFact:
    """A step of the case as stored. `ended_by`: why one that nobody completed ended."""

    id: int
    path: str
    round: int
    post: str
    organ: int
    opened_at: datetime
    due_on: date | None
    claimed_by: int | None
    claimed_at: datetime | None
    closed_at: datetime | None
    outcome: str | None
    ended_by: str | None
    lent: bool = False


@dataclass(frozen=True, kw_only=True)
class Filled:
    """What somebody filled in on a step, or at the filing (path `case`). `opinion`, `materials`: where there are.

    `corrects`: the `id` of the entry in whose place it stands.
    """

    id: int
    corrects: int | None
    step: int | None
    path: str
    person: int
    at: datetime
    form: Mapping[str, Any]
    opinion: str
    materials: Sequence[str]


@dataclass(frozen=True, kw_only=True)
class CaseFile:
    """A case. `people`: names of everybody who appears in it, by person id; `organs`: all, by id.

    `card`: where the case is the life of a card.
    """

    id: int
    number: str
    title: str
    state: CaseState
    fault: CaseFault | None
    result: str | None
    channel: str
    filed_at: datetime
    closed_at: datetime | None
    due_on: date | None
    marks: Mapping[str, date]
    definition: int
    sha256: str
    engine_state: bytes
    item_id: str
    organ: int
    applicant: int
    agent: int | None
    steps: Sequence[StepFact]
    acts: Sequence[Act]
    clocks: Sequence[Clock]
    stops: Sequence[Stop]
    effects: Sequence[Taken]
    filled: Sequence[Filled]
    files: Sequence[intake.File]
    people: Mapping[int, Who]
    organs: Mapping[int, Organ]
    card: CardRow | None = None
    amount: int | None = None
    complained: About | None = None

    def step(self, step_id: int) -> StepFact:
        return next(step for step in self.steps if step.id == step_id)

    @property
    def filing(self) -> Filled | None:
        """What was filled in at the filing, as corrected."""
        return next((f for f in reversed(self.filled) if f.path == "case"), None)


def of_step(conn: Connection, officer: Officer, step_id: int) -> CaseFile:
    """Return the case of a step.

    Raises:
        NotFound: there is no such step, or the case is not the officer's to see.
    """
    of = sa.select(t.step.c.case_).where(t.step.c.id == step_id).scalar_subquery()
    return _read(conn, officer, t.case_.c.id == of, "step", str(step_id))


def of_case(conn: Connection, officer: Officer, case_id: int) -> CaseFile:
    """Return a case by its id.

    Raises:
        NotFound: there is no such case, or it is not the officer's to see.
    """
    return _read(conn, officer, t.case_.c.id == case_id, "case", str(case_id))


def _read(conn: Connection, officer: Officer, where: sa.ColumnElement[bool], what: str, key: str) -> CaseFile:
    row = conn.execute(
        sa.select(t.case_, t.definition.c.sha256)
        .join(t.definition, t.definition.c.id == t.case_.c.definition)
        .where(where, desk.visible(officer))
    ).one_or_none()
    if row is None:
        raise NotFound(what=what, key=key)
    steps = tuple(_step(s) for s in conn.execute(_of(t.step, row.id)))
    acts = desk.acts_of(conn, [row.id])[row.id]
    clocks = tuple(find.clock(c) for c in conn.execute(_of(t.clock, row.id)))
    told = filled(conn, row.id)
    seen = {
        row.applicant,
        row.agent,
        officer.person,
        *(a.person for a in acts),
        *(a.on_behalf for a in acts),
        *(s.claimed_by for s in steps),
    }
    return CaseFile(
        id=row.id, number=row.number, title=row.title, state=CaseState(row.state),
        fault=faults.parse(row.fault_json), result=row.result, channel=row.channel, filed_at=row.filed_at,
        closed_at=row.closed_at, due_on=row.due_on,
        marks={name: date.fromisoformat(on) for name, on in json.loads(row.marks_json).items()},
        definition=row.definition, sha256=row.sha256, engine_state=row.engine_state, item_id=row.item,
        organ=row.organ, applicant=row.applicant, agent=row.agent, steps=steps, acts=acts, clocks=clocks,
        stops=stops.of_cases(conn, [row.id])[row.id], effects=taken(conn, row.number), filled=told,
        files=intake.files(conn, t.file.c.case_ == row.id), people=_people(conn, seen - {None}), organs=_organs(conn),
        card=cards.of_case(conn, row.id) if row.item == ITEM else None, amount=row.amount, complained=shield.about(row),
    )  # fmt: skip


def filled(conn: Connection, case_id: int) -> tuple[Filled, ...]:
    """Return what was filled in on the steps of a case and at its filing, in order. One statement."""
    return tuple(_filled(f) for f in conn.execute(_of(t.form, case_id)))


def _of(table: sa.Table, case_id: int) -> sa.Select[Any]:
    return sa.select(*(c for c in table.c if c.name != "undo")).where(table.c.case_ == case_id).order_by(table.c.id)


def _step(row: sa.Row[Any]) -> StepFact:
    return StepFact(
        id=row.id, path=row.path, round=row.round, post=row.post, organ=row.organ, opened_at=row.opened_at,
        due_on=row.due_on, claimed_by=row.claimed_by, claimed_at=row.claimed_at, closed_at=row.closed_at,
        outcome=row.outcome, ended_by=row.ended_by, lent=row.lent,
    )  # fmt: skip


def _filled(row: sa.Row[Any]) -> Filled:
    body = json.loads(row.body_json)
    return Filled(
        id=row.id, corrects=body.get(CORRECTS), step=row.step, path=row.path, person=row.person, at=row.at,
        form=body.get("form", {}),
        opinion=body.get("opinion", ""), materials=tuple(body.get("materials", ())),
    )  # fmt: skip


def _people(conn: Connection, ids: set[Any]) -> dict[int, Who]:
    rows = conn.execute(sa.select(t.person).where(t.person.c.id.in_(ids)))
    return {r.id: Who(name=r.name, name_en=r.name_en, kind=r.kind, phone=r.phone) for r in rows}


def _organs(conn: Connection) -> dict[int, Organ]:
    return {
        r.id: Organ(
            id=r.id, name=r.name, name_en=r.name_en, level=r.level, parent=r.parent, phone=r.phone, address=r.address
        )
        for r in conn.execute(sa.select(t.organ))
    }
