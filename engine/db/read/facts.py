"""What several reads share: names of a definition's elements, clocks of cases, organs, masked names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from engine.db import find
from engine.db.people import masked
from engine.db.tables import clock, organ
from engine.model import Clock

Query = sa.Select[*tuple[Any, ...]]
Found = sa.Row[*tuple[Any, ...]]


@dataclass(frozen=True, kw_only=True)
class Named:
    """A Chinese and an English name; `name_en` falls back to the Chinese one when nobody wrote one."""

    name: str
    name_en: str

    def in_language(self, language: str) -> str:
        return (self.name_en or self.name) if language == "en" else self.name


def named(row: Found, column: str = "name") -> Named:
    """The names in a row's columns `<column>` and `<column>_en`."""
    name: str = getattr(row, column)
    return Named(name=name, name_en=getattr(row, f"{column}_en") or name)


def clocks_of(conn: sa.Connection, cases: Collection[int], *, running: bool = False) -> dict[int, list[Clock]]:
    """One statement: the clocks of these cases in the order they were started; only the running ones if asked."""
    query = sa.select(clock).where(clock.c.case_.in_(cases)).order_by(clock.c.started_on, clock.c.id)
    if running:
        query = query.where(clock.c.ended_on.is_(None))
    found: dict[int, list[Clock]] = defaultdict(list)
    for row in conn.execute(query):
        found[row.case_].append(find.clock(row))
    return found


def subtree(root: int) -> sa.Select[int]:
    """The ids of an organ and of everything under it."""
    tree = sa.select(organ.c.id).where(organ.c.id == root).cte(recursive=True)
    tree = tree.union(sa.select(organ.c.id).where(organ.c.parent == tree.c.id))  # not `all`: a loop must end
    return sa.select(tree.c.id)


def without_name(title: str, kind: str, name: str) -> str:
    """A case's title with the name of its applicant masked, if the applicant is a natural person."""
    return title.replace(name, masked(kind, name)) if kind == "natural" and name else title
