"""What a proposal would alter in the staff, and the staff after it: worked out in memory, nothing is written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from engine.db import accounts, granting
from engine.db.context import Connection
from engine.db.organs import by_id
from engine.db.read.staffing import Officer, Staff
from engine.model import Assignment, OrganLevel

DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Change:
    """What is different from the day `on`.

    `ended`: granted posts; `gone`: persons who may do nothing any more; `ceased`: stand-ins, as granted post and
    person; `granted`: persons with a post that each gets; `away`: persons. `absences`: who is away that day counts as
    away, and the stand-ins act; without it who is away comes back.
    """

    on: date
    ended: frozenset[int] = frozenset()
    gone: frozenset[int] = frozenset()
    ceased: frozenset[tuple[int, int]] = frozenset()
    granted: tuple[tuple[int, Assignment], ...] = ()
    away: frozenset[int] = frozenset()
    absences: bool = False

    def after(self, staff: Staff) -> Staff:
        """Return the staff of that day after the change."""
        changed = {person: self._of(officer) for person, officer in staff.officers.items() if person not in self.gone}
        return replace(staff, officers=changed, away=staff.away | self.away)

    def _of(self, officer: Officer) -> Officer:
        more = tuple(post for person, post in self.granted if person == officer.person)
        own = tuple(post for post in officer.own if post.id not in self.ended)
        instead = tuple(post for post in officer.instead if not self._ceases(post, officer.person))
        if more or (own, instead) != (officer.own, officer.instead):
            return replace(officer, own=own + more, instead=instead)
        return officer

    def _ceases(self, post: Assignment, by: int) -> bool:
        return post.id in self.ended or post.on_behalf in self.gone or (post.id, by) in self.ceased


def change(conn: Connection, kind: str, body: Mapping[str, Any], today: date) -> Change | None:
    """Return what a proposal of a kind takes from the staff, approved today; None: nothing that a case could miss."""
    return KINDS[kind](conn, body, today) if takes(kind, body) else None


def takes(kind: str, body: Mapping[str, Any]) -> bool:
    """Return whether proposals like this take somebody from the staff, or add a vote that a decision needs."""
    return kind in KINDS and (kind != "account" or body["what"] == "closed")


def _post(conn: Connection, body: Mapping[str, Any], today: date) -> Change:
    organ = by_id(conn)[body["organ"]]
    post = Assignment(
        id=0,
        post=body["post"],
        organ=organ.id,
        organ_code=organ.code,
        organ_name=organ.name,
        level=OrganLevel(organ.level),
        parent=organ.parent,
        item=body["item"],
        tier=body["tier"],
        pool=body["pool"],
    )
    return Change(on=max(date.fromisoformat(body["from_on"]), today), granted=((body["officer"], post),))


def _end_of_post(_: Connection, body: Mapping[str, Any], today: date) -> Change:
    return Change(on=_after(body, today), ended=frozenset({body["assignment"]}))


def _end_of_stand_in(conn: Connection, body: Mapping[str, Any], today: date) -> Change:
    """It is missed on the first day on which the holder is away; there may be none on record."""
    found, on = granting.stand_in(conn, body["stand_in"]), _after(body, today)
    absent = granting.absences(conn, [found.holder], on, None)
    first = max(on, absent[0].from_on) if absent else on
    return Change(on=first, ceased=frozenset({(found.assignment, found.person)}), absences=True)


def _absence(_: Connection, body: Mapping[str, Any], today: date) -> Change | None:
    if date.fromisoformat(body["to_on"]) < today:
        return None
    first = max(date.fromisoformat(body["from_on"]), today)
    return Change(on=first, away=frozenset({body["officer"]}), absences=True)


def _leaving(_: Connection, body: Mapping[str, Any], today: date) -> Change:
    return Change(on=max(date.fromisoformat(body["to_on"]), today), gone=frozenset({body["officer"]}))


def _account(conn: Connection, body: Mapping[str, Any], today: date) -> Change | None:
    others = [each for each in accounts.of_person(conn, body["officer"]) if each.active and each.login != body["login"]]
    return None if others else Change(on=today, gone=frozenset({body["officer"]}))


def _after(body: Mapping[str, Any], today: date) -> date:
    """Return the first day without what ends: today at the earliest."""
    return max(date.fromisoformat(body["to_on"]) + DAY, today)


KINDS: Mapping[str, Callable[[Connection, Mapping[str, Any], date], Change | None]] = {
    "post": _post,
    "end_of_post": _end_of_post,
    "end_of_stand_in": _end_of_stand_in,
    "absence": _absence,
    "leaving": _leaving,
    "account": _account,
}
