"""The auditor's questions: what happened, who did it, and is the chain whole. Reads the trace, never writes it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from engine.clock import day_start
from engine.db import trail
from engine.db.read import mentioned
from engine.db.read.facts import Found, Named, Query, named, without_name
from engine.db.shield import open_to
from engine.db.tables import account, case_, chain, definition, event, person
from engine.model import Event
from engine.rules import trace

PAGE = 50
TRACE_PAGE = 200
REFUSALS = (Event.REFUSED.value, Event.SIGN_IN_FAILED.value)
TIMES = (
    Event.CLOCK_STARTED.value,
    Event.CLOCK_ENDED.value,
    Event.CLOCK_OVERRUN.value,
    Event.TIMER_FIRED.value,
    Event.MARK_REACHED.value,
)


@dataclass(frozen=True, kw_only=True)
class Filter:
    """`officer` is a name or a login; `from_on` and `to_on` are local days, both included."""

    case: str = ""
    title: str = ""
    officer: str = ""
    type: Event | None = None
    types: Collection[Event] = ()
    refused: bool = False
    from_on: date | None = None
    to_on: date | None = None
    page: int = 1


@dataclass(frozen=True, kw_only=True)
class Record:
    """An event as recorded. `who` is None for the system and for a person nobody knows (any more).

    Only officers are named in full. `body` is empty where its bytes are not an event: `check` says so.
    `officers`: those whom the events read with it speak of, by pseudonym.
    """

    id: int
    chain: str
    seq: int
    type: str
    at: datetime
    who: Named | None
    body: Mapping[str, Any]
    fingerprint: str
    officers: Mapping[str, Named] = field(default_factory=dict)

    @property
    def facts(self) -> Mapping[str, Any]:
        facts = self.body.get("facts")
        return facts if isinstance(facts, dict) else {}

    @property
    def refused(self) -> bool:
        return self.type in REFUSALS


@dataclass(frozen=True, kw_only=True)
class Tally:
    """How many events a chain has, and how many of them are refusals or about time."""

    total: int
    refused: int
    times: int


@dataclass(frozen=True, kw_only=True)
class Break:
    """The place where a chain is not whole. `seq` 0: before the first event. `kind` says what was found:

    unreadable: the event's bytes are not an event · other: its bytes belong to another chain or place ·
    gap: an event is missing before it · prev: it does not carry the hash of the one before ·
    copied: a column does not say what its bytes say · head: the last event is not the one the chain ended with ·
    short: events are missing at the end. `recorded` and `computed` are the two values that differ.
    """

    seq: int
    kind: str
    recorded: str
    computed: str


@dataclass(frozen=True, kw_only=True)
class Check:
    """A chain, read from its first event to its last. `broken` is the first place where it is not whole.

    A column that does not say what the bytes say counts only where the chain itself is whole: who changes the bytes
    breaks both, and the chain shows what was changed.
    """

    chain: str
    events: int
    head: str
    broken: Break | None


def search(conn: sa.Connection, wanted: Filter) -> tuple[Record, ...]:
    """One page, one statement and one for the officers spoken of: events under the filter, the newest first."""
    query = _found(sa.select(*_columns()).select_from(_joined()), wanted)
    query = query.order_by(event.c.at.desc(), event.c.id.desc())
    return _records(conn, query.limit(PAGE).offset((wanted.page - 1) * PAGE))


def count(conn: sa.Connection, wanted: Filter) -> int:
    """One statement: how many events the search finds over all its pages."""
    return conn.scalar(_found(sa.select(sa.func.count()).select_from(event), wanted)) or 0


def of_chain(conn: sa.Connection, chain_id: str, *, only: str = "all", page: int = 1) -> tuple[Record, ...]:
    """One page, statements as in `search`: a chain's events in their order; `only` is all, refused or times."""
    query = sa.select(*_columns()).select_from(_joined()).where(event.c.case_ == chain_id).order_by(event.c.seq)
    if only != "all":
        query = query.where(event.c.type.in_(REFUSALS if only == "refused" else TIMES))
    return _records(conn, query.limit(TRACE_PAGE).offset((page - 1) * TRACE_PAGE))


def tally(conn: sa.Connection, chain_id: str) -> Tally:
    """One statement: what there is to filter in a chain."""
    query = sa.select(
        sa.func.count(),
        *(
            sa.func.coalesce(sa.func.sum(sa.case((event.c.type.in_(kinds), 1), else_=0)), 0)
            for kinds in (REFUSALS, TIMES)
        ),
    ).where(event.c.case_ == chain_id)
    total, refused, times = conn.execute(query).one()
    return Tally(total=total, refused=refused, times=times)


def overruns(conn: sa.Connection, number: str) -> dict[str, Record]:
    """One statement: the event that recorded each clock's overrun, by the clock's key."""
    query = sa.select(*_columns()).select_from(_joined())
    query = query.where(event.c.case_ == number, event.c.type == Event.CLOCK_OVERRUN.value).order_by(event.c.seq)
    return {str(record.facts.get("key")): record for record in _records(conn, query)}


def extensions(conn: sa.Connection, number: str) -> tuple[Record, ...]:
    """The extensions of a case's clocks, in order. One statement."""
    query = sa.select(*_columns()).select_from(_joined()).where(event.c.case_ == number)
    return _records(conn, query.where(event.c.type == Event.CLOCK_EXTENDED.value).order_by(event.c.seq))


def definitions(conn: sa.Connection, numbers: Collection[str]) -> dict[str, tuple[int, str]]:
    """One statement: id and SHA-256 of the definition that each of these cases runs on, to name its steps."""
    query = sa.select(case_.c.number, definition.c.id, definition.c.sha256)
    query = query.join(definition, definition.c.id == case_.c.definition).where(case_.c.number.in_(numbers))
    return {row.number: (row.id, row.sha256) for row in conn.execute(query)}


def _columns() -> tuple[sa.ColumnElement[Any], ...]:
    officer = sa.exists().where(account.c.person == person.c.id).label("officer")
    return (
        event.c.id, event.c.case_, event.c.seq, event.c.type, trail.RAW_AT, event.c.body, person.c.name,
        person.c.name_en, person.c.kind, officer,
    )  # fmt: skip


def _joined() -> sa.Join:
    return event.outerjoin(person, sa.and_(person.c.pseudonym == event.c.person, person.c.kind != "system"))


def _found(query: Query, wanted: Filter) -> Query:
    if wanted.case:
        query = query.where(event.c.case_.icontains(wanted.case, autoescape=True))
    if wanted.title:
        titled = sa.select(case_.c.number).where(case_.c.title.contains(wanted.title, autoescape=True))
        query = query.where(event.c.case_.in_(titled))
    if wanted.officer:
        officers = sa.select(person.c.pseudonym).join(account, account.c.person == person.c.id)
        named = sa.or_(
            person.c.name.contains(wanted.officer, autoescape=True),
            person.c.name_en.icontains(wanted.officer, autoescape=True),
            account.c.login == wanted.officer,
        )
        query = query.where(event.c.person.in_(officers.where(named)))
    if wanted.type:
        query = query.where(event.c.type == wanted.type.value)
    if wanted.types:
        query = query.where(event.c.type.in_([kind.value for kind in wanted.types]))
    if wanted.refused:
        query = query.where(event.c.type.in_(REFUSALS))
    if wanted.from_on:
        query = query.where(event.c.at >= day_start(wanted.from_on))
    if wanted.to_on:
        query = query.where(event.c.at < day_start(wanted.to_on + timedelta(days=1)))
    return query


def titles(conn: sa.Connection, numbers: Collection[str], reader: int) -> dict[str, str]:
    """One statement: the title of each of these cases, a natural applicant's name masked.

    None of a complaint about the `reader`.
    """
    query = sa.select(case_.c.number, case_.c.title, person.c.kind, person.c.name)
    query = query.join(person, person.c.id == case_.c.applicant).where(case_.c.number.in_(numbers), open_to(reader))
    return {row.number: without_name(row.title, row.kind, row.name) for row in conn.execute(query)}


def _records(conn: sa.Connection, query: Query) -> tuple[Record, ...]:
    found = [(row, trail.parsed(row.body)) for row in conn.execute(query)]
    officers = mentioned.officers(conn, {each for _, body in found for each in mentioned.pseudonyms(body)})
    return tuple(
        Record(
            id=row.id, chain=row.case_, seq=row.seq, type=row.type, at=_at(row), who=_who(row), body=body,
            fingerprint=trace.link(row.body), officers=officers,
        )
        for row, body in found
    )  # fmt: skip


def _who(row: Found) -> Named | None:
    if not row.name:
        return None
    if row.officer:
        return named(row)
    shown = without_name(row.name, row.kind, row.name)
    return Named(name=shown, name_en=shown)


def _at(row: Found) -> datetime:
    """The event's instant: that of its column; where somebody spoilt it, that of its bytes; else the epoch."""
    for text in (trail.instant(row.raw_at), trail.parsed(row.body).get("at")):
        try:
            return datetime.fromisoformat(str(text)).replace(tzinfo=UTC)
        except ValueError:
            continue
    return datetime.fromtimestamp(0, UTC)


def check(conn: sa.Connection, chain_id: str) -> Check:
    """Read a chain from its first event to its last, and compare it with the head kept beside it."""
    head = conn.execute(sa.select(chain).where(chain.c.id == chain_id)).one_or_none()
    columns = (event.c.seq, event.c.type, event.c.person, trail.RAW_AT, event.c.body)
    query = sa.select(*columns).where(event.c.case_ == chain_id).order_by(event.c.seq)
    prev, seen, copied = trace.GENESIS, 0, None
    for row in conn.execute(query):
        if broken := _break(row, chain_id, prev, seen):
            return Check(chain=chain_id, events=seen, head=prev, broken=broken)
        copied = copied or _copied(row)
        prev, seen = trace.link(row.body), row.seq
    return Check(chain=chain_id, events=seen, head=prev, broken=_end(head, prev, seen) or copied)


def _break(row: Found, chain_id: str, prev: str, seen: int) -> Break | None:
    body = trail.parsed(row.body)
    try:
        same = bool(body) and trace.canonical(body) == row.body
    except ValueError:
        same = False
    if not same:
        return Break(seq=row.seq, kind="unreadable", recorded="", computed="")
    if row.seq != seen + 1:
        return Break(seq=row.seq, kind="gap", recorded=str(row.seq), computed=str(seen + 1))
    if body.get("prev") != prev:
        return Break(seq=row.seq, kind="prev", recorded=str(body.get("prev")), computed=prev)
    told = (body.get("case"), body.get("seq"))
    if told != (chain_id, row.seq):
        return Break(seq=row.seq, kind="other", recorded=f"{told[0]} {told[1]}", computed=f"{chain_id} {row.seq}")
    return None


def _copied(row: Found) -> Break | None:
    """Compare the columns that searches use with the bytes of the event."""
    body = trail.parsed(row.body)
    kept = (row.type, row.person, trail.instant(row.raw_at))
    told = (body.get("type"), body.get("person"), body.get("at"))
    if kept == told:
        return None
    recorded, computed = (" ".join(str(part) for part in parts) for parts in (kept, told))
    return Break(seq=row.seq, kind="copied", recorded=recorded, computed=computed)


def _end(head: Found | None, prev: str, seen: int) -> Break | None:
    """What is wrong after the last event: some are missing, or the last one was changed."""
    if head is None:
        return Break(seq=seen, kind="head", recorded="", computed=prev) if seen else None
    if head.seq != seen:
        return Break(seq=seen, kind="short", recorded=str(head.seq), computed=str(seen))
    return Break(seq=seen, kind="head", recorded=head.head, computed=prev) if head.head != prev else None
