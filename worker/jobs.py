"""What falls due, done: each timer, clock and document by itself. One that fails holds up no other case."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Sequence

from engine.commands import perform
from engine.db.due import Work
from engine.errors import CaseFaulted

logger = logging.getLogger(__name__)

LONGEST_REST = 3600.0  # seconds
stopping = threading.Event()  # set: begin nothing more

_failed: dict[Work, tuple[int, float]] = {}  # how often in a row, and until when it rests (monotonic)


def run(work: Sequence[Sequence[str | int]]) -> None:
    """Do the work in the given order: pairs of kind and id. Doing a piece twice is harmless; commands look again."""
    for kind, key in work:
        if stopping.is_set():
            return
        _one((str(kind), int(key)))


def resting() -> list[Work]:
    """Return the pieces that failed and still rest: each is tried at the next tick, then ever more seldom."""
    return [work for work, (_, until) in _failed.items() if time.monotonic() < until]


def failing() -> int:
    """Return how many pieces failed when they were last tried."""
    return len(_failed)


def _one(work: Work) -> None:
    kind, key = work
    try:
        done = perform(kind, key)
    except CaseFaulted:  # two persons repair it; until then its timers are not due, and its clocks run
        _failed.pop(work, None)
        logger.warning("a case is in fault kind=%s id=%s", kind, key, exc_info=True)
        return
    except Exception:  # whatever is wrong with this one, time runs on in the other cases
        times = _failed.get(work, (0, 0.0))[0] + 1
        rest = min(2.0 ** (times - 1), LONGEST_REST)
        _failed[work] = (times, time.monotonic() + rest)
        logger.warning("due work failed kind=%s id=%s next try in %.0f s or later", kind, key, rest, exc_info=True)
        return
    _failed.pop(work, None)
    if done:
        logger.info("due work done kind=%s id=%s", kind, key)
