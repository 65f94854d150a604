"""The ledger of a case: every day from the first start, what it was, and what each clock had counted by then."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from engine.db.read.case import Case
from engine.model import Clock, ClockKind
from engine.rules import limits
from engine.rules.book import Book
from engine.rules.limits import Day, DayKind
from engine.rules.workdays import WorkCalendar
from webui.clocks import unit_name
from webui.language import day, gettext, pick
from webui.standing import clock_name, halting

MOST_AHEAD = timedelta(days=366)  # a clock of many years does not fill the page


@dataclass(frozen=True, kw_only=True)
class LedgerRow:
    """A day. `kind` is a DayKind; `counts`: per clock the text `3/7` and whether it is over."""

    on: date
    kind: str
    kind_name: str
    notes: tuple[str, ...]
    counts: tuple[tuple[str, bool], ...]
    today: bool
    future: bool
    edge: bool


def rows(
    case: Case, clocks: Sequence[Clock], calendar: WorkCalendar, names: Mapping[date, str], book: Book, today: date
) -> list[LedgerRow]:
    """Return one row a day from the first start to the last day that matters, for these clocks.

    `names`: published names of holidays and make-up days.
    """
    if not clocks:
        return []
    first = min(c.started_on for c in clocks)
    last = min(max(_until(c, today) for c in clocks), today + MOST_AHEAD)
    counted = [{d.on: d for d in _days(c, case, calendar, book, last)} for c in clocks]
    dues = {c.due_on for c in clocks if c.kind is not ClockKind.STEP}
    found = []
    for passed in range((last - first).days + 1):
        on = first + timedelta(days=passed)
        days = [of_clock.get(on) for of_clock in counted]
        kind = _kind([d for d in days if d])
        found.append(
            LedgerRow(
                on=on,
                kind=kind.value,
                kind_name=_kind_name(kind, names.get(on, "")),
                notes=tuple(_notes(on, clocks, case, kind, names, book, today)),
                counts=tuple(_count(c, d) for c, d in zip(clocks, days, strict=True)),
                today=on == today,
                future=on > today,
                edge=on in dues or on == today,
            )
        )
    return found


def _until(clock: Clock, today: date) -> date:
    return clock.ended_on or max(clock.due_on, today)


def _days(clock: Clock, case: Case, calendar: WorkCalendar, book: Book, last: date) -> Sequence[Day]:
    until = min(last, clock.ended_on) if clock.ended_on else last
    amount = clock.amount + clock.extended
    return limits.ledger(clock.unit, amount, clock.started_on, halting(clock, case.stops, book), calendar, until)


def _kind(days: Sequence[Day]) -> DayKind:
    """A day counts if any clock counts it; it is the start if for every clock it is."""
    kinds = [d.kind for d in days]
    for kind in (DayKind.STOP, DayKind.MAKEUP, DayKind.DAY, DayKind.HOLIDAY, DayKind.WEEKEND):
        if kind in kinds:
            return kind
    return DayKind.START


def _kind_name(kind: DayKind, name: str) -> str:
    if kind is DayKind.HOLIDAY and name:
        return name
    return {
        DayKind.START: gettext("起始日"),
        DayKind.DAY: gettext("计入"),
        DayKind.MAKEUP: gettext("调休上班，计入"),
        DayKind.WEEKEND: gettext("周末"),
        DayKind.HOLIDAY: gettext("节假日"),
        DayKind.STOP: gettext("停表"),
    }[kind]


def _count(clock: Clock, passed: Day | None) -> tuple[str, bool]:
    if passed is None or passed.kind in (DayKind.START, DayKind.WEEKEND, DayKind.HOLIDAY, DayKind.STOP):
        return "", False
    return f"{passed.number}/{clock.amount + clock.extended}", passed.over


def _notes(
    on: date, clocks: Sequence[Clock], case: Case, kind: DayKind, names: Mapping[date, str], book: Book, today: date
) -> list[str]:
    notes = []
    if on == today:
        notes.append(gettext("今天"))
    notes += [gettext("%(clock)s起算，当日不计", clock=clock_name(c, case)) for c in clocks if c.started_on == on]
    for stop in case.stops:
        if stop.from_on <= on <= stop.to_on and kind is DayKind.STOP:
            found = book.stops.get(stop.kind)
            name, basis = (pick(found.name, found.name_en), pick(found.basis, found.basis_en)) if found else ("", "")
            notes.append(gettext("停表：%(kind)s（%(basis)s）", kind=name or stop.kind, basis=basis))
    if kind is DayKind.MAKEUP and names.get(on):
        notes.append(names[on])
    notes += [gettext("%(clock)s结束", clock=clock_name(c, case)) for c in clocks if c.ended_on == on]
    notes += [gettext("%(clock)s最后一日", clock=clock_name(c, case)) for c in clocks if c.due_on == on]
    return notes


def totals(days: Sequence[LedgerRow], clocks: Sequence[Clock], today: date) -> list[str]:
    """Return each clock's count up to today: the last row of the ledger that has one."""
    found = [f"0/{c.amount + c.extended}" for c in clocks]
    for row in days:
        if row.on <= today:
            found = [count or before for (count, _), before in zip(row.counts, found, strict=True)]
    return found


def columns(clocks: Sequence[Clock], case: Case) -> list[tuple[str, str]]:
    """Return the headings of the clocks: name, and limit in words."""
    return [(clock_name(c, case), unit_name(c.unit, c.amount + c.extended)) for c in clocks]


def summary(days: Sequence[LedgerRow], today: date) -> str:
    """Return how many of the days so far counted, in one sentence."""
    past = [row for row in days if row.on <= today]
    number = {kind: sum(row.kind == kind.value for row in past) for kind in DayKind}
    return gettext(
        "从 %(first)s 到 %(last)s 共 %(days)d 天：计入 %(counted)d 天（含调休上班 %(makeup)d 天），"
        "起始日 %(start)d 天，停表 %(stop)d 天，周末与节假日 %(off)d 天。",
        first=day(past[0].on),
        last=day(past[-1].on),
        days=len(past),
        counted=number[DayKind.DAY] + number[DayKind.MAKEUP],
        makeup=number[DayKind.MAKEUP],
        start=number[DayKind.START],
        stop=number[DayKind.STOP],
        off=number[DayKind.WEEKEND] + number[DayKind.HOLIDAY],
    )
