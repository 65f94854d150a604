"""Marks are reached: at once, on an earlier mark's day, or on the day that a form names. Clocks start and end by them.

A mark is reached once; only the day ahead that a notice must precede may be set anew, and then the notice of the former
day counts no more. What must last, and what must come early enough, is refused here on any other day.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from engine.bpmn.run import Moved
from engine.commands import forms
from engine.commands.clocks import PROMISE_RULE, end_clock, start
from engine.commands.settling import Settling
from engine.db import filled
from engine.db.find import StepRow
from engine.db.record import Entry
from engine.errors import Invalid
from engine.model import CaseLimit, Clock, ClockKind, Event, Mark, Unit
from engine.rules.bounds import bar
from engine.rules.rule import Direction

MOST_AWAY = 100  # years, of a day that a form names


def reach_all(now: Settling, moved: Moved, completed: tuple[StepRow, str] | None) -> None:
    """Reach the marks of a move; first those whose day a form names, for the others may be bound by it.

    Raises:
        TooEarly, NoticeTooLate: a rule of time says no.
        Invalid: the form names no day.
    """
    item = now.case.program.item
    done = list(_of_step(now, completed)) if completed else []
    passed = [mark for path in moved.passed for mark in item.marks.get(path, ())]
    if any(mark.date for mark in done):
        _reach_named(now, done, now.form)
    if any(mark.date for mark in passed):
        _reach_named(now, passed, _filing_form(now))
    for mark in (*done, *passed):
        if mark.name not in now.marks:
            reach(now, mark.name, now.marks.get(mark.at, now.on), mark.at)


def reach(now: Settling, name: str, on: date, taken_from: str = "") -> None:
    """Reach a mark for the first time: clocks that wait for it start or end."""
    now.marks[name] = on
    facts = {"mark": name, "on": on.isoformat(), "taken_from": taken_from or None}
    now.change.trace(Entry(type=Event.MARK_REACHED, facts=facts, by_actor=False))
    for limit in now.case.program.item.limits:
        if limit.start == name:
            _begin(now, limit, on)
    for clock in [c for c in now.clocks.values() if c.until == name and c.ended_on is None]:
        _finish(now, clock, _end_by(now, clock, on))


def _of_step(now: Settling, completed: tuple[StepRow, str]) -> Iterator[Mark]:
    step, outcome = completed
    yield from (m for m in now.case.program.item.steps[step.path].marks if not m.on or outcome in m.on)


def _reach_named(now: Settling, marks: list[Mark], form: Mapping[str, Any]) -> None:
    for mark in marks:
        if not mark.date:
            continue
        on = _named(now, mark.date, form)
        if mark.name not in now.marks or _set_anew(now, mark, on):
            reach(now, mark.name, on)
            _not_over(now, mark)


def _named(now: Settling, field: str, form: Mapping[str, Any]) -> date:
    """Return the day that a field names, as 2027-03-31."""
    said = form.get(field)
    try:
        on = date.fromisoformat(said) if isinstance(said, str) and len(said) == len("2027-03-31") else None
    except ValueError:
        on = None
    if on is None or on.isoformat() != said or abs(on.year - now.on.year) > MOST_AWAY:
        raise _invalid(now, field, f"'{field}' must be a day such as {now.on}, at most {MOST_AWAY} years away")
    return on


def _not_over(now: Settling, mark: Mark) -> None:
    """Refuse a day from which silence would take effect at once: who was asked too late has not kept silent."""
    for limit in now.case.program.item.limits:
        clock = now.clocks.get(f"statute:{limit.rule}")
        deemed = now.ctx.book.limits[limit.rule].effect.startswith("deemed_")
        if limit.start == mark.name and deemed and clock and clock.ended_on is None and clock.due_on < now.on:
            raise _invalid(now, mark.date, f"the limit {limit.rule} that counts from this day ended on {clock.due_on}")


def _invalid(now: Settling, field: str, why: str) -> Invalid:
    return Invalid(findings=(forms.finding(now.case.source.file, field, why, "date"),))


def _filing_form(now: Settling) -> Mapping[str, Any]:
    """Return what was filled in at filing: start events take their days from there, whenever they are passed."""
    if not now.case.version:
        return now.form
    return filled.newest(now.ctx.conn, now.case.id, filled.FILING)


def _begin(now: Settling, limit: CaseLimit, on: date) -> None:
    rule = now.ctx.book.limits[limit.rule]
    known = now.marks.get(limit.until)
    if known is not None and rule.direction is not Direction.BEFORE:
        return
    key, until, way = f"statute:{rule.id}", limit.until, rule.direction
    clock = start(now, ClockKind.STATUTE, key, rule.id, rule.unit, rule.amount, on, until=until, direction=way)
    if known is not None:
        _finish(now, clock, known)
    if limit.promise is not None:
        key, unit = f"promise:{rule.id}", Unit.WORKING_DAY
        start(now, ClockKind.PROMISE, key, PROMISE_RULE, unit, limit.promise, on, until=until)


def _end_by(now: Settling, clock: Clock, on: date) -> date:
    """Return the day on which a mark of the day `on` ends a clock: none that has passed makes in time what is late."""
    if clock.within:
        return now.on
    return max(on, now.on) if clock.direction == Direction.BEFORE else on


def _finish(now: Settling, clock: Clock, on: date) -> None:
    rule = now.ctx.book.limits.get(clock.rule)
    if error := bar(clock, on, rule.name if rule else clock.rule):
        raise error
    end_clock(now, clock, on)


def _set_anew(now: Settling, mark: Mark, on: date) -> bool:
    """Whether a day that is known is another one now; what was told of the former day is forgotten then."""
    limits = now.case.program.item.limits
    counting = [limit for limit in limits if limit.start == mark.name]
    rules = now.ctx.book.limits
    if now.marks[mark.name] == on or any(limit.until == mark.name for limit in limits):
        return False
    if not all(rules[limit.rule].direction is Direction.BEFORE for limit in counting):
        return False
    for limit in counting:
        now.marks.pop(limit.until, None)
    return True
