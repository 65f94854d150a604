"""Stops of a case's clocks: they begin with the notice, end with the result or by themselves, and due days follow.

A stop belongs to the case and halts each clock whose rule lists its kind (Administrative Licensing Law art. 45).
"""

from __future__ import annotations

from datetime import date

from engine.commands.agreed import agreed
from engine.commands.clocks import counted, recount
from engine.commands.numbering import next_number
from engine.commands.settling import Settling
from engine.db import stops as stored
from engine.db.find import StepRow
from engine.db.record import Entry
from engine.db.stops import StopRow
from engine.model import Event, Step, StopRule
from engine.rules import stopping
from engine.rules.halting import halting
from engine.rules.limits import Stop

NOTICE = "special_procedure"  # kind of the document that tells the applicant


def stop_and_resume(now: Settling, completed: tuple[StepRow, str] | None) -> None:
    """Let a stop end whose planned end has passed; then do what the completed step declares of stops.

    Raises:
        StopNotAllowed, AlreadyStopped: the law does not allow the stop, or not now.
        SamePerson, NotApproved: who asked for it approved it, or nobody did.
        Invalid: what was asked for is not complete.
    """
    running = now.running
    if running is not None and running.planned_to_on < now.on:
        _end(now, running, running.planned_to_on)
        running = None
    if completed is None:
        return
    step, outcome = completed
    steps = now.case.program.item.steps
    declared = steps[step.path]
    if any(s.stop is not None and s.stop.request == step.path for s in steps.values()) and _asks(now):
        _refuse(now, stopping.asked(now.form))
    if declared.stop is not None and _with(outcome, declared.stop.on):
        _begin(now, declared, declared.stop)
    if declared.resume is not None and _with(outcome, declared.resume) and running is not None:
        _end(now, running, now.on)


def _asks(now: Settling) -> bool:
    return any(name in now.form for name in stopping.FIELDS)


def _with(outcome: str, wanted: tuple[str, ...]) -> bool:
    return not wanted or outcome in wanted


def _refuse(now: Settling, asked: stopping.Asked) -> None:
    names = {code: kind.name for code, kind in now.ctx.book.stops.items()}
    clocks, rules = now.clocks.values(), now.ctx.book.limits
    if refusal := stopping.bar(asked.kind, now.on, clocks, now.stops, rules, names):
        raise refusal


def _begin(now: Settling, step: Step, rule: StopRule) -> None:
    asker, approver = agreed(now, rule.request)
    asked = stopping.asked(stored.asked(now.ctx.conn, asker.step or 0))
    _refuse(now, asked)
    first, last = stopping.span(now.on, asked.days, now.ctx.calendar)
    stop = Stop(asked.kind, first, last, next_number(now, NOTICE))
    now.change.stops.append(
        {
            "case_": now.case.id,
            "kind": asked.kind,
            "from_on": first,
            "to_on": None,
            "planned_to_on": last,
            "document": stop.document,
            "asked_by": asker.person,
            "approved_by": approver.person,
            "evidence": asked.evidence,
            "path": step.path,
        }
    )
    now.stops.append(stop)
    facts = {"kind": stop.kind, "from": first.isoformat(), "to": last.isoformat(), "document": stop.document}
    now.change.trace(Entry(type=Event.CLOCK_STOPPED, step=step.path, facts=facts, by_actor=False))
    _recount(now, stop, "stop")


def _end(now: Settling, running: StopRow, last: date) -> None:
    """Record the last day not counted; what ends on the planned day has been counted so from the beginning."""
    before = running.days
    now.stops[:] = stopping.without(now.stops, before, last)
    now.change.stopped_until[running.id] = last
    facts = {
        "kind": running.kind,
        "from": running.from_on.isoformat(),
        "to": last.isoformat(),
        "planned_to": running.planned_to_on.isoformat(),
        "document": running.document,
    }
    now.change.trace(Entry(type=Event.CLOCK_RESUMED, step=running.path, facts=facts, by_actor=False))
    if last != running.planned_to_on:
        _recount(now, before, "resume")


def _recount(now: Settling, changed: Stop, why: str) -> None:
    """Count the running clocks anew that the stop halts, each with an event where its last day changes."""
    rules = now.ctx.book.limits
    for clock in [c for c in now.clocks.values() if c.ended_on is None and halting(c, [changed], rules)]:
        recount(now, clock, counted(now, clock), why)
