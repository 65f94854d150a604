"""Redis flushed, stopped and started while workers catch up: nothing is lost, nothing is done twice."""

from __future__ import annotations

import time
from datetime import timedelta
from pathlib import Path

import pytest

from engine import clock
from engine.settings import settings
from tests import county
from tests.county import types
from tests.live import Live
from tests.reliability.test_kill import assert_the_trace_is_intact, wait_until_nothing_is_due

CASES = 40
pytestmark = pytest.mark.services


def test_redis_may_come_and_go_under_load(database_url: str, redis, tmp_path: Path) -> None:
    town = county.found()
    with clock.at(clock.now() - timedelta(days=40)):
        cases = [county.file(town) for _ in range(CASES)]
    servers = [
        Live(
            env={
                "SUNLIT_DATABASE_URL": database_url,
                "SUNLIT_DATA_DIR": str(settings().data_dir),
                "SUNLIT_SECRET_KEY": settings().secret_key.decode(),
                "SUNLIT_REDIS_URL": redis.url,
                "SUNLIT_TICK_SECONDS": "1",
            },
            log=tmp_path / f"worker{n}.log",
        )
        for n in range(2)
    ]
    try:
        for server in servers:
            server.start_worker()
        for _ in range(3):
            time.sleep(0.7)
            with redis.client() as client:
                client.flushall()
            time.sleep(0.4)
            redis.stop()
            time.sleep(0.7)
            redis.start()
        wait_until_nothing_is_due()
    finally:
        for server in servers:
            server.kill()

    for filed in cases:
        assert types(filed.number).count("timer.fired") == 1
        overruns = [e["facts"]["key"] for e in county.events(filed.number) if e["type"] == "clock.overrun"]
        assert len(overruns) == len(set(overruns)) > 0
    assert_the_trace_is_intact()
