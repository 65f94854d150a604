"""`python -m worker`: looks every few seconds what is due, until it is told to stop."""

from __future__ import annotations

import logging
import signal
import sys
from types import FrameType

from engine.db.store import heartbeat
from engine.errors import BadSetting
from engine.settings import settings
from worker import jobs
from worker.daily import daily
from worker.queue import Doorbell
from worker.tick import tick

logger = logging.getLogger("worker")


def main() -> int:
    """Run until SIGTERM or SIGINT; the piece of work in hand is finished first."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    for chatty in ("rq", "weasyprint.progress"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    try:
        given = settings()
    except BadSetting as error:
        print(error, file=sys.stderr)
        return 2
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _stop)
    doorbell = Doorbell(given.redis_url) if given.redis_url else None
    logger.info("worker started, looking every %s s, %s", given.tick_seconds, "with Redis" if doorbell else "no Redis")
    while not jobs.stopping.is_set():
        _once(doorbell)
        jobs.stopping.wait(max(given.tick_seconds, 0.1))
    logger.info("worker stopped")
    return 0


def _once(doorbell: Doorbell | None) -> None:
    try:
        count = tick(doorbell.carry if doorbell else None)
        heartbeat("worker", f"tried {count}, failing {jobs.failing()}")
        daily()
    except Exception:  # the database may be away; it will come back
        logger.exception("this tick failed")


def _stop(_: int, __: FrameType | None) -> None:
    jobs.stopping.set()


if __name__ == "__main__":
    sys.exit(main())
