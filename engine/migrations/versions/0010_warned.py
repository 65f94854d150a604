"""What the monitors have been told by constraints that only count: each thing once."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

KINDS = "urge | copy | return | withdraw | transfer | signer | recusal | proposal | correction"
ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    what = "what the monitors have been told by a constraint that only counts; each once"
    op.create_table(
        "warned",
        sa.Column("id", ID, nullable=False, comment=what),
        sa.Column("rule", sa.Text(), nullable=False, comment="id of the constraint: SOD-28, SOD-11"),
        sa.Column("key", sa.Text(), nullable=False, comment="whom and when it is about, by ids"),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False, comment="told"),
        sa.PrimaryKeyConstraint("id", name="pk_warned"),
        sa.UniqueConstraint("rule", "key", name="uq_warned_rule_key"),
    )
    if op.get_bind().dialect.name == "postgresql":
        op.alter_column("memo", "kind", comment=f"{KINDS} | counted", existing_comment=KINDS)
