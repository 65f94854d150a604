"""The monitor's board: what is open, how urgent it is, and where. A lamp is a comparison with today, in SQL."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from engine.clock import day_start
from engine.db import faults
from engine.db.faults import CaseFault
from engine.db.read.facts import Named, Query, clocks_of, named, subtree
from engine.db.shield import open_to
from engine.db.stops import of_cases
from engine.db.tables import case_, definition, event, organ, person, step
from engine.model import RUNNING, CaseState, Clock, Event, Lamp
from engine.rules.cards import ITEM
from engine.rules.limits import Stop

PAGE = 50
_RUNNING = case_.c.state.in_([state.value for state in RUNNING])
_APPLICATION = case_.c.item != ITEM  # the life of a card is a case too, and not on the board
_TURNING = [column.asc().nulls_last() for column in (case_.c.red_on, case_.c.yellow_on, case_.c.due_on)]
REFUSALS = (Event.REFUSED.value, Event.SIGN_IN_FAILED.value)


@dataclass(frozen=True, kw_only=True)
class Filter:
    """`organ` means its subtree, or with `own` this organ alone. `state` open: all whose time runs, faults among them.

    `lamp` counts for these only. `reader`: who looks; complaints about this person are left out.
    """

    state: CaseState = CaseState.OPEN
    lamp: Lamp | None = None
    item: str = ""
    organ: int | None = None
    own: bool = False
    q: str = ""
    page: int = 1
    reader: int = 0


@dataclass(frozen=True, kw_only=True)
class Counts:
    """Open cases under the filter's item, organ and words. `soon`: the earliest last day is today or tomorrow.

    `fault`: those among them whose flow could not go on.
    """

    total: int
    red: int
    yellow: int
    blue: int
    green: int
    soon: int
    fault: int


@dataclass(frozen=True, kw_only=True)
class OpenStep:
    path: str
    post: str
    organ: Named
    holder: Named | None
    due_on: date | None


@dataclass(frozen=True, kw_only=True)
class Row:
    """A case on the board. `lamp` is None once the case is closed; `clocks` are the running ones.

    The names of steps and of the `result` come from the definition, which `definition` and `sha256` name.
    """

    id: int
    number: str
    title: str
    item: Named
    organ: Named
    state: CaseState
    fault: CaseFault | None
    result: str | None
    definition: int
    sha256: str
    lamp: Lamp | None
    due_on: date | None
    filed_at: datetime
    closed_at: datetime | None
    steps: tuple[OpenStep, ...]
    clocks: tuple[Clock, ...]
    stops: tuple[Stop, ...]


@dataclass(frozen=True, kw_only=True)
class Bar:
    """Open cases filed at one organ itself."""

    organ: int
    name: Named
    total: int
    yellow: int
    red: int


def version(conn: sa.Connection) -> int:
    """A number that grows with every change to any case: each leaves an event."""
    return conn.scalar(sa.select(sa.func.max(event.c.id))) or 0


def lamp_of(today: date) -> sa.Case[str]:
    """The lamp of an open case, as an SQL expression."""
    return sa.case(
        (case_.c.red_on <= today, Lamp.RED.value),
        (case_.c.yellow_on <= today, Lamp.YELLOW.value),
        (case_.c.blue_on <= today, Lamp.BLUE.value),
        else_=Lamp.GREEN.value,
    )


def _scope(query: Query, wanted: Filter) -> Query:
    """Narrow to applications of the filter's item, organ and words: what the counts above the list share with it."""
    query = query.where(_APPLICATION)
    if wanted.reader:
        query = query.where(open_to(wanted.reader))
    if wanted.item:
        query = query.where(case_.c.item == wanted.item)
    if wanted.organ is not None:
        query = query.where(case_.c.organ == wanted.organ if wanted.own else case_.c.organ.in_(subtree(wanted.organ)))
    if wanted.q:
        query = query.where(
            sa.or_(
                case_.c.number.contains(wanted.q.upper(), autoescape=True),
                case_.c.title.contains(wanted.q, autoescape=True),
            )
        )
    return query


def counts(conn: sa.Connection, wanted: Filter, today: date) -> Counts:
    """One statement: open cases by lamp."""
    lamp = lamp_of(today)
    soon = case_.c.due_on.between(today, today + timedelta(days=1))
    colours = (_sum(lamp == colour.value) for colour in (Lamp.RED, Lamp.YELLOW, Lamp.BLUE))
    fault = case_.c.state == CaseState.FAULT.value
    query: Query = sa.select(sa.func.count(), *colours, _sum(soon), _sum(fault)).select_from(case_)
    total, red, yellow, blue, due_soon, faulted = conn.execute(_scope(query.where(_RUNNING), wanted)).one()
    green = total - red - yellow - blue
    return Counts(total=total, red=red, yellow=yellow, blue=blue, green=green, soon=due_soon, fault=faulted)


def _sum(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
    return sa.func.coalesce(sa.func.sum(sa.case((condition, 1), else_=0)), 0)


def listed(conn: sa.Connection, wanted: Filter, today: date) -> int:
    """One statement: how many cases the list holds over all its pages."""
    return conn.scalar(_scope(_narrow(sa.select(sa.func.count()).select_from(case_), wanted, today), wanted)) or 0


def _narrow(query: Query, wanted: Filter, today: date) -> Query:
    query = query.where(_RUNNING if wanted.state == CaseState.OPEN else case_.c.state == wanted.state.value)
    if wanted.lamp and wanted.state in RUNNING:
        query = query.where(lamp_of(today) == wanted.lamp.value)
    return query


def rows(conn: sa.Connection, wanted: Filter, today: date) -> tuple[Row, ...]:
    """One page, four statements. Open cases: the first to turn red on top; others: the last closed on top."""
    lamp = lamp_of(today).label("lamp")
    place = organ.alias("place")
    query: Query = (
        sa.select(
            case_.c.id, case_.c.number, case_.c.title, case_.c.state, case_.c.fault_json, case_.c.result,
            case_.c.definition, definition.c.sha256, case_.c.due_on, case_.c.filed_at,
            case_.c.closed_at, lamp, definition.c.name.label("item_name"),
            definition.c.name_en.label("item_name_en"), place.c.name.label("organ_name"),
            place.c.name_en.label("organ_name_en"),
        )
        .select_from(case_.join(definition, definition.c.id == case_.c.definition))
        .join(place, place.c.id == case_.c.organ)
    )  # fmt: skip
    if wanted.state in RUNNING:
        query = query.where(case_.c.id.in_(_foremost(wanted, today))).order_by(*_TURNING, case_.c.id)
    else:
        query = _scope(_narrow(query, wanted, today), wanted)
        query = query.order_by(case_.c.closed_at.desc().nulls_last(), case_.c.id.desc())
    found = conn.execute(query.limit(PAGE).offset((wanted.page - 1) * PAGE)).all()
    ids = [row.id for row in found]
    steps = _open_steps(conn, ids)
    clocks, stops = clocks_of(conn, ids, running=True), of_cases(conn, ids)
    return tuple(
        Row(
            id=row.id,
            number=row.number,
            title=row.title,
            item=named(row, "item_name"),
            organ=named(row, "organ_name"),
            state=CaseState(row.state),
            fault=faults.parse(row.fault_json),
            result=row.result,
            definition=row.definition,
            sha256=row.sha256,
            lamp=Lamp(row.lamp) if row.state in RUNNING else None,
            due_on=row.due_on,
            filed_at=row.filed_at,
            closed_at=row.closed_at,
            steps=tuple(steps[row.id]),
            clocks=tuple(clocks[row.id]),
            stops=tuple(stops[row.id]),
        )
        for row in found
    )


def _foremost(wanted: Filter, today: date) -> sa.CompoundSelect[Any]:
    """The cases that may stand on the page: of each state the first, in the order of its index; none sorts them all."""
    states = RUNNING if wanted.state == CaseState.OPEN else (wanted.state,)
    queries = [_narrow(sa.select(case_.c.id).where(case_.c.state == state.value), wanted, today) for state in states]
    first = [_scope(query, wanted).order_by(*_TURNING, case_.c.id).limit(wanted.page * PAGE) for query in queries]
    return sa.union_all(*(sa.select(each.subquery().c.id) for each in first))


def _open_steps(conn: sa.Connection, cases: Sequence[int]) -> dict[int, list[OpenStep]]:
    query = (
        sa.select(
            step.c.case_, step.c.path, step.c.post, step.c.due_on, organ.c.name.label("organ_name"),
            organ.c.name_en.label("organ_name_en"), person.c.name.label("holder"),
            person.c.name_en.label("holder_en"),
        )
        .select_from(step.join(organ, organ.c.id == step.c.organ))
        .outerjoin(person, person.c.id == step.c.claimed_by)
        .where(step.c.case_.in_(cases), step.c.closed_at.is_(None))
        .order_by(step.c.opened_at, step.c.id)
    )  # fmt: skip
    found: dict[int, list[OpenStep]] = defaultdict(list)
    for row in conn.execute(query):
        found[row.case_].append(
            OpenStep(
                path=row.path,
                post=row.post,
                organ=named(row, "organ_name"),
                holder=named(row, "holder") if row.holder else None,
                due_on=row.due_on,
            )
        )
    return found


def bars(conn: sa.Connection, today: date) -> tuple[Bar, ...]:
    """One statement: open cases by the organ they were filed at; most red, then most yellow, then most cases first."""
    lamp = lamp_of(today)
    total = sa.func.count().label("total")
    red, yellow = _sum(lamp == Lamp.RED.value).label("red"), _sum(lamp == Lamp.YELLOW.value).label("yellow")
    query = (
        sa.select(organ.c.id, organ.c.name, organ.c.name_en, total, red, yellow)
        .select_from(case_.join(organ, organ.c.id == case_.c.organ))
        .where(_RUNNING, _APPLICATION)
        .group_by(organ.c.id, organ.c.name, organ.c.name_en)
        .order_by(red.desc(), yellow.desc(), total.desc(), organ.c.id)
    )
    return tuple(
        Bar(organ=row.id, name=named(row), total=row.total, yellow=row.yellow, red=row.red)
        for row in conn.execute(query)
    )


def refused_on(conn: sa.Connection, day: date) -> int:
    """One statement: attempts refused on a local day, sign-ins included."""
    query = sa.select(sa.func.count()).where(
        event.c.type.in_(REFUSALS), event.c.at >= day_start(day), event.c.at < day_start(day + timedelta(days=1))
    )
    return conn.scalar(query) or 0
