"""Whether an officer must keep out of a case. Each index names the query it serves."""

import sqlalchemy as sa

from engine.db.tables.types import Instant, column, identity, metadata, to

recusal = sa.Table(
    "recusal",
    metadata,
    identity("whether an officer must keep out of a case (Civil Servants Law art. 76, 77)"),
    to("case_", "case_", "case"),
    to("person", "officer", "the officer"),
    to("organ", "organ", "where the officer handles it: who decides is looked for from here upwards"),
    column("source", sa.Text, "declared | found | asked"),
    column("kind", sa.Text, "spouse | lineal | collateral | in_law | interest | same_phone | same_address | other"),
    column("reason", sa.Text, "in words; erasable", True),
    to("person", "raised_by", "the officer, a colleague, or the applicant"),
    column("raised_at", Instant, "when"),
    to("person", "decided_by", "who decided; never `officer`", True),
    column("decided_at", Instant, "when", True),
    column("upheld", sa.Boolean, "the officer keeps out", True),
    column("decision", sa.Text, "reasons of the decision; erasable", True),
    sa.Index("ix_recusal_case", "case_", "officer"),  # permission: is the actor barred
    sa.Index(
        "ix_recusal_open",
        "organ",
        sqlite_where=sa.text("decided_at is null"),
        postgresql_where=sa.text("decided_at is null"),
    ),  # what waits for a decision
)

recusal_vote = sa.Table(
    "recusal_vote",
    metadata,
    identity("a vote of a council on a recusal that no head may decide alone; never changed"),
    to("recusal", "recusal", "recusal"),
    to("person", "person", "member of the council"),
    column("upheld", sa.Boolean, "for keeping the officer out"),
    column("reason", sa.Text, "in words; erasable", True),
    column("at", Instant, "when"),
    sa.UniqueConstraint("recusal", "person"),
)
