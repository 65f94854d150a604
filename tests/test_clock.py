"""The clock: local dates of Asia/Shanghai, set by tests, ahead in the demo county, never back."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime, timedelta

import pytest

from engine import clock
from engine.errors import ClockGoesForward

SECOND = timedelta(seconds=1)


@pytest.fixture
def demo(configure) -> None:
    configure(SUNLIT_DEMO="1")


def real() -> datetime:
    return datetime.now(UTC)


def test_a_day_begins_at_local_midnight() -> None:
    begins = clock.day_start(date(2026, 3, 3))

    assert begins == datetime(2026, 3, 2, 16, 0, tzinfo=UTC)
    assert clock.local_date(begins) == date(2026, 3, 3)
    assert clock.local_date(begins - timedelta(microseconds=1)) == date(2026, 3, 2)


def test_the_clock_can_be_set_and_goes_back_afterwards(configure) -> None:
    moment = datetime(2026, 3, 2, 9, 0, tzinfo=clock.ZONE)

    with clock.at(moment):
        inside = clock.now()
        with clock.at(moment + timedelta(days=1)):
            nested = clock.now()
        outside = clock.now()

    assert inside == outside == moment
    assert inside.tzinfo is UTC
    assert nested == moment + timedelta(days=1)
    assert abs(clock.now() - real()) < 5 * SECOND


def test_setting_it_does_not_reach_other_threads(configure) -> None:
    seen: list[datetime] = []

    with clock.at(datetime(2026, 3, 2, tzinfo=UTC)):
        thread = threading.Thread(target=lambda: seen.append(clock.now()))
        thread.start()
        thread.join()

    assert abs(seen[0] - real()) < 5 * SECOND


def test_the_demo_county_starts_on_a_monday_morning_and_runs_on(demo) -> None:
    clock.start_demo()
    started = clock.now()
    clock.start_demo(clock.DEMO_START + timedelta(days=30))  # started already

    assert abs(started - clock.DEMO_START) < 5 * SECOND
    assert clock.local_date(started) == date(2026, 9, 14)
    assert clock.local_date(started).isoweekday() == 1
    assert started <= clock.now() < started + 5 * SECOND


def test_the_demo_clock_goes_forward_only(demo) -> None:
    clock.start_demo()

    moved = clock.advance(timedelta(days=3))

    assert abs(moved - clock.DEMO_START - timedelta(days=3)) < 5 * SECOND
    with pytest.raises(ClockGoesForward):
        clock.advance(-SECOND)
    assert clock.now() >= moved


def test_a_real_county_s_clock_cannot_be_moved(configure) -> None:
    with pytest.raises(ClockGoesForward):
        clock.advance(timedelta(days=1))


def test_an_offset_left_by_a_demo_does_not_move_a_real_county(demo, configure) -> None:
    clock.start_demo(real() + timedelta(days=400))

    configure(SUNLIT_DEMO="0")

    assert abs(clock.now() - real()) < 5 * SECOND
