"""All that is due is done once, in legal order; one that fails holds up nothing but itself."""

from __future__ import annotations

import logging
from datetime import date, timedelta

import pytest

from engine.db import due
from tests.worker.conftest import NOW, arm
from worker import jobs, tick


def test_everything_due_is_done_once_and_nothing_else(timer, timers, commands) -> None:
    later = timer(NOW + timedelta(seconds=1))

    tick.tick()
    tick.tick()

    assert commands.done == [("timer", key) for key in timers]
    assert ("timer", later) not in commands.done


def test_after_downtime_overruns_and_timers_come_in_the_order_of_the_law(timer, limit, commands) -> None:
    friday = timer(NOW - timedelta(days=4))  # 2026-03-06, 09:00
    monday = timer(NOW - timedelta(days=1))  # 2026-03-09, 09:00
    sunday = limit(date(2026, 3, 8))  # overrun since Monday 00:00
    wednesday = limit(date(2026, 3, 4))  # overrun since Thursday 00:00
    tuesday = limit(date(2026, 3, 10))  # in time until tonight

    tick.tick()

    assert commands.done == [("clock", wednesday), ("timer", friday), ("clock", sunday), ("timer", monday)]
    assert ("clock", tuesday) not in commands.done


def test_what_falls_due_by_doing_the_work_is_done_in_the_same_tick(timer, commands) -> None:
    first = timer(NOW - timedelta(hours=5))
    commands.first = lambda conn, key: arm(conn, NOW - timedelta(hours=4)) if key == first else None

    tick.tick()

    assert commands.done == [("timer", first), ("timer", first + 1)]


def test_a_poisoned_one_is_reported_and_holds_up_its_own_case_only(timer, timers, commands, caplog) -> None:
    poisoned = timers[0]
    behind = timer(NOW, case=1)

    def fail(_: object, key: int) -> None:
        if key == poisoned:
            raise OverflowError("P99999999D")

    commands.first = fail
    with caplog.at_level(logging.WARNING):
        tick.tick()

    assert commands.done == [("timer", key) for key in timers[1:]]
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert f"id={poisoned}" in caplog.text
    assert ("timer", behind) not in commands.done


def test_a_failure_rolls_its_own_work_back_and_is_tried_again_ever_more_seldom(timers, commands, monkeypatch) -> None:
    seconds = 0.0
    tries: list[float] = []
    poisoned = timers[3]
    monkeypatch.setattr(jobs.time, "monotonic", lambda: seconds)

    def fail(_: object, key: int) -> None:
        if key == poisoned:
            tries.append(seconds)
            raise RuntimeError

    commands.first = fail
    for tick_number in range(60):
        seconds = 5.0 * tick_number
        tick.tick()
    failing = jobs.failing()
    commands.first = lambda _, key: None
    seconds = 4000.0
    tick.tick()

    assert tries == [0, 5, 10, 15, 25, 45, 80, 145, 275]  # the first waits are shorter than a tick
    assert failing == 1
    assert commands.done[-1] == ("timer", poisoned)
    assert jobs.failing() == 0


def test_a_stop_is_obeyed_after_the_piece_in_hand(timers, commands) -> None:
    def stop(_: object, key: int) -> None:
        if key == timers[2]:
            jobs.stopping.set()

    commands.first = stop
    tick.tick()

    assert commands.done == [("timer", key) for key in timers[:3]]


def test_a_flow_that_always_arms_another_timer_does_not_hold_a_tick_for_ever(timer, commands, monkeypatch) -> None:
    monkeypatch.setattr(tick, "ROUNDS", 5)
    timer(NOW - timedelta(hours=5))
    commands.first = lambda conn, key: arm(conn, NOW - timedelta(hours=5))

    tick.tick()

    assert len(commands.done) == 5


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_queue_is_offered_each_piece_once_and_the_rest_is_done_here(timers, commands) -> None:
    offered: list[tuple[str, int]] = []

    tick.tick(lambda work: offered.extend(work) is None)

    assert offered == [("timer", key) for key in timers]
    assert commands.done == [("timer", key) for key in timers]


def test_a_queue_that_does_not_work_is_left_alone_until_the_next_tick(timer, commands) -> None:
    keys = [timer(NOW - timedelta(hours=number)) for number in (3, 2, 1)]  # one case: three rounds
    asked: list[object] = []

    tick.tick(lambda work: bool(asked.append(work)))

    assert len(asked) == 1
    assert commands.done == [("timer", key) for key in keys]


def test_cases_that_fail_do_not_crowd_out_the_others(timers, commands, monkeypatch):
    real = due.work
    monkeypatch.setattr(due, "work", lambda conn, now, **more: real(conn, now, limit=3, **more))

    def fail(conn, key):
        if key in timers[:9]:
            raise RuntimeError("poisoned")

    commands.first = fail
    tick.tick()

    assert [key for _, key in commands.done] == timers[9:]
    assert jobs.failing() == 9
