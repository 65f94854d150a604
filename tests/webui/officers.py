"""What is proposed about officers in tests of pages, by Lu; approved by Jin."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from engine import commands
from engine.db import tables as t
from engine.db.store import begin, reading
from tests.county import Town

NUMBER = "999001199001010010"
PAPER = "云审批任〔2026〕3 号"


def propose(town: Town, what: str, /, *args: Any, by: str = "lu", **given: Any) -> int:
    """Let somebody propose by a command: `post`, `stand_in`, `absence`, ..."""
    with begin(town.people[by]) as ctx:
        return int(getattr(commands, f"propose_{what}")(ctx, *args, **given))


def approve(town: Town, proposal: int, by: str = "jin") -> commands.Approved:
    with begin(town.people[by]) as ctx:
        return commands.approve(ctx, proposal)


def post_of(town: Town, who: str) -> int:
    """Return the last post that somebody was granted."""
    query = sa.select(sa.func.max(t.assignment.c.id)).where(t.assignment.c.person == town.people[who].person)
    with reading() as conn:
        return int(conn.execute(query).scalar_one())


def waiting() -> list[sa.Row[Any]]:
    """Return the proposals that wait, the newest last."""
    query = sa.select(t.proposal).where(t.proposal.c.approved_by.is_(None), t.proposal.c.declined_by.is_(None))
    with reading() as conn:
        return list(conn.execute(query.order_by(t.proposal.c.id)))
