"""Cards and what they cost: rows that are only ever added. Each index names the query it serves."""

import sqlalchemy as sa

from engine.db.tables.types import column, identity, metadata, to

card = sa.Table(
    "card",
    metadata,
    identity("a yellow or red card: a fact, kept for ever; its life is the case `case_` of item efficacy_card"),
    to("case_", "case_", "the card's own case"),
    to("case_", "subject_case", "the case that it is about", True),
    to("clock", "clock", "the clock that was overrun", True),
    column("key", sa.Text, "what it is for: key of the clock, correction:<n>, manual:<n>, ..."),
    column("level", sa.Text, "yellow | red"),
    column("cause", sa.Text, "overrun | correction | no_reply | repeated | manual"),
    column("rule", sa.Text, "rule that was broken", True),
    column("path", sa.Text, "step in which it happened", True),
    column("post", sa.Text, "post that it is given to"),
    to("organ", "organ", "organ that it is given to"),
    to("person", "person", "who held the step then", True),
    column("on", sa.Date, "legal date of the fact"),
    sa.UniqueConstraint("case_"),
    sa.UniqueConstraint("subject_case", "key", "level"),  # detection may be asked twice
    sa.Index("ix_card_organ", "organ", "post"),  # answer page
)

score = sa.Table(
    "score",
    metadata,
    identity("what a card cost an office, or gave back; append-only"),
    to("card", "card", "card"),
    to("organ", "organ", "office"),
    column("post", sa.Text, "post"),
    column("points", sa.Integer, "below 0: taken; above 0: given back"),
    column("reason", sa.Text, "issued | downgraded | rescinded"),
    column("on", sa.Date, "local date from which it counts"),
    sa.Index("ix_score_organ", "organ", "on"),  # scores of an office
    sa.Index("ix_score_card", "card"),  # card page
)
