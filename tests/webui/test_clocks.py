"""How clocks look on given days: lamp, n/N, cells."""

from __future__ import annotations

from datetime import date

import pytest

from engine.calendars import days
from engine.model import Clock, ClockKind, Unit
from engine.rules.lamps import Thresholds
from engine.rules.limits import Stop, due_on
from engine.rules.workdays import WorkCalendar
from webui.clocks import MOST_CELLS, cells, face, thinned

CALENDAR = WorkCalendar.of({day: works for day, (works, _, _) in days().items()})
THRESHOLDS = Thresholds(blue_percent=50, yellow_percent=80, yellow_left=1, short=2)


def clock(amount: int, started_on: date, stops: tuple[Stop, ...] = (), unit: Unit = Unit.WORKING_DAY) -> Clock:
    due = due_on(unit, amount, started_on, stops, CALENDAR)
    return Clock(
        key="promise:L03", kind=ClockKind.PROMISE, rule="L03", unit=unit, amount=amount, started_on=started_on,
        due_on=due.on, provisional=due.provisional,
    )  # fmt: skip


@pytest.fixture(autouse=True)
def chinese(app):
    with app.test_request_context("/?lang=zh"):
        yield


# Seven working days from Thursday 24 September 2026, stopped 30 September to 9 October: the last day is 15 October.
STOP = (Stop("testing", date(2026, 9, 30), date(2026, 10, 9)),)
PROMISE = clock(7, date(2026, 9, 24), STOP)


@pytest.mark.parametrize(
    ("today", "lamp", "text", "ruler"),
    [
        (date(2026, 9, 24), "ok", "剩 7/7", "llssslllll"),
        (date(2026, 9, 29), "ok", "剩 5/7", "uussslllll"),
        (date(2026, 10, 8), "stop", "停表第 2 日", "uussslllll"),
        (date(2026, 10, 14), "warn", "剩 1/7", "uusssuuuul"),
        (date(2026, 10, 15), "warn", "今天止 0/7", "uusssuuuut"),
        (date(2026, 10, 17), "over", "超 1 日", "uusssuuuuuo"),  # Saturday
    ],
)
def test_a_promise_looks_right_day_by_day(today, lamp, text, ruler):
    shown = face(PROMISE, STOP, CALENDAR, THRESHOLDS, today)

    assert (shown.lamp, shown.text, "".join(shown.cells)) == (lamp, text, ruler)


def test_the_day_after_a_last_friday_is_overdue_although_no_working_day_has_passed():
    shown = face(clock(1, date(2026, 9, 10)), (), CALENDAR, THRESHOLDS, date(2026, 9, 12))  # Saturday

    assert (shown.lamp, shown.text) == ("over", "已超期")


def test_an_ended_clock_stays_as_it_ended():
    ended = Clock(**{**vars(PROMISE), "ended_on": date(2026, 9, 28)})
    shown = face(ended, STOP, CALENDAR, THRESHOLDS, date(2026, 12, 1))

    assert (shown.lamp, shown.text) == ("ok", "剩 6/7")


def test_beyond_the_published_calendar_it_is_provisional():
    assert face(clock(20, date(2026, 12, 20)), (), CALENDAR, THRESHOLDS, date(2026, 12, 21)).provisional


def test_a_long_ruler_is_thinned_in_proportion():
    long = cells(clock(6, date(2026, 3, 2), unit=Unit.MONTH), (), CALENDAR, date(2026, 6, 2))

    assert len(long) == MOST_CELLS
    assert long.count("u") == pytest.approx(MOST_CELLS / 2, abs=1)
    assert thinned(["u", "l"]) == ("u", "l")


def test_hours_have_no_cells():
    assert cells(clock(48, date(2026, 3, 2), unit=Unit.HOUR), (), CALENDAR, date(2026, 3, 2)) == ()
