"""What gives a card, and what does not: each fact once, with its legal date."""

from __future__ import annotations

import shutil
from datetime import date

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from engine import clock, commands
from engine.db import due
from engine.db import tables as t
from engine.db.context import Connection
from engine.db.store import begin, reading
from engine.model import SYSTEM_ACTOR, Actor
from tests import cards, county
from tests.cards import do, drafted, only, told
from tests.county import at, file, row, types

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


def at_day(text: str):
    return clock.at(at(f"{text} 10:00"))


def test_a_card_is_drafted_once_however_often_it_is_asked_for(town, yellow):
    with begin(SYSTEM_ACTOR) as ctx:
        assert not commands.DUE_COMMANDS["card"](ctx, yellow.clock)

    assert commands.catch_up() == (0, 0)
    assert len(drafted()) == 1
    with pytest.raises(IntegrityError), begin(SYSTEM_ACTOR) as ctx:
        _double(ctx.conn, yellow)


def test_lateness_found_when_somebody_finishes_late_gives_a_card_of_its_legal_date(town):
    filed = file(town)
    with at_day("2026-03-06"):
        county.do(town, "li", filed.case, "intake/accept", "accept")
        commands.catch_up()

    assert told(drafted(filed.number)) == [("2026-03-04", "yellow", "overrun", "intake/accept")]


def test_withdrawing_hides_no_card(town):
    filed = file(town)
    with at_day("2026-03-06"), begin(Actor(person=row(filed.case).applicant, channel="portal")) as ctx:
        commands.withdraw(ctx, filed.case, reason="不开店了")
    with at_day("2026-03-06"):
        commands.catch_up()

    assert told(drafted(filed.number)) == [("2026-03-04", "yellow", "overrun", "intake/accept")]


def test_two_late_steps_of_a_case_give_a_red_card_and_one_late_step_with_its_promise_does_not(town):
    one, two = file(town), file(town)
    for filed in (one, two):
        county.do(town, "li", filed.case, "intake/accept", "accept")
    with at_day("2026-03-03"):
        county.do(town, "chen", one.case, "site_inspection/inspect", "pass")
        county.do(town, "liu", one.case, "site_inspection/inspect", "pass")
    with at_day("2026-03-12"):
        commands.catch_up()

    assert [card.key for card in drafted(one.number) if card.level == "yellow"] == [
        "step:" + _token(one.case),
        "promise:L03",
    ]
    assert [card.key for card in drafted(one.number) if card.level == "red" and card.cause == "repeated"] == []
    assert [card.key for card in drafted(two.number) if card.level == "red"][:1] == ["repeated"]


def test_three_late_cases_of_a_post_in_a_quarter_give_one_red_card(town):
    for _ in range(4):
        file(town)
    with clock.at(at(LATE)):
        commands.catch_up()

    red = [card for card in drafted() if card.level == "red"]
    assert [(card.key, card.on) for card in red] == [("quarter:2026Q1:acceptance@centre", date(2026, 3, 4))]


def test_a_second_correction_notice_gives_a_yellow_card_and_the_first_none(town):
    filed = file(town)
    step = county.step(filed.case, "intake/accept")
    for number in ("一", "二"):
        with begin(SYSTEM_ACTOR) as ctx:
            notice = {"kind": "supplement_notice", "number": number, "facts_json": "{}", "made_at": ctx.now}
            ctx.conn.execute(sa.insert(t.document).values(case_=filed.case, step=step.id, **notice))

    with at_day("2026-03-03"):
        commands.catch_up()

    assert drafted() == []  # the county introduced cards on that very day
    with begin(SYSTEM_ACTOR) as ctx:
        ctx.conn.execute(sa.update(t.document).values(made_at=at("2026-03-03 09:00")))
    with at_day("2026-03-03"):
        commands.catch_up()
        commands.catch_up()
    assert told(drafted()) == [("2026-03-03", "yellow", "correction", "intake/accept")]


def test_time_that_the_applicant_takes_gives_no_card(database_url, configure, tmp_path):
    processes = shutil.copytree(cards.settings().processes, tmp_path / "processes")
    intake = processes / "_shared" / "intake" / "flow.bpmn"
    text, step = intake.read_text(encoding="utf-8"), '<sun:outcomes values="supplied abandoned"/>'
    if "<sun:applicant/>" not in text:
        intake.write_text(text.replace(step, f"{step}<sun:applicant/>"), encoding="utf-8")
    configure(SUNLIT_PROCESSES=str(processes))
    with clock.at(MONDAY):
        town = cards.found()
        filed = file(town)
        county.do(town, "li", filed.case, "intake/accept", "supplement")

    with at_day("2026-04-30"):
        commands.catch_up()
        with reading() as conn:
            assert due.work(conn, clock.now(), papers=0) == []

    assert types(filed.number).count("clock.overrun") == 1
    assert drafted() == []


def test_lateness_in_the_life_of_a_card_gives_no_card(town, yellow):
    do(town, "li", yellow, "explain")
    with at_day("2026-03-20"):
        commands.catch_up()  # nobody has reviewed it

    assert {card.subject_case for card in drafted()} == {yellow.subject_case}


def test_where_cards_are_not_introduced_nothing_is_due_and_what_is_older_gives_none(database_url):
    with clock.at(MONDAY):
        town = county.found(cards.CAST)
        filed = file(town)
    with at_day("2026-03-05"):
        commands.catch_up()
        assert drafted() == []
        cards.county.deploy(town, cards.settings().processes / "efficacy_card")
        assert commands.catch_up() == (0, 0)
    with at_day("2026-03-11"):
        commands.catch_up()
        with reading() as conn:
            assert due.work(conn, clock.now(), papers=0) == []

    assert told(drafted(filed.number)) == [("2026-03-10", "yellow", "overrun", "intake/accept")]


def _double(conn: Connection, card) -> None:
    found = conn.execute(sa.select(t.card).where(t.card.c.id == card.id)).one()._mapping
    conn.execute(sa.insert(t.card).values(**{**found, "id": 99, "case_": card.subject_case}))


def _token(case: int) -> str:
    return str(county.step(case, "review").token)
