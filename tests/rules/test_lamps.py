from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.model import Lamp, Unit
from engine.rules.lamps import Thresholds, Turns, earliest, lamp, turns
from engine.rules.limits import Stop
from tests.rules import walker
from tests.rules.values import CHINA, clocks

DEFAULT = Thresholds(blue_percent=50, yellow_percent=80, yellow_left=1, short=2)
GREEN, BLUE, YELLOW, RED = Lamp


def by_definition(unit, amount, started_on, stops, today, thresholds):
    """The lamp as DESIGN words it, by a walk over each day; it knows nothing of turn dates."""
    spans = [(stop.from_on, stop.to_on) for stop in stops]
    _, due = walker.last_days(unit, amount, started_on, spans, CHINA.is_working)
    free = [day for day in walker.between(started_on, max(today, due)) if not walker.stopped(day, spans)]
    total = walker.whole(unit, amount, started_on)
    used = sum(day <= today and (unit is not Unit.WORKING_DAY or CHINA.is_working(day)) for day in free)
    days_left = sum(today < day <= due and CHINA.is_working(day) for day in free)
    if today > due:
        return RED
    if total <= thresholds.short:
        if today == due:
            return YELLOW
    elif days_left <= thresholds.yellow_left or 100 * used >= thresholds.yellow_percent * total:
        return YELLOW
    return BLUE if 100 * used >= thresholds.blue_percent * total else GREEN


@settings(max_examples=400)
@given(
    clocks(),
    st.integers(0, 140),
    st.builds(
        Thresholds,
        blue_percent=st.integers(0, 100),
        yellow_percent=st.integers(0, 100),
        yellow_left=st.integers(0, 3),
        short=st.integers(0, 3),
    )
    | st.just(DEFAULT),
)
def test_the_lamp_is_a_comparison_of_today_with_the_turn_dates(clock, passed, thresholds):
    unit, amount, started_on, stops = clock
    today = started_on + timedelta(passed)

    shown = lamp(turns(*clock, CHINA, thresholds), today)

    assert shown == by_definition(unit, amount, started_on, stops, today, thresholds)


@pytest.mark.parametrize(
    ("amount", "blue_on", "yellow_on", "red_on"),
    [
        # started on Monday 2 March 2026; no holiday in March
        (20, date(2026, 3, 16), date(2026, 3, 24), date(2026, 3, 31)),  # day 10, day 16 (80 %), after day 20
        (5, date(2026, 3, 5), date(2026, 3, 6), date(2026, 3, 10)),  # day 3, day 4 (1 left), after day 5
        (3, date(2026, 3, 4), date(2026, 3, 4), date(2026, 3, 6)),  # day 2, day 2 (1 left), after day 3
        (2, date(2026, 3, 3), date(2026, 3, 4), date(2026, 3, 5)),  # short: yellow on the last day only
        (1, date(2026, 3, 3), date(2026, 3, 3), date(2026, 3, 4)),
    ],
)
def test_turn_dates_of_working_day_limits(amount, blue_on, yellow_on, red_on):
    found = turns(Unit.WORKING_DAY, amount, date(2026, 3, 2), (), CHINA, DEFAULT)

    assert found == Turns(blue_on, yellow_on, red_on)


def test_a_friday_that_is_the_last_day_is_yellow_and_the_saturday_red():
    found = turns(Unit.WORKING_DAY, 5, date(2026, 3, 6), (), CHINA, DEFAULT)  # due Friday 13 March

    assert [lamp(found, date(2026, 3, d)) for d in (6, 11, 12, 13, 14)] == [GREEN, BLUE, YELLOW, YELLOW, RED]


def test_stopped_days_are_not_left():
    stop = Stop("testing", date(2026, 3, 4), date(2026, 3, 6))  # of 4 days one before it, three after: due 11 March

    found = turns(Unit.WORKING_DAY, 4, date(2026, 3, 2), [stop], CHINA, DEFAULT)

    assert found == Turns(date(2026, 3, 9), date(2026, 3, 10), date(2026, 3, 12))


def test_a_case_shows_each_colour_as_soon_as_one_clock_does():
    one, other = Turns(date(2026, 3, 3), date(2026, 3, 9), date(2026, 3, 10)), Turns(None, date(2026, 3, 5), None)

    assert earliest([one, other]) == Turns(date(2026, 3, 3), date(2026, 3, 5), date(2026, 3, 10))
    assert earliest([]) == Turns(None, None, None)
    assert lamp(earliest([]), date(2026, 3, 5)) is GREEN
