"""One case, whole: where it stands, its steps, clocks and stops. Its trace is engine/db/read/audit.py's."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from engine.db import faults, shield
from engine.db.faults import CaseFault
from engine.db.people import masked
from engine.db.read.facts import Named, clocks_of, named, without_name
from engine.db.stops import of_cases
from engine.db.tables import act, calendar_day, case_, definition, organ, person, step
from engine.model import RUNNING, CaseState, Clock
from engine.rules.limits import Stop


@dataclass(frozen=True, kw_only=True)
class CaseStep:
    """A step of the case, open or closed. `by`: who acted on it, in that order; `holder` only while it is open.

    An applicant's name is masked; `by_applicant`: it was the applicant, from the portal.
    """

    id: int
    token: str
    path: str
    round: int
    post: str
    organ_id: int
    organ: Named
    organ_phone: str | None
    opened_at: datetime
    due_on: date | None
    holder: Named | None
    closed_at: datetime | None
    outcome: str | None
    by: tuple[Named, ...]
    by_applicant: bool = False


@dataclass(frozen=True, kw_only=True)
class Case:
    """`applicant` and `title` carry a natural person's name masked; `marks` are local dates by mark.

    The names of steps and of the `result` come from the definition, which `definition` and `sha256` name.
    """

    id: int
    number: str
    title: str
    applicant: str
    applicant_id: int
    definition: int
    sha256: str
    item: str
    item_name: Named
    version: int
    organ: Named
    organ_phone: str | None
    channel: str
    state: CaseState
    fault: CaseFault | None
    result: str | None
    filed_at: datetime
    closed_at: datetime | None
    due_on: date | None
    blue_on: date | None
    yellow_on: date | None
    red_on: date | None
    marks: Mapping[str, date]
    steps: tuple[CaseStep, ...]
    clocks: tuple[Clock, ...]
    stops: tuple[Stop, ...]

    @property
    def is_running(self) -> bool:
        """Whether the law's time runs: the case is open, or in fault."""
        return self.state in RUNNING

    @property
    def open_steps(self) -> tuple[CaseStep, ...]:
        return tuple(step for step in self.steps if step.closed_at is None)


def by_number(conn: sa.Connection, number: str) -> Case | None:
    """The case with this receipt number; five statements."""
    return _case(conn, case_.c.number == number)


def by_id(conn: sa.Connection, case: int) -> Case | None:
    """The case with this id; five statements."""
    return _case(conn, case_.c.id == case)


def touched(conn: sa.Connection, case: int, officer: int) -> bool:
    """Whether a person acted in a case or holds a step of it: what opens it to a window officer."""
    acted = sa.exists().where(act.c.case_ == case, act.c.person == officer)
    holds = sa.exists().where(step.c.case_ == case, step.c.claimed_by == officer)
    return bool(conn.scalar(sa.select(sa.or_(acted, holds))))


def kept_from(conn: sa.Connection, number: str, officer: int) -> bool:
    """Whether a case is a complaint about this officer, which no page shows him (SOD-21). One statement."""
    kept = sa.select(case_.c.id).where(case_.c.number == number, ~shield.open_to(officer))
    return conn.scalar(kept) is not None


def diagram(conn: sa.Connection, number: str) -> bytes | None:
    """The BPMN file of the version that a case runs on, byte for byte."""
    query = sa.select(definition.c.xml).join(case_, case_.c.definition == definition.c.id)
    return conn.scalar(query.where(case_.c.number == number))


def day_names(conn: sa.Connection, first: date, last: date) -> dict[date, str]:
    """The published names of holidays and make-up days between two days, both included."""
    query = sa.select(calendar_day.c.day, calendar_day.c.name).where(
        calendar_day.c.day.between(first, last), calendar_day.c.name.is_not(None)
    )
    return {row.day: row.name for row in conn.execute(query)}


def _case(conn: sa.Connection, condition: sa.ColumnElement[bool]) -> Case | None:
    query = (
        sa.select(
            case_, definition.c.name.label("item_name"), definition.c.name_en.label("item_name_en"),
            definition.c.version.label("item_version"), definition.c.sha256, organ.c.name.label("organ_name"),
            organ.c.name_en.label("organ_name_en"), organ.c.phone.label("organ_phone"),
            person.c.name.label("applicant_name"), person.c.kind.label("applicant_kind"),
        )
        .select_from(case_.join(definition, definition.c.id == case_.c.definition))
        .join(organ, organ.c.id == case_.c.organ)
        .join(person, person.c.id == case_.c.applicant)
        .where(condition)
    )  # fmt: skip
    row = conn.execute(query).one_or_none()
    if row is None:
        return None
    return Case(
        id=row.id,
        number=row.number,
        title=without_name(row.title, row.applicant_kind, row.applicant_name),
        applicant=without_name(row.applicant_name, row.applicant_kind, row.applicant_name),
        applicant_id=row.applicant,
        definition=row.definition,
        sha256=row.sha256,
        item=row.item,
        item_name=named(row, "item_name"),
        version=row.item_version,
        organ=named(row, "organ_name"),
        organ_phone=row.organ_phone,
        channel=row.channel,
        state=CaseState(row.state),
        fault=faults.parse(row.fault_json),
        result=row.result,
        filed_at=row.filed_at,
        closed_at=row.closed_at,
        due_on=row.due_on,
        blue_on=row.blue_on,
        yellow_on=row.yellow_on,
        red_on=row.red_on,
        marks={name: date.fromisoformat(day) for name, day in json.loads(row.marks_json).items()},
        steps=_steps(conn, row.id),
        clocks=tuple(clocks_of(conn, [row.id])[row.id]),
        stops=tuple(of_cases(conn, [row.id])[row.id]),
    )


def _steps(conn: sa.Connection, case: int) -> tuple[CaseStep, ...]:
    """Two statements: the steps of a case in the order they were opened, and who acted on them."""
    query = (
        sa.select(
            step, organ.c.name.label("organ_name"), organ.c.name_en.label("organ_name_en"),
            organ.c.phone.label("organ_phone"), person.c.name.label("holder"), person.c.name_en.label("holder_en"),
        )
        .select_from(step.join(organ, organ.c.id == step.c.organ))
        .outerjoin(person, person.c.id == step.c.claimed_by)
        .where(step.c.case_ == case)
        .order_by(step.c.opened_at, step.c.id)
    )  # fmt: skip
    by = _actors(conn, case)
    return tuple(
        CaseStep(
            id=row.id,
            token=row.token,
            path=row.path,
            round=row.round,
            post=row.post,
            organ_id=row.organ,
            organ=named(row, "organ_name"),
            organ_phone=row.organ_phone,
            opened_at=row.opened_at,
            due_on=row.due_on,
            holder=named(row, "holder") if row.holder and row.closed_at is None else None,
            closed_at=row.closed_at,
            outcome=row.outcome,
            by=tuple(name for name, _ in by[row.id]),
            by_applicant=any(own for _, own in by[row.id]),
        )
        for row in conn.execute(query)
    )


def _actors(conn: sa.Connection, case: int) -> dict[int, list[tuple[Named, bool]]]:
    """Return who acted on each step, and whether that was the applicant."""
    query = (
        sa.select(
            act.c.step, person.c.name, person.c.name_en, person.c.kind,
            (act.c.person == case_.c.applicant).label("own"),
        )
        .join(person, person.c.id == act.c.person)
        .join(case_, case_.c.id == act.c.case_)
        .where(act.c.case_ == case, act.c.step.is_not(None))
        .order_by(act.c.id)
    )  # fmt: skip
    found: dict[int, list[tuple[Named, bool]]] = defaultdict(list)
    for row in conn.execute(query):
        hidden = masked(row.kind, row.name)
        found[row.step].append((Named(name=hidden, name_en=hidden) if row.own else named(row), row.own))
    return found
