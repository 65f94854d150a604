"""Short words for changes of posts and people: the administrator proposes, the security administrator approves."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import sqlalchemy as sa

from engine import commands
from engine.db import tables as t
from engine.db.store import begin, reading
from tests.county import Town, events

TODAY = date(2026, 3, 2)  # a Monday; `NOW` of the tests
CHAIN = "organ:1"


def organ(code: str = "yl") -> int:
    with reading() as conn:
        return int(conn.execute(sa.select(t.organ.c.id).where(t.organ.c.code == code)).scalar_one())


def propose(town: Town, command: Callable[..., int], *given: Any, by: str = "lu", **named: Any) -> int:
    with begin(town.people[by]) as ctx:
        return command(ctx, *given, **named)


def approve(town: Town, proposal: int, by: str = "jin") -> commands.Approved:
    with begin(town.people[by]) as ctx:
        return commands.approve(ctx, proposal)


def do(town: Town, command: Callable[..., int], *given: Any, **named: Any) -> commands.Approved:
    """Propose and approve."""
    return approve(town, propose(town, command, *given, **named))


def post(town: Town, who: str, code: str, at: str = "yl", **named: Any) -> int:
    """Propose a post for somebody; return the proposal."""
    terms = {"from_on": TODAY, "writing": "云审〔2026〕1 号"} | named
    return propose(town, commands.propose_post, officer=person(town, who), post=code, organ=organ(at), **terms)


def person(town: Town, who: str) -> int:
    return town.people[who].person


def pseudonym(town: Town, who: str) -> str:
    with reading() as conn:
        found = sa.select(t.person.c.pseudonym).where(t.person.c.id == person(town, who))
        return str(conn.execute(found).scalar_one())


def held(town: Town, who: str, code: str) -> int:
    """Return the newest granted post of a kind that somebody has."""
    with reading() as conn:
        found = sa.select(sa.func.max(t.assignment.c.id)).where(
            t.assignment.c.person == person(town, who), t.assignment.c.post == code
        )
        return int(conn.execute(found).scalar_one())


def posts(town: Town, who: str) -> set[tuple[str, str]]:
    """Return post and organ of all by which somebody may act now."""
    with begin(town.people[who]) as ctx:
        return {(a.post, a.organ_code) for a in ctx.assignments}


def last(chain: str = CHAIN, kind: str = "") -> dict[str, Any]:
    return [event for event in events(chain) if kind in ("", event["type"])][-1]


def refusal() -> tuple[str, str, str | None]:
    """Return verb, error and rule of the last refusal in the county's chain."""
    event = last(kind="refused")
    return event["facts"]["verb"], event["facts"]["error"], event["rule"]


def rows(table: str) -> list[Any]:
    with reading() as conn:
        return list(conn.execute(sa.select(t.metadata.tables[table]).order_by(sa.text("id"))))
