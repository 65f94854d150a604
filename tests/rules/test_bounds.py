"""What must last, and what must come early enough: the day before, the day, the day after; and by the slow walk."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import NoticeTooLate, TooEarly
from engine.model import Clock, ClockKind, Unit
from engine.rules import book, recounting
from engine.rules.bounds import bar
from engine.rules.limits import Stop
from engine.rules.rule import Direction
from engine.rules.workdays import WorkCalendar
from tests.rules import walker
from tests.rules.values import CHINA, RULES

ONE = timedelta(days=1)
BOUND = {id: rule for id, rule in book.load(RULES).limits.items() if rule.direction is not Direction.WITHIN}
CALENDAR_DAYS = [date(2025, 6, 1) + n * ONE for n in range(400)]


def clock(unit: Unit, amount: int, on: date, direction: str, stops=(), calendar: WorkCalendar = CHINA) -> Clock:
    made = Clock(
        key="statute:X", kind=ClockKind.STATUTE, rule="X", unit=unit, amount=amount, direction=direction,
        started_on=on, due_on=on, provisional=False,
    )  # fmt: skip
    return replace(made, due_on=recounting.due(made, stops, calendar).on)


@pytest.mark.parametrize("id", BOUND)
def test_each_rule_refuses_the_wrong_day_and_names_the_first_right_one(id):
    rule = BOUND[id]
    made = clock(rule.unit, rule.amount, date(2026, 3, 12), rule.direction)
    last = made.due_on

    if rule.direction is Direction.AT_LEAST:
        assert [bar(made, on, "x") is None for on in (last - ONE, last, last + ONE)] == [False, False, True]
        error = bar(made, last, "x")
        assert isinstance(error, TooEarly)
        assert (error.from_on, error.basis) == (last + ONE, "X")
    else:
        assert [bar(made, on, "x") is None for on in (last - ONE, last, last + ONE)] == [True, True, False]
        error = bar(made, last + ONE, "x")
        assert isinstance(error, NoticeTooLate)
        assert error.latest == last


def test_what_is_to_be_done_within_a_time_is_never_barred():
    made = clock(Unit.WORKING_DAY, 5, date(2026, 3, 12), "within")

    assert [bar(made, made.due_on + n * ONE, "x") for n in (-30, 0, 30)] == [None, None, None]


@given(
    off=st.sets(st.sampled_from(CALENDAR_DAYS), max_size=200),
    start=st.sampled_from(CALENDAR_DAYS[120:260]),
    unit=st.sampled_from([Unit.WORKING_DAY, Unit.CALENDAR_DAY, Unit.MONTH]),
    amount=st.integers(0, 45),
    stop=st.none() | st.tuples(st.integers(-5, 30), st.integers(0, 20)),
    gap=st.integers(-3, 3),
)
def test_both_guards_agree_with_a_walk_day_by_day(off, start, unit, amount, stop, gap):
    amount = amount % 4 if unit is Unit.MONTH else amount
    known = {day: walker.regular(day) != (day in off) for day in CALENDAR_DAYS}
    calendar = WorkCalendar.of(known)

    def works(day: date) -> bool:
        return known[day] if day in known else walker.regular(day)

    spans = [(start + stop[0] * ONE, start + (stop[0] + stop[1]) * ONE)] if stop else []
    halts = [Stop("objection", *span) for span in spans]
    lasting = clock(unit, amount, start, "at_least", halts, calendar)
    last = walker.last_days(unit.value, amount, start, spans, works)[1]
    on = last + gap * ONE
    assert (bar(lasting, on, "x") is not None) == (on <= last)

    early = clock(unit, amount, start, "before", (), calendar)
    latest = walker.latest_before(unit.value, amount, start, works)
    on = latest + gap * ONE
    assert (bar(early, on, "x") is not None) == (on > latest)


def test_another_calendar_moves_what_must_last_and_what_counts_back():
    holiday = {date(2026, 3, 9) + n * ONE: False for n in range(5)}
    other = WorkCalendar.of({**{date(2026, 1, 1) + n * ONE: walker.regular(date(2026, 1, 1) + n * ONE)
                                for n in range(200)}, **holiday})  # fmt: skip
    lasting = clock(Unit.WORKING_DAY, 5, date(2026, 3, 5), "at_least")
    early = clock(Unit.WORKING_DAY, 7, date(2026, 3, 20), "before")

    moved = [recounting.recount(each, [], other, date(2026, 3, 5)).due_on for each in (lasting, early)]

    assert [lasting.due_on, early.due_on] == [date(2026, 3, 12), date(2026, 3, 11)]
    assert moved == [date(2026, 3, 19), date(2026, 3, 4)]
