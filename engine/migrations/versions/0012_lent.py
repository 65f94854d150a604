"""A step that was lent to the county pool is known as such."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.add_column(
        "step",
        sa.Column("lent", sa.Boolean(), nullable=False, server_default=sa.false(), comment="lent to the county pool"),
    )
