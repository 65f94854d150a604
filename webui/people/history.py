"""Which proposals are about an officer: what was granted, ended, registered and changed, and by which two persons."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from engine.db.read import officers, posts, proposals
from engine.db.read.officers import Officer
from engine.db.read.posts import StandIn
from engine.db.read.proposals import Row, Whole
from engine.db.store import Connection
from webui.language import pick

KINDS = (
    *("post", "end_of_post", "stand_in", "end_of_stand_in", "absence", "end_of_absence"),
    *("officer", "account", "leaving"),
)


def about(conn: Connection, officer: Officer, stand_ins: Sequence[StandIn]) -> list[Whole]:
    """Return the proposals about an officer or one of his posts, the newest first. One statement."""
    own = {each.id for each in officer.posts}
    known = {each.id for each in stand_ins}
    logins = {each.login for each in officer.accounts}
    return [
        each
        for each in proposals.of_kinds(conn, KINDS)
        if _is_about(json.loads(each.body_json), officer.person, own, known, logins)
    ]


def whom(conn: Connection, rows: Iterable[Row]) -> dict[int, str]:
    """Return the name of the officer whom each of these proposals is about, by its number; others are left out."""
    keys = [each.id for each in rows if each.kind in KINDS]
    if not keys:
        return {}
    told = {key: json.loads(body) for key, body in proposals.bodies(conn, keys).items()}
    held = posts.holders(
        conn, [b["assignment"] for b in told.values() if "assignment" in b],
        [b["stand_in"] for b in told.values() if "stand_in" in b],
    )  # fmt: skip
    persons = {
        key: held.posts.get(b.get("assignment"), held.stand_ins.get(b.get("stand_in"), b.get("officer")))
        for key, b in told.items()
    }
    names = officers.names(conn, [person for person in persons.values() if person is not None])
    found = {key: pick(names[person].name, names[person].name_en) for key, person in persons.items() if person in names}
    return {key: pick(b["name"], b.get("name_en")) for key, b in told.items() if "name" in b} | found


def _is_about(body: Mapping[str, Any], person: int, own: set[int], stand_ins: set[int], logins: set[str]) -> bool:
    return (
        body.get("officer") == person
        or body.get("assignment") in own
        or body.get("stand_in") in stand_ins
        or body.get("login") in logins
    )
