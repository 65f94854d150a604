"""Whole lives of cards, through the real commands: what becomes of them, what they cost, what stays for ever."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from engine import clock, commands
from engine.db import tables as t
from engine.db.store import begin
from engine.errors import Invalid, OutcomeDiffers, SamePerson
from engine.model import SYSTEM_ACTOR
from tests import cards, county
from tests.cards import again, do, drafted, issue, only, scores
from tests.county import at, events, file, open_paths, row, types

MONDAY = at("2026-03-02 10:00")
LATE = "2026-03-04 08:00"  # the clerk had the 3rd
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def town(database_url):
    with clock.at(MONDAY):
        yield cards.found()


@pytest.fixture
def yellow(town):
    """A yellow card for an application that nobody looked at on its day, served on Wednesday 4 March."""
    filed = file(town)
    with clock.at(at(LATE)):
        commands.catch_up()
        yield only(filed.number, drafted(filed.number)[0].key)


@pytest.fixture
def red(town):
    """A red card issued and confirmed on 5 March."""
    filed = file(town)
    with clock.at(at("2026-03-05 09:00")):
        card = issue(town, "qian", filed.case)
        do(town, "meng", card, "confirm", "confirm")
        yield card


def at_day(text: str):
    return clock.at(at(f"{text} 10:00"))


def test_a_yellow_card_is_served_at_once_explained_and_rescinded(town, yellow):
    assert open_paths(yellow.case_) == ["explain"]
    assert (yellow.on, yellow.post, yellow.path) == (date(2026, 3, 4), "acceptance", "intake/accept")

    with at_day("2026-03-05"):
        do(town, "li", yellow, "explain")
    with at_day("2026-03-06"):
        do(town, "han", yellow, "review", "rescind")

    assert row(yellow.case_).result == "rescinded"
    assert again(yellow).marks.keys() == {"received", "served", "explained", "rescinded"}
    assert scores(yellow) == []  # it never took effect
    assert types("2026-YL-000001").count("card.drafted") == 1
    cards.assert_intact()


def test_an_explained_card_costs_from_the_day_on_which_the_review_upholds_it(town, yellow):
    with at_day("2026-03-05"):
        do(town, "li", yellow, "explain")
        assert scores(yellow) == []
    with at_day("2026-03-06"):
        do(town, "han", yellow, "review", "uphold")

    assert scores(yellow) == [(-5, "issued", "2026-03-06")]
    scored = next(e for e in events(yellow.number) if e["type"] == "card.scored")
    assert scored["facts"] == {"points": -5, "organ": "centre", "post": "acceptance", "reason": "issued"}


def test_an_unanswered_yellow_card_takes_effect_and_becomes_red_and_may_still_be_rescinded(town, yellow):
    with at_day("2026-03-12"):  # it could be answered until the 9th
        commands.catch_up()
        red = only("2026-YL-000001", f"no_reply:{yellow.key}", "red")
        assert (red.on, red.cause, red.post) == (date(2026, 3, 10), "no_reply", "acceptance")
        assert open_paths(red.case_) == ["issue"]
        assert scores(yellow) == [(-5, "issued", "2026-03-10")]

        do(town, "han", yellow, "review", "rescind")
        commands.catch_up()

    assert scores(yellow) == [(-5, "issued", "2026-03-10"), (5, "rescinded", "2026-03-12")]
    assert [card.key for card in drafted() if card.cause == "no_reply"] == [red.key]


def test_a_red_card_through_appeal_to_verification_by_different_persons(town, red):
    assert scores(red) == [(-10, "issued", "2026-03-05")]
    with at_day("2026-03-06"):
        do(town, "zhao", red, "answer")
    with at_day("2026-03-09"):
        do(town, "han", red, "review", "downgrade")
    assert scores(red)[1:] == [(5, "downgraded", "2026-03-09")]
    with at_day("2026-03-10"):
        do(town, "zhao", red, "appeal", "appeal")
    with at_day("2026-03-11"):
        do(town, "shi", red, "panel", "uphold")
        assert open_paths(red.case_) == ["panel"]  # two persons judge
        do(town, "wen", red, "panel", "uphold")
    with at_day("2026-03-12"):
        do(town, "zhao", red, "rectify")
        do(town, "gu", red, "verify", "send_back")
        do(town, "zhao", red, "rectify")
        do(town, "gu", red, "verify", "pass")

    assert row(red.case_).result == "archived"
    assert sum(points for points, *_ in scores(red)) == -5
    cards.assert_intact()


def test_a_red_card_rescinded_on_appeal_gives_everything_back_and_nothing_is_deleted(town, red):
    do(town, "zhao", red, "answer")
    do(town, "han", red, "review", "refer")
    assert "referred" in again(red).marks  # recorded, and nothing else follows from it
    do(town, "zhao", red, "appeal", "appeal")
    do(town, "shi", red, "panel", "rescind")
    with pytest.raises(OutcomeDiffers):
        do(town, "wen", red, "panel", "uphold")
    with begin(town.wen) as ctx:
        step = county.step(red.case_, "panel").id
        commands.complete(ctx, step, outcome="rescind", form=cards.USUAL["panel", "rescind"], opinion="同意")

    assert scores(red) == [(-10, "issued", "2026-03-05"), (10, "rescinded", "2026-03-05")]
    assert row(red.case_).result == "rescinded"
    for table in (t.card, t.score):
        for statement in (sa.delete(table), sa.update(table).values(post="nobody")):
            with pytest.raises(IntegrityError), begin(SYSTEM_ACTOR) as ctx:
                ctx.conn.execute(statement)


def test_what_may_be_appealed_and_is_not_becomes_final(town, yellow):
    do(town, "li", yellow, "explain")
    do(town, "han", yellow, "review", "uphold")

    with at_day("2026-03-12"):  # the 11th was the fifth working day
        commands.catch_up()

    assert "final" in again(yellow).marks
    assert open_paths(yellow.case_) == ["rectify"]


def test_an_automatic_red_card_waits_for_two_monitors_who_may_drop_it_with_a_ground(town):
    filed = file(town)
    with at_day("2026-04-08"):
        commands.catch_up()
        card = only(filed.number, "statute:L03", "red")
        assert card.on == date(2026, 3, 31)
        with pytest.raises(Invalid):
            do(town, "qian", card, "issue", "drop", ground=None)
        with pytest.raises(Invalid):
            do(town, "qian", card, "issue", "drop", ground="somebody_asked")
        with begin(town.qian) as ctx:
            step = county.step(card.case_, "issue").id
            commands.complete(ctx, step, outcome="drop", form=cards.USUAL["issue", "drop"], opinion="不签发")
        with pytest.raises(SamePerson):
            county.claim(town, "qian", card.case_, "confirm_drop")
        do(town, "meng", card, "confirm_drop", "agree")

    assert row(card.case_).result == "dropped"
    assert scores(card) == []
    assert drafted()[0].id  # the card stays, and says what became of it
