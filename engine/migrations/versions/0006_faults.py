"""A case in fault says why; a proposal says what it is about, and may be declined."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.add_column(
        "case_",
        sa.Column(
            "fault_json",
            sa.Text(),
            nullable=True,
            comment="in state fault: verb, why, at, step, since (engine/db/faults.py)",
        ),
    )
    for name, kind, comment in (
        ("about", sa.Text(), "item id or case number, for lists"),
        ("declined_at", sa.DateTime(timezone=True), "when"),
        ("decline_reason", sa.Text(), "why"),
    ):
        op.add_column("proposal", sa.Column(name, kind, nullable=True, comment=comment))
    on_postgresql = op.get_bind().dialect.name == "postgresql"
    op.execute(  # as SQL: Alembic would add the foreign key apart, which SQLite cannot
        f"alter table proposal add column declined_by {'bigint' if on_postgresql else 'integer'} "
        "constraint fk_proposal_declined_by references person (id)"
    )
    if on_postgresql:
        op.execute("comment on column proposal.declined_by is 'who declined; may be `by`, who takes it back'")
