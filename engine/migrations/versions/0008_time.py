"""Directions of clocks, evidence of stops, files of documents; cards and what they cost, which are only ever added."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
GUARDED = {"card": ("id",), "score": ("id",)}


def upgrade() -> None:
    op.add_column(
        "clock",
        sa.Column(
            "direction", sa.Text(), nullable=False, server_default="within", comment="within | at_least | before"
        ),
    )
    carded = "when it was decided whether a card follows from the overrun"
    op.add_column("clock", sa.Column("carded_at", INSTANT, nullable=True, comment=carded))
    late = sa.text("overrun_at is not null and carded_at is null")
    op.create_index("ix_clock_carding", "clock", ["due_on"], sqlite_where=late, postgresql_where=late)
    evidence = "what the outside body gave: its name, the number of its paper"
    op.add_column("stop", sa.Column("evidence", sa.Text(), nullable=True, comment=evidence))
    op.add_column("stop", sa.Column("path", sa.Text(), nullable=True, comment="step that served the notice"))
    stored = "random file name of the PDF in <data>/files"
    op.add_column("document", sa.Column("stored", sa.Text(), nullable=True, comment=stored))
    asked = "of a supplement notice: when it was decided whether a card follows from it"
    op.add_column("document", sa.Column("carded_at", INSTANT, nullable=True, comment=asked))
    notices = sa.text("kind = 'supplement_notice' and carded_at is null")
    op.create_index("ix_document_carding", "document", ["made_at"], sqlite_where=notices, postgresql_where=notices)
    op.create_index("ix_document_case", "document", ["case_"])
    unrendered = sa.text("rendered_at is null")
    op.create_index("ix_document_due", "document", ["id"], sqlite_where=unrendered, postgresql_where=unrendered)
    _cards()
    _scores()
    for table in GUARDED:
        for statement in _guards(table):
            op.execute(statement)


def _cards() -> None:
    what = "a yellow or red card: a fact, kept for ever; its life is the case `case_` of item efficacy_card"
    op.create_table(
        "card",
        sa.Column("id", ID, nullable=False, comment=what),
        _to("card", "case_", "case_", "the card's own case"),
        _to("card", "subject_case", "case_", "the case that it is about", nullable=True),
        _to("card", "clock", "clock", "the clock that was overrun", nullable=True),
        _text("key", "what it is for: key of the clock, correction:<n>, manual:<n>, ..."),
        _text("level", "yellow | red"),
        _text("cause", "overrun | correction | no_reply | repeated | manual"),
        _text("rule", "rule that was broken", nullable=True),
        _text("path", "step in which it happened", nullable=True),
        _text("post", "post that it is given to"),
        _to("card", "organ", "organ", "organ that it is given to"),
        _to("card", "person", "person", "who held the step then", nullable=True),
        sa.Column("on", sa.Date(), nullable=False, comment="legal date of the fact"),
        sa.PrimaryKeyConstraint("id", name="pk_card"),
        sa.UniqueConstraint("case_", name="uq_card_case_"),
        sa.UniqueConstraint("subject_case", "key", "level", name="uq_card_subject_case_key_level"),
    )
    op.create_index("ix_card_organ", "card", ["organ", "post"])


def _scores() -> None:
    op.create_table(
        "score",
        sa.Column("id", ID, nullable=False, comment="what a card cost an office, or gave back; append-only"),
        _to("score", "card", "card", "card"),
        _to("score", "organ", "organ", "office"),
        _text("post", "post"),
        sa.Column("points", sa.Integer(), nullable=False, comment="below 0: taken; above 0: given back"),
        _text("reason", "issued | downgraded | rescinded"),
        sa.Column("on", sa.Date(), nullable=False, comment="local date from which it counts"),
        sa.PrimaryKeyConstraint("id", name="pk_score"),
    )
    op.create_index("ix_score_organ", "score", ["organ", "on"])
    op.create_index("ix_score_card", "score", ["card"])


def _text(name: str, comment: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=nullable, comment=comment)


def _to(table: str, name: str, other: str, comment: str, *, nullable: bool = False) -> sa.Column[int]:
    key = sa.ForeignKey(f"{other}.id", name=f"fk_{table}_{name}")
    return sa.Column(name, ID, key, nullable=nullable, comment=comment)


def _guards(table: str) -> list[str]:
    """As in 0005: no update, no delete, no replacement."""
    if op.get_bind().dialect.name == "postgresql":
        return [
            f"create trigger {table}_append_only before update or delete or truncate on {table} "
            "for each statement execute function append_only()",
            f"alter table {table} enable always trigger {table}_append_only",
            f"revoke update, delete, truncate on {table} from public",
        ]
    refuse = f"begin select raise(abort, '{table} is append-only'); end"
    exists = f"exists (select 1 from {table} where id = new.id)"  # noqa: S608 (no value in it comes from outside)
    return [
        f"create trigger {table}_no_update before update on {table} {refuse}",
        f"create trigger {table}_no_delete before delete on {table} {refuse}",
        f"create trigger {table}_no_replace before insert on {table} when {exists} {refuse}",
    ]
