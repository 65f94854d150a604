"""Random histories of applications and of their cards: the cards there are, are those that the trace calls for."""

from __future__ import annotations

import os
import random
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from engine import clock, commands
from engine.db import due
from engine.db import tables as t
from engine.db.store import begin, reading
from engine.errors import Refused, Stale
from engine.model import Actor
from engine.rules.cards import ITEM
from tests import cards, county
from tests.cards import USUAL, drafted, in_database, issue, rederived
from tests.county import at, row
from tests.samples import FORMS

from .test_random_histories import OUTCOMES

WALKS = int(os.environ.get("SUNLIT_TEST_CARD_WALKS", "2"))
OFFICERS = ("li", "wang", "chen", "liu", "he", "zhao", "wu", "qian", "meng", "gu", "han", "shi", "wen")
POSTS = ("acceptance", "reviewer", "inspector", "rechecker", "decider")
HOURS = (0, 1, 2, 5, 9, 30, 30, 75, 200)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("seed", range(WALKS))
def test_the_cards_there_are_are_those_that_the_trace_calls_for(database_url, seed):
    chance = random.Random(seed)
    now = at("2026-03-02 10:00")
    with clock.at(now):
        town = cards.found()
        cases = [county.file(town).case for _ in range(4)]
    for _ in range(50):
        now += timedelta(hours=chance.choice(HOURS))
        with clock.at(now):
            if chance.random() < 0.6:  # else the worker is down
                commands.catch_up()
            move(town, cases, chance)
    with clock.at(now):
        commands.catch_up()
        with reading() as conn:
            assert due.work(conn, clock.now(), papers=0) == []

    assert in_database() == rederived()
    assert {card.level for card in drafted()} == {"yellow", "red"}
    for card in drafted():
        cost = sum(points for points, *_ in cards.scores(card))
        assert -10 <= cost <= 0
        assert cost == 0 or row(card.case_).result not in ("rescinded", "dropped")
    cards.assert_intact()


def move(town: county.Town, cases: list[int], chance: random.Random) -> None:
    """Do something somewhere: mostly on an open step, with whoever may; sometimes a monitor issues a card."""
    kind = chance.random()
    if kind < 0.04:
        issue(town, "qian", chance.choice(cases), level=chance.choice(["yellow", "red"]), post=chance.choice(POSTS))
        return
    if kind < 0.06:
        case = chance.choice(cases)
        withdraw(Actor(person=row(case).applicant, channel="portal"), case)
        return
    with reading() as conn:
        query = sa.select(t.step.c.id, t.step.c.path, t.case_.c.item).join(t.case_, t.case_.c.id == t.step.c.case_)
        waiting = conn.execute(query.where(t.step.c.closed_at.is_(None)).order_by(t.step.c.id)).all()
    for step in chance.sample(waiting, min(3, len(waiting))):
        for who in chance.sample(OFFICERS, len(OFFICERS)):
            if finish(town.people[who], step, chance):
                break


def withdraw(applicant: Actor, case: int) -> None:
    try:
        with begin(applicant) as ctx:
            commands.withdraw(ctx, case, reason="不开店了")
    except (Refused, Stale):
        return


def finish(who: Actor, step: Any, chance: random.Random) -> bool:
    """Claim and complete a step; return False when this officer may not."""
    if step.item == ITEM:
        outcome = chance.choice([outcome for path, outcome in USUAL if path == step.path])
        form = USUAL[step.path, outcome]
    else:
        outcome = chance.choice(OUTCOMES.get(step.path, ("done",)))
        form = FORMS.get(f"{step.path}:{outcome}", FORMS.get(step.path, {}))
    try:
        with begin(who) as ctx:
            commands.claim(ctx, step.id)
        with begin(who) as ctx:
            commands.complete(ctx, step.id, outcome=outcome, form=form, opinion="同意")
    except (Refused, Stale):
        return False
    return True
