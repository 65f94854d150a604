"""What a limit that binds the other way says to a day: it must last longer, or it should have come before. No clock."""

from __future__ import annotations

from datetime import date, timedelta

from engine.errors import NoticeTooLate, TooEarly
from engine.model import Clock
from engine.rules.rule import Direction


def bar(clock: Clock, on: date, name: str) -> TooEarly | NoticeTooLate | None:
    """Return why the mark that ends a clock cannot be reached on a day; `name`: what the rule is called.

    at_least: the last day must have passed. before: the last day is the latest one that is early enough.
    """
    if clock.direction == Direction.AT_LEAST and on <= clock.due_on:
        return TooEarly(rule=name, from_on=clock.due_on + timedelta(days=1), basis=clock.rule)
    if clock.direction == Direction.BEFORE and on > clock.due_on:
        return NoticeTooLate(rule=name, latest=clock.due_on, basis=clock.rule)
    return None
