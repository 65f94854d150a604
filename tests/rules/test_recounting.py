"""What another calendar makes of clocks and of timers' instants."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.clock import ZONE
from engine.model import Clock, ClockKind, Unit
from engine.rules import recounting
from engine.rules.limits import Stop
from tests.notices import calendar, drawn, notice
from tests.rules.values import CHINA

TODAY = date(2026, 12, 14)
TWENTY = Clock(
    key="statute:L03",
    kind=ClockKind.STATUTE,
    rule="L03",
    unit=Unit.WORKING_DAY,
    amount=20,
    started_on=TODAY,
    due_on=date(2027, 1, 12),
    provisional=True,
)


@pytest.mark.parametrize(
    ("told", "due"),
    [  # 13 of the 20 days lie in December
        (notice(), "2027-01-13"),  # 4 January is off: a day later
        (notice(["2027-01-01"], ["2027-01-02"]), "2027-01-11"),  # the Saturday works: a day earlier
        (notice(["2027-01-01"], ["2027-01-16"]), "2027-01-12"),  # confirmed
    ],
)
def test_twenty_working_days_from_december_end_where_the_notice_says(told, due):
    assert CHINA.add(TODAY, 20) == TWENTY.due_on

    new = recounting.recount(TWENTY, [], calendar(told), TODAY)

    assert new == replace(TWENTY, due_on=date.fromisoformat(due), provisional=False)


def test_extensions_and_stops_are_counted_too():
    longer = replace(TWENTY, extended=10)
    stop = Stop("hearing", date(2027, 1, 5), date(2027, 1, 6))

    new = recounting.recount(longer, [stop], calendar(notice()), TODAY)

    assert new.due_on == date(2027, 1, 28)  # 13 in December, 2 stopped, 16 January works


def test_what_needs_the_year_after_stays_provisional():
    new = recounting.recount(replace(TWENTY, unit=Unit.MONTH, amount=18), [], calendar(notice()), TODAY)

    assert (new.due_on, new.provisional) == (date(2028, 6, 14), True)


def test_an_overrun_that_was_none_after_all_is_void_and_another_stays():
    late = replace(TWENTY, overrun_at=datetime(2027, 1, 13, tzinfo=ZONE))

    assert recounting.recount(late, [], calendar(notice()), date(2027, 1, 13)).overrun_at is None
    assert recounting.recount(late, [], calendar(notice()), date(2027, 1, 14)).overrun_at == late.overrun_at


@pytest.mark.parametrize(
    ("legal", "before", "now", "fires"),
    [
        (20, 18, 10, 20),  # later
        (16, 18, 10, 16),  # earlier, and still to come
        (8, 18, 10, 10),  # earlier than now: now
        (6, 8, 10, 8),  # it was due already and has not been looked at
        (9, 8, 10, 9),  # due a day later, which has passed too
        (12, 8, 10, 12),  # not due any more
    ],
)
def test_a_timer_fires_at_its_new_instant_but_never_before_the_adoption(legal, before, now, fires):
    def day(number: int) -> datetime:
        return datetime(2027, 1, number, tzinfo=ZONE)

    assert recounting.instant_anew(day(legal), day(before), day(now)) == day(fires)


@given(st.integers(0, 10_000), st.dates(date(2026, 11, 1), date(2026, 12, 31)), st.integers(1, 40))
def test_a_timer_that_does_not_know_its_day_of_arming_counts_as_if_it_did(seed, armed_on, number):
    after, due = calendar(drawn(seed)), CHINA.add(armed_on, number)

    known = recounting.last_workday(number, recounting.armed_from(armed_on, number, due, CHINA), [], after)
    guessed = recounting.last_workday(number, recounting.armed_from(None, number, due, CHINA), [], after)

    assert known == after.add(armed_on, number)
    assert guessed == known  # armed before the new year, whose days alone are another


@given(
    st.integers(0, 10_000), st.dates(date(2026, 10, 1), date(2027, 1, 31)), st.integers(0, 60), st.sampled_from(Unit)
)
def test_a_last_day_before_the_new_year_stays(seed, started_on, amount, unit):
    clock = replace(TWENTY, unit=unit, amount=min(amount, 3) if unit is Unit.MONTH else amount, started_on=started_on)
    old = recounting.recount(clock, [], CHINA, TODAY)

    new = recounting.recount(clock, [], calendar(drawn(seed)), TODAY)

    if old.due_on < date(2027, 1, 1):
        assert new == old
    assert new.due_on - old.due_on < timedelta(90)
