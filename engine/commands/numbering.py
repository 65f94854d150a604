"""Numbers of documents, per kind and year without gaps: 云岭审特〔2026〕12号."""

from __future__ import annotations

from engine.commands.settling import Settling
from engine.db import people
from engine.rules.documents import number, short


def next_number(now: Settling, kind: str) -> str:
    """Return the next number of a kind of document in the year of the settling; it is given by that."""
    county = next(organ for organ in now.organs.values() if organ.parent is None)
    year = now.on.year
    return number(kind, short(county.name), year, people.count(now.ctx.conn, f"document:{kind}:{year}"))
