"""A small item with a split, a timer and returns, for tests of going back."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from engine import commands
from engine.db import tables as t
from engine.db.store import begin, reading
from engine.model import Source
from tests import county
from tests.bpmn.flows import file, flows
from tests.commands import small
from tests.county import Town


def returns(*to: str) -> str:
    return f'<sun:returns to="{" ".join(to)}"/>'


def persons(least: int) -> str:
    return f'<sun:persons min="{least}" rule="all"/>'


def wait(name: str, at: str, text: str, interrupts: bool = True) -> str:
    return (
        f'<boundaryEvent id="{name}" attachedToRef="{at}" cancelActivity="{str(interrupts).lower()}">'
        f"<timerEventDefinition><timeDuration>{text}</timeDuration></timerEventDefinition></boundaryEvent>"
    )


def item(*elements: str, drawn: str, name: str = "small", called: dict[str, str] | None = None) -> Source:
    """Return an item of these elements between the start `s` and the end `e`."""
    body = f'<startEvent id="s"/>{"".join(elements)}<endEvent id="e" name="e"/>{flows(drawn)}'
    others = {
        k: Source(item=k, file=f"{k}.bpmn", xml=file(v, k), forms={}, facts={}) for k, v in (called or {}).items()
    }
    return Source(item=name, file=f"{name}.bpmn", xml=file(body, name), forms={}, facts={}, called=others)


def split(name: str = "small") -> Source:
    """Return: prepare, then `left` (with a timer) and `right` together, then `check`, which may be sent back."""
    return item(
        small.step("prepare", post="reviewer"),
        '<parallelGateway id="g"/><parallelGateway id="j"/>',
        small.step("left", returns("prepare")),
        small.step("right", returns("prepare")),
        wait("urge", "left", "workdays(3)", interrupts=False),
        small.step("urged"),
        '<endEvent id="told"/>',
        small.step("check", returns("prepare", "left"), post="decider"),
        name=name,
        drawn="s>prepare prepare>g g>left g>right left>j right>j j>check check>e urge>urged urged>told",
    )


def back(town: Town, who: str, case: int, path: str, to: str, reason: str = "材料不齐") -> int:
    """Claim a step, unless it is held, and send it back."""
    if county.step(case, path).claimed_by is None:
        county.claim(town, who, case, path)
    with begin(town.people[who]) as ctx:
        return commands.return_step(ctx, county.step(case, path).id, to=to, reason=reason)


def take_back(town: Town, who: str, case: int, path: str, reason: str = "填错了") -> int:
    """Withdraw the completion of a step."""
    with begin(town.people[who]) as ctx:
        return commands.withdraw_step(ctx, county.step(case, path).id, reason=reason)


def rows(table: sa.Table, case: int) -> list[dict[str, Any]]:
    """Return the rows of a case, in order of their ids."""
    with reading() as conn:
        found = conn.execute(sa.select(table).where(table.c.case_ == case).order_by(table.c.id))
        return [dict(row._mapping) for row in found]


def timers(case: int, path: str) -> list[dict[str, Any]]:
    return [row for row in rows(t.timer, case) if row["path"] == path]


def whole(number: str) -> list[str]:
    """Return what is wrong with the trace of a case, in words."""
    with reading() as conn:
        return [fault.text("en") for fault in commands.check(conn, [number]).faults]
