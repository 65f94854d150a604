"""The ledger of a case: every day from the first start, what it was, and what each clock had counted by then."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from engine.db.read.case import Case
from engine.model import Clock, ClockKind, Item
from engine.rules import limits
from engine.rules.book import Book
from engine.rules.halting import halting
from engine.rules.limits import Day, DayKind
from engine.rules.rule import Direction
from engine.rules.workdays import WorkCalendar
from webui import words
from webui.clocks import unit_name
from webui.definitions import step_name
from webui.language import day, gettext, pick
from webui.standing import clock_name

MOST_AHEAD = timedelta(days=366)  # a clock of many years does not fill the page
NO_CLOCK = "none"  # the kind of a day on which no clock runs
COUNTED = (DayKind.DAY, DayKind.MAKEUP)


@dataclass(frozen=True, kw_only=True)
class Account:
    """What a ledger is made of. `day_names`: published names of holidays and make-up days."""

    case: Case
    item: Item
    calendar: WorkCalendar
    book: Book
    day_names: Mapping[date, str]
    today: date

    @property
    def clocks(self) -> list[Clock]:
        """The clocks of the case; each has a column. Those of steps share one."""
        return [clock for clock in self.case.clocks if clock.kind is not ClockKind.STEP]

    def name(self, clock: Clock) -> str:
        return clock_name(clock, self.case, self.item)


@dataclass(frozen=True, kw_only=True)
class Count:
    """What a clock had counted by a day: `3/7`; empty where the day did not count."""

    text: str = ""
    over: bool = False


@dataclass(frozen=True, kw_only=True)
class Row:
    """A day. `kind`: a DayKind or NO_CLOCK; `steps`: the step clocks that counted it; `counts`: one a case clock."""

    on: date
    kind: str
    kind_name: str
    notes: tuple[str, ...]
    steps: tuple[tuple[str, Count], ...]
    counts: tuple[Count, ...]
    edge: bool


def rows(account: Account) -> list[Row]:
    """Return one row a day from the first start to the last day that matters."""
    every = account.case.clocks
    if not every:
        return []
    today = account.today
    first = min(min(clock.started_on, clock.due_on) for clock in every)
    last = min(max(clock.ended_on or max(clock.started_on, clock.due_on, today) for clock in every), today + MOST_AHEAD)
    counted = {clock.key: _days(account, clock, last) for clock in every}
    dues = {clock.due_on for clock in account.clocks}
    return [
        _row(account, on, {key: days[on] for key, days in counted.items() if on in days}, on in dues or on == today)
        for on in (first + timedelta(days=passed) for passed in range((last - first).days + 1))
    ]


def headings(account: Account) -> list[tuple[str, str]]:
    """Return the headings of the case clocks: name, and limit in words."""
    return [(account.name(c), unit_name(c.unit, c.amount + c.extended)) for c in account.clocks]


def totals(account: Account, days: Sequence[Row]) -> list[str]:
    """Return each case clock's count up to today: that of the last day that has one."""
    found = [f"0/{c.amount + c.extended}" for c in account.clocks]
    for row in days:
        if row.on <= account.today:
            found = [count.text or before for count, before in zip(row.counts, found, strict=True)]
    return found


def summary(account: Account, days: Sequence[Row]) -> str:
    """Return how many of the days so far counted, in one sentence."""
    past = [row for row in days if row.on <= account.today]
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


def _days(account: Account, clock: Clock, last: date) -> dict[date, Day]:
    until, amount = clock.ended_on or last, clock.amount + clock.extended
    if clock.direction == Direction.BEFORE:
        back = limits.ledger_before(clock.unit, amount, clock.started_on, account.calendar)
        return {passed.on: passed for passed in back if passed.on <= last}
    stops = halting(clock, account.case.stops, account.book.limits)
    found = limits.ledger(clock.unit, amount, clock.started_on, stops, account.calendar, min(until, last))
    return {passed.on: passed for passed in found}


def _row(account: Account, on: date, days: Mapping[str, Day], edge: bool) -> Row:
    kind = _kind([passed.kind for passed in days.values()])
    steps = [
        (step_name(account.item, step.path), _count(clock, days.get(clock.key)))
        for clock in account.case.clocks
        for step in account.case.steps
        if clock.step == step.id
    ]
    return Row(
        on=on,
        kind=kind.value if kind else NO_CLOCK,
        kind_name=kind_name(kind, account.day_names.get(on, "")),
        notes=tuple(_notes(account, on, kind)),
        steps=tuple((name, count) for name, count in steps if count.text),
        counts=tuple(_count(clock, days.get(clock.key)) for clock in account.clocks),
        edge=edge,
    )


def _kind(kinds: Sequence[DayKind]) -> DayKind | None:
    """Return what a day was: a stop, else counted by any clock, else a day off, else a start; None: no clock ran."""
    order = (DayKind.STOP, DayKind.MAKEUP, DayKind.DAY, DayKind.HOLIDAY, DayKind.WEEKEND, DayKind.START)
    return next((kind for kind in order if kind in kinds), None)


def kind_name(kind: DayKind | None, name: str = "") -> str:
    """Return what a day was, in words; `name`: that of its holiday."""
    if kind in (DayKind.HOLIDAY, DayKind.WEEKEND) and name:  # a holiday's Sunday is a day of the holiday
        return words.day_name(name)
    return {
        None: gettext("没有时限在走"),
        DayKind.START: gettext("起始日"),
        DayKind.DAY: gettext("计入"),
        DayKind.MAKEUP: gettext("调休上班，计入"),
        DayKind.WEEKEND: gettext("周末"),
        DayKind.HOLIDAY: gettext("节假日"),
        DayKind.STOP: gettext("停表"),
    }[kind]


def _count(clock: Clock, passed: Day | None) -> Count:
    if passed is None or passed.kind not in COUNTED:
        return Count()
    return Count(text=f"{passed.number}/{clock.amount + clock.extended}", over=passed.over and clock.within)


def _notes(account: Account, on: date, kind: DayKind | None) -> list[str]:
    clocks = account.case.clocks
    notes = [gettext("今天")] if on == account.today else []
    notes += [_starts(account, c) for c in clocks if c.started_on == on]
    for stop in account.case.stops if kind is DayKind.STOP else ():
        if stop.from_on <= on <= stop.to_on and (found := account.book.stops.get(stop.kind)):
            name, basis = pick(found.name, found.name_en), pick(found.basis, found.basis_en)
            notes.append(gettext("停表：%(kind)s（%(basis)s）", kind=name, basis=basis))
    if kind is DayKind.MAKEUP and on in account.day_names:
        notes.append(words.day_name(account.day_names[on]))
    notes += [gettext("%(clock)s结束", clock=account.name(c)) for c in clocks if c.ended_on == on]
    last = [c for c in clocks if c.due_on == on and (c.ended_on is None or c.ended_on >= on)]
    return notes + [_ends(account, c) for c in last]


def _ends(account: Account, clock: Clock) -> str:
    name = account.name(clock)
    if clock.direction == Direction.AT_LEAST:
        return gettext("%(clock)s期满之日", clock=name)
    if clock.direction == Direction.BEFORE:
        return gettext("%(clock)s最迟之日", clock=name)
    return gettext("%(clock)s最后一日", clock=name)


def _starts(account: Account, clock: Clock) -> str:
    if clock.direction == Direction.BEFORE:
        return gettext("%(clock)s自此日倒推", clock=account.name(clock))
    said = gettext("%(clock)s起算", clock=account.name(clock))
    return said if clock.kind is ClockKind.STEP else said + gettext("，当日不计")
