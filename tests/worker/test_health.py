"""/healthz tells an operator whether database, worker and time are well."""

from __future__ import annotations

from datetime import timedelta

import pytest

from engine.db import tables as t
from engine.db.store import begin, heartbeat
from engine.model import SYSTEM_ACTOR
from tests.worker.conftest import NOW
from webui.health import health


def test_a_fresh_system_without_a_worker_is_degraded(county) -> None:
    facts, status = health()

    assert status == 200
    assert (facts["status"], facts["database"], facts["worker"]) == ("degraded", "ok", None)
    assert facts["trace_head"] == {"events": 0, "last_at": None}
    assert facts["oldest_due"] is None


def test_with_a_living_worker_all_is_well(county) -> None:
    heartbeat("worker", "")
    with begin(SYSTEM_ACTOR) as ctx:
        for chain, number, at in (("organ:1", 2, NOW), ("2026-YL-000001", 5, NOW - timedelta(days=1))):
            ctx.conn.execute(t.chain.insert().values(id=chain, head="", seq=number, last_at=at))

    facts, status = health()

    assert (status, facts["status"]) == (200, "ok")
    assert 0 <= facts["worker"] <= 5
    assert facts["trace_head"] == {"events": 7, "last_at": "2026-03-10T01:00:00+00:00"}
    assert facts["version"][0].isdigit()


def test_a_worker_that_fell_silent_degrades(county) -> None:
    heartbeat("worker", "")
    with begin(SYSTEM_ACTOR) as ctx:
        at = ctx.conn.execute(t.heartbeat.select()).one().at
        ctx.conn.execute(t.heartbeat.update().values(at=at - timedelta(seconds=90)))

    facts, _ = health()

    assert facts["status"] == "degraded"
    assert 89 <= facts["worker"] <= 95  # SQLite tells the time in whole seconds


@pytest.mark.parametrize(("age", "status"), [(timedelta(minutes=9), "ok"), (timedelta(minutes=10), "degraded")])
def test_work_that_lies_too_long_degrades(timer, age, status) -> None:
    heartbeat("worker", "")
    timer(NOW - age)

    facts, _ = health()

    assert facts["oldest_due"] == (NOW - age).isoformat()
    assert facts["status"] == status


def test_without_a_database_the_answer_is_503(configure, tmp_path) -> None:
    configure(SUNLIT_DATABASE_URL=f"sqlite:///{tmp_path}/missing/sunlit.db")

    facts, status = health()

    assert status == 503
    assert set(facts) == {"status", "database", "worker", "oldest_due", "trace_head", "faults", "version"}
    assert facts["database"] == "unavailable"
