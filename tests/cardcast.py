"""Who judges cards in the small county, beside its cast: a second monitor, two reviewers, a panel; and cards made."""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa

from engine import commands
from engine.db import tables as t
from engine.db.engines import writing
from engine.db.store import begin
from engine.model import Actor
from engine.settings import settings
from tests import county
from tests.county import HASH, Town

CARDS = "efficacy_card"
JUDGES = {
    "yu": ("monitor", "yl"),
    "kong": ("card_reviewer", "yl"),
    "meng": ("card_reviewer", "yl"),
    "tang": ("appeal_panel", "yl"),
    "song": ("appeal_panel", "yl"),
    "dong": ("chief", "yl"),
}


def introduce(town: Town) -> Town:
    """Deploy the item of cards, and let the judges take their posts; return the town with them."""
    county.deploy(town, settings().processes / CARDS)
    for login, (post, organ) in JUDGES.items():
        join(login, post, organ)
    return Town(county.people())


def join(login: str, *posts_and_organs: str) -> None:
    """Give somebody posts, alternating post and organ; an account is made where there is none."""
    with writing(settings().database_url) as conn:
        person = conn.scalar(sa.select(t.account.c.person).where(t.account.c.login == login))
        if person is None:
            person = _put(
                conn, t.person, pseudonym=f"person-{login}", kind="natural", name=login.title(), name_en=login.title()
            )
            _put(conn, t.account, person=person, login=login, password_hash=HASH, active=True, language="zh")
        proposal = conn.scalar(sa.select(sa.func.min(t.proposal.c.id)))
        for post, code in zip(posts_and_organs[::2], posts_and_organs[1::2], strict=True):
            organ = conn.scalar(sa.select(t.organ.c.id).where(t.organ.c.code == code))
            _put(conn, t.assignment, person=person, post=post, organ=organ, from_on=date(2026, 1, 1), proposal=proposal)


def leave(login: str, post: str) -> None:
    """End a post."""
    with writing(settings().database_url) as conn:
        person = sa.select(t.account.c.person).where(t.account.c.login == login).scalar_subquery()
        ended = sa.update(t.assignment).where(t.assignment.c.person == person, t.assignment.c.post == post)
        conn.execute(ended.values(to_on=date(2026, 1, 1)))


def _put(conn: sa.Connection, table: sa.Table, **values: Any) -> int:
    return int(conn.execute(sa.insert(table).values(values)).inserted_primary_key[0])


def by_hand(town: Town, who: str, case: int, path: str, level: str = "red") -> commands.Issued:
    """Issue a card by hand about the step of a case."""
    step = county.step(case, path)
    with begin(town.people[who]) as ctx:
        return commands.issue_card(
            ctx, case, level=level, post=step.post, organ=step.organ, path=path, reason="让申请人跑了三趟"
        )


def do(town: Town, who: str, card: int, path: str, outcome: str = "done", **form: Any) -> None:
    """Claim a step of a card's life and do it."""
    county.do(town, who, card, path, outcome, form)


def actor(login: str) -> Actor:
    return county.people()[login]
