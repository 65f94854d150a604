"""Whom a complaint is about: it is kept from them (SOD-21)."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _to("about_person", "person", "the officer whom a complaint is about (SOD-21)")
    op.add_column(
        "case_", sa.Column("about_post", sa.Text(), nullable=True, comment="the post that a complaint is about")
    )
    _to("about_organ", "organ", "where that post is held")


def _to(name: str, other: str, what: str) -> None:
    """As in 0006: SQLite takes a foreign key with a new column only in plain SQL."""
    on_postgresql = op.get_bind().dialect.name == "postgresql"
    op.execute(
        f"alter table case_ add column {name} {'bigint' if on_postgresql else 'integer'} "
        f"constraint fk_case__{name} references {other} (id)"
    )
    if on_postgresql:
        op.execute(f"comment on column case_.{name} is '{what}'")
