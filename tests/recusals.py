"""What tests of recusal share: a county with a council and two heads, ties, and the words of who acts."""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa

from engine import commands
from engine.db import tables as t
from engine.db.engines import engine
from engine.db.store import begin, reading
from engine.model import Actor
from engine.settings import settings
from tests import county
from tests.county import Town

MORE: dict[str, tuple[str, str] | None] = {
    "tang": ("chief", "centre"),
    "mei": ("acceptance", "w1"),
    **dict.fromkeys(("xu", "fan", "shi"), ("council_member", "yl")),
}
REASON = "是我表弟的店"


def found() -> Town:
    return county.found(MORE)


def applicant(case: int) -> Actor:
    """Return the applicant of a case, with the receipt."""
    return Actor(person=county.row(case).applicant, channel="portal")


def ask(who: Actor, case: int, officer: Actor, kind: str = "collateral", reason: str = REASON) -> int:
    with begin(who) as ctx:
        return commands.raise_recusal(ctx, case, officer=officer.person, kind=kind, reason=reason)


def decide(who: Actor, recusal: int, *, upheld: bool, reason: str = "情况属实") -> int:
    with begin(who) as ctx:
        return commands.decide_recusal(ctx, recusal, upheld=upheld, reason=reason)


def tie(town: Town, officer: str, other: int, kind: str, to_on: date | None = None) -> None:
    """Register a tie between an officer and a person."""
    row = {"person": town.people[officer].person, "other": other, "kind": kind, "source": "declared"}
    write(sa.insert(t.relation).values(row | {"from_on": date(2026, 1, 1), "to_on": to_on}))


def reach(person: int, **how: str) -> None:
    """Set telephone or address of a person."""
    write(sa.update(t.person).where(t.person.c.id == person).values(how))


def write(statement: Any) -> None:
    with engine(settings().database_url).begin() as conn:
        conn.execute(statement)


def row(recusal: int) -> Any:
    with reading() as conn:
        return conn.execute(sa.select(t.recusal).where(t.recusal.c.id == recusal)).one()


def last(filed: commands.Filed, kind: str) -> dict[str, Any]:
    """Return the last event of a type in a case."""
    return [event for event in county.events(filed.number) if event["type"] == kind][-1]
