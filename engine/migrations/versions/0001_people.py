"""People, organs, posts, sessions and proposals; the system is person 0."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "person",
        sa.Column("id", ID, nullable=False, comment="natural or legal person; 0 is the system"),
        sa.Column("pseudonym", sa.Text(), nullable=False, comment="the only name of the person in the trace; random"),
        sa.Column("kind", sa.Text(), nullable=False, comment="natural | legal | system"),
        sa.Column("name", sa.Text(), nullable=False, comment="name; erasable"),
        sa.Column("name_en", sa.Text(), nullable=True, comment="name in Latin letters; erasable"),
        sa.Column("id_type", sa.Text(), nullable=True, comment="identity_card | credit_code"),
        sa.Column(
            "id_hash", sa.Text(), nullable=True, comment="keyed hash of the identity number: find one person once"
        ),
        sa.Column("id_cipher", sa.LargeBinary(), nullable=True, comment="identity number, AES-GCM; erasable"),
        sa.Column("phone", sa.Text(), nullable=True, comment="telephone; erasable"),
        sa.PrimaryKeyConstraint("id", name="pk_person"),
        sa.UniqueConstraint("id_hash", name="uq_person_id_hash"),
        sa.UniqueConstraint("pseudonym", name="uq_person_pseudonym"),
    )
    op.create_table(
        "account",
        sa.Column("id", ID, nullable=False, comment="an officer's login"),
        sa.Column("person", ID, sa.ForeignKey("person.id", name="fk_account_person"), nullable=False, comment="whose"),
        sa.Column("login", sa.Text(), nullable=False, comment="staff number"),
        sa.Column("password_hash", sa.Text(), nullable=False, comment="argon2id"),
        sa.Column("active", sa.Boolean(), nullable=False, comment="may sign in"),
        sa.Column("language", sa.Text(), nullable=False, comment="zh | en"),
        sa.Column("phrase", sa.Text(), nullable=True, comment="the officer's usual opinion, prefilled"),
        sa.PrimaryKeyConstraint("id", name="pk_account"),
        sa.UniqueConstraint("login", name="uq_account_login"),
    )
    op.create_table(
        "organ",
        sa.Column("id", ID, nullable=False, comment="county, centre, sub-centre, township centre or window"),
        sa.Column("code", sa.Text(), nullable=False, comment="stable code"),
        sa.Column("name", sa.Text(), nullable=False, comment="Chinese name"),
        sa.Column("name_en", sa.Text(), nullable=False, comment="English name"),
        sa.Column(
            "parent", ID, sa.ForeignKey("organ.id", name="fk_organ_parent"), nullable=True, comment="the organ above"
        ),
        sa.Column("level", sa.Text(), nullable=False, comment="county | centre | subcentre | township | window"),
        sa.Column("division", sa.Text(), nullable=True, comment="administrative division code"),
        sa.Column("series", sa.Text(), nullable=True, comment="heads receipt numbers, YL; of the topmost organ"),
        sa.Column("phone", sa.Text(), nullable=True, comment="public telephone"),
        sa.Column("address", sa.Text(), nullable=True, comment="public address"),
        sa.PrimaryKeyConstraint("id", name="pk_organ"),
        sa.UniqueConstraint("code", name="uq_organ_code"),
    )
    op.create_table(
        "proposal",
        sa.Column("id", ID, nullable=False, comment="an office act by one person that needs another's approval"),
        sa.Column("kind", sa.Text(), nullable=False, comment="definition | founding | ..."),
        sa.Column("body_json", sa.Text(), nullable=False, comment="what is proposed"),
        sa.Column("by", ID, sa.ForeignKey("person.id", name="fk_proposal_by"), nullable=False, comment="who proposed"),
        sa.Column("by_at", INSTANT, nullable=False, comment="when"),
        sa.Column(
            "approved_by",
            ID,
            sa.ForeignKey("person.id", name="fk_proposal_approved_by"),
            nullable=True,
            comment="who approved; never `by`",
        ),
        sa.Column("approved_at", INSTANT, nullable=True, comment="when"),
        sa.PrimaryKeyConstraint("id", name="pk_proposal"),
        sa.CheckConstraint("approved_by is null or approved_by <> by", name="two_persons"),
    )
    op.create_table(
        "assignment",
        sa.Column("id", ID, nullable=False, comment="a post held by a person in an organ"),
        sa.Column("person", ID, sa.ForeignKey("person.id", name="fk_assignment_person"), nullable=False, comment="who"),
        sa.Column("post", sa.Text(), nullable=False, comment="code of the post, processes/_rules/posts.toml"),
        sa.Column("organ", ID, sa.ForeignKey("organ.id", name="fk_assignment_organ"), nullable=False, comment="where"),
        sa.Column("item", sa.Text(), nullable=True, comment="only for this item"),
        sa.Column("tier", sa.Text(), nullable=True, comment="only up to this tier of amounts"),
        sa.Column("from_on", sa.Date(), nullable=False, comment="first day"),
        sa.Column("to_on", sa.Date(), nullable=True, comment="last day"),
        sa.Column(
            "proposal",
            ID,
            sa.ForeignKey("proposal.id", name="fk_assignment_proposal"),
            nullable=False,
            comment="the two-person act that granted it",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_assignment"),
    )
    op.create_index("ix_assignment_person", "assignment", ["person"])
    op.create_index("ix_assignment_post_organ", "assignment", ["post", "organ"])
    op.create_table(
        "stand_in",
        sa.Column("id", ID, nullable=False, comment="a registered B for an A"),
        sa.Column(
            "assignment",
            ID,
            sa.ForeignKey("assignment.id", name="fk_stand_in_assignment"),
            nullable=False,
            comment="the post that is stood in for",
        ),
        sa.Column(
            "person", ID, sa.ForeignKey("person.id", name="fk_stand_in_person"), nullable=False, comment="the stand-in"
        ),
        sa.Column("from_on", sa.Date(), nullable=False, comment="first day"),
        sa.Column("to_on", sa.Date(), nullable=True, comment="last day"),
        sa.Column(
            "proposal",
            ID,
            sa.ForeignKey("proposal.id", name="fk_stand_in_proposal"),
            nullable=False,
            comment="the two-person act",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_stand_in"),
    )
    op.create_table(
        "absence",
        sa.Column("id", ID, nullable=False, comment="days on which a person is away"),
        sa.Column("person", ID, sa.ForeignKey("person.id", name="fk_absence_person"), nullable=False, comment="who"),
        sa.Column("from_on", sa.Date(), nullable=False, comment="first day"),
        sa.Column("to_on", sa.Date(), nullable=False, comment="last day"),
        sa.Column(
            "proposal",
            ID,
            sa.ForeignKey("proposal.id", name="fk_absence_proposal"),
            nullable=False,
            comment="the two-person act",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_absence"),
    )
    op.create_table(
        "relation",
        sa.Column(
            "id",
            ID,
            nullable=False,
            comment="a declared tie that may call for recusal (Civil Servants Law art. 74, 76)",
        ),
        sa.Column(
            "person", ID, sa.ForeignKey("person.id", name="fk_relation_person"), nullable=False, comment="the officer"
        ),
        sa.Column(
            "other",
            ID,
            sa.ForeignKey("person.id", name="fk_relation_other"),
            nullable=False,
            comment="the person tied to",
        ),
        sa.Column("kind", sa.Text(), nullable=False, comment="spouse | lineal | collateral | in_law | interest"),
        sa.Column("source", sa.Text(), nullable=False, comment="declared | found"),
        sa.Column("from_on", sa.Date(), nullable=False, comment="since"),
        sa.PrimaryKeyConstraint("id", name="pk_relation"),
    )
    op.create_table(
        "session",
        sa.Column("id", ID, nullable=False, comment="a sign-in"),
        sa.Column("key_hash", sa.Text(), nullable=False, comment="SHA-256 of the random key in the cookie"),
        sa.Column(
            "account", ID, sa.ForeignKey("account.id", name="fk_session_account"), nullable=False, comment="whose"
        ),
        sa.Column("opened_at", INSTANT, nullable=False, comment="signed in"),
        sa.Column("seen_at", INSTANT, nullable=False, comment="last request (kept to the minute)"),
        sa.Column("closed_at", INSTANT, nullable=True, comment="signed out, or revoked"),
        sa.Column("address", sa.Text(), nullable=False, comment="network address"),
        sa.PrimaryKeyConstraint("id", name="pk_session"),
        sa.UniqueConstraint("key_hash", name="uq_session_key_hash"),
    )
    op.create_index("ix_session_account", "session", ["account"])
    op.create_table(
        "attempt",
        sa.Column("id", ID, nullable=False, comment="a wrong try at a secret"),
        sa.Column("kind", sa.Text(), nullable=False, comment="sign_in | query"),
        sa.Column("subject", sa.Text(), nullable=False, comment="keyed hash of login, receipt number or address"),
        sa.Column("at", INSTANT, nullable=False, comment="when"),
        sa.PrimaryKeyConstraint("id", name="pk_attempt"),
    )
    op.create_index("ix_attempt_kind_subject_at", "attempt", ["kind", "subject", "at"])
    op.execute(
        "insert into person (id, pseudonym, kind, name, name_en) values (0, 'system', 'system', '系统', 'System')"
    )
