"""Of each case a plan of who can do the rest, so that a claim by it needs no proof anew."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"

KINDS = "urge | copy | return | withdraw | transfer | signer | recusal | proposal | correction | counted"
RULES = "id of the constraint: SOD-28, SOD-11"
ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    what = "of a case: who can do all that may still come, as it was proven last"
    op.create_table(
        "plan",
        sa.Column("id", ID, nullable=False, comment=what),
        sa.Column("case_", ID, sa.ForeignKey("case_.id"), nullable=False, comment="case"),
        sa.Column("edition", sa.Text(), nullable=False, comment="of posts, ties and recusals, by which it was proven"),
        sa.Column("acts", sa.Integer(), nullable=False, comment="how many acts of the case it knows"),
        sa.Column("seats_json", sa.Text(), nullable=False, comment="step path -> pairs of who acts, and for whom or 0"),
        sa.PrimaryKeyConstraint("id", name="pk_plan"),
        sa.UniqueConstraint("case_", name="uq_plan_case_"),
    )
    if op.get_bind().dialect.name == "postgresql":
        op.alter_column("memo", "kind", comment=f"{KINDS} | shortage", existing_comment=KINDS)
        op.alter_column("warned", "rule", comment=f"{RULES}; or staffing", existing_comment=RULES)
