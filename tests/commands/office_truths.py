"""What is true of a case after every office action, asked of its rows, its state and its trace."""

from __future__ import annotations

from collections import Counter
from typing import Any

import sqlalchemy as sa

from engine import commands
from engine.bpmn.core import READY, WAITING
from engine.bpmn.read import Program
from engine.bpmn.state import loads
from engine.db import find
from engine.db import tables as t
from engine.db.store import book, calendar, reading
from engine.rules.halting import halting
from engine.rules.recounting import due

OWN = [table for table in t.metadata.sorted_tables if "case_" in table.c and table.name != "event"]
OTHERS = [table for table in t.metadata.sorted_tables if table.name not in {"event", "chain", *(o.name for o in OWN)}]


def dump(case: int) -> tuple[Any, ...]:
    """Return all rows of a case but its events, and how many rows there are elsewhere."""
    with reading() as conn:
        own = [conn.execute(sa.select(table).where(table.c.case_ == case)).all() for table in OWN]
        row = conn.execute(sa.select(t.case_).where(t.case_.c.id == case)).all()
        count = sa.select(*(sa.select(sa.func.count()).select_from(other).scalar_subquery() for other in OTHERS))
        return repr(own), repr(row), tuple(conn.execute(count).one())


def story(number: str) -> list[tuple[int, str, bytes]]:
    """Return the events of a case."""
    with reading() as conn:
        found = sa.select(t.event.c.seq, t.event.c.type, t.event.c.body).where(t.event.c.case_ == number)
        return [(row.seq, row.type, row.body) for row in conn.execute(found.order_by(t.event.c.seq))]


def rows(table: sa.Table, case: int) -> list[Any]:
    with reading() as conn:
        return list(conn.execute(sa.select(table).where(table.c.case_ == case).order_by(table.c.id)))


def hold(program: Program, case: int) -> None:
    """Make sure of them all."""
    with reading() as conn:
        row = conn.execute(sa.select(t.case_).where(t.case_.c.id == case)).one()
    steps, timers = rows(t.step, case), rows(t.timer, case)
    open_steps = [step for step in steps if step.closed_at is None]
    armed = {timer.key for timer in timers if timer.fired_at is None and timer.cancelled_at is None}
    if row.state != "open":
        assert not open_steps
        assert not armed or row.state == "closed"
    else:
        _tokens(program, row.engine_state, open_steps, armed, {timer.key for timer in timers})
    _clocks(case, steps, row.state)


def verified(number: str) -> None:
    """Make sure that the verifier finds nothing wrong with the trace of a case."""
    with reading() as conn:
        faults = [fault.text("en") for fault in commands.check(conn, [number]).faults]
    assert not faults, faults


def _tokens(program: Program, state: bytes, steps: list[Any], armed: set[str], known: set[str]) -> None:
    """No step is lost and none is there twice; timers are armed as the state says, and as the diagram does."""
    case = loads(state, program, {})
    ready = [t for t in case.everything() if t._state == READY and t.task_spec.manual]
    assert Counter(step.token for step in steps) == Counter(str(t.id) for t in ready)
    assert {(step.token, step.path) for step in steps} == {(str(t.id), t.path) for t in ready}
    alone = Counter(t.path for t in ready if "of" not in t.internal_data)
    assert not [path for path, count in alone.items() if count > 1], f"open twice: {alone}"
    waiting = [t for t in case.everything() if t._state == WAITING]
    assert armed == {f"{t.id}:{i}" for t in waiting for i in t.internal_data.get("timers", {})}
    hosts = [(t.internal_data.get("host"), t.task_spec.name) for t in waiting]
    for token in ready:
        for name in token.task_spec.boundary if "of" not in token.internal_data else ():
            if token.workflow.spec.task_specs[name].interrupts:
                assert (token.id, name) in hosts, f"'{name}' does not wait at {token.path}"
    joined = [t for t in waiting if t.task_spec.counts]
    joins = Counter((t.workflow.depth, t.workflow.owner, t.task_spec.name, t.internal_data["by"]) for t in joined)
    assert not joins or max(joins.values()) == 1, f"two wait at one place: {joins}"
    assert steps or armed or any(t.task_spec.triggers for t in waiting), "nothing can happen any more"


def _clocks(case: int, steps: list[Any], state: str) -> None:
    """Every open step has its clock, every other clock of a step has ended; stored last days are the computed ones."""
    with reading() as conn:
        time, days, rules = find.time_of(conn, case), calendar(conn), book().limits
    for step in steps:
        clock = time.clocks[f"step:{step.token}"]
        assert (clock.ended_on is None) == (step.closed_at is None), f"clock of {step.path}"
        assert step.closed_at is not None or step.due_on == clock.due_on
    for clock in time.clocks.values():
        last = due(clock, halting(clock, time.stops, rules), days)
        assert (clock.due_on, clock.provisional) == (last.on, last.provisional)
        assert clock.ended_on is not None or state == "open"
