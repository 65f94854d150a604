"""What a move to another version looks at: the running cases of an item, many at a time."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine.db import tables as t
from engine.db.definitions import Version
from engine.db.find import clock, late
from engine.db.record import Head
from engine.errors import NotFound
from engine.model import RUNNING, Act, ActKind, CaseState
from engine.rules.moving import Facts, Held

MOST_AT_ONCE = 500  # ids in one statement


@dataclass(frozen=True, kw_only=True)
class Standing:
    """A case as it stands: its version of the definition, its state, and what the rules of moving ask."""

    id: int
    number: str
    state: CaseState
    version: int
    definition: Version
    engine_state: bytes
    applicant: int
    agent: int | None
    facts: Facts


def version(conn: Connection, item: str, number: int) -> Version:
    """Return a version of an item by its number.

    Raises:
        NotFound: there is no such version.
    """
    columns = (t.definition.c.id, t.definition.c.version, t.definition.c.sha256)
    wanted = (t.definition.c.item == item) & (t.definition.c.version == number) & (t.definition.c.kind == "item")
    row = conn.execute(sa.select(*columns).where(wanted)).one_or_none()
    if row is None:
        raise NotFound(what="version", key=f"{item}@{number}")
    return Version(**row._mapping)


def running(conn: Connection, item: str, to: Version, numbers: Collection[str] = ()) -> list[int]:
    """Return the ids of an item's running cases on other versions, the oldest first; `numbers`: these cases.

    Raises:
        NotFound: a case named is not among them.
    """
    wanted = (t.case_.c.item == item) & t.case_.c.state.in_(RUNNING) & (t.case_.c.definition != to.id)
    found = conn.execute(sa.select(t.case_.c.id, t.case_.c.number).where(wanted).order_by(t.case_.c.id)).all()
    for number in sorted(set(numbers) - {row.number for row in found}):
        raise NotFound(what="running case of another version", key=number)
    return [row.id for row in found if not numbers or row.number in numbers]


def standing(conn: Connection, ids: Sequence[int], now: datetime) -> Iterator[Standing]:
    """Yield these cases in the order of their ids; four statements for each 500."""
    for first in range(0, len(ids), MOST_AT_ONCE):
        yield from _standing(conn, ids[first : first + MOST_AT_ONCE], now)


def _standing(conn: Connection, ids: Sequence[int], now: datetime) -> Iterator[Standing]:
    steps, acts, clocks = defaultdict(list), defaultdict(list), defaultdict(list)
    open_step = t.step.c.closed_at.is_(None) & t.step.c.case_.in_(ids)
    for row in conn.execute(sa.select(t.step).where(open_step).order_by(t.step.c.id)):
        steps[row.case_].append(Held(row.path, row.claimed_by))
    for row in conn.execute(sa.select(t.act).where(t.act.c.case_.in_(ids)).order_by(t.act.c.id)):
        acts[row.case_].append(_act(row))
    for row in conn.execute(sa.select(t.clock).where(t.clock.c.case_.in_(ids)).order_by(t.clock.c.id)):
        clocks[row.case_].append(clock(row))
    query = (
        sa.select(t.case_, t.definition.c.sha256, t.definition.c.version.label("number_of"), late.label("late"))
        .join(t.definition, t.definition.c.id == t.case_.c.definition)
        .where(t.case_.c.id.in_(ids))
        .order_by(t.case_.c.id)
    )
    for row in conn.execute(query, {"now": now}):
        yield Standing(
            id=row.id,
            number=row.number,
            state=CaseState(row.state),
            version=row.version,
            definition=Version(id=row.definition, version=row.number_of, sha256=row.sha256),
            engine_state=row.engine_state,
            applicant=row.applicant,
            agent=row.agent,
            facts=Facts(
                steps=steps[row.id],
                acts=acts[row.id],
                marks={name: date.fromisoformat(on) for name, on in json.loads(row.marks_json).items()},
                clocks=clocks[row.id],
                late=row.late and row.state == CaseState.OPEN,  # in fault nothing fires
            ),
        )


def locked(conn: Connection, ids: Collection[int]) -> dict[int, Head]:
    """Lock cases and their chains, in the order of the ids, so that two who do this cannot wait for each other.

    Returns where each chain stands.
    """
    query = (
        sa.select(t.case_.c.id, t.case_.c.number, t.organ.c.code, t.chain.c.head, t.chain.c.seq, t.chain.c.last_at)
        .join(t.chain, t.chain.c.id == t.case_.c.number)
        .join(t.organ, t.organ.c.id == t.case_.c.organ)
        .where(t.case_.c.id.in_(ids))
        .order_by(t.case_.c.id)
        .with_for_update(of=[t.case_, t.chain])
    )
    return {
        row.id: Head(id=row.number, org=row.code, head=row.head, seq=row.seq, last_at=row.last_at)
        for row in conn.execute(query)
    }


def _act(row: sa.Row[Any]) -> Act:
    return Act(
        person=row.person,
        path=row.path,
        kind=ActKind(row.kind),
        outcome=row.outcome,
        at=row.at,
        on_behalf=row.on_behalf_of,
        step=row.step,
    )
