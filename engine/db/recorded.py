"""What was recorded in one case, as office acts ask it: who urged, how marks were reached, what was handed in."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine.db import tables as t
from engine.errors import NotFound
from engine.model import CaseState, Event
from engine.rules.mending import Reached


def urged(conn: Connection, number: str, person: str, since: datetime) -> set[str]:
    """Return the paths of the steps of a case that a person, by pseudonym, has urged since an instant."""
    by = (t.event.c.person == person) & (t.event.c.at >= since)
    return {event["step"] for event in _events(conn, number, by, Event.STEP_URGED)}


def reached(conn: Connection, number: str) -> tuple[Reached, ...]:
    """Return the marks of a case in the order in which they were reached last, each with its day as corrected."""
    marks: dict[str, Reached] = {}
    for event in _events(conn, number, sa.true(), Event.MARK_REACHED, Event.MARK_CORRECTED):
        facts = event["facts"]
        name = facts["mark"]
        if event["type"] == Event.MARK_REACHED:
            marks.pop(name, None)
            on = date.fromisoformat(facts["on"])
            marks[name] = Reached(mark=name, on=on, taken_from=facts["taken_from"] or "")
        elif name in marks:
            marks[name] = replace(marks[name], on=date.fromisoformat(facts["to"]))
    return tuple(marks.values())


def _events(conn: Connection, number: str, where: sa.ColumnElement[bool], *types: Event) -> Iterator[dict[str, Any]]:
    found = sa.select(t.event.c.body).where(t.event.c.case_ == number, t.event.c.type.in_(types), where)
    for body in conn.scalars(found.order_by(t.event.c.seq)):
        yield json.loads(body)


@dataclass(frozen=True, kw_only=True)
class Standing:
    """A case as far as planning a correction of it looks at it."""

    id: int
    number: str
    definition: int
    sha256: str
    state: CaseState


def standing(conn: Connection, case_id: int) -> Standing:
    """Return how a case stands.

    Raises:
        NotFound: there is no such case.
    """
    found = sa.select(t.case_.c.id, t.case_.c.number, t.case_.c.definition, t.definition.c.sha256, t.case_.c.state)
    joined = found.join(t.definition, t.definition.c.id == t.case_.c.definition).where(t.case_.c.id == case_id)
    row = conn.execute(joined).one_or_none()
    if row is None:
        raise NotFound(what="case", key=str(case_id))
    return Standing(**{**row._mapping, "state": CaseState(row.state)})


@dataclass(frozen=True, kw_only=True)
class Entered:
    """A form as handed in: its row, what was filled in, and what stands beside it (opinion, materials, files)."""

    id: int
    step: int | None
    path: str
    body: Mapping[str, Any]

    @property
    def form(self) -> dict[str, Any]:
        return dict(self.body.get("form", {}))


def entered(conn: Connection, case_id: int, path: str) -> Entered | None:
    """Return the form that was handed in last at a path, as corrected; None when there is none (any more)."""
    found = sa.select(t.form).where(t.form.c.case_ == case_id, t.form.c.path == path).order_by(t.form.c.id.desc())
    row = conn.execute(found.limit(1)).one_or_none()
    return Entered(id=row.id, step=row.step, path=row.path, body=json.loads(row.body_json)) if row else None


def resting(conn: Connection, case_id: int, fields: Mapping[str, Any]) -> list[str]:
    """Return the numbers of the documents of a case that say one of these fields as it is."""
    found = sa.select(t.document.c.number, t.document.c.facts_json).where(t.document.c.case_ == case_id)
    told = [(row.number, json.loads(row.facts_json)) for row in conn.execute(found.order_by(t.document.c.id))]
    return [number for number, facts in told if any(name in facts and facts[name] == fields[name] for name in fields)]
