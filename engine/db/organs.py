"""Organs: the tree of who acts where. No rules of where a step belongs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine.db import tables as t


@dataclass(frozen=True, kw_only=True)
class Organ:
    """An organ as stored; `parent` is the organ above, `series` heads the receipt numbers of the topmost one."""

    id: int
    code: str
    name: str
    name_en: str
    level: str
    parent: int | None
    series: str | None
    phone: str | None
    address: str | None


_organ = sa.select(*[t.organ.c[name] for name in Organ.__dataclass_fields__])
_top = _organ.where(t.organ.c.parent.is_(None)).order_by(t.organ.c.id).limit(1)


def by_id(conn: Connection) -> dict[int, Organ]:
    """Return all organs by id."""
    return {row.id: Organ(**row._mapping) for row in conn.execute(_organ)}


def nearest(known: Mapping[int, Organ], start: int, level: str) -> int:
    """Return the nearest organ of the level up the tree; `case` is where the case was filed."""
    here = start
    while level != "case" and known[here].level != level and (above := known[here].parent) is not None:
        here = above
    return here


def upwards(known: Mapping[int, Organ], start: int) -> list[int]:
    """Return an organ and all above it, the nearest first."""
    found, here = [start], start
    while (above := known[here].parent) is not None:
        found.append(above)
        here = above
    return found


def top(conn: Connection) -> Organ | None:
    """Return the topmost organ; None in an empty database."""
    row = conn.execute(_top).one_or_none()
    return Organ(**row._mapping) if row else None


def series(conn: Connection) -> str:
    """Return what heads the county's receipt numbers: YL."""
    return str(conn.execute(_top.with_only_columns(t.organ.c.series)).scalar_one())
