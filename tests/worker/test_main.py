"""The program itself: it beats, and stops when told to."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from engine.db import tables as t
from engine.settings import ROOT

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def start(database_url, configure) -> Iterator[object]:
    running: list[subprocess.Popen[str]] = []

    def run(**settings: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "worker"]
        environment = {**os.environ, "SUNLIT_TICK_SECONDS": "1", **settings}
        running.append(subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True))
        return running[-1]

    yield run
    for process in running:
        process.kill()
        process.communicate()


def beat(database_url: str, seconds: float = 30) -> str:
    """Return the note of the first heartbeat."""
    engine = sa.create_engine(database_url, poolclass=sa.NullPool)
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with engine.connect() as connection:
            if note := connection.scalar(sa.select(t.heartbeat.c.note)):
                return str(note)
        time.sleep(0.05)
    raise AssertionError("no heartbeat")


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_it_beats_and_stops_within_seconds(start, database_url, how) -> None:
    worker = start()

    note = beat(database_url)
    worker.send_signal(how)
    _, log = worker.communicate(timeout=10)

    assert note == "tried 0, failing 0"
    assert worker.returncode == 0
    assert "worker stopped" in log


@pytest.mark.services
def test_it_runs_with_a_queue_that_is_not_there(start, database_url, redis) -> None:
    redis.stop()
    worker = start(SUNLIT_REDIS_URL=redis.url)

    beat(database_url)
    worker.terminate()
    worker.communicate(timeout=10)

    assert worker.returncode == 0


def test_a_wrong_setting_is_said_and_ends_it(start) -> None:
    worker = start(SUNLIT_PORT="eighty")

    _, log = worker.communicate(timeout=30)

    assert worker.returncode == 2
    assert "SUNLIT_PORT" in log
    assert "Traceback" not in log


def test_a_database_that_is_away_does_not_end_it(start, tmp_path) -> None:
    worker = start(SUNLIT_DATABASE_URL=f"sqlite:///{tmp_path}/away/sunlit.db")
    said = next(line for line in worker.stderr if "this tick failed" in line)

    worker.terminate()
    _, log = worker.communicate(timeout=10)

    assert "ERROR" in said
    assert "worker stopped" in log
    assert worker.returncode == 0
