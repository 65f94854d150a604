"""The life of a card is no application: no list of applications shows it, but its steps wait for those who do them."""

from __future__ import annotations

from datetime import date

import pytest

from engine import clock, commands
from engine.db.read import board, casefile, choices, desk, intake, people
from engine.db.store import reading
from engine.errors import NotFound
from engine.model import Actor
from engine.rules.cards import ITEM
from tests import cards, county
from tests.cards import do, drafted
from tests.county import at

TODAY = date(2026, 3, 4)
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def town(database_url):
    """One application, late at its first step; its card was served on Wednesday 4 March."""
    with clock.at(at("2026-03-02 10:00")):
        town = cards.found()
        county.file(town)
    with clock.at(at("2026-03-04 08:00")):
        commands.catch_up()
        yield town


def officer(conn, actor: Actor) -> people.Officer:
    held = people.assignments(conn, [actor.person], TODAY)[actor.person]
    return people.Officer(
        person=actor.person, account=actor.account or 0, login="", name="", name_en=None, language="zh", phrase="",
        opened_at=clock.now(), assignments=held, organs_en={},
    )  # fmt: skip


def test_the_board_and_the_search_show_the_application_alone(town):
    everything = board.Filter()
    with reading() as conn:
        found, total = desk.search(conn, officer(conn, town.li), "2026-YL", 1)

        assert [row.number for row in board.rows(conn, everything, TODAY)] == ["2026-YL-000001"]
        assert (board.counts(conn, everything, TODAY).total, board.listed(conn, everything, TODAY)) == (1, 1)
        assert [(bar.total, bar.red) for bar in board.bars(conn, TODAY)] == [(1, 1)]
        assert ([row.number for row in found], total) == (["2026-YL-000001"], 1)


def test_nobody_can_apply_for_a_card_or_look_for_one_by_item(town):
    with reading() as conn:
        assert ITEM not in [item.item for item in intake.items(conn)]
        assert ITEM not in [item.key for item in choices.items(conn)]
        with pytest.raises(NotFound):
            intake.item(conn, ITEM)


def test_steps_of_a_card_wait_for_the_office_that_got_it_and_then_for_its_judges(town):
    (card,) = drafted()
    with reading() as conn:
        mine = officer(conn, town.li)
        shown = desk.pool(conn, mine, 1)
        assert [(row.path, row.number) for row in shown if row.item_id == ITEM] == [("explain", card.number)]
        assert [row.card.key if row.card else "" for row in shown if row.item_id == ITEM] == [card.key]
        assert desk.pool(conn, officer(conn, town.han), 1) == ()

    county.claim(town, "li", card.case_, "explain")
    with reading() as conn:
        assert [row.path for row in desk.mine(conn, town.li.person)] == ["explain"]
        assert casefile.of_case(conn, mine, card.case_).card == card
    do(town, "li", card, "explain")

    with reading() as conn:
        judge = officer(conn, town.han)
        (waiting,) = desk.pool(conn, judge, 1)
        assert waiting.path == "review"
        assert waiting.card is not None
        assert waiting.card.judged("card_reviewer").post == "acceptance"
