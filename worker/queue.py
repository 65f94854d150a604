"""The doorbell: rq carries keys of due work between workers. It holds no truth and is not trusted.

Whoever can write to Redis can write any job there. `SafeJob` therefore runs functions of a short list with arguments of
the expected shape only, and no callback or webhook; rq's remote commands are not listened to. Flushed or stopped,
Redis costs nothing but the bell: worker/tick does the work itself.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import Any

from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry
from rq import Queue, SimpleWorker
from rq.exceptions import DuplicateJobError
from rq.job import Job
from rq.serializers import JSONSerializer

from engine.commands import DUE_KINDS
from engine.db.due import Work

logger = logging.getLogger(__name__)

RUN = "worker.jobs.run"
NAME = "sunlit"
AT_ONCE = 100  # jobs taken in one go
SECONDS = 5  # to wait for Redis; a dead worker's job blocks the bell for job_timeout + 60


def _is_work(args: Sequence[Any]) -> bool:
    """Return whether the arguments are one list of pairs, a known kind and an id."""
    return (
        len(args) == 1
        and isinstance(args[0], list)
        and all(isinstance(one, list) and len(one) == 2 for one in args[0])
        and all(kind in DUE_KINDS and type(key) is int for kind, key in args[0])
    )


ALLOWED: dict[str, Callable[[Sequence[Any]], bool]] = {RUN: _is_work}


class SafeJob(Job):
    """A job as read from Redis; refuses what is not on the list.

    Raises:
        PermissionError: the function or its arguments are not allowed.
    """

    success_callback = failure_callback = stopped_callback = None

    @property
    def func(self) -> Callable[..., Any]:
        allowed = ALLOWED.get(str(self.func_name))
        if not allowed or self.instance is not None or self.kwargs or not allowed(self.args):
            raise PermissionError("this job is not on the list of allowed ones")
        function: Callable[..., Any] = super().func
        return function

    def send_webhooks(self, *_: Any, **__: Any) -> None:
        """Send none: their addresses come from Redis."""


class Drainer(SimpleWorker):
    """Runs jobs in this process, one at a time; never waits for one, so the short time-outs of Redis hold."""

    def _set_connection(self, connection: Redis) -> Redis:
        return connection


class Doorbell:
    """A connection to Redis that may fail at any time."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._worker: Drainer | None = None
        self._silent = False  # the loss of Redis was reported

    def carry(self, work: list[Work]) -> bool:
        """Ring once for this work, then do what hangs in the queue; return False when the queue is not usable."""
        try:
            worker = self._worker = self._worker or _connect(self._url)
            _ring(worker.queues[0], work)
            _drain(worker)
        except Exception as error:  # Redis may hold or answer anything; the clocks run on
            if not self._silent:
                logger.warning("the queue is not usable, working without it: %s", error)
            self._silent, self._worker = True, None
            return False
        if self._silent:
            logger.info("the queue is back")
            self._silent = False
        return True


def _connect(url: str) -> Drainer:
    redis = Redis.from_url(url, socket_timeout=SECONDS, socket_connect_timeout=SECONDS, retry=Retry(NoBackoff(), 0))
    queue = Queue(NAME, connection=redis, job_class=SafeJob, serializer=JSONSerializer)
    return Drainer([queue], connection=redis, job_class=SafeJob, serializer=JSONSerializer, log_job_description=False)


def _ring(queue: Queue, work: list[Work]) -> None:
    try:
        queue.enqueue(RUN, work, job_id="due", unique=True, ttl=60, result_ttl=0, failure_ttl=60, job_timeout=300)
    except DuplicateJobError:
        logger.debug("the bell is ringing already")


def _drain(worker: Drainer) -> None:
    if worker.should_run_maintenance_tasks:  # frees the name of a job whose worker was killed
        worker.run_maintenance_tasks()  # type: ignore[no-untyped-call]  # rq has no types here
    for _ in range(AT_ONCE):
        found = Queue.dequeue_any(
            worker.queues, None, connection=worker.connection, job_class=SafeJob, serializer=JSONSerializer
        )
        if not found:
            break
        worker.execute_job(*found)
