"""What the law made of silence in a case, as the trace has it: rule, effect, from which day, and when it came about."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine.clock import day_start
from engine.db import tables as t
from engine.model import Event


@dataclass(frozen=True, kw_only=True)
class Taken:
    """An effect of silence. `on`: the day it holds from; `at`: when the limit had run out, not when it was recorded."""

    rule: str
    effect: str
    on: date
    at: datetime


def taken(conn: Connection, number: str) -> tuple[Taken, ...]:
    """Return the effects of silence in the case of a number, in the order of the trace."""
    of = (t.event.c.case_ == number, t.event.c.type == Event.EFFECT_TAKEN.value)
    bodies = conn.scalars(sa.select(t.event.c.body).where(*of).order_by(t.event.c.seq))
    return tuple(_taken(json.loads(body)) for body in bodies)


def _taken(event: dict[str, object]) -> Taken:
    facts, due = event["facts"], date.fromisoformat(str(event["due_on"]))
    assert isinstance(facts, dict)
    return Taken(
        rule=str(event["rule"]),
        effect=str(facts["effect"]),
        on=date.fromisoformat(facts["on"]),
        at=day_start(due + timedelta(days=1)),
    )
