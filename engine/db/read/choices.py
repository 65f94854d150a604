"""What the board can be filtered by: items and organs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from engine.db.read.facts import Found, Named, named
from engine.db.tables import definition, organ
from engine.rules.cards import ITEM


@dataclass(frozen=True, kw_only=True)
class Choice:
    key: str
    name: Named
    depth: int = 0


def items(conn: sa.Connection) -> tuple[Choice, ...]:
    """One statement: the items to filter by (cards are none), by their id; the newest version's name."""
    newest = (
        sa.select(definition.c.item, sa.func.max(definition.c.version).label("version"))
        .where(definition.c.kind == "item", definition.c.item != ITEM)
        .group_by(definition.c.item)
        .subquery()
    )
    query = sa.select(definition.c.item, definition.c.name, definition.c.name_en).join(
        newest, sa.and_(newest.c.item == definition.c.item, newest.c.version == definition.c.version)
    )
    found = conn.execute(query.order_by(definition.c.item))
    return tuple(Choice(key=row.item, name=named(row)) for row in found)


def organ_names(conn: sa.Connection) -> dict[int, Named]:
    """One statement: the names of all organs, windows too, by id."""
    return {row.id: named(row) for row in conn.execute(sa.select(organ.c.id, organ.c.name, organ.c.name_en))}


def organs(conn: sa.Connection) -> tuple[Choice, ...]:
    """One statement: the organs to filter by (windows left out: nothing is filed there), parents before children."""
    found = conn.execute(sa.select(organ).where(organ.c.level != "window").order_by(organ.c.id)).all()
    under: dict[int | None, list[Found]] = defaultdict(list)
    for row in found:
        under[row.parent].append(row)
    return tuple(_walk(under, None, 0))


def _walk(under: Mapping[int | None, Sequence[Found]], parent: int | None, depth: int) -> list[Choice]:
    choices = []
    for row in under.get(parent, ()):
        choices.append(Choice(key=str(row.id), name=named(row), depth=depth))
        choices += _walk(under, row.id, depth + 1)
    return choices
