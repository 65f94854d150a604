"""What is done once a day beside the work that falls due: the monitors are told what was counted over many cases."""

from __future__ import annotations

import logging
from datetime import date

from engine import clock
from engine.commands import tell_monitors

logger = logging.getLogger(__name__)

_done: set[date] = set()  # the day that was tried last


def daily() -> None:
    """Do today's round unless this process has tried it; what fails is reported, and made up for tomorrow."""
    today = clock.local_date(clock.now())
    if today in _done:
        return
    _done.clear()
    _done.add(today)
    if told := tell_monitors():
        logger.info("told the monitors of %s things that were counted", told)
