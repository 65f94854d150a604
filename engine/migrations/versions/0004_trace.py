"""The trace, the calendar and the work queue."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "event",
        sa.Column("id", ID, nullable=False, comment="order of recording"),
        sa.Column("case_", sa.Text(), nullable=False, comment="case number, or organ:<id>: the chain"),
        sa.Column("seq", sa.Integer(), nullable=False, comment="1, 2, ... in the chain"),
        sa.Column("type", sa.Text(), nullable=False, comment="copy of the body's field, for queries"),
        sa.Column("person", sa.Text(), nullable=True, comment="copy: pseudonym"),
        sa.Column("at", INSTANT, nullable=False, comment="copy"),
        sa.Column("body", sa.LargeBinary(), nullable=False, comment="canonical JSON bytes: the event"),
        sa.PrimaryKeyConstraint("id", name="pk_event"),
        sa.UniqueConstraint("case_", "seq", name="uq_event_case__seq"),
    )
    op.create_index("ix_event_person_at", "event", ["person", "at"])
    op.create_index("ix_event_type_at", "event", ["type", "at"])
    op.create_table(
        "chain",
        sa.Column("id", sa.Text(), nullable=False, comment="case number, or organ:<id>"),
        sa.Column("head", sa.Text(), nullable=False, comment="hex hash of the last event"),
        sa.Column("seq", sa.Integer(), nullable=False, comment="number of events"),
        sa.Column("last_at", INSTANT, nullable=False, comment="`at` of the last event"),
        sa.PrimaryKeyConstraint("id", name="pk_chain"),
    )
    op.create_table(
        "leaf",
        sa.Column("gidx", ID, autoincrement=False, nullable=False, comment="index in the tree"),
        sa.Column("event", ID, sa.ForeignKey("event.id", name="fk_leaf_event"), nullable=False, comment="event"),
        sa.PrimaryKeyConstraint("gidx", name="pk_leaf"),
        sa.UniqueConstraint("event", name="uq_leaf_event"),
    )
    op.create_table(
        "checkpoint",
        sa.Column("size", ID, autoincrement=False, nullable=False, comment="leaves under it"),
        sa.Column("root", sa.Text(), nullable=False, comment="hex root"),
        sa.Column("note", sa.Text(), nullable=False, comment="signed note"),
        sa.Column("at", INSTANT, nullable=False, comment="signed"),
        sa.PrimaryKeyConstraint("size", name="pk_checkpoint"),
    )
    op.create_table(
        "outbox",
        sa.Column(
            "id", ID, nullable=False, comment="work that follows a command; the truth, the queue is only a doorbell"
        ),
        sa.Column("kind", sa.Text(), nullable=False, comment="job"),
        sa.Column("body_json", sa.Text(), nullable=False, comment="ids"),
        sa.Column("made_at", INSTANT, nullable=False, comment="recorded"),
        sa.Column("lease_until", INSTANT, nullable=True, comment="somebody works on it"),
        sa.Column("done_at", INSTANT, nullable=True, comment="done"),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
    )
    op.create_index("ix_outbox_open", "outbox", ["done_at", "lease_until"])
    op.create_table(
        "calendar_day",
        sa.Column("day", sa.Date(), nullable=False, comment="local date"),
        sa.Column("is_working", sa.Boolean(), nullable=False, comment="a working day"),
        sa.Column("name", sa.Text(), nullable=True, comment="holiday or make-up day"),
        sa.Column("source", sa.Text(), nullable=False, comment="the State Council notice"),
        sa.PrimaryKeyConstraint("day", name="pk_calendar_day"),
    )
    op.create_table(
        "heartbeat",
        sa.Column("name", sa.Text(), nullable=False, comment="worker"),
        sa.Column("at", INSTANT, nullable=False, comment="last alive (real time)"),
        sa.Column("note", sa.Text(), nullable=True, comment="what it did"),
        sa.PrimaryKeyConstraint("name", name="pk_heartbeat"),
    )
