"""Cases in fault, as the flow manager sees them: number and flow, no title and no applicant (SOD-26)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from engine.db import faults
from engine.db.faults import CaseFault
from engine.db.read.board import lamp_of
from engine.db.read.facts import Named, named
from engine.db.read.proposals import Row as Proposed
from engine.db.read.proposals import waiting
from engine.db.tables import case_, definition, organ, step, timer
from engine.errors import NotFound
from engine.model import CaseState, Lamp

MOST = 200  # more are not shown at once


@dataclass(frozen=True, kw_only=True)
class Faulted:
    """A case in fault. `steps`: paths of the open ones; `proposed`: what waits for a second person."""

    id: int
    number: str
    item: Named
    organ: Named
    definition: int
    sha256: str
    version: int
    fault: CaseFault
    lamp: Lamp
    due_on: date | None
    steps: tuple[str, ...]
    proposed: tuple[Proposed, ...]


def count(conn: sa.Connection) -> int:
    """One statement: how many cases are in fault."""
    return conn.scalar(sa.select(sa.func.count()).where(case_.c.state == CaseState.FAULT.value)) or 0


def listed(conn: sa.Connection, today: date) -> tuple[Faulted, ...]:
    """Three statements: the cases in fault, the first to turn red on top."""
    return _read(conn, today, sa.true())


def one(conn: sa.Connection, number: str, today: date) -> Faulted:
    """Three statements: a case in fault by its number.

    Raises:
        NotFound: there is no such case, or it is in no fault.
    """
    found = _read(conn, today, case_.c.number == number)
    if not found:
        raise NotFound(what="case", key=number)
    return found[0]


def overdue_timers(conn: sa.Connection, case: int, now: datetime) -> tuple[str, ...]:
    """One statement: paths of the timers of a case whose instant has passed and that have not fired, in that order."""
    waits = (timer.c.case_ == case) & timer.c.fired_at.is_(None) & timer.c.cancelled_at.is_(None)
    query = sa.select(timer.c.path).where(waits, timer.c.fires_at <= now).order_by(timer.c.fires_at, timer.c.id)
    return tuple(conn.scalars(query))


def engine_state(conn: sa.Connection, case: int) -> bytes:
    """One statement: the live tokens of a case."""
    return bytes(conn.execute(sa.select(case_.c.engine_state).where(case_.c.id == case)).scalar_one())


def _read(conn: sa.Connection, today: date, where: sa.ColumnElement[bool]) -> tuple[Faulted, ...]:
    rows = conn.execute(
        sa.select(
            case_.c.id, case_.c.number, case_.c.definition, case_.c.fault_json, case_.c.due_on,
            definition.c.sha256, definition.c.version, definition.c.name.label("item_name"),
            definition.c.name_en.label("item_name_en"), organ.c.name.label("organ_name"),
            organ.c.name_en.label("organ_name_en"), lamp_of(today).label("lamp"),
        )
        .join(definition, definition.c.id == case_.c.definition)
        .join(organ, organ.c.id == case_.c.organ)
        .where(case_.c.state == CaseState.FAULT.value, where)
        .order_by(case_.c.red_on.asc().nulls_last(), case_.c.id)
        .limit(MOST)
    ).all()  # fmt: skip
    steps: dict[int, list[str]] = defaultdict(list)
    open_ones = step.c.case_.in_([row.id for row in rows]) & step.c.closed_at.is_(None)
    for case, path in conn.execute(sa.select(step.c.case_, step.c.path).where(open_ones).order_by(step.c.id)):
        steps[case].append(path)
    proposed: dict[str, list[Proposed]] = defaultdict(list)
    for each in waiting(conn):
        proposed[each.about or ""].append(each)
    return tuple(
        Faulted(
            id=row.id,
            number=row.number,
            item=named(row, "item_name"),
            organ=named(row, "organ_name"),
            definition=row.definition,
            sha256=row.sha256,
            version=row.version,
            fault=fault,
            lamp=Lamp(row.lamp),
            due_on=row.due_on,
            steps=tuple(steps[row.id]),
            proposed=tuple(proposed[row.number]),
        )
        for row in rows
        if (fault := faults.parse(row.fault_json))
    )
