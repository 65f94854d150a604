"""What several reads share: names of a definition's elements, clocks and stops of cases, organs, masked names."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from engine.db.tables import clock, definition, organ, stop
from engine.model import Clock, ClockKind, Unit
from engine.rules.limits import Stop

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


@dataclass(frozen=True, kw_only=True)
class Declared(Named):
    """A step as its definition declares it."""

    post: str


@dataclass(frozen=True, kw_only=True)
class Elements:
    """What one definition declares: its steps (by path, in file order) and the names of its ends (by id)."""

    steps: Mapping[str, Declared]
    ends: Mapping[str, Named]

    def step(self, path: str) -> Named:
        return self.steps.get(path) or Named(name=path, name_en=path)

    def end(self, end: str | None) -> Named:
        return self.ends.get(end or "") or Named(name=end or "", name_en=end or "")


@lru_cache(256)
def elements(item_json: str) -> Elements:
    """Read the names out of `definition.item_json` (keys `steps` and `ends`; definitions never change)."""
    body = json.loads(item_json)
    return Elements(
        steps={
            path: Declared(name=row["name"], name_en=row["name_en"], post=row["post"])
            for path, row in body.get("steps", {}).items()
        },
        ends={end: Named(name=row["name"], name_en=row["name_en"]) for end, row in body.get("ends", {}).items()},
    )


def elements_of(conn: sa.Connection, definitions: Collection[int]) -> dict[int, Elements]:
    """One statement: the element names of these definitions, by id."""
    rows = conn.execute(sa.select(definition.c.id, definition.c.item_json).where(definition.c.id.in_(definitions)))
    return {row.id: elements(row.item_json) for row in rows}


def clocks_of(conn: sa.Connection, cases: Collection[int], *, running: bool = False) -> dict[int, list[Clock]]:
    """One statement: the clocks of these cases in the order they were started; only the running ones if asked."""
    query = sa.select(clock).where(clock.c.case_.in_(cases)).order_by(clock.c.started_on, clock.c.id)
    if running:
        query = query.where(clock.c.ended_on.is_(None))
    found: dict[int, list[Clock]] = defaultdict(list)
    for row in conn.execute(query):
        found[row.case_].append(
            Clock(
                key=row.key,
                kind=ClockKind(row.kind),
                rule=row.rule,
                unit=Unit(row.unit),
                amount=row.amount,
                started_on=row.started_on,
                due_on=row.due_on,
                provisional=row.provisional,
                until=row.until,
                extended=row.extended,
                step=row.step,
                ended_on=row.ended_on,
                overrun_at=row.overrun_at,
                id=row.id,
            )
        )
    return found


def stops_of(conn: sa.Connection, cases: Collection[int]) -> dict[int, list[Stop]]:
    """One statement: the stops of these cases by their first day; an open stop lasts until its planned end."""
    query = sa.select(stop).where(stop.c.case_.in_(cases)).order_by(stop.c.from_on, stop.c.id)
    found: dict[int, list[Stop]] = defaultdict(list)
    for row in conn.execute(query):
        found[row.case_].append(Stop(kind=row.kind, from_on=row.from_on, to_on=row.to_on or row.planned_to_on))
    return found


def subtree(root: int) -> sa.Select[int]:
    """The ids of an organ and of everything under it."""
    tree = sa.select(organ.c.id).where(organ.c.id == root).cte("tree", recursive=True)
    tree = tree.union(sa.select(organ.c.id).where(organ.c.parent == tree.c.id))  # not `all`: a loop must end
    return sa.select(tree.c.id)


def masked(name: str) -> str:
    """Hide a natural person's name but for its ends: 罗小平 -> 罗*平, 罗平 -> 罗*, Luo Xiaoping -> L*g."""
    if len(name) < 2:
        return "*"
    return f"{name[0]}*" if len(name) == 2 else f"{name[0]}*{name[-1]}"


def without_name(title: str, kind: str, name: str) -> str:
    """A case's title with the name of its applicant masked, if the applicant is a natural person."""
    return title.replace(name, masked(name)) if kind == "natural" and name else title
