"""People and their posts in full, second factors, signers, recusals, what officers are told, adopted rules."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _people()
    _cases()
    _signers()
    _recusals()
    _memos()
    _rulebooks()


def _people() -> None:
    of = "of an officer: official | temporary | trainee | helper; the last three decide nothing"
    op.add_column("person", _text("address", "address; erasable", nullable=True))
    op.add_column("person", sa.Column("status", sa.Text(), nullable=False, server_default="official", comment=of))
    certificate = "number of an officer's certificate of law enforcement"
    op.add_column("person", _text("certificate", certificate, nullable=True))
    op.create_index("ix_person_phone", "person", ["phone"])
    sealed = "secret of the second factor, AES-GCM"
    op.add_column("account", sa.Column("totp_cipher", sa.LargeBinary(), nullable=True, comment=sealed))
    taken = "time step of the last code taken; none is taken twice"
    op.add_column("account", sa.Column("totp_at", sa.Integer(), nullable=True, comment=taken))
    op.add_column("account", _flag("must_change", "the password was set by others and is changed first"))
    op.create_index("ix_account_person", "account", ["person"])
    op.add_column("assignment", _text("writing", "number of the paper that grants it (SOD-17)", nullable=True))
    op.add_column("assignment", _flag("pool", "in the county pool: takes steps that a small office lends"))
    op.create_index("ix_stand_in_person", "stand_in", ["person"])
    kinds = "leave | sick | travel | training"
    op.add_column("absence", sa.Column("kind", sa.Text(), nullable=False, server_default="leave", comment=kinds))
    op.create_index("ix_absence_person", "absence", ["person", "to_on"])
    until = "until; a tie of blood has none"
    op.add_column("relation", sa.Column("to_on", sa.Date(), nullable=True, comment=until))
    op.create_index("ix_relation_person", "relation", ["person"])


def _cases() -> None:
    about = "yuan that it is about, where the item has tiers of amounts"
    op.add_column("case_", sa.Column("amount", sa.BigInteger(), nullable=True, comment=about))
    why = "of a step that nobody completed: why, as in step.cancelled; returned"
    op.add_column("step", _text("ended_by", why, nullable=True))
    states = "states before and after its completion, while that may be withdrawn"
    op.add_column("step", sa.Column("undo", sa.LargeBinary(), nullable=True, comment=states))


def _signers() -> None:
    what = "a person asked for an opinion on a step beside its holder: added before or after, or a delegate"
    op.create_table(
        "signer",
        sa.Column("id", ID, nullable=False, comment=what),
        _to("signer", "case_", "case_", "case"),
        _to("signer", "step", "step", "step"),
        _to("signer", "person", "person", "who is asked"),
        _text("kind", "before | after | delegate"),
        sa.Column("position", sa.Integer(), nullable=False, comment="order among those of the step: 1, 2, ..."),
        _to("signer", "asked_by", "person", "who asks"),
        sa.Column("asked_at", INSTANT, nullable=False, comment="when"),
        sa.Column("signed_at", INSTANT, nullable=True, comment="gave the opinion"),
        sa.Column("removed_at", INSTANT, nullable=True, comment="is not asked any more"),
        sa.PrimaryKeyConstraint("id", name="pk_signer"),
    )
    op.create_index("ix_signer_case", "signer", ["case_"])
    open_ = sa.text("signed_at is null and removed_at is null")
    op.create_index("ix_signer_person", "signer", ["person"], sqlite_where=open_, postgresql_where=open_)


def _recusals() -> None:
    kinds = "spouse | lineal | collateral | in_law | interest | same_phone | same_address | other"
    op.create_table(
        "recusal",
        sa.Column(
            "id",
            ID,
            nullable=False,
            comment="whether an officer must keep out of a case (Civil Servants Law art. 76, 77)",
        ),
        _to("recusal", "case_", "case_", "case"),
        _to("recusal", "officer", "person", "the officer"),
        _to("recusal", "organ", "organ", "where the officer handles it: who decides is looked for from here upwards"),
        _text("source", "declared | found | asked"),
        _text("kind", kinds),
        _text("reason", "in words; erasable", nullable=True),
        _to("recusal", "raised_by", "person", "the officer, a colleague, or the applicant"),
        sa.Column("raised_at", INSTANT, nullable=False, comment="when"),
        _to("recusal", "decided_by", "person", "who decided; never `officer`", nullable=True),
        sa.Column("decided_at", INSTANT, nullable=True, comment="when"),
        sa.Column("upheld", sa.Boolean(), nullable=True, comment="the officer keeps out"),
        _text("decision", "reasons of the decision; erasable", nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_recusal"),
    )
    op.create_index("ix_recusal_case", "recusal", ["case_", "officer"])
    open_ = sa.text("decided_at is null")
    op.create_index("ix_recusal_open", "recusal", ["organ"], sqlite_where=open_, postgresql_where=open_)
    what = "a vote of a council on a recusal that no head may decide alone; never changed"
    op.create_table(
        "recusal_vote",
        sa.Column("id", ID, nullable=False, comment=what),
        _to("recusal_vote", "recusal", "recusal", "recusal"),
        _to("recusal_vote", "person", "person", "member of the council"),
        sa.Column("upheld", sa.Boolean(), nullable=False, comment="for keeping the officer out"),
        _text("reason", "in words; erasable", nullable=True),
        sa.Column("at", INSTANT, nullable=False, comment="when"),
        sa.PrimaryKeyConstraint("id", name="pk_recusal_vote"),
        sa.UniqueConstraint("recusal", "person", name="uq_recusal_vote_recusal_person"),
    )


def _memos() -> None:
    what = "what an officer is told in the page: urged, copied, returned, handed over"
    op.create_table(
        "memo",
        sa.Column("id", ID, nullable=False, comment=what),
        _to("memo", "person", "person", "who is told"),
        _text("kind", "urge | copy | return | withdraw | transfer | signer | recusal | proposal | correction"),
        _to("memo", "case_", "case_", "case", nullable=True),
        _to("memo", "step", "step", "step", nullable=True),
        _to("memo", "by", "person", "who told it; null: the system", nullable=True),
        sa.Column("at", INSTANT, nullable=False, comment="when"),
        _text("text", "in the teller's words; erasable", nullable=True),
        sa.Column("read_at", INSTANT, nullable=True, comment="seen"),
        sa.PrimaryKeyConstraint("id", name="pk_memo"),
    )
    op.create_index("ix_memo_person", "memo", ["person", "read_at"])


def _rulebooks() -> None:
    what = "the files of processes/_rules as two persons adopted them; never changed"
    op.create_table(
        "rulebook",
        sa.Column("id", ID, nullable=False, comment=what),
        _text("sha256", "of all its files"),
        _text("files_json", "name -> text"),
        _to("rulebook", "proposal", "proposal", "the two-person act"),
        sa.Column("adopted_at", INSTANT, nullable=False, comment="in force since"),
        sa.PrimaryKeyConstraint("id", name="pk_rulebook"),
    )


def _text(name: str, comment: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=nullable, comment=comment)


def _flag(name: str, comment: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false(), comment=comment)


def _to(table: str, name: str, other: str, comment: str, *, nullable: bool = False) -> sa.Column[int]:
    key = sa.ForeignKey(f"{other}.id", name=f"fk_{table}_{name}")
    return sa.Column(name, ID, key, nullable=nullable, comment=comment)
