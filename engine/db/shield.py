"""Whom a complaint is about, and what keeps it from them.

Source: SOD-21; Regulations on Petition Work art. 46(5). A case that is no complaint is kept from nobody here.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine import clock
from engine.db import holding
from engine.db import tables as t
from engine.model import OrganLevel
from engine.rules.task import About

RULE = "SOD-21"


def about(row: Any) -> About | None:
    """Return whom the case of a row of `case_` complains of; None: it is no complaint."""
    if row.about_person is None and row.about_post is None:
        return None
    return About(post=row.about_post or "", organ=row.about_organ or 0, person=row.about_person, rule=RULE)


def open_to(person: int, case: sa.FromClause = t.case_) -> sa.ColumnElement[bool]:
    """Return the condition that a case is no complaint about a person, nor about a post that the person holds today.

    As `rules.task.concerns`: in the organ or in a window directly under it, by the own posts. `case`: the table, or
    an alias of it, that the question is asked of.
    """
    own, organ = t.assignment.alias("own_post"), t.organ.alias("own_organ")
    there = (own.c.organ == case.c.about_organ) | (
        (organ.c.level == OrganLevel.WINDOW.value) & (organ.c.parent == case.c.about_organ)
    )
    held = (
        sa.exists()
        .where(
            own.c.person == person,
            own.c.post == case.c.about_post,
            own.c.organ == organ.c.id,
            there,
            holding.in_force(own, clock.local_date(clock.now())),
        )
        .correlate(case)
    )
    himself = case.c.about_person.is_not_distinct_from(person)
    return ~himself & (case.c.about_post.is_(None) | ~held)


def is_open(conn: Connection, case: int, person: int) -> bool:
    """Return whether a case is no complaint about this person. One statement."""
    return conn.scalar(sa.select(t.case_.c.id).where(t.case_.c.id == case, open_to(person))) is not None


def officers(conn: Connection, name: str) -> list[int]:
    """Return the officers of this name, by id."""
    named = sa.select(t.person.c.id).where(t.person.c.name == name)
    return list(conn.scalars(named.where(t.person.c.id.in_(sa.select(t.account.c.person))).order_by(t.person.c.id)))
