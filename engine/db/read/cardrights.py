"""Who may see which card, and for whom a step of its life waits: conditions that every question about cards carries."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from engine.db.read.facts import subtree
from engine.db.shield import open_to
from engine.db.tables import card, case_, step
from engine.model import Assignment, OrganLevel


@dataclass(frozen=True, kw_only=True)
class Reader:
    """Who asks. `every`: supervises, and sees all cards; `offices`: (organ, post) held; `units`: organs headed.

    Source: DOMAIN 3.4, who sees what.
    """

    person: int
    every: bool = False
    offices: tuple[tuple[int, str], ...] = ()
    units: tuple[int, ...] = ()


def reader(person: int, every: bool, assignments: Sequence[Assignment], heads: Collection[str]) -> Reader:
    """Return who asks. A post held in a window counts for the organ above it, too; `heads`: posts that head a unit."""
    offices = [(a.organ, a.post) for a in assignments]
    offices += [(a.parent, a.post) for a in assignments if a.level is OrganLevel.WINDOW and a.parent is not None]
    units = tuple(a.organ for a in assignments if a.post in heads)
    return Reader(person=person, every=every, offices=tuple(dict.fromkeys(offices)), units=units)


def visible(who: Reader) -> sa.ColumnElement[bool]:
    """Return the condition that a card is the reader's to see: given to the person, an office held, a unit headed.

    Who does not supervise sees a card from its service on: a draft that is never issued hurts nobody. A card on the
    handling of a complaint is kept from whom the complaint is about (SOD-21).
    """
    complaint = case_.alias("complaint")
    kept = sa.exists().where(complaint.c.id == card.c.subject_case, ~open_to(who.person, complaint)).correlate(card)
    if who.every:
        return ~kept
    own = [card.c.person == who.person, *((card.c.organ == o) & (card.c.post == p) for o, p in who.offices)]
    given = sa.or_(*own, *(card.c.organ.in_(subtree(unit)) for unit in who.units))
    return ~kept & given & card.c.case_.in_(sa.select(case_.c.id).where(marked("served")))


def marked(mark: str) -> sa.ColumnElement[bool]:
    """Return the condition that a case has reached a mark."""
    return case_.c.marks_json.contains(f'"{mark}":')


def waits(who: Reader) -> sa.ColumnElement[bool]:
    """The condition that a step waits for the reader: held by the reader, or free for a post held."""
    posts = [(step.c.organ == organ_id) & (step.c.post == post) for organ_id, post in who.offices]
    return (step.c.claimed_by == who.person) | (step.c.claimed_by.is_(None) & sa.or_(sa.false(), *posts))
