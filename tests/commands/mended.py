"""Corrections in short words: who proposes, who approves, what the trace says of it."""

from __future__ import annotations

from datetime import date
from typing import Any

from engine import commands
from engine.db.store import begin, reading
from engine.model import Actor
from tests.county import Town, events

WHY = {"reason": "停电期间用纸质件收件", "evidence": "纸质收件登记簿第 12 号"}


def propose(who: Actor, case: int, **what: Any) -> int:
    with begin(who) as ctx:
        return commands.propose_correction(ctx, case, **(WHY | what))


def approve(who: Actor, key: int) -> str:
    with begin(who) as ctx:
        return commands.approve(ctx, key).result


def correct(town: Town, case: int, mark: str, day: str, maker: str = "li") -> int:
    key = propose(town.people[maker], case, mark=mark, on=date.fromisoformat(day))
    approve(town.qin, key)
    return key


def facts(number: str, kind: str) -> list[dict[str, Any]]:
    return [event["facts"] for event in events(number) if event["type"] == kind]


def sound() -> bool:
    with reading() as conn:
        return commands.check(conn).faults == []
