"""An item in force, in the organs that offer it, on a day: what report and page ask about."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from engine import clock
from engine.bpmn.program import Program
from engine.bpmn.runs import runs
from engine.commands import cases
from engine.commands.filing import POST
from engine.commands.staffing.office import Office
from engine.db import definitions, store
from engine.db.context import Connection
from engine.db.organs import Organ
from engine.db.read import staffing as read
from engine.db.read.staffing import Staff
from engine.errors import NotFound
from engine.model import Item, Run
from engine.rules.book import Book
from engine.rules.cards import ITEM


@dataclass(frozen=True, kw_only=True)
class Offered:
    """An item, the organs that offer it by code, everybody on the day, and the runs of its flow. `away`: persons."""

    item: Item
    book: Book
    staff: Staff
    away: frozenset[int]
    organs: Mapping[str, Organ]
    runs: tuple[Run, ...]

    def offices(self, organ: str = "") -> tuple[Office, ...]:
        """Return the item in the organ with this code, or in each that offers it.

        Raises:
            NotFound: there is no such organ, or nobody files the item there.
        """
        if not self.organs:
            raise NotFound(what="organ that offers", key=self.item.id)
        if organ and organ not in {each.code for each in self.staff.organs.values()}:
            raise NotFound(what="organ", key=organ)
        if organ and organ not in self.organs:
            raise NotFound(what=f"holder of the post that files {self.item.id} in", key=organ)
        return tuple(
            Office(item=self.item, book=self.book, staff=self.staff, organ=each.id, away=self.away)
            for each in self.organs.values()
            if organ in ("", each.code)
        )


def offered(conn: Connection, item: str, *, absent: Collection[str] = (), on: date | None = None) -> Offered:
    """Return an item in force. `absent`: logins of who is away beside those whose absence is on record.

    `on`: the day, today if none. On a later day the organs are asked about that offer it then, and those that do now.

    Raises:
        NotFound: there is no such item or login.
        EngineFault: the ways of the item are too many to be looked at.
    """
    if item == ITEM:
        raise NotFound(what="item that is applied for", key=item)
    version = definitions.newest(conn, item)
    program = cases.definition(conn, version.id, version.sha256).program
    today = clock.local_date(clock.now())
    known = read.staff(conn, on or today)
    offering = known.filing(POST, item)
    if known.on > today:
        offering = tuple(sorted({*offering, *read.staff(conn, today).filing(POST, item)}))
    return Offered(
        item=program.item,
        book=store.book(),
        staff=known,
        away=known.away | _persons(conn, absent),
        organs={known.organs[each].code: known.organs[each] for each in offering},
        runs=runs_of(program, version.sha256),
    )


def runs_of(program: Program, sha256: str) -> tuple[Run, ...]:
    """Return the runs of an item, followed once a process. `sha256`: of all its files.

    Raises:
        EngineFault: they are too many.
    """
    if sha256 not in _runs:
        _runs[sha256] = runs(program)
    return _runs[sha256]


_runs: dict[str, tuple[Run, ...]] = {}  # by SHA-256 of all files of the item, so never out of date


def _persons(conn: Connection, logins: Collection[str]) -> frozenset[int]:
    found = read.persons(conn, logins) if logins else {}
    if missing := [login for login in logins if login not in found]:
        raise NotFound(what="officer", key=missing[0])
    return frozenset(found.values())
