"""Timers of the flow get their legal instant here; limit(...) follows a clock, only fire_timer fires one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from engine.bpmn.run import Armed, Moved
from engine.clock import day_start
from engine.commands.settling import Settling
from engine.model import Unit
from engine.rules import limits, recounting
from engine.rules.natural_time import instant
from engine.rules.timer_text import TimerText


def arm_timers(now: Settling, moved: Moved) -> None:
    """Arm what the move armed, disarm what it disarmed; what follows a clock or counts working days follows it on."""
    disarmed = {f"{token}:{index}" for token, index in moved.disarmed}
    for row in now.timers:
        if row["key"] in disarmed:
            now.change.timers.setdefault(row["key"], dict(row) | {"cancelled_at": now.when})
        elif (last := _moved_to(now, row)) is not None and _when(now, last) != row["fires_at"]:
            now.change.timers[row["key"]] = dict(row) | {"fires_at": _when(now, last)}
    for armed in moved.armed:
        key = f"{armed.token}:{armed.index}"
        clock, fires_at = _instant(now, armed)
        now.change.timers[key] = {
            "case_": now.case.id,
            "key": key,
            "token": armed.token,
            "index": armed.index,
            "path": armed.path,
            "text": armed.text,
            "clock": clock,
            "armed_on": now.on,
            "fires_at": fires_at,
            "fired_at": None,
            "cancelled_at": None,
        }


def arm_again(now: Settling, rows: Sequence[Mapping[str, Any]]) -> None:
    """Arm timers that were disarmed, at the instant that they had; what they follow may end later by now."""
    for row in rows:
        clock, number = now.clocks.get(row["clock"] or ""), TimerText.of(row["text"]).workdays
        last = clock.due_on if clock else None
        if number is not None and row["armed_on"] is not None:
            last = recounting.last_workday(number, row["armed_on"], now.stops, now.ctx.calendar)
        later = day_start(last + timedelta(days=1)) if last else row["fires_at"]
        fires_at = max(later, row["fires_at"]) if row["fires_at"] else None
        now.change.timers[row["key"]] = dict(row) | {"cancelled_at": None, "fires_at": fires_at}


def _moved_to(now: Settling, row: Mapping[str, Any]) -> date | None:
    """Return the last day that an armed timer follows, if it may be another since this settling."""
    if row["clock"] is not None:
        if row["clock"] not in now.change.clocks:
            return None
        clock = now.clocks[row["clock"]]
        return clock.due_on if clock.ended_on is None or row["fires_at"] is None else None
    number, stopped = TimerText.of(row["text"]).workdays, now.change.stops or now.change.stopped_until
    if number is None or row["armed_on"] is None or not stopped:
        return None
    return recounting.last_workday(number, row["armed_on"], now.stops, now.ctx.calendar)


def _when(now: Settling, last: date) -> datetime:
    """Return the instant at which a last day has passed; a timer takes effect at the earliest when it is armed."""
    return max(day_start(last + timedelta(days=1)), now.when)


def _instant(now: Settling, armed: Armed) -> tuple[str | None, datetime | None]:
    text = TimerText.of(armed.text)
    if text.limit:
        key = _clock_of(now, armed.path, text.limit)
        clock = now.clocks.get(key)
        return key, _when(now, clock.due_on) if clock else None
    if text.stop:
        return None, _when(now, max((stop.to_on for stop in now.stops), default=now.on - timedelta(days=1)))
    if text.workdays is not None:
        due = limits.due_on(Unit.WORKING_DAY, text.workdays, now.on, now.stops, now.ctx.calendar)
        return None, _when(now, due.on)
    return None, max(instant(armed.text, now.when), now.when)


def _clock_of(now: Settling, path: str, limit: str) -> str:
    """Return the key of the clock that limit("...") names: of a step of the same flow, of a rule, or until a mark."""
    flow, item = path.rpartition("/")[0], now.case.program.item
    step = f"{flow}/{limit}" if flow else limit
    if step not in item.steps:
        return f"statute:{next((known.rule for known in item.limits if known.until == limit), limit)}"
    opened = [row["token"] for row in now.change.steps.values() if row["path"] == step and row["closed_at"] is None]
    waiting = [s.token for s in now.case.open_steps if s.path == step and s.token not in now.change.steps]
    return f"step:{[*opened, *waiting, ''][0]}"
