"""Officers whom events speak of beside the one who acted: to whom a step went, who was asked, who was stood in for."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

import sqlalchemy as sa

from engine.db.read.facts import Named, named
from engine.db.tables import account, person
from engine.model import Event

TO = (Event.STEP_TRANSFERRED, Event.CASE_COPIED)  # whose fact `to` is a pseudonym, or several


def pseudonyms(body: Mapping[str, Any]) -> Iterator[str]:
    """Yield the pseudonyms that an event's facts hold, and for whom its actor stood in."""
    facts = body.get("facts")
    if isinstance(facts, dict):
        found = [facts.get("officer"), *(_several(facts.get("to")) if body.get("type") in TO else ())]
        yield from (each for each in found if isinstance(each, str))
    if isinstance(body.get("on_behalf"), str):
        yield body["on_behalf"]


def officers(conn: sa.Connection, wanted: Collection[str]) -> dict[str, Named]:
    """Return the names of those who have an account, by pseudonym. One statement; none where nobody is wanted."""
    if not wanted:
        return {}
    has_account = sa.exists().where(account.c.person == person.c.id)
    query = sa.select(person.c.pseudonym, person.c.name, person.c.name_en)
    rows = conn.execute(query.where(person.c.pseudonym.in_(wanted), has_account))
    return {row.pseudonym: named(row) for row in rows if row.name}


def _several(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]
