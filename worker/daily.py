"""What is done once a day beside what falls due: the monitors are told what was counted, and what lies ahead."""

from __future__ import annotations

import logging
from datetime import date

from engine import clock
from engine.commands import items_ahead, tell_monitors, tell_shortages

logger = logging.getLogger(__name__)

_done: set[date] = set()  # the day that was tried last
_left: list[str] = []  # items whose days ahead are still to be looked at


def daily() -> None:
    """Do today's round unless this process has tried it; what fails is reported, and made up for tomorrow.

    Items are looked at one a call, so that what falls due between them does not wait.
    """
    today = clock.local_date(clock.now())
    if today not in _done:
        _done.clear()
        _done.add(today)
        _left[:] = items_ahead()
        if told := tell_monitors():
            logger.info("told the monitors of %s things that were counted", told)
    elif _left:
        item = _left.pop(0)
        if told := tell_shortages(item):
            logger.info("told the monitors of %s shortages ahead item=%s", told, item)
