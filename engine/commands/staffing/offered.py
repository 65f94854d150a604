"""The office that a page asks about: an item in force, in an organ that offers it, on a day."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from engine import clock
from engine.bpmn.runs import runs
from engine.commands import cases
from engine.commands.filing import POST
from engine.commands.staffing.office import Office
from engine.db import definitions, store
from engine.db.context import Connection
from engine.db.organs import Organ
from engine.db.read import staffing as read
from engine.errors import NotFound
from engine.model import Run
from engine.rules.cards import ITEM


def office_of(
    conn: Connection, item: str, organ: str = "", *, absent: Collection[str] = (), on: date | None = None
) -> tuple[Office, tuple[Organ, ...], tuple[Run, ...]]:
    """Return an item in an organ, all organs that offer it, and the runs of its flow.

    `organ`: its code, the first that offers the item if empty; `absent`: logins of who is away beside those whose
    absence is on record; `on`: the day, today if none.

    Raises:
        NotFound: there is no such item or login, or nobody files the item in such an organ.
        EngineFault: the ways of the item are too many to be looked at.
    """
    if item == ITEM:
        raise NotFound(what="item that is applied for", key=item)
    version = definitions.newest(conn, item)
    program = cases.definition(conn, version.id, version.sha256).program
    known = read.staff(conn, on or clock.local_date(clock.now()))
    offering = {known.organs[each].code: known.organs[each] for each in known.filing(POST, item)}
    chosen = offering.get(organ or next(iter(offering), ""))
    if chosen is None:
        raise NotFound(what="organ that offers the item", key=organ or item)
    if version.sha256 not in _runs:
        _runs[version.sha256] = runs(program)
    away = known.away | _persons(conn, absent)
    office = Office(item=program.item, book=store.book(), staff=known, organ=chosen.id, away=away)
    return office, tuple(offering.values()), _runs[version.sha256]


_runs: dict[str, tuple[Run, ...]] = {}  # by SHA-256 of all files of the item, so never out of date


def _persons(conn: Connection, logins: Collection[str]) -> frozenset[int]:
    found = read.persons(conn, logins) if logins else {}
    if missing := [login for login in logins if login not in found]:
        raise NotFound(what="officer", key=missing[0])
    return frozenset(found.values())
