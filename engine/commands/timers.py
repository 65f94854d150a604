"""Timers of the flow get their legal instant here; limit(...) follows a clock, only fire_timer fires one."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from engine.bpmn.run import Armed, Moved
from engine.clock import day_start
from engine.commands.settling import Settling
from engine.model import Unit
from engine.rules import limits
from engine.rules.natural_time import instant
from engine.rules.timer_text import TimerText


def arm_timers(now: Settling, moved: Moved) -> None:
    changed = {row["key"]: row["ended_on"] is None for row in now.change.clocks.values()}
    disarmed = {f"{token}:{index}" for token, index in moved.disarmed}
    for row in now.timers:
        if row["key"] in disarmed:
            now.change.timers.setdefault(row["key"], dict(row) | {"cancelled_at": now.when})
        elif row["clock"] in changed and (row["fires_at"] is None or changed[row["clock"]]):
            now.change.timers[row["key"]] = dict(row) | {"fires_at": _when(now, now.clocks[row["clock"]].due_on)}
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


def _when(now: Settling, last: date) -> datetime:
    """Return the instant at which a last day has passed; a timer takes effect at the earliest when it is armed."""
    return max(day_start(last + timedelta(days=1)), now.when)


def _instant(now: Settling, armed: Armed) -> tuple[str | None, datetime | None]:
    text = TimerText.of(armed.text)
    if text.limit:
        key = _clock_of(now, armed.path, text.limit)
        clock = now.clocks.get(key)
        return key, _when(now, clock.due_on) if clock else None
    if text.workdays is not None:
        due = limits.due_on(Unit.WORKING_DAY, text.workdays, now.on, now.stops, now.ctx.calendar)
        return None, _when(now, due.on)
    return None, max(instant(armed.text, now.when), now.when)


def _clock_of(now: Settling, path: str, limit: str) -> str:
    """Return the key of the clock that limit("...") names: of a step of the same flow, else of a rule."""
    flow = path.rpartition("/")[0]
    step = f"{flow}/{limit}" if flow else limit
    if step not in now.case.program.item.steps:
        return f"statute:{limit}"
    opened = [row["token"] for row in now.change.steps.values() if row["path"] == step and row["closed_at"] is None]
    waiting = [s.token for s in now.case.open_steps if s.path == step and s.token not in now.change.steps]
    return f"step:{[*opened, *waiting, ''][0]}"
