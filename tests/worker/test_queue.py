"""Redis is a doorbell: what hangs there is not trusted, and nothing is lost with it."""

from __future__ import annotations

import json
import logging
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from rq import Queue, SimpleWorker
from rq.job import Job
from rq.serializers import JSONSerializer

from engine.settings import ROOT
from tests.worker.conftest import NOW
from worker import queue
from worker.queue import Doorbell, SafeJob
from worker.tick import tick

pytestmark = pytest.mark.services
SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
WORK = [["timer", 1]]


@pytest.fixture
def doorbell(redis) -> Doorbell:
    return Doorbell(redis.url)


def forge(redis, data: object, **fields: str) -> None:
    """Write a job by hand, as somebody with access to Redis would."""
    with redis.client() as client:
        job = {"created_at": "2026-03-10T01:00:00.000000Z", "status": "queued", "origin": queue.NAME, "timeout": 9}
        client.hset("rq:job:forged", mapping={**job, "data": JSONSerializer.dumps(data), **fields})
        client.sadd("rq:queues", f"rq:queue:{queue.NAME}")
        client.rpush(f"rq:queue:{queue.NAME}", "forged")


def left(redis) -> int:
    with redis.client() as client:
        return client.llen(f"rq:queue:{queue.NAME}")


@SQLITE
def test_work_goes_through_the_queue(timers, commands, redis, doorbell) -> None:
    assert doorbell.carry([("timer", key) for key in timers])

    assert commands.done == [("timer", key) for key in timers]
    with redis.client() as client:
        assert not client.exists("rq:job:due"), "the bell can ring again"
    assert left(redis) == 0


def test_the_bell_rings_once(redis) -> None:
    with redis.client() as client:
        bell = Queue(queue.NAME, connection=client, job_class=SafeJob, serializer=JSONSerializer)
        queue._ring(bell, [("timer", 1)])
        queue._ring(bell, [("timer", 1), ("timer", 2)])

        assert bell.job_ids == ["due"]


FORGED = {
    "another function": ["os.system", None, ["touch {canary}"], {}],
    "a method of an object": ["__class__", "text", [], {}],
    "keywords": [queue.RUN, None, [WORK], {"x": 1}],
    "a text instead of an id": [queue.RUN, None, [[["timer", "1"]]], {}],
    "truth instead of an id": [queue.RUN, None, [[["timer", True]]], {}],
    "an unknown kind": [queue.RUN, None, [[["shell", 1]]], {}],
    "too many arguments": [queue.RUN, None, [WORK, WORK], {}],
    "a dictionary": [queue.RUN, None, [{"timer": 1}], {}],
    "not a job at all": {"a": 1},
}


@SQLITE
@pytest.mark.parametrize("data", FORGED.values(), ids=FORGED.keys())
def test_a_forged_job_is_refused(timers, commands, redis, doorbell, tmp_path, data) -> None:
    text = JSONSerializer.dumps(data).decode().replace("{canary}", str(tmp_path / "canary"))
    forge(redis, JSONSerializer.loads(text.encode()))
    ran: list[object] = []
    commands.first = lambda _, key: ran.append(key)

    doorbell.carry([("timer", timers[0])])

    assert not (tmp_path / "canary").exists()
    assert ran == [timers[0]], "the true job ran, the forged one did not"
    assert left(redis) == 0


def test_plain_rq_would_have_run_it(redis, tmp_path: Path) -> None:
    forge(redis, ["os.system", None, [f"touch {tmp_path / 'canary'}"], {}])

    with redis.client() as client:
        plain = Queue(queue.NAME, connection=client, serializer=JSONSerializer)
        worker = SimpleWorker([plain], connection=client, serializer=JSONSerializer)
        found = Queue.dequeue_any([plain], None, connection=client, job_class=Job, serializer=JSONSerializer)
        worker.execute_job(*found)

    assert (tmp_path / "canary").exists()


@SQLITE
@pytest.mark.parametrize("good", [True, False])
def test_callbacks_and_webhooks_of_a_job_are_ignored(timers, commands, redis, doorbell, monkeypatch, good) -> None:
    called: list[str] = []
    monkeypatch.setattr(os, "getcwdb", lambda *args: called.append("callback"))
    monkeypatch.setattr("rq.webhook.Webhook.send", lambda *args, **kwargs: called.append("webhook"))
    names = {f"{kind}_callback_name": "os.getcwdb" for kind in ("success", "failure", "stopped")}
    hooks = json.dumps([{"url": "http://127.0.0.1:9/", "job_status": status} for status in ("finished", "failed")])
    forge(redis, [queue.RUN if good else "os.system", None, [WORK], {}], webhooks=hooks, **names)

    doorbell.carry([("timer", timers[-1])])

    assert called == []
    assert (("timer", 1) in commands.done) == good


def once(action: Callable[[], object], at: int) -> Callable[[object, int], None]:
    seen: list[int] = []

    def first(_: object, key: int) -> None:
        seen.append(key)
        if len(seen) == at:
            action()

    return first


@SQLITE
def test_a_flush_in_the_middle_loses_nothing(timers, commands, redis, doorbell) -> None:
    with redis.client() as client:
        commands.first = once(client.flushall, at=5)

        tick(doorbell.carry)

    assert commands.done == [("timer", key) for key in timers]


@SQLITE
def test_without_redis_work_goes_on_and_the_bell_comes_back(timers, timer, commands, redis, doorbell, caplog) -> None:
    commands.first = once(redis.stop, at=5)
    with caplog.at_level(logging.INFO, "worker.queue"):
        tick(doorbell.carry)
        without = list(commands.done)
        second = timer(NOW)
        tick(doorbell.carry)
        redis.start()
        third = timer(NOW)
        tick(doorbell.carry)

    assert without == [("timer", key) for key in timers]
    assert commands.done == [("timer", key) for key in [*timers, second, third]]
    said = [record.levelname for record in caplog.records if record.name == "worker.queue"]
    assert said == ["WARNING", "INFO"], "the loss is reported once"


@SQLITE
def test_a_frozen_redis_delays_by_seconds_only(timers, commands, redis, doorbell, monkeypatch) -> None:
    monkeypatch.setattr(queue, "SECONDS", 1)
    redis.process.send_signal(signal.SIGSTOP)
    start = time.monotonic()
    try:
        tick(doorbell.carry)
    finally:
        redis.process.send_signal(signal.SIGCONT)

    assert commands.done == [("timer", key) for key in timers]
    assert time.monotonic() - start < 5


@SQLITE
def test_a_job_left_by_a_killed_worker_does_not_stop_the_work(timers, commands, redis, doorbell) -> None:
    with redis.client() as client:
        client.hset("rq:job:due", mapping={"status": "started", "created_at": "2026-03-10T01:00:00.000000Z"})

    tick(doorbell.carry)

    assert commands.done == [("timer", key) for key in timers]


@SQLITE
def test_the_rights_in_deploy_suffice(timers, commands, redis) -> None:
    name, *rights = (ROOT / "deploy/redis.acl").read_text().splitlines()[1].removeprefix("user ").split()
    with redis.client() as client:
        client.execute_command("ACL", "SETUSER", name, "reset", *rights)
    doorbell = Doorbell(redis.url.replace("unix://", f"unix://{name}:CHANGE-ME@"))

    assert doorbell.carry([("timer", key) for key in timers])

    assert commands.done == [("timer", key) for key in timers]
