"""Who judges cards in the small county, beside its cast: a second monitor, two reviewers, a panel; and cards made."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import sqlalchemy as sa

from engine import clock, commands
from engine.db import tables as t
from engine.db.engines import writing
from engine.db.store import begin, reading
from engine.settings import settings
from tests import county
from tests.county import HASH, Town, at

CARDS = "efficacy_card"
THURSDAY = at("2026-03-05 10:00")
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


@contextmanager
def late(town: Town) -> Iterator[commands.Filed]:
    """File on Monday; Li holds the first step beyond Tuesday. It is Thursday 2026-03-05, and the card is drafted."""
    filed = county.file(town)
    county.claim(town, "li", filed.case, "intake/accept")
    with clock.at(THURSDAY):
        commands.catch_up()
        yield filed


def card(level: str = "yellow") -> tuple[int, str]:
    """Return the card's own case and its number: of the newest card of this level."""
    with reading() as conn:
        query = sa.select(t.card.c.case_, t.case_.c.number).join(t.case_, t.case_.c.id == t.card.c.case_)
        row = conn.execute(query.where(t.card.c.level == level).order_by(t.card.c.id.desc()).limit(1)).one()
    return row.case_, row.number


def explain(town: Town) -> tuple[int, str]:
    """Explain the newest yellow card."""
    case, number = card()
    do(town, "li", case, "explain", explanation="窗口当天停电，系统记录可查。")
    return case, number


def rescind(town: Town, case: int) -> None:
    do(
        town, "kong", case, "review", "rescind", finding="停电属实，供电局有证明。", ground="system_fault",
        ground_reason="供电局证明，3 月 3 日全天停电。",
    )  # fmt: skip


def red(town: Town, filed: commands.Filed) -> tuple[int, str]:
    """Issue a red card by hand, confirmed by a second monitor."""
    issued = by_hand(town, "qian", filed.case, "intake/accept")
    do(town, "yu", issued.case, "confirm", "confirm")
    return issued.case, issued.number
