"""Do all that is due, each piece in its own transaction: for the command line, the demo clock and the seeder.

The worker does the same with a queue beside it (worker/). Unlike a command, this opens its transactions itself.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping

from engine import clock
from engine.commands import forewarning
from engine.commands.carding import draft_card, draft_for_correction, draft_for_silence
from engine.commands.firing import fire_timer, record_overrun
from engine.commands.people.handing import free_step
from engine.commands.rendering import render_document
from engine.commands.signing import drop_signer
from engine.commands.staffing import items, shortages
from engine.commands.warning import counted, warn
from engine.db import due
from engine.db.context import Context
from engine.db.store import begin, book, reading
from engine.errors import CaseFaulted, SunlitError
from engine.model import SYSTEM_ACTOR

logger = logging.getLogger(__name__)

COMMANDS: Mapping[str, Callable[[Context, int], bool]] = {
    "timer": fire_timer,
    "clock": record_overrun,
    "card": draft_card,
    "correction": draft_for_correction,
    "reply": draft_for_silence,
    "claim": free_step,
    "signer": drop_signer,
}
PAPER = "document"
KINDS = frozenset((*COMMANDS, PAPER))


def perform(kind: str, key: int) -> bool:
    """Do a piece of due work in transactions of its own; return False when it is not due any more."""
    if kind == PAPER:
        return render_document(key)
    with begin(SYSTEM_ACTOR) as ctx:
        return COMMANDS[kind](ctx, key)


def catch_up(*, papers: bool = False) -> tuple[int, int]:
    """Do what is due, in legal order, until nothing is left; return how many were done and how many failed.

    `papers`: documents are rendered too; else that is left to the worker, who takes a tenth of a second for each.
    """
    done, failed, refused = 0, 0, set[due.Work]()
    while True:
        with reading() as conn:
            todo = due.work(conn, clock.now(), without=refused, papers=due.PAPERS if papers else 0)
        if not todo:
            return done, failed
        for kind, key in todo:
            try:
                if perform(kind, key):
                    done += 1
                    continue
            except CaseFaulted:  # its clocks run on, so its overruns are still recorded here
                logger.warning("a case is in fault kind=%s id=%s", kind, key, exc_info=True)
                failed += 1
                continue
            except SunlitError:
                logger.warning("due work failed kind=%s id=%s", kind, key, exc_info=True)
                failed += 1
            refused.add((kind, key))  # failed, or not due after all: looked at again the next time


def tell_monitors() -> int:
    """Tell the monitors what constraints that only warn have counted by today; return how many things were new.

    For once a day: it counts over all cases of two quarters. Twice does no harm.
    """
    with reading() as conn:
        found = counted(conn, book(), clock.local_date(clock.now()))
    if not found:
        return 0
    with begin(SYSTEM_ACTOR) as ctx:
        return warn(ctx, found)


def tell_shortages(item: str) -> int:
    """Tell the monitors where an item cannot be done within the horizon; return how many things were new.

    For once a day: it proves the item for each organ and day on which something changes, outside a transaction.
    Twice does no harm.
    """
    today = clock.local_date(clock.now())
    with reading() as conn:
        found = shortages(conn, today, item=item)
        news = forewarning.news(conn, item, found)
    if not news:
        return 0
    with begin(SYSTEM_ACTOR) as ctx:
        return forewarning.forewarn(ctx, news)


def items_ahead() -> tuple[str, ...]:
    """Return the items that `tell_shortages` is to be asked about."""
    with reading() as conn:
        return items(conn)
