"""How a case stands: the faces of its clocks, and why one of them is red."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from engine.db.read.audit import Record
from engine.db.read.case import Case
from engine.model import Clock, ClockKind, Item
from engine.rules.book import Book
from engine.rules.halting import halting
from engine.rules.workdays import WorkCalendar
from webui.clocks import Face, face, kind_name
from webui.definitions import step_name
from webui.language import day, gettext, pick


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A clock of the case with its face."""

    clock: Clock
    face: Face


@dataclass(frozen=True, kw_only=True)
class Overrun:
    """Why a clock is red: the rule with its basis, the last day, since when; `record`: the event that says so."""

    name: str
    rule: str
    rule_name: str
    basis: str
    due_on: date
    since: date
    record: Record | None


def faces(case: Case, item: Item, calendar: WorkCalendar, book: Book, today: date) -> list[Shown]:
    """Return the faces of the case's clocks: the step's first, then promises, then statutes; running before ended."""
    order = {ClockKind.STEP: 0, ClockKind.PROMISE: 1, ClockKind.STATUTE: 2}
    clocks = sorted(case.clocks, key=lambda c: (c.ended_on is not None, order[c.kind], c.due_on))
    return [Shown(clock=c, face=face_of(c, case, item, calendar, book, today)) for c in clocks]


def face_of(clock: Clock, case: Case, item: Item, calendar: WorkCalendar, book: Book, today: date) -> Face:
    stops = halting(clock, case.stops, book.limits)
    shown = face(clock, stops, calendar, book.thresholds, today, clock_name(clock, case, item))
    if clock.ended_on is None:
        return shown
    late = clock.within and clock.ended_on > clock.due_on
    kept = gettext("超期") if late else gettext("按期")
    return replace(shown, due=gettext("%(on)s 结束，%(kept)s", on=day(clock.ended_on, today), kept=kept))


def clock_name(clock: Clock, case: Case, item: Item) -> str:
    """Return `步骤 · 审查`, `承诺期限` or `法定期限 L03`."""
    if clock.kind is ClockKind.STATUTE:
        return f"{kind_name(clock.kind)} {clock.rule}"
    path = next((step.path for step in case.steps if step.id == clock.step), None)
    if path is None:
        return kind_name(clock.kind)
    return gettext("步骤 · %(step)s", step=step_name(item, path))


def overruns(case: Case, item: Item, told: Mapping[str, Record], book: Book, today: date) -> list[Overrun]:
    """Return the clocks that ran over, in order of their last day."""
    late = [c for c in case.clocks if c.within and (c.ended_on or today) > c.due_on]
    return [_overrun(c, case, item, told.get(c.key), book) for c in sorted(late, key=lambda c: (c.due_on, c.key))]


def _overrun(clock: Clock, case: Case, item: Item, record: Record | None, book: Book) -> Overrun:
    rule = book.limits.get(clock.rule)
    return Overrun(
        name=clock_name(clock, case, item),
        rule=clock.rule,
        rule_name=pick(rule.name, rule.name_en) if rule else "",
        basis=pick(rule.basis, rule.basis_en) if rule else "",
        due_on=clock.due_on,
        since=clock.due_on + timedelta(days=1),
        record=record,
    )
