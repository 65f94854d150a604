"""What the adoption of a calendar looks at and writes: running cases with their clocks, many at a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine.clock import day_start
from engine.db import record
from engine.db import tables as t
from engine.db.context import Context
from engine.db.find import clock
from engine.db.record import Entry, Head
from engine.model import RUNNING, Clock
from engine.rules.limits import Stop

AT_ONCE = 500  # cases in one statement
DAYS = ("due_on", "blue_on", "yellow_on", "red_on")
CACHED = ("due_on", "provisional", "overrun_at")
_RUNNING = t.case_.c.state.in_(RUNNING)
_ARMED = t.timer.c.fired_at.is_(None) & t.timer.c.cancelled_at.is_(None) & t.timer.c.fires_at.is_not(None)


@dataclass(frozen=True, kw_only=True)
class Armed:
    """A timer that has its instant. `clock`: the key of the one that it follows."""

    id: int
    key: str
    path: str
    text: str
    clock: str | None
    armed_on: date | None
    fires_at: datetime


@dataclass(frozen=True, kw_only=True)
class Running:
    """A running case: its running clocks, the paths of their steps by id, its stops, timers, and days as stored."""

    id: int
    version: int
    sha256: str
    head: Head
    clocks: Sequence[Clock]
    paths: Mapping[int, str]
    stops: Sequence[Stop]
    timers: Sequence[Armed]
    days: Mapping[str, date | None]


@dataclass(frozen=True, kw_only=True)
class Recounted:
    """What changes in a running case: clocks (before, after), instants of timers, days of its row; and the events."""

    case: Running
    clocks: Sequence[tuple[Clock, Clock]]
    timers: Sequence[tuple[Armed, datetime]]
    days: Mapping[str, date | None]
    entries: Sequence[Entry]


def counting_on(conn: Connection, first: date) -> list[int]:
    """Return the running cases that have counted on a day or later, by clock or by workdays(n), in order of id.

    A last day is found from the days up to it alone, so those before `first` stay whatever happens to days after; of
    what counts back, from the days up to the one it counts from.
    """
    counted = (t.clock.c.due_on >= first) | (t.clock.c.started_on >= first)
    clocks = (
        sa.select(t.clock.c.case_)
        .join(t.case_, t.case_.c.id == t.clock.c.case_)
        .where(_RUNNING, t.clock.c.ended_on.is_(None), counted)
    )
    timers = (
        sa.select(t.timer.c.case_)
        .join(t.case_, t.case_.c.id == t.timer.c.case_)
        .where(_RUNNING, _ARMED, t.timer.c.clock.is_(None), t.timer.c.fires_at > day_start(first))
        .where(t.timer.c.text.startswith("workdays("))
    )
    return sorted(conn.scalars(clocks.union(timers)))


def batches(conn: Connection, ids: Sequence[int]) -> Iterator[list[Running]]:
    """Yield these cases in order of id; four statements for each 500."""
    for first in range(0, len(ids), AT_ONCE):
        yield list(_running(conn, ids[first : first + AT_ONCE]))


def _running(conn: Connection, ids: Collection[int]) -> Iterator[Running]:
    clocks, stops, timers = defaultdict(list), defaultdict(list), defaultdict(list)
    paths: dict[int, dict[int, str]] = defaultdict(dict)
    open_clock = t.clock.c.ended_on.is_(None) & t.clock.c.case_.in_(ids)
    with_path = sa.select(t.clock, t.step.c.path).outerjoin(t.step, t.step.c.id == t.clock.c.step).where(open_clock)
    for row in conn.execute(with_path.order_by(t.clock.c.id)):
        clocks[row.case_].append(clock(row))
        if row.step is not None:
            paths[row.case_][row.step] = row.path
    to_on = sa.func.coalesce(t.stop.c.to_on, t.stop.c.planned_to_on).label("last_on")
    for row in conn.execute(sa.select(t.stop, to_on).where(t.stop.c.case_.in_(ids)).order_by(t.stop.c.id)):
        stops[row.case_].append(Stop(kind=row.kind, from_on=row.from_on, to_on=row.last_on))
    for row in conn.execute(sa.select(t.timer).where(_ARMED, t.timer.c.case_.in_(ids)).order_by(t.timer.c.id)):
        timers[row.case_].append(Armed(**{name: getattr(row, name) for name in Armed.__dataclass_fields__}))
    for row in conn.execute(_case(ids)):
        yield Running(
            id=row.id,
            version=row.version,
            sha256=row.sha256,
            head=Head(id=row.number, org=row.code, head=row.head, seq=row.seq, last_at=row.last_at),
            clocks=clocks[row.id],
            paths=paths[row.id],
            stops=stops[row.id],
            timers=timers[row.id],
            days={name: getattr(row, name) for name in DAYS},
        )


def _case(ids: Collection[int]) -> sa.Select[tuple[object, ...]]:
    case, chain = t.case_.c, t.chain.c
    columns = (case.id, case.number, case.version, *(case[name] for name in DAYS), t.definition.c.sha256)
    return (
        sa.select(*columns, chain.head, chain.seq, chain.last_at, t.organ.c.code)
        .join(t.chain, chain.id == case.number)
        .join(t.organ, t.organ.c.id == case.organ)
        .join(t.definition, t.definition.c.id == case.definition)
        .where(case.id.in_(ids))
        .order_by(case.id)
    )


def save(ctx: Context, changed: Sequence[Recounted]) -> None:
    """Write what changes in these cases, each compared with its version and its chain; six statements at most.

    Raises:
        CaseMoved: somebody has changed one of them since it was read.
    """
    same = (t.case_.c.id == sa.bindparam("was")) & (t.case_.c.version == sa.bindparam("at"))
    cases = [{"was": c.case.id, "at": c.case.version, "version": c.case.version + 1, **c.days} for c in changed]
    record.changed_all(ctx.conn, sa.update(t.case_).where(same), cases)
    clocks = [new for c in changed for _, new in c.clocks]
    _changed(ctx, t.clock, [{"was": new.id} | {name: getattr(new, name) for name in CACHED} for new in clocks])
    _changed(ctx, t.step, [{"was": new.step, "due_on": new.due_on} for new in clocks if new.step is not None])
    _changed(ctx, t.timer, [{"was": timer.id, "fires_at": at} for c in changed for timer, at in c.timers])
    if traced := [(c.case.head, c.entries, c.case.sha256) for c in changed if c.entries]:
        record.append_all(ctx, traced)


def _changed(ctx: Context, table: sa.Table, rows: Sequence[Mapping[str, Any]]) -> None:
    record.changed_all(ctx.conn, sa.update(table).where(table.c.id == sa.bindparam("was")), rows)
