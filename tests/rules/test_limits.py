import json
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.model import Unit
from engine.rules.limits import BadStop, DayKind, Due, Stop, due_on, ledger, left, used
from engine.rules.rule import Direction
from tests.rules.values import CHINA, DATA, amounts, clocks, stops

WD, CD, MONTH, HOUR = Unit
KNOWN = json.loads((DATA / "working_day_limits.json").read_text())["cases"]
MARCH_STOP = Stop("expert_review", date(2026, 3, 9), date(2026, 3, 20))


@pytest.mark.parametrize("case", KNOWN, ids=[case["id"] for case in KNOWN])
def test_known_answers_for_working_day_limits(case):
    start = date.fromisoformat(case["start"])
    halts = [Stop("hearing", date.fromisoformat(a), date.fromisoformat(b)) for a, b in case.get("suspensions", [])]
    amount = case["limit"] + case.get("extension", 0)

    due = due_on(WD, amount, start, halts, CHINA)

    assert due.provisional == (case.get("expected") == "refuse or provisional")
    assert due.provisional or due.on.isoformat() == case["expected_due"]
    if asked := case.get("as_of"):
        day = date.fromisoformat(asked["date"])
        assert used(WD, start, halts, CHINA, day) == asked["used"]
        assert left(WD, amount, start, halts, CHINA, day) == asked["remaining"]
        assert (day > due.on) == asked["overdue"]


@pytest.mark.parametrize(
    ("unit", "amount", "start", "on"),
    [
        (CD, 15, date(2026, 2, 2), date(2026, 2, 24)),  # 17 Feb is Spring Festival
        (CD, 3, date(2026, 9, 29), date(2026, 10, 8)),  # 2 Oct is National Day
        (CD, 5, date(2026, 2, 9), date(2026, 2, 14)),  # a Saturday, but a make-up working day
        (CD, 7, date(2026, 3, 2), date(2026, 3, 9)),  # a Monday
        (MONTH, 1, date(2026, 4, 15), date(2026, 5, 15)),  # the corresponding date, a Friday
        (MONTH, 1, date(2025, 10, 31), date(2025, 12, 1)),  # month's end is Sunday 30 November
        (MONTH, 1, date(2024, 1, 31), date(2024, 2, 29)),  # leap year
        (MONTH, 3, date(2025, 11, 30), date(2026, 2, 28)),  # month's end, a make-up Saturday
        (MONTH, 14, date(2025, 1, 10), date(2026, 3, 10)),  # over the year's end
        (HOUR, 24, date(2026, 3, 6), date(2026, 3, 7)),  # hours do not roll: a Saturday
        (HOUR, 25, date(2026, 3, 6), date(2026, 3, 8)),
        (HOUR, 0, date(2026, 3, 7), date(2026, 3, 7)),
        (WD, 0, date(2026, 3, 6), date(2026, 3, 6)),  # at once
    ],
)
def test_days_and_months_end_where_the_civil_code_says(unit, amount, start, on):
    assert due_on(unit, amount, start, (), CHINA) == Due(on, False)
    assert due_on(unit, amount, start, (), CHINA, Direction.AT_LEAST) == Due(on, False)


@pytest.mark.parametrize(
    ("unit", "amount", "day", "on"),
    [
        (WD, 7, date(2026, 10, 15), date(2026, 9, 30)),  # National Day and a make-up Saturday between
        (CD, 15, date(2026, 3, 30), date(2026, 3, 13)),  # 15 March is a Sunday: the Friday before
        (CD, 15, date(2026, 3, 31), date(2026, 3, 16)),  # a Monday
        (MONTH, 1, date(2026, 3, 31), date(2026, 2, 28)),  # month's end, a make-up Saturday
        (MONTH, 1, date(2026, 3, 21), date(2026, 2, 14)),  # 21 Feb is Spring Festival: back to a make-up Saturday
        (HOUR, 0, date(2026, 3, 7), date(2026, 3, 7)),
    ],
)
def test_limits_that_count_backwards_end_earlier_never_later(unit, amount, day, on):
    assert due_on(unit, amount, day, (), CHINA, Direction.BEFORE) == Due(on, False)


def test_beyond_the_calendar_the_answer_is_provisional():
    assert due_on(WD, 5, date(2026, 12, 24), (), CHINA) == Due(date(2026, 12, 31), False)
    assert due_on(WD, 6, date(2026, 12, 24), (), CHINA) == Due(date(2027, 1, 4), True)
    assert due_on(WD, 5, date(2027, 1, 11), (), CHINA, Direction.BEFORE).provisional


def test_what_needs_no_calendar_is_never_provisional():
    assert due_on(HOUR, 0, date(2027, 6, 30), (), CHINA) == Due(date(2027, 6, 30), False)
    assert due_on(HOUR, 48, date(2027, 6, 30), (), CHINA) == Due(date(2027, 7, 2), False)
    assert due_on(WD, 0, date(2027, 6, 30), (), CHINA) == Due(date(2027, 6, 30), False)
    assert due_on(CD, 1, date(2027, 6, 29), (), CHINA).provisional


@pytest.mark.parametrize("unit", [WD, CD, MONTH, HOUR])
@pytest.mark.parametrize("direction", [Direction.WITHIN, Direction.BEFORE])
def test_a_limit_of_0_is_due_on_the_same_day_even_on_a_day_off_or_a_stopped_one(unit, direction):
    saturday = date(2026, 3, 7)
    stop = Stop("testing", saturday, date(2026, 3, 20))

    assert due_on(unit, 0, saturday, [stop], CHINA, direction).on == saturday


def test_a_stop_moves_natural_days_and_months_too():
    assert due_on(CD, 10, date(2026, 3, 2), [MARCH_STOP], CHINA).on == date(2026, 3, 24)  # 12 March + 12 days
    assert due_on(MONTH, 1, date(2026, 3, 2), [MARCH_STOP], CHINA).on == date(2026, 4, 14)  # 2 April + 12 days


def test_an_end_does_not_roll_into_a_stop():
    stop = Stop("testing", date(2026, 3, 9), date(2026, 3, 11))  # Monday to Wednesday after Saturday 7 March

    assert due_on(CD, 5, date(2026, 3, 2), [stop], CHINA).on == date(2026, 3, 12)


def test_stops_beside_the_days_of_a_limit_change_nothing():
    before = Stop("testing", date(2026, 2, 24), date(2026, 2, 27))
    after = Stop("testing", date(2026, 3, 10), date(2026, 3, 12))  # begins the day after the last day

    assert due_on(WD, 5, date(2026, 3, 3), [before, after], CHINA).on == date(2026, 3, 10) + timedelta(3)
    assert due_on(WD, 5, date(2026, 3, 2), [before, after], CHINA).on == date(2026, 3, 9)
    assert due_on(CD, 7, date(2026, 3, 2), [before, after], CHINA).on == date(2026, 3, 9)


def test_a_limit_that_began_before_the_calendar_is_provisional():
    assert due_on(WD, 5, date(2022, 12, 30), (), CHINA).provisional


def test_nothing_is_used_before_the_start():
    assert used(WD, date(2026, 3, 9), (), CHINA, date(2026, 3, 2)) == 0
    assert used(CD, date(2026, 3, 9), [MARCH_STOP], CHINA, date(2026, 3, 2)) == 0


def test_a_stop_that_ends_before_it_begins_is_refused():
    with pytest.raises(BadStop) as bad:
        due_on(WD, 5, date(2026, 3, 2), [Stop("testing", date(2026, 3, 5), date(2026, 3, 4))], CHINA)

    assert str(bad.value) == "The stop ends on 2026-03-04, before it begins on 2026-03-05."


def test_months_are_counted_when_they_are_whole():
    start = date(2026, 1, 31)
    asked = [date(2026, 2, 27), date(2026, 2, 28), date(2026, 3, 30), date(2026, 3, 31)]

    assert [used(MONTH, start, (), CHINA, day) for day in asked] == [0, 1, 1, 2]


def test_hours_are_counted_by_days():
    assert used(HOUR, date(2026, 3, 2), (), CHINA, date(2026, 3, 4)) == 48


def test_days_a_limit_rolls_over_leave_nothing_and_are_not_late():
    start = date(2026, 9, 29)  # three days end on 2 October, roll to the 8th

    answers = [left(CD, 3, start, (), CHINA, date(2026, 10, d)) for d in (1, 2, 7, 8, 9, 12)]

    assert answers == [1, 0, 0, 0, -1, -4]


def test_the_ledger_names_each_day():
    stop = Stop("hearing", date(2026, 2, 25), date(2026, 2, 25))
    days = ledger(WD, 3, date(2026, 2, 13), [stop], CHINA, date(2026, 2, 27))

    assert [(day.on.day, str(day.kind), day.number) for day in days[:4]] == [
        (13, "start", 0), (14, "makeup", 1), (15, "weekend", 1), (16, "holiday", 1),
    ]  # fmt: skip
    assert [(day.on.day, str(day.kind), day.number, day.over) for day in days[-4:]] == [
        (24, "day", 2, False), (25, "stop", 2, False), (26, "day", 3, False), (27, "day", 4, True),
    ]  # fmt: skip


def test_the_ledger_of_natural_days_names_days_off_only_where_the_end_rolls():
    kinds = [day.kind for day in ledger(CD, 5, date(2026, 3, 2), (), CHINA, date(2026, 3, 10))]

    assert kinds[1:] == [DayKind.DAY] * 5 + [DayKind.WEEKEND, DayKind.DAY, DayKind.DAY]  # Sunday 8 March


# --- properties -----------------------------------------------------------------------------------------------------


@given(clocks(), st.integers(0, 5))
def test_more_days_are_never_due_earlier(clock, more):
    unit, amount, start, halts = clock

    assert due_on(unit, amount, start, halts, CHINA).on <= due_on(unit, amount + more, start, halts, CHINA).on


@given(clocks(), st.data())
def test_another_stop_never_makes_it_earlier(clock, data):
    unit, amount, start, halts = clock
    added = halts + data.draw(stops(start))

    assert due_on(unit, amount, start, halts, CHINA).on <= due_on(unit, amount, start, added, CHINA).on


@given(clocks((WD,)), st.integers(-5, 200))
def test_used_and_left_make_the_whole(clock, passed):
    unit, amount, start, halts = clock
    today = start + timedelta(passed)

    assert used(unit, start, halts, CHINA, today) + left(unit, amount, start, halts, CHINA, today) == amount


@given(clocks((WD,)))
def test_the_last_day_is_the_one_on_which_the_amount_is_counted(clock):
    _, amount, start, halts = clock
    due = due_on(*clock, CHINA).on

    assert used(WD, start, halts, CHINA, due) == amount
    assert amount == 0 or used(WD, start, halts, CHINA, due - timedelta(1)) == amount - 1


@given(clocks())
def test_overrun_begins_the_day_after_the_last_day(clock):
    unit, amount, start, halts = clock
    due = due_on(unit, amount, start, halts, CHINA).on

    over = [day.on for day in ledger(unit, amount, start, halts, CHINA, due + timedelta(40)) if day.over]

    assert over == [due + timedelta(n) for n in range(1, 41)]
    assert left(unit, amount, start, halts, CHINA, due) <= 0 or unit in (MONTH, HOUR)


@given(clocks((WD, CD)), st.integers(0, 150))
def test_the_ledger_agrees_with_what_is_left(clock, passed):
    unit, amount, start, halts = clock
    until = start + timedelta(passed)
    days = ledger(unit, amount, start, halts, CHINA, until)

    assert [day.on for day in days] == [start + timedelta(n) for n in range(passed + 1)]
    assert days[-1].number == amount - left(unit, amount, start, halts, CHINA, until)
    for day in days:
        assert (day.kind == DayKind.STOP) == (
            day.on > start and any(stop.from_on <= day.on <= stop.to_on for stop in halts)
        )


@given(amounts, st.dates(date(2023, 6, 1), date(2026, 6, 1)))
def test_what_is_given_before_a_day_leaves_the_days_in_between(amount, day):
    latest = due_on(WD, amount, day, (), CHINA, Direction.BEFORE).on

    assert amount == 0 or CHINA.count(latest - timedelta(1), day - timedelta(1)) == amount
