"""The day on which a timer was armed: workdays(n) count from it when another year's calendar is adopted."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.add_column("timer", sa.Column("armed_on", sa.Date(), nullable=True, comment="local date of arming"))
