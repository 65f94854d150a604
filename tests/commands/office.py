"""What tests of office acts share: a town with small offices, a pool, and two heads."""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa

from engine import clock
from engine.db import engines
from engine.db import tables as t
from engine.db.store import reading
from engine.model import Actor
from engine.settings import settings
from tests import county
from tests.county import Town
from tests.kept import kept

MONDAY = county.at("2026-03-02 10:00")
MORE = {
    "hu": ("acceptance", "shimen"),
    "pool1": ("acceptance", "yl"),
    "pool2": ("acceptance", "yl"),
    "adam": ("administrator", "yl"),
    "lord": ("chief", "shimen"),
}


@kept
def town() -> Town:
    """Return the county with a second officer at Shimen, a pool of two, an administrator and a head of Shimen."""
    found = county.found(MORE)
    change(sa.update(t.assignment).where(t.assignment.c.person.in_(_ids(found, "pool1", "pool2"))).values(pool=True))
    return found


def change(statement: Any) -> None:
    """Change the database as no command does: to set the scene."""
    with engines.writing(settings().database_url) as conn:
        conn.execute(statement)


def away(person: Actor, on: date, to: date | None = None) -> None:
    """Let a person be away on a day."""
    row = {"person": person.person, "from_on": on, "to_on": to or on, "kind": "leave", "proposal": 1}
    change(sa.insert(t.absence).values(row))


def _ids(town: Town, *names: str) -> list[int]:
    return [town.people[name].person for name in names]


def memos(person: Actor | None = None) -> list[Any]:
    """Return the memos of a person, or all, in order."""
    with reading() as conn:
        found = sa.select(t.memo).order_by(t.memo.c.id)
        return list(conn.execute(found if person is None else found.where(t.memo.c.person == person.person)))


def portal(case: int) -> Actor:
    """Return the applicant of a case, with the receipt."""
    return Actor(person=county.row(case).applicant, channel="portal")


def on(text: str) -> Any:
    """Set the clock to ten o'clock of a day."""
    return clock.at(county.at(f"{text} 10:00"))
