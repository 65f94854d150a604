"""What rotation and the separation of approval from supervision warn of, counted over many cases; nothing is refused.

Source: SOD-28 (rotation) and SOD-11 (who approves does not supervise later), both settings of the county.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine.clock import day_start
from engine.db import holding
from engine.db import tables as t
from engine.db.read.facts import Named, named
from engine.model import ActKind, OrganLevel
from engine.rules.constraint import Constraint
from engine.rules.counting import add_months

ROTATION, SUPERVISION = "SOD-28", "SOD-11"


@dataclass(frozen=True, kw_only=True)
class Pair:
    """A reviewer and a decider of an item: in `cases` of the `of` cases decided in the time asked about."""

    item: str
    one: int
    other: int
    cases: int
    of: int


@dataclass(frozen=True, kw_only=True)
class Stay:
    """An officer who has held a post in one window since a day."""

    person: int
    name: Named
    organ: int
    window: Named
    since: date


@dataclass(frozen=True, kw_only=True)
class Both:
    """An officer who approved something of an applicant and has supervised the same applicant since, or before."""

    person: int
    name: Named
    cases: int


_one, _other = t.act.alias("one"), t.act.alias("other")
_by, _by_other = t.assignment.alias("by"), t.assignment.alias("by_other")


def pairs(conn: Connection, rule: Constraint, first: date, last: date, item: str = "") -> tuple[Pair, ...]:
    """Return the pairs above the share that the rule allows, the commonest first. `rule`: SOD-28 with its figures.

    Counted are cases decided from `first` to `last`, of items with at least `rule.least` of them; `item`: of one item
    only. One statement.
    """
    return tuple(pair for pair in counted(conn, rule, first, last, item) if above(pair, rule))


def above(pair: Pair, rule: Constraint) -> bool:
    """Return whether a pair is commoner than the rule allows."""
    return pair.of >= rule.least and pair.cases * rule.share[1] > pair.of * rule.share[0]


def counted(conn: Connection, rule: Constraint, first: date, last: date, item: str = "") -> tuple[Pair, ...]:
    """Return every pair with its cases, the commonest first. One statement."""
    done = ActKind.COMPLETE.value
    query = (
        sa.select(t.case_.c.id, t.case_.c.item, _one.c.person.label("one"), _other.c.person.label("other"))
        .join(_other, _other.c.case_ == t.case_.c.id)
        .join(_by_other, _by_other.c.id == _other.c.assignment)
        .outerjoin(
            sa.join(_one, _by, _by.c.id == _one.c.assignment),
            (_one.c.case_ == t.case_.c.id) & (_one.c.kind == done) & _by.c.post.in_(rule.posts),
        )
        .where(_other.c.kind == done, _by_other.c.post.in_(rule.others), *_between(_other, first, last))
        .distinct()
    )
    if item:
        query = query.where(t.case_.c.item == item)
    decided: dict[str, set[int]] = defaultdict(set)
    together: dict[tuple[str, int, int], set[int]] = defaultdict(set)
    for row in conn.execute(query):
        decided[row.item].add(row.id)
        if row.one is not None:
            together[(row.item, row.one, row.other)].add(row.id)
    found = [
        Pair(item=of, one=one, other=other, cases=len(cases), of=len(decided[of]))
        for (of, one, other), cases in together.items()
    ]
    return tuple(sorted(found, key=lambda pair: (-pair.cases / pair.of, pair.item, pair.one, pair.other)))


def stays(conn: Connection, rule: Constraint, today: date) -> tuple[Stay, ...]:
    """Return who has held a post in one window for more than `rule.months`, the longest first. One statement."""
    query = (
        sa.select(
            t.person.c.id, t.person.c.name, t.person.c.name_en, t.organ.c.id.label("organ"),
            t.organ.c.name.label("window"),
            t.organ.c.name_en.label("window_en"), sa.func.min(t.assignment.c.from_on).label("since"),
        )
        .join(t.assignment, t.assignment.c.person == t.person.c.id)
        .join(t.organ, t.organ.c.id == t.assignment.c.organ)
        .where(t.organ.c.level == OrganLevel.WINDOW.value, holding.in_force(t.assignment, today))
        .group_by(t.person.c.id, t.person.c.name, t.person.c.name_en, t.organ.c.id, t.organ.c.name, t.organ.c.name_en)
        .having(sa.func.min(t.assignment.c.from_on) <= add_months(today, -rule.months))
        .order_by("since", t.person.c.id)
    )  # fmt: skip
    return tuple(
        Stay(person=row.id, name=named(row), organ=row.organ, window=named(row, "window"), since=row.since)
        for row in conn.execute(query)
    )


def both(conn: Connection, rule: Constraint, today: date) -> tuple[Both, ...]:
    """Return who approved and supervised the same applicant in the last `rule.months`, the most cases first.

    `rule`: SOD-11; `posts` approve, `others` supervise. One statement.
    """
    approved, supervised = t.case_.alias("approved"), t.case_.alias("supervised")
    since = add_months(today, -rule.months)
    query = (
        sa.select(
            t.person.c.id, t.person.c.name, t.person.c.name_en, sa.func.count(sa.distinct(approved.c.id)).label("cases")
        )
        .select_from(t.person)
        .join(_one, _one.c.person == t.person.c.id)
        .join(_by, _by.c.id == _one.c.assignment)
        .join(approved, approved.c.id == _one.c.case_)
        .join(_other, _other.c.person == t.person.c.id)
        .join(_by_other, _by_other.c.id == _other.c.assignment)
        .join(supervised, supervised.c.id == _other.c.case_)
        .where(
            supervised.c.applicant == approved.c.applicant,
            _by.c.post.in_(rule.posts),
            _by_other.c.post.in_(rule.others),
            *_between(_one, since, today),
            *_between(_other, since, today),
        )
        .group_by(t.person.c.id, t.person.c.name, t.person.c.name_en)
        .order_by(sa.desc("cases"), t.person.c.id)
    )  # fmt: skip
    return tuple(Both(person=row.id, name=named(row), cases=row.cases) for row in conn.execute(query))


def _between(acts: sa.FromClause, first: date, last: date) -> Sequence[sa.ColumnElement[bool]]:
    return acts.c.at >= day_start(first), acts.c.at < day_start(date.fromordinal(last.toordinal() + 1))
