"""Lamps: from which day a running clock shows blue, yellow and red. No clock, no database.

Source: the levels of e-monitoring practice; the thresholds are settings (processes/_rules/lamps.toml), not law.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from engine.model import Lamp, Unit
from engine.rules.counting import day_counted, length
from engine.rules.limits import Stop, due_on, merged
from engine.rules.workdays import WorkCalendar


@dataclass(frozen=True, kw_only=True)
class Thresholds:
    """Shares are per cent of the limit's days; `yellow_left` is in working days.

    Limits of at most `short` days turn yellow on their last day only.
    """

    blue_percent: int
    yellow_percent: int
    yellow_left: int
    short: int


@dataclass(frozen=True)
class Turns:
    """First day of each lamp; None: never. A later colour may turn first and wins."""

    blue_on: date | None = None
    yellow_on: date | None = None
    red_on: date | None = None


def turns(
    unit: Unit, amount: int, started_on: date, stops: Sequence[Stop], calendar: WorkCalendar, thresholds: Thresholds
) -> Turns:
    """Return when a clock's lamp turns.

    Red from the day after the last day in time. Yellow from the day at whose end at most `yellow_left` working days
    are left until the last day, or `yellow_percent` of the days are counted. Blue from `blue_percent` on. An
    extension or a new stop gives new turns.
    """
    spans = merged(stops)
    due = due_on(unit, amount, started_on, stops, calendar).on
    days = length(unit, amount, started_on)

    def share(percent: int) -> date:
        return day_counted(unit, -(-days * percent // 100), started_on, spans, calendar)

    yellow_on = due
    if days > thresholds.short:
        few_left = _working_days_left(thresholds.yellow_left, started_on, due, spans, calendar)
        yellow_on = min(few_left, share(thresholds.yellow_percent))
    return Turns(share(thresholds.blue_percent), yellow_on, due + timedelta(1))


def earliest(clocks: Iterable[Turns]) -> Turns:
    """Return the turns of a case: each colour as soon as one of its running clocks shows it."""
    all_turns = tuple(clocks)
    return Turns(
        min((t.blue_on for t in all_turns if t.blue_on), default=None),
        min((t.yellow_on for t in all_turns if t.yellow_on), default=None),
        min((t.red_on for t in all_turns if t.red_on), default=None),
    )


def lamp(turns: Turns, today: date) -> Lamp:
    """Return the lamp on `today`: the gravest colour that has turned."""
    for turned_on, colour in ((turns.red_on, Lamp.RED), (turns.yellow_on, Lamp.YELLOW), (turns.blue_on, Lamp.BLUE)):
        if turned_on is not None and turned_on <= today:
            return colour
    return Lamp.GREEN


def _working_days_left(
    number: int, started_on: date, due: date, spans: Sequence[tuple[date, date]], calendar: WorkCalendar
) -> date:
    """Return the first day (from the start) after which at most `number` working days are left until `due`."""
    stopped = sum(
        max(0, calendar.count(max(first - timedelta(1), started_on), min(last, due)))
        for first, last in spans
        if last > started_on and first <= due
    )
    all_days = calendar.count(started_on, due) - stopped
    return day_counted(Unit.WORKING_DAY, max(0, all_days - number), started_on, spans, calendar)
