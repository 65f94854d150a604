"""Texts of flow timers: limit("step or rule"), workdays(n), stop(), else ISO 8601 (natural_time)."""

from __future__ import annotations

import re
from dataclasses import dataclass

_LIMIT = re.compile(r"""limit\(\s*["']([\w./-]+)["']\s*\)""")
STOP = "stop()"
_WORKDAYS = re.compile(r"workdays\(\s*(\d{1,4})\s*\)")


@dataclass(frozen=True, kw_only=True)
class TimerText:
    """`limit`: a step of the same flow, or a rule of time; `workdays`: a number of working days; else natural time.

    `stop`: as the day after the planned end of the stop that runs begins.
    """

    text: str
    stop: bool = False
    limit: str | None = None
    workdays: int | None = None

    @classmethod
    def of(cls, text: str) -> TimerText:
        if text.strip() == STOP:
            return cls(text=text, stop=True)
        if match := _LIMIT.fullmatch(text):
            return cls(text=text, limit=match[1])
        if match := _WORKDAYS.fullmatch(text):
            return cls(text=text, workdays=int(match[1]))
        return cls(text=text)
