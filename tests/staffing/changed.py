"""A township of three, each alone with a post, and short words for what a proposal would leave to nobody."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from engine import clock, commands
from engine.commands.staffing import changes
from engine.commands.staffing.stuck import Stuck, stuck, stuck_now
from engine.db import tables as t
from engine.db.store import reading
from engine.model import Source
from tests.commands import offices
from tests.commands.offices import TODAY, person
from tests.county import Town
from tests.staffing import township

DAY = timedelta(days=1)
OFFICE = {"hua": ("acceptance", "shimen"), "chen": ("reviewer", "shimen"), "zhao": ("decider", "shimen")}


def found(officers: dict[str, Any], made: Source | None = None) -> Town:
    """Found a county with the item deployed."""
    there = township.found(officers)
    township.deploy(there, made or township.item())
    return there


def proposed(there: Town, command: Callable[..., int], *given: Any, **named: Any) -> dict[str, Any]:
    """Propose something; return its number, kind and body."""
    key = offices.propose(there, command, *given, **named)
    with reading() as conn:
        row = conn.execute(sa.select(t.proposal).where(t.proposal.c.id == key)).one()
    return {"key": key, "kind": row.kind, "body": json.loads(row.body_json)}


def ends(there: Town, who: str, post: str, on: date = TODAY - DAY) -> dict[str, Any]:
    """Propose that a post ends, at once if no day is given."""
    return proposed(there, commands.propose_end_of_post, offices.held(there, who, post), to_on=on, reason="调离")


def away(there: Town, who: str, first: date = TODAY, last: date = TODAY) -> dict[str, Any]:
    return proposed(
        there, commands.propose_absence, officer=person(there, who), from_on=first, to_on=last, kind="leave"
    )


def asked(wanted: dict[str, Any], **more: int) -> Stuck:
    with reading() as conn:
        change = changes.change(conn, wanted["kind"], wanted["body"], clock.local_date(clock.now()))
        assert change is not None
        return stuck(conn, change, **more)


def now() -> Stuck:
    with reading() as conn:
        return stuck_now(conn)


def numbers(of: Stuck) -> list[str]:
    return [each.number for each in of.cases]
