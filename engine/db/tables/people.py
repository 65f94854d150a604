"""People, organs, posts, sessions and proposals. Each index names the query it serves."""

import sqlalchemy as sa

from engine.db.tables.types import Id, Instant, column, identity, metadata, to

person = sa.Table(
    "person",
    metadata,
    identity("natural or legal person; 0 is the system"),
    column("pseudonym", sa.Text, "the only name of the person in the trace; random", unique=True),
    column("kind", sa.Text, "natural | legal | system"),
    column("name", sa.Text, "name; erasable"),
    column("name_en", sa.Text, "name in Latin letters; erasable", True),
    column("id_type", sa.Text, "identity_card | credit_code", True),
    column("id_hash", sa.Text, "keyed hash of the identity number: find one person once", True, unique=True),
    column("id_cipher", sa.LargeBinary, "identity number, AES-GCM; erasable", True),
    column("phone", sa.Text, "telephone; erasable", True),
    column("address", sa.Text, "address; erasable", True),
    sa.Column(
        "status",
        sa.Text,
        nullable=False,
        server_default="official",
        comment="of an officer: official | temporary | trainee | helper; the last three decide nothing",
    ),
    column("certificate", sa.Text, "number of an officer's certificate of law enforcement", True),
    sa.Index("ix_person_phone", "phone"),  # recusal: who has the applicant's telephone
)

account = sa.Table(
    "account",
    metadata,
    identity("an officer's login"),
    to("person", "person", "whose"),
    column("login", sa.Text, "staff number", unique=True),
    column("password_hash", sa.Text, "argon2id"),
    column("active", sa.Boolean, "may sign in"),
    column("language", sa.Text, "zh | en"),
    column("phrase", sa.Text, "the officer's usual opinion, prefilled", True),
    column("totp_cipher", sa.LargeBinary, "secret of the second factor, AES-GCM", True),
    column("totp_at", sa.Integer, "time step of the last code taken; none is taken twice", True),
    sa.Column(
        "must_change",
        sa.Boolean,
        nullable=False,
        server_default=sa.false(),
        comment="the password was set by others and is changed first",
    ),
    sa.Index("ix_account_person", "person"),  # all accounts of a person
)

organ = sa.Table(
    "organ",
    metadata,
    identity("county, centre, sub-centre, township centre or window"),
    column("code", sa.Text, "stable code", unique=True),
    column("name", sa.Text, "Chinese name"),
    column("name_en", sa.Text, "English name"),
    to("organ", "parent", "the organ above", True),
    column("level", sa.Text, "county | centre | subcentre | township | window"),
    column("division", sa.Text, "administrative division code", True),
    column("series", sa.Text, "heads receipt numbers, YL; of the topmost organ", True),
    column("phone", sa.Text, "public telephone", True),
    column("address", sa.Text, "public address", True),
)

proposal = sa.Table(
    "proposal",
    metadata,
    identity("an office act by one person that needs another's approval"),
    column("kind", sa.Text, "definition | founding | ..."),
    column("about", sa.Text, "item id or case number, for lists", True),
    column("body_json", sa.Text, "what is proposed"),
    to("person", "by", "who proposed"),
    column("by_at", Instant, "when"),
    to("person", "approved_by", "who approved; never `by`", True),
    column("approved_at", Instant, "when", True),
    to("person", "declined_by", "who declined; may be `by`, who takes it back", True),
    column("declined_at", Instant, "when", True),
    column("decline_reason", sa.Text, "why", True),
    sa.CheckConstraint("approved_by is null or approved_by <> by", name="two_persons"),
)

assignment = sa.Table(
    "assignment",
    metadata,
    identity("a post held by a person in an organ"),
    to("person", "person", "who"),
    column("post", sa.Text, "code of the post, processes/_rules/posts.toml"),
    to("organ", "organ", "where"),
    column("item", sa.Text, "only for this item", True),
    column("tier", sa.Text, "only up to this tier of amounts", True),
    column("from_on", sa.Date, "first day"),
    column("to_on", sa.Date, "last day", True),
    column("writing", sa.Text, "number of the paper that grants it (SOD-17)", True),
    sa.Column(
        "pool",
        sa.Boolean,
        nullable=False,
        server_default=sa.false(),
        comment="in the county pool: takes steps that a small office lends",
    ),
    to("proposal", "proposal", "the two-person act that granted it"),
    sa.Index("ix_assignment_person", "person"),  # begin: the actor's posts
    sa.Index("ix_assignment_post_organ", "post", "organ"),  # who may act on a step
)

stand_in = sa.Table(
    "stand_in",
    metadata,
    identity("a registered B for an A"),
    to("assignment", "assignment", "the post that is stood in for"),
    to("person", "person", "the stand-in"),
    column("from_on", sa.Date, "first day"),
    column("to_on", sa.Date, "last day", True),
    to("proposal", "proposal", "the two-person act"),
    sa.Index("ix_stand_in_person", "person"),  # begin: posts in which the actor stands in
)

absence = sa.Table(
    "absence",
    metadata,
    identity("days on which a person is away"),
    to("person", "person", "who"),
    column("from_on", sa.Date, "first day"),
    column("to_on", sa.Date, "last day"),
    sa.Column("kind", sa.Text, nullable=False, server_default="leave", comment="leave | sick | travel | training"),
    to("proposal", "proposal", "the two-person act"),
    sa.Index("ix_absence_person", "person", "to_on"),  # who is away today
)

relation = sa.Table(
    "relation",
    metadata,
    identity("a declared tie that may call for recusal (Civil Servants Law art. 74, 76)"),
    to("person", "person", "the officer"),
    to("person", "other", "the person tied to"),
    column("kind", sa.Text, "spouse | lineal | collateral | in_law | interest"),
    column("source", sa.Text, "declared | found"),
    column("from_on", sa.Date, "since"),
    column("to_on", sa.Date, "until; a tie of blood has none", True),
    sa.Index("ix_relation_person", "person"),  # recusal: ties of the officer
)

memo = sa.Table(
    "memo",
    metadata,
    identity("what an officer is told in the page: urged, copied, returned, handed over"),
    to("person", "person", "who is told"),
    column(
        "kind",
        sa.Text,
        "urge | copy | return | withdraw | transfer | signer | recusal | proposal | correction | counted | shortage",
    ),
    sa.Column("case_", Id, sa.ForeignKey("case_.id"), nullable=True, comment="case"),
    sa.Column("step", Id, sa.ForeignKey("step.id"), nullable=True, comment="step"),
    to("person", "by", "who told it; null: the system", True),
    column("at", Instant, "when"),
    column("text", sa.Text, "in the teller's words; erasable", True),
    column("read_at", Instant, "seen", True),
    sa.Index("ix_memo_person", "person", "read_at"),  # inbox: what is new
)

warned = sa.Table(
    "warned",
    metadata,
    identity("what the monitors have been told by a constraint that only counts; each once"),
    column("rule", sa.Text, "id of the constraint: SOD-28, SOD-11; or staffing"),
    column("key", sa.Text, "whom and when it is about, by ids"),
    column("at", Instant, "told"),
    sa.UniqueConstraint("rule", "key"),
)

rulebook = sa.Table(
    "rulebook",
    metadata,
    identity("the files of processes/_rules as two persons adopted them; never changed"),
    column("sha256", sa.Text, "of all its files"),
    column("files_json", sa.Text, "name -> text"),
    to("proposal", "proposal", "the two-person act"),
    column("adopted_at", Instant, "in force since"),
)

session = sa.Table(
    "session",
    metadata,
    identity("a sign-in"),
    column("key_hash", sa.Text, "SHA-256 of the random key in the cookie", unique=True),
    to("account", "account", "whose"),
    column("opened_at", Instant, "signed in"),
    column("seen_at", Instant, "last request (kept to the minute)"),
    column("closed_at", Instant, "signed out, or revoked", True),
    column("address", sa.Text, "network address"),
    sa.Index("ix_session_account", "account"),  # revoke all sessions of an account
)

attempt = sa.Table(
    "attempt",
    metadata,
    identity("a wrong try at a secret"),
    column("kind", sa.Text, "sign_in | query"),
    column("subject", sa.Text, "keyed hash of login, receipt number or address"),
    column("at", Instant, "when"),
    sa.Index("ix_attempt_kind_subject_at", "kind", "subject", "at"),  # tries in the last 15 minutes
)
