import csv
from datetime import date, timedelta

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import calendars
from engine.rules.workdays import WorkCalendar
from tests.rules.values import CHINA, DATA

PUBLISHED = [date(2023, 1, 1) + timedelta(n) for n in range((date(2027, 1, 1) - date(2023, 1, 1)).days)]
any_day = st.dates(date(1990, 1, 1), date(2090, 12, 31))


def test_every_published_day_agrees_with_an_independent_package():
    assert [d for d in PUBLISHED if CHINA.is_working(d) != chinese_calendar.is_workday(d)] == []
    assert list(calendars.days()) == PUBLISHED


def test_published_days_carry_their_name_and_notice():
    assert calendars.days()[date(2026, 2, 14)] == (
        True, "春节", "https://www.gov.cn/zhengce/zhengceku/202511/content_7047091.htm",
    )  # fmt: skip
    assert calendars.days()[date(2026, 2, 16)][:2] == (False, "春节")
    assert calendars.days()[date(2026, 3, 2)][:2] == (True, "")


@pytest.mark.parametrize("row", list(csv.DictReader((DATA / "calendar_vectors.csv").read_text().splitlines())))
def test_the_nth_working_day_is_the_known_one(row):
    start, n = date.fromisoformat(row["start"]), int(row["n"])
    if row["kind"] == "nat":
        answer = CHINA.next_working(start + timedelta(n))
    else:
        answer = CHINA.add(start, n if row["kind"] == "wd" else -n)

    assert answer.isoformat() == row["holidays"]
    assert CHINA.is_provisional(answer) == (row["chinesecalendar"] == "OUT_OF_DATA")


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2027, 1, 1), False),  # a Friday
        (date(2027, 1, 4), True),  # the Monday after
        (date(2027, 2, 6), False),  # Spring Festival's eve is a Saturday; nothing is known of make-up days
        (date(2028, 5, 1), False),  # a Monday
        (date(2028, 5, 2), False),  # a Tuesday
        (date(2028, 5, 3), True),
        (date(2029, 10, 1), False),  # a Monday
        (date(2029, 10, 3), False),  # a Wednesday
        (date(2029, 10, 4), True),
    ],
)
def test_beyond_the_published_years_weekends_and_fixed_holidays_are_off(day, works):
    assert CHINA.is_working(day) == works
    assert CHINA.is_provisional(day)


def test_the_last_published_day_is_certain_and_the_next_is_not():
    assert CHINA.published_to == date(2026, 12, 31)
    assert not CHINA.is_provisional(date(2026, 12, 31))
    assert CHINA.is_provisional(date(2027, 1, 1))
    assert CHINA.is_provisional(date(2022, 12, 31))


def test_a_missing_day_follows_the_rule_and_makes_what_follows_provisional():
    calendar = WorkCalendar.of({date(2026, 3, 2): True, date(2026, 3, 3): False, date(2026, 3, 5): False})

    assert calendar.published_to == date(2026, 3, 3)
    assert [calendar.is_working(date(2026, 3, d)) for d in (2, 3, 4, 5)] == [True, False, True, False]
    assert calendar.is_provisional(date(2026, 3, 5))


def test_a_calendar_without_days_is_all_provisional():
    calendar = WorkCalendar.of({})

    assert calendar.is_provisional(date(2026, 2, 16))
    assert calendar.add(date(2026, 2, 13), 1) == date(2026, 2, 16)  # a Friday, then a Monday


@given(any_day, st.integers(0, 120))
def test_adding_walks_day_by_day(start, n):
    day, steps = start, n
    while steps:
        day += timedelta(1)
        steps -= CHINA.is_working(day)

    assert CHINA.add(start, n) == day


@given(any_day, st.integers(1, 120))
def test_subtracting_walks_back_day_by_day(start, n):
    day, steps = start, n
    while steps:
        day -= timedelta(1)
        steps -= CHINA.is_working(day)

    assert CHINA.add(start, -n) == day


@given(any_day, st.integers(0, 400))
def test_counting_is_the_sum_of_the_days(after, length):
    to = after + timedelta(length)
    walked = sum(CHINA.is_working(after + timedelta(n)) for n in range(1, length + 1))

    assert CHINA.count(after, to) == walked
    assert CHINA.count(to, after) == -walked


@given(st.dates(date(1600, 1, 1), date(2022, 12, 31)) | st.dates(date(2027, 1, 1), date(2800, 12, 31)))
def test_the_rule_is_the_same_in_every_year(day):
    fixed = (day.month, day.day) in ((1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3))

    assert CHINA.is_working(day) == (day.weekday() < 5 and not fixed)


def test_a_day_beyond_the_last_year_is_refused():
    with pytest.raises(OverflowError):
        CHINA.add(date(9999, 12, 31), 1)
