"""Texts of timers. They say when an event wants to fire; no clock is read here and nothing fires by itself.

Mends: the library compares with the wall clock on every step, needs quotes around ISO 8601 and reads P1M as 31 days.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

_N = r"\d{1,6}"
_DURATION = re.compile(rf"P(?=.)({_N}Y)?({_N}M)?({_N}W)?({_N}D)?(T(?=.)({_N}H)?({_N}M)?({_N}(\.{_N})?S)?)?", re.A)
_CYCLE = re.compile(r"R(\d{1,4})/(.+)", re.A)
_WORKDAYS = re.compile(r"workdays\((\d{1,4})\)", re.A)
STOP = "stop()"  # the day after the stop that runs ends as planned
_LIMIT = re.compile(r'limit\("([\w.-]+)"\)')


@dataclass(frozen=True, kw_only=True)
class Timer:
    """`text` is what the caller computes a moment from; `turns` how often it fires (a cycle: more than once)."""

    text: str
    turns: int = 1


def read(text: str, shape: str) -> Timer | None:
    """Return the timer that `text` spells as a `shape` (duration, date or cycle), None when it spells none."""
    text = text.strip().strip("\"'") if not text.strip().startswith("limit") else text.strip()
    if shape == "cycle":
        m = _CYCLE.fullmatch(text)
        return Timer(text=m[2], turns=int(m[1])) if m and int(m[1]) > 0 and _is_span(m[2]) else None
    if shape == "duration":
        return Timer(text=text) if _is_span(text) else None
    return Timer(text=text) if _is_date(text) else None


def limit(text: str) -> str | None:
    """Return what `limit("...")` names: a step of the same flow or a rule of time."""
    m = _LIMIT.fullmatch(text.strip())
    return m[1] if m else None


def days(text: str) -> int:
    """Return the most working days that the wait `text` can hold; 0 for a date or a limit, which others count."""
    if m := _WORKDAYS.fullmatch(text.strip()):
        return int(m[1])
    m = _DURATION.fullmatch(text.strip())
    if not m:
        return 0
    years, months, weeks, natural = (int(part[:-1]) if part else 0 for part in m.groups()[:4])
    return years * 366 + months * 31 + weeks * 7 + natural + (1 if m[5] else 0)


def _is_span(text: str) -> bool:
    return text == STOP or any(pattern.fullmatch(text) for pattern in (_DURATION, _WORKDAYS, _LIMIT))


def _is_date(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True
