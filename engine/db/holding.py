"""Who may act by which post on a day: its holder, and the holder's stand-in while the holder is away."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import sqlalchemy as sa

from engine.db import tables as t
from engine.model import Assignment, OrganLevel, Standing
from engine.rules.book import Post

Day = date | sa.BindParameter[date]
TODAY = sa.bindparam("today", type_=sa.Date)  # of a statement that is built once and asked many times
_holder = t.person.alias("holder")
owner = (
    sa.select(_holder.c.pseudonym)
    .where(_holder.c.id == t.assignment.c.person)
    .correlate(t.assignment)
    .scalar_subquery()
    .label("owner")
)


COLUMNS = (  # of an assignment with its organ, as `assignment` reads them
    t.assignment,
    owner,
    t.organ.c.code.label("organ_code"),
    t.organ.c.name.label("organ_name"),
    t.organ.c.level,
    t.organ.c.parent,
)


def in_force(row: Any, today: Day) -> sa.ColumnElement[bool]:
    """Return whether a row with the columns `from_on` and `to_on` holds on a day."""
    return sa.and_(row.c.from_on <= today, sa.or_(row.c.to_on.is_(None), row.c.to_on >= today))


def away(person: sa.ColumnElement[int], today: Day) -> sa.ColumnElement[bool]:
    """Return whether a person is away on a day."""
    return sa.exists().where(t.absence.c.person == person, in_force(t.absence, today)).correlate_except(t.absence)


def may_act(person: sa.ColumnElement[int], today: Day) -> sa.ColumnElement[bool]:
    """Return the join of a person to the assignments by which the person may act today.

    The own ones, and those that the person is the registered stand-in for (SOD-16): while the holder is away and the
    stand-in is not.
    """
    stands = (
        sa.exists()
        .where(
            t.stand_in.c.assignment == t.assignment.c.id,
            t.stand_in.c.person == person,
            in_force(t.stand_in, today),
        )
        .correlate_except(t.stand_in)
    )
    instead = stands & away(t.assignment.c.person, today) & ~away(person, today)
    return in_force(t.assignment, today) & ((t.assignment.c.person == person) | instead)


def standing(row: Any) -> Standing:
    """Return what is known of a person whatever the case, of a row with the columns `status` and `certificate`."""
    return Standing(status=row.status, certified=bool(row.certificate))


def assignment(row: Any, person: int) -> Assignment:
    """Return the assignment of a row of `may_act`, as `person` may use it; `row.person` is its holder."""
    instead = row.person != person
    return Assignment(
        id=row.id,
        post=row.post,
        organ=row.organ,
        organ_code=row.organ_code,
        organ_name=row.organ_name,
        level=OrganLevel(row.level),
        parent=row.parent,
        item=row.item,
        tier=row.tier,
        pool=row.pool,
        on_behalf=row.person if instead else None,
        on_behalf_pseudonym=row.owner if instead else None,
    )


def filed_at(post: Assignment) -> int:
    """Return the organ in which a case is filed by a post: of a window the one that it belongs to."""
    return post.parent if post.level is OrganLevel.WINDOW and post.parent is not None else post.organ


def usable(assignments: Iterable[Assignment], asking: Mapping[str, Post], *, must_change: bool) -> list[Assignment]:
    """Return the posts by which an account may act now.

    None while others know its password (`must_change`); of the posts `asking` for a second factor that it lacks, none.
    """
    if must_change:
        return []
    return [each for each in assignments if each.post not in asking or not asking[each.post].second_factor]
