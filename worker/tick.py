"""One look at what is due, until nothing is. After downtime it catches up in the order in which the law ran.

The database is the truth. The queue carries the keys to whichever worker is awake; what it leaves undone is done here.
"""

from __future__ import annotations

from collections.abc import Callable

from engine import clock
from engine.db import due
from engine.db.due import Work
from engine.db.store import reading
from worker import jobs

ROUNDS = 1000  # of one tick: a flow that always arms another timer must not hold up the heartbeat
PAPERS = 60  # documents in one tick, for the same reason


def tick(carry: Callable[[list[Work]], bool] | None = None) -> int:
    """Do all that is due; return how many pieces were tried. `carry` offers work to the queue first.

    Once it answers no, the queue is left alone until the next tick.
    """
    carried: set[Work] = set()
    tried: set[Work] = set()
    stuck: set[Work] = set()
    for _ in range(ROUNDS):
        work = _next(carried | tried, tried, stuck)
        if not work or jobs.stopping.is_set():
            break
        if carry and not carried.issuperset(work):
            carried.update(work)
            carry = carry if carry(work) else None
        else:
            tried.update(work)
            jobs.run(work)
    return len(carried | tried)


def _next(begun: set[Work], tried: set[Work], stuck: set[Work]) -> list[Work]:
    """Return what comes next, one piece a case, in legal order. A piece that fails holds up its own case only.

    `stuck` grows by what was tried and is still there.
    """
    stuck.update(jobs.resting())
    papers = min(due.PAPERS, PAPERS - sum(kind == "document" for kind, _ in begun))
    while True:
        with reading() as conn:
            work = due.work(conn, clock.now(), without=stuck, papers=papers)
        fresh = [one for one in work if one not in tried]
        if fresh or not work:
            return fresh
        stuck.update(work)
