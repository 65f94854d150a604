"""What commands look up: a case locked with all that rules ask about it, its time, timers, receipts, names."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine import clock as clocks
from engine.db import corrections, plans, recusals, shield, signers, stops
from engine.db import tables as t
from engine.db.context import Context
from engine.db.history import StepRow as StepRow
from engine.db.history import with_recusals
from engine.db.plans import Known
from engine.db.record import Head
from engine.db.stops import StopRow
from engine.errors import CaseClosed, CaseInFault, NotFound
from engine.model import Act, CaseState, Clock, ClockKind, Standing, Unit
from engine.rules.limits import Stop
from engine.rules.task import About


@dataclass(frozen=True, kw_only=True)
class OpenCase:
    """A case, locked. `version` is compared when it is saved.

    `standings`: how recusal stands for the actor, and for those the actor may stand in for.
    """

    id: int
    number: str
    version: int
    definition: int
    sha256: str
    item: str
    organ: int
    applicant: int
    agent: int | None
    state: CaseState
    marks: Mapping[str, date]
    engine_state: bytes
    head: Head
    steps: tuple[StepRow, ...]
    acts: tuple[Act, ...]
    fault_json: str | None = None
    applicant_name: str = ""
    late: bool = False  # a timer is past its instant and has not fired yet
    told_at: datetime | None = None  # the last notice of what to supplement among the documents
    asked: bool = False  # somebody is asked for an opinion on an open step
    amount: int | None = None
    filed_at: datetime | None = None
    standings: Mapping[int, Standing] = field(default_factory=dict)
    complained: About | None = None  # whom it is about, where it is a complaint
    planned: Known = field(default_factory=Known)  # who can do the rest of it

    def step(self, step_id: int) -> StepRow:
        return next(step for step in self.steps if step.id == step_id)

    @property
    def open_steps(self) -> tuple[StepRow, ...]:
        return tuple(step for step in self.steps if step.closed_at is None)


def case_of_step(ctx: Context, step_id: int, verb: str) -> OpenCase:
    """Return the case of a step, locked; from here on a refusal is traced in the case.

    Raises:
        NotFound: there is no such step.
        CaseClosed: the case has ended.
        CaseInFault: its flow could not go on and has not been repaired.
    """
    case = _locked(ctx, "step", step_id, verb)
    ctx.subject.step = case.step(step_id).path
    return case


def case(ctx: Context, case_id: int, verb: str, states: Collection[CaseState] = (CaseState.OPEN,)) -> OpenCase:
    """Return a case by its id, locked.

    Raises:
        NotFound: there is no such case.
        CaseClosed, CaseInFault: it is in none of these states.
    """
    return _locked(ctx, "case", case_id, verb, states)


def case_of_timer(ctx: Context, timer_id: int) -> OpenCase:
    """Return the case of a timer, locked."""
    return _locked(ctx, "timer", timer_id, "fire_timer", tuple(CaseState))


def case_of_clock(ctx: Context, clock_id: int) -> OpenCase:
    """Return the case of a clock, locked."""
    return _locked(ctx, "clock", clock_id, "record_overrun", tuple(CaseState))


late = sa.exists().where(
    t.timer.c.case_ == t.case_.c.id,
    t.timer.c.fires_at <= sa.bindparam("now", type_=t.timer.c.fires_at.type),
    t.timer.c.fired_at.is_(None),
    t.timer.c.cancelled_at.is_(None),
)
# no join: PostgreSQL drops a row whose definition was exchanged while its lock was waited for
_sha256 = sa.select(t.definition.c.sha256).where(t.definition.c.id == t.case_.c.definition).scalar_subquery()
_applicant = sa.select(t.person.c.name).where(t.person.c.id == t.case_.c.applicant).scalar_subquery()
_case = (
    sa.select(
        t.case_,
        _applicant.label("applicant_name"),
        *(t.chain.c.head, t.chain.c.seq, t.chain.c.last_at, t.organ.c.code),
        _sha256.label("sha256"),
        late.label("late"),
        corrections.told_at.label("told_at"),
        *recusals.TIES,
        signers.asked.label("asked"),
        *plans.COLUMNS,
    )
    .join(t.chain, t.chain.c.id == t.case_.c.number)
    .join(t.organ, t.organ.c.id == t.case_.c.organ)
)
_key: sa.BindParameter[int] = sa.bindparam("key")
_seen = {
    "case": _case.where(t.case_.c.id == _key),
    **{
        table.name: _case.where(t.case_.c.id == sa.select(table.c.case_).where(table.c.id == _key).scalar_subquery())
        for table in (t.step, t.timer, t.clock)
    },
}
_locking = {what: query.with_for_update(of=[t.case_, t.chain]) for what, query in _seen.items()}


def seen(conn: Connection, what: str, key: int, now: datetime) -> OpenCase | None:
    """Return the case of a `step`, or a `case` by its id, not locked; None: there is no such case.

    Nobody's standing is read with it.
    """
    today = clocks.local_date(now)
    row = conn.execute(_seen[what], {"key": key, "now": now, "persons": [], "today": today}).one_or_none()
    return None if row is None else _case_of(conn, row, today)


def _locked(
    ctx: Context, what: str, key: int, verb: str, states: Collection[CaseState] = (CaseState.OPEN,)
) -> OpenCase:
    told = {"key": key, "now": ctx.now, **recusals.asked(ctx)}
    row = ctx.conn.execute(_locking[what], told).one_or_none()
    if row is None:
        raise NotFound(what=what, key=str(key))
    ctx.subject.verb, ctx.subject.chain, ctx.subject.definition = verb, row.number, row.sha256
    if row.state not in states:
        raise CaseInFault() if row.state == CaseState.FAULT else CaseClosed()
    return _case_of(ctx.conn, row, ctx.today)


def _case_of(conn: Connection, row: sa.Row[Any], today: date) -> OpenCase:
    steps, acts, raised = with_recusals(conn, row.id)
    return OpenCase(
        id=row.id,
        number=row.number,
        version=row.version,
        definition=row.definition,
        sha256=row.sha256,
        item=row.item,
        organ=row.organ,
        applicant=row.applicant,
        agent=row.agent,
        state=CaseState(row.state),
        marks={name: date.fromisoformat(on) for name, on in json.loads(row.marks_json).items()},
        engine_state=row.engine_state,
        head=Head(id=row.number, org=row.code, head=row.head, seq=row.seq, last_at=row.last_at),
        steps=steps,
        acts=acts,
        fault_json=row.fault_json,
        applicant_name=row.applicant_name or "",
        late=row.late,
        told_at=row.told_at,
        asked=row.asked,
        amount=row.amount,
        filed_at=row.filed_at,
        standings=recusals.standings(row, raised),
        complained=shield.about(row),
        planned=plans.known(row, today),
    )


@dataclass(frozen=True, kw_only=True)
class CaseTime:
    """All that counts time in a case: clocks by key in order of start, stops, and armed timers as rows without id."""

    clocks: dict[str, Clock]
    stops: tuple[Stop, ...]
    timers: tuple[dict[str, Any], ...]
    running: StopRow | None = None  # the stop whose end is not recorded yet


_timer = t.timer.alias("armed")
_TIMER = [column.name for column in _timer.c if column.name != "id"]
_time = (
    sa.select(
        t.clock,
        *stops.COLUMNS,
        _timer.c.id.label("timer_id"),
        *[_timer.c[name].label(f"timer_{name}") for name in _TIMER],
    )
    .select_from(t.case_)  # a case may have timers and no clock
    .outerjoin(t.clock, t.clock.c.case_ == t.case_.c.id)
    .outerjoin(t.stop, t.stop.c.case_ == t.case_.c.id)
    .outerjoin(_timer, (_timer.c.case_ == t.case_.c.id) & _timer.c.fired_at.is_(None) & _timer.c.cancelled_at.is_(None))
    .where(t.case_.c.id == sa.bindparam("case"))
    .order_by(t.clock.c.id, t.stop.c.id, _timer.c.id)
)


def time_of(conn: Connection, case_id: int) -> CaseTime:
    """Return clocks, stops and armed timers of a case; one statement, for commands are bounded in them."""
    rows = conn.execute(_time, {"case": case_id}).all()
    stopped = stops.rows_of(rows)
    timers = {r.timer_id: {name: getattr(r, f"timer_{name}") for name in _TIMER} for r in rows if r.timer_id}
    clocks = {row.key: clock(row) for row in rows if row.id}
    days, armed = tuple(stops.days(stopped)), tuple(timers.values())
    return CaseTime(clocks=clocks, stops=days, timers=armed, running=stops.running(stopped))


def clock(row: sa.Row[Any]) -> Clock:
    """Return a clock from its row."""
    return Clock(
        id=row.id,
        key=row.key,
        kind=ClockKind(row.kind),
        rule=row.rule,
        unit=Unit(row.unit),
        amount=row.amount,
        extended=row.extended,
        direction=row.direction,
        started_on=row.started_on,
        due_on=row.due_on,
        provisional=row.provisional,
        until=row.until,
        step=row.step,
        ended_on=row.ended_on,
        overrun_at=row.overrun_at,
    )


@dataclass(frozen=True, kw_only=True)
class TimerRow:
    """A timer as stored, without its id; `fires_at` is empty while the clock that it follows has not started."""

    case_: int
    key: str
    token: str
    index: int
    path: str
    text: str
    clock: str | None
    armed_on: date | None
    fires_at: datetime | None
    fired_at: datetime | None
    cancelled_at: datetime | None


def timer(conn: Connection, timer_id: int) -> TimerRow:
    """Return a timer that exists; its case is locked before (`case_of_timer`)."""
    return TimerRow(**conn.execute(_one_timer, {"timer": timer_id}).one()._mapping)


_one_timer = sa.select(*[t.timer.c[name] for name in TimerRow.__dataclass_fields__]).where(
    t.timer.c.id == sa.bindparam("timer")
)


def name(conn: Connection, person: int) -> str:
    """Return the name of a person."""
    return str(conn.scalar(_name, {"person": person}) or "?")


_name = sa.select(t.person.c.name).where(t.person.c.id == sa.bindparam("person"))
