"""The clocks, stops and timers of a case; its forms, drafts, files and documents."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "clock",
        sa.Column("id", ID, nullable=False, comment="a limit's run in a case"),
        sa.Column("case_", ID, sa.ForeignKey("case_.id", name="fk_clock_case_"), nullable=False, comment="case"),
        sa.Column(
            "step", ID, sa.ForeignKey("step.id", name="fk_clock_step"), nullable=True, comment="step, for step clocks"
        ),
        sa.Column("key", sa.Text(), nullable=False, comment="statute:L03 | promise:L03 | step:<token>"),
        sa.Column("kind", sa.Text(), nullable=False, comment="step | promise | statute"),
        sa.Column("rule", sa.Text(), nullable=False, comment="rule of time, processes/_rules/limits.toml"),
        sa.Column("until", sa.Text(), nullable=False, comment="mark that ends it"),
        sa.Column("unit", sa.Text(), nullable=False, comment="working_day | calendar_day | month | hour"),
        sa.Column("amount", sa.Integer(), nullable=False, comment="how many"),
        sa.Column("extended", sa.Integer(), nullable=False, comment="added once by an extension"),
        sa.Column("started_on", sa.Date(), nullable=False, comment="day of start, itself not counted"),
        sa.Column("due_on", sa.Date(), nullable=False, comment="last day in time; a cache of rules/limits.due_on"),
        sa.Column("provisional", sa.Boolean(), nullable=False, comment="beyond the last published year"),
        sa.Column("ended_on", sa.Date(), nullable=True, comment="local date of the mark that ended it"),
        sa.Column("overrun_at", INSTANT, nullable=True, comment="when the overrun was recorded"),
        sa.PrimaryKeyConstraint("id", name="pk_clock"),
        sa.UniqueConstraint("case_", "key", name="uq_clock_case__key"),
    )
    op.create_index(
        "ix_clock_due",
        "clock",
        ["due_on"],
        sqlite_where=sa.text("ended_on is null and overrun_at is null"),
        postgresql_where=sa.text("ended_on is null and overrun_at is null"),
    )
    op.create_table(
        "stop",
        sa.Column(
            "id",
            ID,
            nullable=False,
            comment="days that a case's clocks do not count (Administrative Licensing Law art. 45)",
        ),
        sa.Column("case_", ID, sa.ForeignKey("case_.id", name="fk_stop_case_"), nullable=False, comment="case"),
        sa.Column(
            "kind",
            sa.Text(),
            nullable=False,
            comment="hearing | tender | auction | inspection | testing | quarantine | appraisal | expert_review",
        ),
        sa.Column("from_on", sa.Date(), nullable=False, comment="first day not counted"),
        sa.Column("to_on", sa.Date(), nullable=True, comment="last day not counted"),
        sa.Column("planned_to_on", sa.Date(), nullable=False, comment="planned last day; the clock resumes by itself"),
        sa.Column("document", sa.Text(), nullable=False, comment="number of the notice"),
        sa.Column(
            "asked_by", ID, sa.ForeignKey("person.id", name="fk_stop_asked_by"), nullable=False, comment="who asked"
        ),
        sa.Column(
            "approved_by",
            ID,
            sa.ForeignKey("person.id", name="fk_stop_approved_by"),
            nullable=False,
            comment="who approved; never `asked_by`",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_stop"),
    )
    op.create_index("ix_stop_case", "stop", ["case_"])
    op.create_table(
        "timer",
        sa.Column("id", ID, nullable=False, comment="an armed timer of the flow; only fire_due fires it"),
        sa.Column("case_", ID, sa.ForeignKey("case_.id", name="fk_timer_case_"), nullable=False, comment="case"),
        sa.Column("key", sa.Text(), nullable=False, comment="<token>:<index>"),
        sa.Column("token", sa.Text(), nullable=False, comment="the engine's listener"),
        sa.Column("index", sa.Integer(), nullable=False, comment="which trigger of it"),
        sa.Column("path", sa.Text(), nullable=False, comment="element path"),
        sa.Column("text", sa.Text(), nullable=False, comment="limit(...) | workdays(n) | ISO 8601"),
        sa.Column("clock", sa.Text(), nullable=True, comment="key of the clock that it follows"),
        sa.Column("fires_at", INSTANT, nullable=True, comment="legal instant; null while its clock has not started"),
        sa.Column("fired_at", INSTANT, nullable=True, comment="fired"),
        sa.Column("cancelled_at", INSTANT, nullable=True, comment="disarmed"),
        sa.PrimaryKeyConstraint("id", name="pk_timer"),
        sa.UniqueConstraint("case_", "key", name="uq_timer_case__key"),
    )
    op.create_index(
        "ix_timer_due",
        "timer",
        ["fires_at"],
        sqlite_where=sa.text("fired_at is null and cancelled_at is null"),
        postgresql_where=sa.text("fired_at is null and cancelled_at is null"),
    )
    op.create_table(
        "form",
        sa.Column("id", ID, nullable=False, comment="what was filled in; erasable"),
        sa.Column("case_", ID, sa.ForeignKey("case_.id", name="fk_form_case_"), nullable=False, comment="case"),
        sa.Column(
            "step",
            ID,
            sa.ForeignKey("step.id", name="fk_form_step"),
            nullable=True,
            comment="step; null for the filing form",
        ),
        sa.Column("path", sa.Text(), nullable=False, comment="element path; `case` for filing"),
        sa.Column(
            "person", ID, sa.ForeignKey("person.id", name="fk_form_person"), nullable=False, comment="who filled it in"
        ),
        sa.Column("body_json", sa.Text(), nullable=False, comment="canonical JSON"),
        sa.Column("salt", sa.LargeBinary(), nullable=False, comment="32 random bytes of the commitment"),
        sa.Column("at", INSTANT, nullable=False, comment="when"),
        sa.PrimaryKeyConstraint("id", name="pk_form"),
    )
    op.create_index("ix_form_case", "form", ["case_"])
    op.create_table(
        "draft",
        sa.Column("id", ID, nullable=False, comment="what an officer typed and has not handed in; erasable"),
        sa.Column("person", ID, sa.ForeignKey("person.id", name="fk_draft_person"), nullable=False, comment="whose"),
        sa.Column("item", sa.Text(), nullable=True, comment="item of a filing"),
        sa.Column(
            "step", ID, sa.ForeignKey("step.id", name="fk_draft_step"), nullable=True, comment="step of an opinion"
        ),
        sa.Column("body_json", sa.Text(), nullable=False, comment="fields"),
        sa.Column("saved_at", INSTANT, nullable=False, comment="last saved"),
        sa.PrimaryKeyConstraint("id", name="pk_draft"),
        sa.UniqueConstraint("person", "step", name="uq_draft_person_step"),
    )
    op.create_index("ix_draft_person", "draft", ["person"])
    op.create_table(
        "file",
        sa.Column("id", ID, nullable=False, comment="an uploaded material; body in <data>/files/<stored>"),
        sa.Column("draft", ID, sa.ForeignKey("draft.id", name="fk_file_draft"), nullable=True, comment="before filing"),
        sa.Column("case_", ID, sa.ForeignKey("case_.id", name="fk_file_case_"), nullable=True, comment="after filing"),
        sa.Column("material", sa.Text(), nullable=False, comment="code of the material"),
        sa.Column("name", sa.Text(), nullable=False, comment="name given by the uploader; shown, never used as a path"),
        sa.Column("type", sa.Text(), nullable=False, comment="media type found from the content"),
        sa.Column("size", sa.Integer(), nullable=False, comment="bytes"),
        sa.Column("sha256", sa.Text(), nullable=False, comment="of the content"),
        sa.Column("stored", sa.Text(), nullable=False, comment="random file name"),
        sa.Column(
            "person", ID, sa.ForeignKey("person.id", name="fk_file_person"), nullable=False, comment="who uploaded"
        ),
        sa.Column("at", INSTANT, nullable=False, comment="when"),
        sa.PrimaryKeyConstraint("id", name="pk_file"),
        sa.UniqueConstraint("stored", name="uq_file_stored"),
    )
    op.create_index("ix_file_case", "file", ["case_"])
    op.create_index("ix_file_draft", "file", ["draft"])
    op.create_table(
        "document",
        sa.Column("id", ID, nullable=False, comment="a legal document of a case"),
        sa.Column("case_", ID, sa.ForeignKey("case_.id", name="fk_document_case_"), nullable=False, comment="case"),
        sa.Column(
            "step", ID, sa.ForeignKey("step.id", name="fk_document_step"), nullable=True, comment="step that made it"
        ),
        sa.Column("kind", sa.Text(), nullable=False, comment="acceptance | refusal | grant | ..."),
        sa.Column("number", sa.Text(), nullable=False, comment="document number"),
        sa.Column("facts_json", sa.Text(), nullable=False, comment="what it says"),
        sa.Column("made_at", INSTANT, nullable=False, comment="recorded"),
        sa.Column("rendered_at", INSTANT, nullable=True, comment="PDF made"),
        sa.Column("sha256", sa.Text(), nullable=True, comment="of the PDF"),
        sa.Column("released_at", INSTANT, nullable=True, comment="may be served"),
        sa.PrimaryKeyConstraint("id", name="pk_document"),
        sa.UniqueConstraint("number", name="uq_document_number"),
    )
