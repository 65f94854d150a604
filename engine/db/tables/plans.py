"""What is proven of a case beside what is recorded: it may be lost, and is proven anew."""

from __future__ import annotations

import sqlalchemy as sa

from engine.db.tables.types import column, identity, metadata, to

plan = sa.Table(
    "plan",
    metadata,
    identity("of a case: who can do all that may still come, as it was proven last"),
    to("case_", "case_", "case"),
    column("edition", sa.Text, "of posts, ties and recusals, by which it was proven"),
    column("acts", sa.Integer, "how many acts of the case it knows"),
    column("seats_json", sa.Text, "step path -> pairs of who acts, and for whom or 0"),
    sa.UniqueConstraint("case_"),
)
