"""A timer whose flow cannot go on puts its case into fault, once; the worker goes on with everything else."""

from __future__ import annotations

import logging

import pytest

from engine import clock
from engine.db.store import begin
from engine.model import SYSTEM_ACTOR
from tests import county, faulty
from tests.county import at, row, types
from tests.faulty import approve, break_down, propose
from webui.health import health
from worker import jobs, tick

MONDAY, LATER = at("2026-03-02 10:00"), at("2026-03-23 08:00")


@pytest.fixture
def cases(database_url, tmp_path):
    """The town, a case whose timer breaks its flow, and one whose timer does not."""
    with clock.at(MONDAY):
        town = county.found()
        faulty.deploy(town, tmp_path)
        yield town, faulty.file(town), county.file(town)
    jobs._failed.clear()


def test_the_case_is_in_fault_the_others_run_on_and_nothing_is_tried_again(cases, caplog):
    _, broken, other = cases

    with clock.at(LATER), caplog.at_level(logging.WARNING):
        first, second, third = tick.tick(), tick.tick(), tick.tick()

    assert first > 0
    assert (second, third) == (0, 0)
    assert jobs.failing() == 0
    assert row(broken.case).state == "fault"
    assert types(broken.number).count("case.faulted") == 1
    assert types(broken.number).count("refused") == 1
    assert "timer.fired" in types(other.number)
    assert len([r for r in caplog.records if r.levelname == "WARNING"]) == 1


def test_overruns_are_recorded_before_and_while_it_is_in_fault(cases):
    town, _, other = cases
    broken = faulty.file(town)
    break_down(town, broken)

    for day, overruns in (("2026-03-03", 0), ("2026-03-04", 1), ("2026-03-09", 1), ("2026-03-10", 2)):
        with clock.at(at(f"{day} 00:30")):
            tick.tick()
        assert types(broken.number).count("clock.overrun") == overruns, day

    assert row(broken.case).state == "fault"
    assert row(other.case).state == "open"


def test_overruns_that_are_due_with_the_timer_are_recorded_in_the_same_tick(cases):
    _, broken, _ = cases

    with clock.at(at("2026-03-10 08:00")):  # L01 is over, and its end is the timer; the step was over on the 4th
        tick.tick()

    assert types(broken.number).count("clock.overrun") == 2
    assert types(broken.number).count("case.faulted") == 1


def test_overruns_after_the_timer_broke_are_recorded_in_the_same_tick(cases):
    _, broken, _ = cases
    faulty.slower_step(broken.case)

    with clock.at(LATER):
        tick.tick()

    told = types(broken.number)
    assert told.count("clock.overrun") == 2
    assert told.index("case.faulted") < len(told) - 1


def test_after_a_repair_the_timer_is_tried_at_once(cases):
    town, broken, _ = cases
    with clock.at(LATER):
        tick.tick()
        approve(town, propose(town, broken.case))
        assert row(broken.case).state == "open"

        tick.tick()

    assert types(broken.number).count("case.faulted") == 2


def test_a_case_in_fault_is_not_late_work_but_is_counted(cases):
    with clock.at(LATER):
        tick.tick()
        facts, _ = health()

    assert facts["oldest_due"] is None
    assert facts["faults"] == 1


def test_a_fault_while_the_case_moved_on_is_an_ordinary_failure(cases, monkeypatch):
    """Nothing was put into fault, so the timer is still due: it rests and is tried again."""
    _, broken, _ = cases
    monkeypatch.setattr("engine.db.faults.note", lambda *_: None)

    with clock.at(LATER):
        tick.tick()

    assert jobs.failing() == 1
    assert row(broken.case).state == "open"


def test_the_actor_of_the_fault_is_the_system(cases):
    _, broken, _ = cases
    with clock.at(LATER):
        tick.tick()

    event = next(e for e in county.events(broken.number) if e["type"] == "case.faulted")
    with begin(SYSTEM_ACTOR) as ctx:
        assert event["person"] == ctx.pseudonym
    assert event["facts"]["verb"] == "fire_timer"
    assert event["facts"]["at"] == faulty.PLACE
