"""One look at what is due, until nothing is. After downtime it catches up in the order in which the law ran.

The database is the truth. The queue carries the keys to whichever worker is awake; what it leaves undone is done here.
"""

from __future__ import annotations

from collections.abc import Callable

from engine import clock
from engine.db import due
from engine.db.store import reading
from worker import jobs
from worker.jobs import Work

ROUNDS = 1000  # of one tick: a flow that always arms another timer must not hold up the heartbeat


def tick(carry: Callable[[list[Work]], bool] | None = None) -> int:
    """Do all that is due; return how many pieces were tried. `carry` offers work to the queue first.

    Once it answers no, the queue is left alone until the next tick.
    """
    carried: set[Work] = set()
    tried: set[Work] = set()
    for _ in range(ROUNDS):
        work = _next(tried)
        if not work or jobs.stopping.is_set():
            break
        if carry and not carried.issuperset(work):
            carried.update(work)
            carry = carry if carry(work) else None
        else:
            tried.update(work)
            jobs.run(work)
    return len(carried | tried)


def _next(tried: set[Work]) -> list[Work]:
    """Return what comes next, in legal order: overruns up to the oldest timer's instant, then the timers of it.

    When all of these were tried in vain, the rest must not wait for them.
    """
    now = clock.now()
    with reading() as conn:
        for moment in (due.oldest(conn, now) or now, now):
            clocks = [("clock", key) for key in due.clocks(conn, clock.local_date(moment))]
            timers = [("timer", key) for key in due.timers(conn, moment)]
            if work := [one for one in clocks + timers if one not in tried and not jobs.resting(one)]:
                return work
    return []
