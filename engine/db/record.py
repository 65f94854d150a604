"""Writing: what a command has changed, in one go, and the events of it. Chains are compare-and-set like cases."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine.db import days, organs
from engine.db import tables as t
from engine.db.context import Context
from engine.db.upsert import upsert
from engine.errors import CaseMoved
from engine.model import CaseState, Event
from engine.rules import trace


@dataclass(frozen=True, kw_only=True)
class Entry:
    """An event that is going to be written; chain, number and time are filled in by `append`."""

    type: Event
    facts: Mapping[str, Any] = field(default_factory=dict)
    step: str | None = None
    post: str | None = None
    assignment: int | None = None
    on_behalf: str | None = None
    rule: str | None = None
    due_on: date | None = None
    outcome: str | None = None
    data: str | None = None
    by_actor: bool = True  # False: done by the system in consequence
    id: str = field(default_factory=lambda: uuid4().hex)


@dataclass(frozen=True, kw_only=True)
class Head:
    """Where a chain stands."""

    id: str
    org: str
    head: str
    seq: int
    last_at: datetime | None


@dataclass(kw_only=True)
class Change:
    """All that one command changes in one case; rows as dicts by column name."""

    case: dict[str, Any] = field(default_factory=dict)
    steps: dict[str, dict[str, Any]] = field(default_factory=dict)  # by token
    clocks: dict[str, dict[str, Any]] = field(default_factory=dict)  # by key; "token" names a step opened now
    timers: dict[str, dict[str, Any]] = field(default_factory=dict)  # by key
    acts: list[dict[str, Any]] = field(default_factory=list)
    forms: list[dict[str, Any]] = field(default_factory=list)
    stops: list[dict[str, Any]] = field(default_factory=list)
    stopped_until: dict[int, date] = field(default_factory=dict)  # by id of the stop: its last day not counted
    entries: list[Entry] = field(default_factory=list)

    def trace(self, entry: Entry) -> str:
        self.entries.append(entry)
        return entry.id


@dataclass(frozen=True, kw_only=True)
class NewCase:
    """A case that is being filed; columns of the table `case_`."""

    number: str
    definition: int
    item: str
    organ: int
    applicant: int
    title: str
    query_hash: str
    subject_case: int | None = None
    amount: int | None = None
    about_person: int | None = None
    about_post: str | None = None
    about_organ: int | None = None


def filed(ctx: Context, new: NewCase) -> int:
    """Add an open case of version 0 that nothing has happened in yet; return its id. `save` writes the rest."""
    row = sa.insert(t.case_).values(
        **vars(new),
        channel=ctx.actor.channel,
        state=CaseState.OPEN.value,
        version=0,
        engine_state=b"",
        marks_json="{}",
        filed_at=ctx.now,
    )
    return int(ctx.conn.execute(row.returning(t.case_.c.id)).scalar_one())


def claimed(ctx: Context, step: int, person: int | None = None) -> None:
    """Note that the actor, or `person`, holds a step from now on."""
    holder = {"claimed_by": person or ctx.person, "claimed_at": ctx.now}
    ctx.conn.execute(_hold, {"held": step, **holder})


def released(ctx: Context, step: int) -> None:
    """Note that nobody holds a step."""
    ctx.conn.execute(_hold, {"held": step, "claimed_by": None, "claimed_at": None})


def save(ctx: Context, case_id: int, version: int, head: Head, change: Change) -> None:
    """Write the change if the case still has this version, and days are counted by the calendar that it was made by.

    Raises:
        CaseMoved: somebody else has changed the case, its chain or the calendar since it was read.
    """
    found = {"saved": case_id, "was": version, "counted_by": ctx.edition}
    if ctx.conn.execute(_save, {**found, "version": version + 1, **change.case}).rowcount != 1:
        raise CaseMoved()
    ids = dict(
        tuple(row)
        for row in upsert(
            ctx.conn,
            t.step,
            list(change.steps.values()),
            key=("case_", "token"),
            returning=(t.step.c.token, t.step.c.id),
        )
    )
    clocks = [{**row, "step": ids.get(token, row["step"])} for row, token in _split(change.clocks)]
    upsert(ctx.conn, t.clock, clocks, key=("case_", "key"))
    upsert(ctx.conn, t.timer, list(change.timers.values()), key=("case_", "key"))
    for table, rows in ((t.act, change.acts), (t.form, change.forms), (t.stop, change.stops)):
        if rows:
            ctx.conn.execute(sa.insert(table), rows)
    for stop, last in change.stopped_until.items():
        ctx.conn.execute(sa.update(t.stop).where(t.stop.c.id == stop).values(to_on=last))
    append(ctx, head, change.entries)


def _split(clocks: Mapping[str, dict[str, Any]]) -> list[tuple[dict[str, Any], str]]:
    return [({k: v for k, v in row.items() if k != "token"}, row.get("token", "")) for row in clocks.values()]


def append(ctx: Context, head: Head, entries: Sequence[Entry]) -> None:
    """Append events to a chain; `at` is the later of now and the chain's last event.

    Raises:
        CaseMoved: the chain has grown since it was read.
    """
    if not entries:
        return
    if head.last_at is None:  # a case that is being filed
        rows, link = _events(ctx, head, entries, ctx.subject.definition)
        ctx.conn.execute(sa.insert(t.event), rows)
        last = rows[-1]
        ctx.conn.execute(sa.insert(t.chain).values(id=head.id, head=link, seq=last["seq"], last_at=last["at"]))
        return
    append_all(ctx, [(head, entries, ctx.subject.definition)])


def append_all(ctx: Context, grown: Sequence[tuple[Head, Sequence[Entry], str | None]]) -> None:
    """Append events to many chains, each with the hash of its definition; two statements in all.

    Raises:
        CaseMoved: a chain has grown since it was read.
    """
    events: list[dict[str, Any]] = []
    heads = []
    for head, entries, definition in grown:
        rows, link = _events(ctx, head, entries, definition)
        events += rows
        last = rows[-1]
        heads.append({"was": head.id, "at_seq": head.seq, "head": link, "seq": last["seq"], "last_at": last["at"]})
    ctx.conn.execute(sa.insert(t.event), events)
    changed_all(ctx.conn, _grow, heads)


def changed_all(conn: Connection, statement: sa.Update, rows: Sequence[Mapping[str, Any]]) -> None:
    """Run an update once a row, each of which must find exactly its own.

    Raises:
        CaseMoved: one did not.
    """
    if rows and conn.execute(statement, rows).rowcount != len(rows):
        raise CaseMoved()


def _events(
    ctx: Context, head: Head, entries: Sequence[Entry], definition: str | None
) -> tuple[list[dict[str, Any]], str]:
    """Return the rows of events that follow a chain's head, and the head that they make."""
    at = max(ctx.now, head.last_at) if head.last_at else ctx.now
    link, seq, rows = head.head, head.seq, []
    for entry in entries:
        seq += 1
        body = trace.body(
            org=head.org,
            case=head.id,
            seq=seq,
            prev=link,
            id=entry.id,
            type=entry.type,
            step=entry.step,
            person=ctx.pseudonym if entry.by_actor else "system",
            post=entry.post,
            assignment=entry.assignment,
            on_behalf=entry.on_behalf,
            definition=definition,
            rule=entry.rule,
            at=instant(at),
            due_on=entry.due_on.isoformat() if entry.due_on else None,
            outcome=entry.outcome,
            data=entry.data,
            facts=entry.facts,
        )
        link = trace.link(body)
        rows.append(
            {
                "case_": head.id,
                "seq": seq,
                "type": entry.type.value,
                "at": at,
                "body": body,
                "person": ctx.pseudonym if entry.by_actor else "system",
            }
        )
    return rows, link


def instant(at: datetime) -> str:
    """Return the text of an instant as events hold it: UTC, microseconds, Z."""
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def chain_of(conn: Connection, chain: str, org: str) -> Head:
    """Return the chain, locked; a new one, of no event, when there is none.

    The new one is written first: of two who begin a chain at once the second waits, and follows.
    """
    wanted = sa.select(t.chain).where(t.chain.c.id == chain).with_for_update()
    row = conn.execute(wanted).one_or_none()
    if row is None:
        new = {"id": chain, "head": trace.GENESIS, "seq": 0, "last_at": datetime(1970, 1, 1, tzinfo=UTC)}
        upsert(conn, t.chain, [new], key=("id",), changed=("id",))
        row = conn.execute(wanted).one()
    return Head(id=chain, org=org, head=row.head, seq=row.seq, last_at=row.last_at)


def organ_chain(ctx: Context) -> Head:
    """Return the chain of the actor's organ; of the topmost organ when the actor holds no post."""
    if ctx.assignments:
        organ, code = ctx.assignments[0].organ, ctx.assignments[0].organ_code
    else:
        top = organs.top(ctx.conn)
        organ, code = (top.id, top.code) if top else (0, "none")
    return chain_of(ctx.conn, f"organ:{organ}", code)


def case_chain(ctx: Context, number: str) -> Head:
    """Return the chain of a case, locked."""
    row = ctx.conn.execute(_case_chain, {"number": number}).one()
    return Head(id=row.id, org=row.code, head=row.head, seq=row.seq, last_at=row.last_at)


_hold = sa.update(t.step).where(t.step.c.id == sa.bindparam("held"))
_save = sa.update(t.case_).where(
    t.case_.c.id == sa.bindparam("saved"),
    t.case_.c.version == sa.bindparam("was"),
    days.edition == sa.bindparam("counted_by"),
)
_grow = sa.update(t.chain).where(t.chain.c.id == sa.bindparam("was"), t.chain.c.seq == sa.bindparam("at_seq"))
_case_chain = (
    sa.select(t.chain, t.organ.c.code)
    .join(t.case_, t.case_.c.number == t.chain.c.id)
    .join(t.organ, t.organ.c.id == t.case_.c.organ)
    .where(t.chain.c.id == sa.bindparam("number"))
    .with_for_update(of=t.chain)
)


def payload(body: bytes) -> tuple[bytes, str]:
    """Return a fresh salt and the commitment to a body under it."""
    salt = secrets.token_bytes(32)
    return salt, trace.commitment(salt, body)
