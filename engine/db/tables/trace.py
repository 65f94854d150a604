"""The trace, the calendar and the work queue. Each index names the query it serves."""

import sqlalchemy as sa

from engine.db.tables.types import Id, Instant, column, identity, metadata

event = sa.Table(
    "event",
    metadata,
    identity("order of recording"),
    column("case_", sa.Text, "case number, or organ:<id>: the chain"),
    column("seq", sa.Integer, "1, 2, ... in the chain"),
    column("type", sa.Text, "copy of the body's field, for queries"),
    column("person", sa.Text, "copy: pseudonym", True),
    column("at", Instant, "copy"),
    column("body", sa.LargeBinary, "canonical JSON bytes: the event"),
    sa.UniqueConstraint("case_", "seq"),
    sa.Index("ix_event_person_at", "person", "at"),  # audit: what a person did
    sa.Index("ix_event_type_at", "type", "at"),  # audit: refused attempts
)

chain = sa.Table(
    "chain",
    metadata,
    column("id", sa.Text, "case number, or organ:<id>", primary_key=True),
    column("head", sa.Text, "hex hash of the last event"),
    column("seq", sa.Integer, "number of events"),
    column("last_at", Instant, "`at` of the last event"),
)

leaf = sa.Table(
    "leaf",
    metadata,
    column("gidx", Id, "index in the tree", primary_key=True, autoincrement=False),
    sa.Column("event", Id, sa.ForeignKey("event.id"), nullable=False, unique=True, comment="event"),
)

checkpoint = sa.Table(
    "checkpoint",
    metadata,
    column("size", Id, "leaves under it", primary_key=True, autoincrement=False),
    column("root", sa.Text, "hex root"),
    column("note", sa.Text, "signed note"),
    column("at", Instant, "signed"),
)


outbox = sa.Table(
    "outbox",
    metadata,
    identity("work that follows a command; the truth, the queue is only a doorbell"),
    column("kind", sa.Text, "job"),
    column("body_json", sa.Text, "ids"),
    column("made_at", Instant, "recorded"),
    column("lease_until", Instant, "somebody works on it", True),
    column("done_at", Instant, "done", True),
    sa.Index("ix_outbox_open", "done_at", "lease_until"),  # worker: what is to be done
)

calendar_day = sa.Table(
    "calendar_day",
    metadata,
    column("day", sa.Date, "local date", primary_key=True),
    column("is_working", sa.Boolean, "a working day"),
    column("name", sa.Text, "holiday or make-up day", True),
    column("source", sa.Text, "the State Council notice"),
)

heartbeat = sa.Table(
    "heartbeat",
    metadata,
    column("name", sa.Text, "worker", primary_key=True),
    column("at", Instant, "last alive (real time)"),
    column("note", sa.Text, "what it did", True),
)
