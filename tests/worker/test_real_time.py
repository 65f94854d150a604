"""The worker and the real engine: what the law does when nobody acts, also after a week without a worker."""

from __future__ import annotations

import pytest

from engine import clock, commands
from engine.db import due
from engine.db.store import reading
from tests import county
from tests.county import at, events, file, open_paths, types
from worker import jobs
from worker.queue import Doorbell
from worker.tick import tick

FILED = at("2026-03-02 10:00")  # Monday
IN_TIME = at("2026-03-09 23:59")  # the fifth working day, Monday: the last one to refuse or ask for more
DEEMED = at("2026-03-10 00:00")
LEGAL_AT = "2026-03-09T16:00:00.000000Z"  # the same instant, as events write it


@pytest.fixture
def town(database_url):
    with clock.at(FILED):
        yield county.found()
    jobs._failed.clear()


def test_an_application_that_nobody_looks_at_is_deemed_accepted_at_its_legal_instant(town) -> None:
    filed = file(town)

    with clock.at(IN_TIME):
        tick()
        before = types(filed.number)
    with clock.at(DEEMED):
        tick()

    assert "timer.fired" not in before
    fired = [event for event in events(filed.number) if event["type"] == "timer.fired"]
    assert [event["facts"]["legal_at"] for event in fired] == [LEGAL_AT]
    assert "intake/accept" not in open_paths(filed.case)
    assert jobs.failing() == 0


def test_a_worker_that_was_away_for_two_weeks_leaves_the_same_trace(town) -> None:
    filed = file(town)

    with clock.at(at("2026-03-17 08:00")):
        tick()
        again = tick()
        with reading() as conn:
            assert due.oldest(conn, clock.now()) is None
            assert commands.check(conn).faults == []

    fired = [event for event in events(filed.number) if event["type"] == "timer.fired"]
    assert fired[0]["facts"]["legal_at"] == LEGAL_AT
    assert again == 0


@pytest.mark.services
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_queue_makes_no_difference(town, redis) -> None:
    plain, queued = file(town), file(town)
    offered = []
    doorbell = Doorbell(redis.url)

    def carry(work):
        offered.extend(work)
        return doorbell.carry(work)

    with clock.at(at("2026-03-17 08:00")):
        tick(carry)

    assert len(offered) >= 2
    assert jobs.failing() == 0
    assert types(plain.number) == types(queued.number)
    assert types(plain.number).count("timer.fired") >= 1
