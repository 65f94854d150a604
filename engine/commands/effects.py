"""What the law makes of silence takes effect: recorded when its timer fires, dated at its legal day however late.

There is no deemed grant (engine/bpmn/check/effects.py).
"""

from __future__ import annotations

from datetime import date, timedelta

from engine.bpmn.run import Moved
from engine.commands.cases import Case
from engine.commands.settling import Settling
from engine.db.record import Entry
from engine.model import Clock, Event
from engine.rules.rule import EffectFrom


def take(now: Settling, moved: Moved) -> None:
    """Trace the effects of the timers that have fired in a move."""
    for path in moved.passed:
        rule_id = now.case.program.item.effects.get(path)
        clock = now.clocks.get(f"statute:{rule_id}")
        if rule_id is None or clock is None:
            continue
        rule = now.ctx.book.limits[rule_id]
        on = day(clock, rule.effect_from)
        facts = {"effect": rule.effect.value, "key": clock.key, "on": on.isoformat()}
        now.change.trace(
            Entry(type=Event.EFFECT_TAKEN, step=path, rule=rule_id, due_on=clock.due_on, facts=facts, by_actor=False)
        )


def day(clock: Clock, effect_from: EffectFrom) -> date:
    """Return the day from which the effect of a clock's silence holds."""
    match effect_from:
        case EffectFrom.START:
            return clock.started_on
        case EffectFrom.LAST_DAY:
            return clock.due_on
    return clock.due_on + timedelta(days=1)


def forestalled(case: Case, path: str, clock: Clock) -> bool:
    """Whether the timer at `path` would make something of silence, and there was none: the limit was kept."""
    return path in case.program.item.effects and clock.ended_on is not None and clock.ended_on <= clock.due_on
