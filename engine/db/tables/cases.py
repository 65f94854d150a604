"""Definitions, cases, steps and what belongs to them. Each index names the query it serves."""

import sqlalchemy as sa

from engine.db.tables.types import Instant, column, identity, metadata, to

definition = sa.Table(
    "definition",
    metadata,
    identity("one deployed version of an item or shared flow; never changed"),
    column("item", sa.Text, "id of the item or flow"),
    column("version", sa.Integer, "1, 2, ..."),
    column("kind", sa.Text, "item | flow"),
    column("name", sa.Text, "Chinese name"),
    column("name_en", sa.Text, "English name"),
    column("sha256", sa.Text, "of all its files"),
    column("xml", sa.LargeBinary, "the BPMN file, byte for byte"),
    column("item_json", sa.Text, "forms and facts of the folder"),
    column("pins_json", sa.Text, "called flow -> definition id"),
    to("proposal", "proposal", "the two-person act"),
    column("approved_at", Instant, "in force since"),
    sa.UniqueConstraint("item", "version"),
)


counter = sa.Table(
    "counter",
    metadata,
    column("name", sa.Text, "what is counted, e.g. case:2026-YL", primary_key=True),
    column("value", sa.Integer, "last number given"),
)

case_ = sa.Table(
    "case_",
    metadata,
    identity("one application"),
    column("number", sa.Text, "receipt number, 2026-YL-000123", unique=True),
    to("definition", "definition", "the version it runs on"),
    column("item", sa.Text, "id of the item"),
    to("organ", "organ", "where it was filed (never a window)"),
    to("person", "applicant", "applicant"),
    to("person", "agent", "who acts for the applicant", True),
    to("case_", "subject_case", "the case that this one is about", True),
    column("title", sa.Text, "how lists name it; erasable"),
    column("amount", sa.BigInteger, "yuan that it is about, where the item has tiers of amounts", True),
    to("person", "about_person", "the officer whom a complaint is about (SOD-21)", True),
    column("about_post", sa.Text, "the post that a complaint is about", True),
    to("organ", "about_organ", "where that post is held", True),
    column("channel", sa.Text, "window | portal | seed"),
    column("state", sa.Text, "open | closed | withdrawn | fault"),
    column("result", sa.Text, "id of the end that was reached", True),
    column("version", sa.Integer, "compare-and-set"),
    column("fault_json", sa.Text, "in state fault: verb, why, at, step, since (engine/db/faults.py)", True),
    column("engine_state", sa.LargeBinary, "live tokens, engine/bpmn/state.py"),
    column("marks_json", sa.Text, "mark -> local date"),
    column("query_hash", sa.Text, "keyed hash of the query code"),
    column("filed_at", Instant, "received"),
    column("closed_at", Instant, "closed", True),
    column("due_on", sa.Date, "earliest last day of a running case clock", True),
    column("blue_on", sa.Date, "first day the lamp is blue at least", True),
    column("yellow_on", sa.Date, "first day the lamp is yellow at least", True),
    column("red_on", sa.Date, "first day the lamp is red", True),
    sa.Index("ix_case_board", "state", "red_on", "yellow_on", "due_on", "id"),  # board: open cases, counts by lamp
    sa.Index("ix_case_organ_state", "organ", "state"),  # board filtered by organ
    sa.Index("ix_case_item_state", "item", "state"),  # board filtered by item
    sa.Index("ix_case_state_closed_at", "state", "closed_at"),  # board: closed cases, the last first
    sa.Index("ix_case_applicant", "applicant"),  # cases of a person
)

step = sa.Table(
    "step",
    metadata,
    identity("a user task activated in a case"),
    to("case_", "case_", "case"),
    column("token", sa.Text, "the engine's token"),
    column("path", sa.Text, "element path, intake/accept"),
    column("round", sa.Integer, "1 for the first time this path opened in the case"),
    column("post", sa.Text, "post that may act"),
    to("organ", "organ", "organ that may act"),
    column("opened_at", Instant, "opened"),
    column("due_on", sa.Date, "last day of the step limit", True),
    to("person", "claimed_by", "holder", True),
    column("claimed_at", Instant, "claimed", True),
    column("closed_at", Instant, "closed", True),
    column("outcome", sa.Text, "what was found; null when cancelled", True),
    column("ended_by", sa.Text, "of a step that nobody completed: why, as in step.cancelled; returned", True),
    sa.Column("lent", sa.Boolean, nullable=False, server_default=sa.false(), comment="lent to the county pool"),
    column("undo", sa.LargeBinary, "states before and after its completion, while that may be withdrawn", True),
    sa.UniqueConstraint("case_", "token"),
    sa.Index(
        "ix_step_pool",
        "organ",
        "post",
        "due_on",
        sqlite_where=sa.text("closed_at is null"),
        postgresql_where=sa.text("closed_at is null"),
    ),  # desk: the unit's pool
    sa.Index(
        "ix_step_mine",
        "claimed_by",
        "due_on",
        sqlite_where=sa.text("closed_at is null"),
        postgresql_where=sa.text("closed_at is null"),
    ),  # desk: my steps
)

act = sa.Table(
    "act",
    metadata,
    identity("what a person did on a step; append-only"),
    to("case_", "case_", "case"),
    to("step", "step", "step; null for filing", True),
    column("path", sa.Text, "element path; `case` for filing"),
    to("person", "person", "who"),
    to("person", "on_behalf_of", "for whom a stand-in acted", True),
    to("assignment", "assignment", "by which post", True),
    column("kind", sa.Text, "file | complete | sign"),
    column("outcome", sa.Text, "what was found", True),
    column("at", Instant, "when"),
    sa.Index("ix_act_case", "case_"),  # separation: what was done in this case
    sa.Index("ix_act_person_at", "person", "at"),  # desk: done by me
)

signer = sa.Table(
    "signer",
    metadata,
    identity("a person asked for an opinion on a step beside its holder: added before or after, or a delegate"),
    to("case_", "case_", "case"),
    to("step", "step", "step"),
    to("person", "person", "who is asked"),
    column("kind", sa.Text, "before | after | delegate"),
    column("position", sa.Integer, "order among those of the step: 1, 2, ..."),
    to("person", "asked_by", "who asks"),
    column("asked_at", Instant, "when"),
    column("signed_at", Instant, "gave the opinion", True),
    column("removed_at", Instant, "is not asked any more", True),
    sa.Index("ix_signer_case", "case_"),  # completing: who has not answered yet
    sa.Index(
        "ix_signer_person",
        "person",
        sqlite_where=sa.text("signed_at is null and removed_at is null"),
        postgresql_where=sa.text("signed_at is null and removed_at is null"),
    ),  # desk: what I am asked for
)

clock = sa.Table(
    "clock",
    metadata,
    identity("a limit's run in a case"),
    to("case_", "case_", "case"),
    to("step", "step", "step, for step clocks", True),
    column("key", sa.Text, "statute:L03 | promise:L03 | step:<token>"),
    column("kind", sa.Text, "step | promise | statute"),
    column("rule", sa.Text, "rule of time, processes/_rules/limits.toml"),
    column("until", sa.Text, "mark that ends it"),
    column("unit", sa.Text, "working_day | calendar_day | month | hour"),
    column("amount", sa.Integer, "how many"),
    column("extended", sa.Integer, "added once by an extension"),
    sa.Column("direction", sa.Text, nullable=False, server_default="within", comment="within | at_least | before"),
    column("started_on", sa.Date, "day of start, itself not counted"),
    column("due_on", sa.Date, "last day in time; a cache of rules/limits.due_on"),
    column("provisional", sa.Boolean, "beyond the last published year"),
    column("ended_on", sa.Date, "local date of the mark that ended it", True),
    column("overrun_at", Instant, "when the overrun was recorded", True),
    column("carded_at", Instant, "when it was decided whether a card follows from the overrun", True),
    sa.UniqueConstraint("case_", "key"),
    sa.Index(
        "ix_clock_due",
        "due_on",
        sqlite_where=sa.text("ended_on is null and overrun_at is null"),
        postgresql_where=sa.text("ended_on is null and overrun_at is null"),
    ),  # due: clocks past their last day
    sa.Index(
        "ix_clock_carding",
        "due_on",
        sqlite_where=sa.text("overrun_at is not null and carded_at is null"),
        postgresql_where=sa.text("overrun_at is not null and carded_at is null"),
    ),  # due: overruns from which a card may follow
)

stop = sa.Table(
    "stop",
    metadata,
    identity("days that a case's clocks do not count (Administrative Licensing Law art. 45)"),
    to("case_", "case_", "case"),
    column(
        "kind", sa.Text, "hearing | tender | auction | inspection | testing | quarantine | appraisal | expert_review"
    ),
    column("from_on", sa.Date, "first day not counted"),
    column("to_on", sa.Date, "last day not counted", True),
    column("planned_to_on", sa.Date, "planned last day; the clock resumes by itself"),
    column("document", sa.Text, "number of the notice"),
    to("person", "asked_by", "who asked"),
    to("person", "approved_by", "who approved; never `asked_by`"),
    column("evidence", sa.Text, "what the outside body gave: its name, the number of its paper", True),
    column("path", sa.Text, "step that served the notice", True),
    sa.Index("ix_stop_case", "case_"),  # settle: stops of a case
)

timer = sa.Table(
    "timer",
    metadata,
    identity("an armed timer of the flow; only fire_due fires it"),
    to("case_", "case_", "case"),
    column("key", sa.Text, "<token>:<index>"),
    column("token", sa.Text, "the engine's listener"),
    column("index", sa.Integer, "which trigger of it"),
    column("path", sa.Text, "element path"),
    column("text", sa.Text, "limit(...) | workdays(n) | ISO 8601"),
    column("clock", sa.Text, "key of the clock that it follows", True),
    column("armed_on", sa.Date, "local date of arming", True),
    column("fires_at", Instant, "legal instant; null while its clock has not started", True),
    column("fired_at", Instant, "fired", True),
    column("cancelled_at", Instant, "disarmed", True),
    sa.UniqueConstraint("case_", "key"),
    sa.Index(
        "ix_timer_due",
        "fires_at",
        sqlite_where=sa.text("fired_at is null and cancelled_at is null"),
        postgresql_where=sa.text("fired_at is null and cancelled_at is null"),
    ),  # due: timers past their instant
)

form = sa.Table(
    "form",
    metadata,
    identity("what was filled in; erasable"),
    to("case_", "case_", "case"),
    to("step", "step", "step; null for the filing form", True),
    column("path", sa.Text, "element path; `case` for filing"),
    to("person", "person", "who filled it in"),
    column("body_json", sa.Text, "canonical JSON"),
    column("salt", sa.LargeBinary, "32 random bytes of the commitment"),
    column("at", Instant, "when"),
    sa.Index("ix_form_case", "case_"),  # case page
)

draft = sa.Table(
    "draft",
    metadata,
    identity("what an officer typed and has not handed in; erasable"),
    to("person", "person", "whose"),
    column("item", sa.Text, "item of a filing", True),
    to("step", "step", "step of an opinion", True),
    column("body_json", sa.Text, "fields"),
    column("saved_at", Instant, "last saved"),
    sa.UniqueConstraint("person", "step"),
    sa.Index("ix_draft_person", "person"),  # desk: my drafts
)

file = sa.Table(
    "file",
    metadata,
    identity("an uploaded material; body in <data>/files/<stored>"),
    to("draft", "draft", "before filing", True),
    to("case_", "case_", "after filing", True),
    column("material", sa.Text, "code of the material"),
    column("name", sa.Text, "name given by the uploader; shown, never used as a path"),
    column("type", sa.Text, "media type found from the content"),
    column("size", sa.Integer, "bytes"),
    column("sha256", sa.Text, "of the content"),
    column("stored", sa.Text, "random file name", unique=True),
    to("person", "person", "who uploaded"),
    column("at", Instant, "when"),
    sa.Index("ix_file_case", "case_"),  # case page
    sa.Index("ix_file_draft", "draft"),  # filing form
)

document = sa.Table(
    "document",
    metadata,
    identity("a legal document of a case"),
    to("case_", "case_", "case"),
    to("step", "step", "step that made it", True),
    column("kind", sa.Text, "acceptance | refusal | grant | ..."),
    column("number", sa.Text, "document number", unique=True),
    column("facts_json", sa.Text, "what it says"),
    column("made_at", Instant, "recorded"),
    column("rendered_at", Instant, "PDF made", True),
    column("sha256", sa.Text, "of the PDF", True),
    column("released_at", Instant, "may be served", True),
    column("stored", sa.Text, "random file name of the PDF in <data>/files", True),
    column("carded_at", Instant, "of a supplement notice: when it was decided whether a card follows from it", True),
    sa.Index("ix_document_case", "case_"),  # case page; serving step
    sa.Index(
        "ix_document_due",
        "id",
        sqlite_where=sa.text("rendered_at is null"),
        postgresql_where=sa.text("rendered_at is null"),
    ),  # due: documents to be rendered
    sa.Index(
        "ix_document_carding",
        "made_at",
        sqlite_where=sa.text("kind = 'supplement_notice' and carded_at is null"),
        postgresql_where=sa.text("kind = 'supplement_notice' and carded_at is null"),
    ),  # due: correction notices from which a card may follow
)
