"""Definitions, cases, steps and acts."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "definition",
        sa.Column("id", ID, nullable=False, comment="one deployed version of an item or shared flow; never changed"),
        sa.Column("item", sa.Text(), nullable=False, comment="id of the item or flow"),
        sa.Column("version", sa.Integer(), nullable=False, comment="1, 2, ..."),
        sa.Column("kind", sa.Text(), nullable=False, comment="item | flow"),
        sa.Column("name", sa.Text(), nullable=False, comment="Chinese name"),
        sa.Column("name_en", sa.Text(), nullable=False, comment="English name"),
        sa.Column("sha256", sa.Text(), nullable=False, comment="of all its files"),
        sa.Column("xml", sa.LargeBinary(), nullable=False, comment="the BPMN file, byte for byte"),
        sa.Column("item_json", sa.Text(), nullable=False, comment="forms and facts of the folder"),
        sa.Column("pins_json", sa.Text(), nullable=False, comment="called flow -> definition id"),
        sa.Column(
            "proposal",
            ID,
            sa.ForeignKey("proposal.id", name="fk_definition_proposal"),
            nullable=False,
            comment="the two-person act",
        ),
        sa.Column("approved_at", INSTANT, nullable=False, comment="in force since"),
        sa.PrimaryKeyConstraint("id", name="pk_definition"),
        sa.UniqueConstraint("item", "version", name="uq_definition_item_version"),
    )
    op.create_table(
        "counter",
        sa.Column("name", sa.Text(), nullable=False, comment="what is counted, e.g. case:2026-YL"),
        sa.Column("value", sa.Integer(), nullable=False, comment="last number given"),
        sa.PrimaryKeyConstraint("name", name="pk_counter"),
    )
    op.create_table(
        "case_",
        sa.Column("id", ID, nullable=False, comment="one application"),
        sa.Column("number", sa.Text(), nullable=False, comment="receipt number, 2026-YL-000123"),
        sa.Column(
            "definition",
            ID,
            sa.ForeignKey("definition.id", name="fk_case__definition"),
            nullable=False,
            comment="the version it runs on",
        ),
        sa.Column("item", sa.Text(), nullable=False, comment="id of the item"),
        sa.Column(
            "organ",
            ID,
            sa.ForeignKey("organ.id", name="fk_case__organ"),
            nullable=False,
            comment="where it was filed (never a window)",
        ),
        sa.Column(
            "applicant", ID, sa.ForeignKey("person.id", name="fk_case__applicant"), nullable=False, comment="applicant"
        ),
        sa.Column(
            "agent",
            ID,
            sa.ForeignKey("person.id", name="fk_case__agent"),
            nullable=True,
            comment="who acts for the applicant",
        ),
        sa.Column(
            "subject_case",
            ID,
            sa.ForeignKey("case_.id", name="fk_case__subject_case"),
            nullable=True,
            comment="the case that this one is about",
        ),
        sa.Column("title", sa.Text(), nullable=False, comment="how lists name it; erasable"),
        sa.Column("channel", sa.Text(), nullable=False, comment="window | portal | seed"),
        sa.Column("state", sa.Text(), nullable=False, comment="open | closed | withdrawn | fault"),
        sa.Column("result", sa.Text(), nullable=True, comment="id of the end that was reached"),
        sa.Column("version", sa.Integer(), nullable=False, comment="compare-and-set"),
        sa.Column("engine_state", sa.LargeBinary(), nullable=False, comment="live tokens, engine/bpmn/state.py"),
        sa.Column("marks_json", sa.Text(), nullable=False, comment="mark -> local date"),
        sa.Column("query_hash", sa.Text(), nullable=False, comment="keyed hash of the query code"),
        sa.Column("filed_at", INSTANT, nullable=False, comment="received"),
        sa.Column("closed_at", INSTANT, nullable=True, comment="closed"),
        sa.Column("due_on", sa.Date(), nullable=True, comment="earliest last day of a running case clock"),
        sa.Column("blue_on", sa.Date(), nullable=True, comment="first day the lamp is blue at least"),
        sa.Column("yellow_on", sa.Date(), nullable=True, comment="first day the lamp is yellow at least"),
        sa.Column("red_on", sa.Date(), nullable=True, comment="first day the lamp is red"),
        sa.PrimaryKeyConstraint("id", name="pk_case_"),
        sa.UniqueConstraint("number", name="uq_case__number"),
    )
    op.create_index("ix_case_applicant", "case_", ["applicant"])
    op.create_index("ix_case_board", "case_", ["state", "red_on", "yellow_on", "due_on", "id"])
    op.create_index("ix_case_item_state", "case_", ["item", "state"])
    op.create_index("ix_case_state_closed_at", "case_", ["state", "closed_at"])
    op.create_index("ix_case_organ_state", "case_", ["organ", "state"])
    op.create_table(
        "step",
        sa.Column("id", ID, nullable=False, comment="a user task activated in a case"),
        sa.Column("case_", ID, sa.ForeignKey("case_.id", name="fk_step_case_"), nullable=False, comment="case"),
        sa.Column("token", sa.Text(), nullable=False, comment="the engine's token"),
        sa.Column("path", sa.Text(), nullable=False, comment="element path, intake/accept"),
        sa.Column("round", sa.Integer(), nullable=False, comment="1 for the first time this path opened in the case"),
        sa.Column("post", sa.Text(), nullable=False, comment="post that may act"),
        sa.Column(
            "organ", ID, sa.ForeignKey("organ.id", name="fk_step_organ"), nullable=False, comment="organ that may act"
        ),
        sa.Column("opened_at", INSTANT, nullable=False, comment="opened"),
        sa.Column("due_on", sa.Date(), nullable=True, comment="last day of the step limit"),
        sa.Column(
            "claimed_by", ID, sa.ForeignKey("person.id", name="fk_step_claimed_by"), nullable=True, comment="holder"
        ),
        sa.Column("claimed_at", INSTANT, nullable=True, comment="claimed"),
        sa.Column("closed_at", INSTANT, nullable=True, comment="closed"),
        sa.Column("outcome", sa.Text(), nullable=True, comment="what was found; null when cancelled"),
        sa.PrimaryKeyConstraint("id", name="pk_step"),
        sa.UniqueConstraint("case_", "token", name="uq_step_case__token"),
    )
    op.create_index(
        "ix_step_mine",
        "step",
        ["claimed_by", "due_on"],
        sqlite_where=sa.text("closed_at is null"),
        postgresql_where=sa.text("closed_at is null"),
    )
    op.create_index(
        "ix_step_pool",
        "step",
        ["organ", "post", "due_on"],
        sqlite_where=sa.text("closed_at is null"),
        postgresql_where=sa.text("closed_at is null"),
    )
    op.create_table(
        "act",
        sa.Column("id", ID, nullable=False, comment="what a person did on a step; append-only"),
        sa.Column("case_", ID, sa.ForeignKey("case_.id", name="fk_act_case_"), nullable=False, comment="case"),
        sa.Column(
            "step", ID, sa.ForeignKey("step.id", name="fk_act_step"), nullable=True, comment="step; null for filing"
        ),
        sa.Column("path", sa.Text(), nullable=False, comment="element path; `case` for filing"),
        sa.Column("person", ID, sa.ForeignKey("person.id", name="fk_act_person"), nullable=False, comment="who"),
        sa.Column(
            "on_behalf_of",
            ID,
            sa.ForeignKey("person.id", name="fk_act_on_behalf_of"),
            nullable=True,
            comment="for whom a stand-in acted",
        ),
        sa.Column(
            "assignment",
            ID,
            sa.ForeignKey("assignment.id", name="fk_act_assignment"),
            nullable=True,
            comment="by which post",
        ),
        sa.Column("kind", sa.Text(), nullable=False, comment="file | complete | sign"),
        sa.Column("outcome", sa.Text(), nullable=True, comment="what was found"),
        sa.Column("at", INSTANT, nullable=False, comment="when"),
        sa.PrimaryKeyConstraint("id", name="pk_act"),
    )
    op.create_index("ix_act_case", "act", ["case_"])
    op.create_index("ix_act_person_at", "act", ["person", "at"])
