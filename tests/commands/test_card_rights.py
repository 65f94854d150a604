"""Who may not issue, confirm, review, judge or verify a card; and what is no application."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from engine import clock, commands
from engine.db import tables as t
from engine.db.store import begin
from engine.errors import Invalid, NotFound, NotYourPost, NotYourRole, OwnUnit, SamePerson
from engine.model import SYSTEM_ACTOR, Actor
from tests import cards, county
from tests.cards import do, drafted, issue, only
from tests.county import at, events, file, open_paths, row

from .test_statements import counted

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


@pytest.mark.parametrize(
    ("who", "path", "outcome"), [("hua", "explain", "done"), ("qian", "explain", "done"), ("han", "explain", "done")]
)
def test_only_the_office_that_got_the_card_explains(town, yellow, who, path, outcome):
    with pytest.raises(NotYourPost):
        do(town, who, yellow, path, outcome)


def test_who_issued_neither_confirms_nor_reviews_nor_judges_nor_verifies(town):
    card = issue(town, "all", file(town).case)
    refusals = [_refused(town, "all", card, "confirm")]
    do(town, "qian", card, "confirm", "confirm")
    do(town, "zhao", card, "answer")
    refusals.append(_refused(town, "all", card, "review"))
    do(town, "han", card, "review", "uphold")
    do(town, "zhao", card, "appeal", "appeal")
    refusals.append(_refused(town, "all", card, "panel"))
    do(town, "shi", card, "panel", "uphold")
    do(town, "wen", card, "panel", "uphold")
    do(town, "zhao", card, "rectify")
    refusals.append(_refused(town, "all", card, "verify"))

    assert [(type(refusal), refusal.basis) for refusal in refusals] == [(SamePerson, "SOD-20")] * 4


def test_who_confirmed_or_reviewed_does_not_judge_the_appeal(town):
    card = issue(town, "qian", file(town).case)
    do(town, "all", card, "confirm", "confirm")
    do(town, "zhao", card, "answer")
    assert isinstance(_refused(town, "all", card, "review"), SamePerson)
    do(town, "han", card, "review", "uphold")
    do(town, "zhao", card, "appeal", "appeal")
    assert isinstance(_refused(town, "all", card, "panel"), SamePerson)

    other = issue(town, "qian", file(town).case)
    do(town, "meng", other, "confirm", "confirm")
    do(town, "zhao", other, "answer")
    do(town, "all", other, "review", "uphold")
    do(town, "zhao", other, "appeal", "appeal")
    assert isinstance(_refused(town, "all", other, "panel"), SamePerson)


def test_nobody_judges_a_card_about_his_own_post(town):
    card = issue(town, "qian", file(town).case, post="legal_reviewer")
    do(town, "meng", card, "confirm", "confirm")
    do(town, "lin", card, "answer")  # its own steps are the office's

    assert isinstance(_refused(town, "lin", card, "review"), OwnUnit)


def test_nobody_judges_a_card_about_himself_whatever_post_he_holds_now(town):
    filed = file(town)
    county.claim(town, "li", filed.case, "intake/accept")
    with clock.at(at(LATE)):
        commands.catch_up()
    card = only(filed.number, drafted()[0].key)
    assert card.person == town.li.person
    _move(town.li, "card_reviewer")
    do_by_another(town, card)

    refusal = _refused(town, "li", card, "review")

    assert isinstance(refusal, OwnUnit)
    assert refusal.basis == "SOD-20"
    assert [e["facts"]["error"] for e in events(card.number) if e["type"] == "refused"] == ["OwnUnit"]


def test_a_monitor_issues_no_card_about_himself(town):
    filed = file(town)
    county.claim(town, "li", filed.case, "intake/accept")
    _move(town.li, "monitor")

    with pytest.raises(OwnUnit):
        issue(town, "li", filed.case, post="acceptance", path="intake/accept")


def test_only_a_monitor_issues_and_the_card_is_about_an_application_and_an_office_that_does_not_judge(town):
    filed = file(town)
    card = issue(town, "qian", filed.case)

    with pytest.raises(NotYourRole):
        issue(town, "han", filed.case)
    with pytest.raises(NotFound):
        issue(town, "qian", card.case_)
    for wrong in ({"level": "blue"}, {"post": "monitor"}, {"post": "subject"}, {"post": "nobody"}, {"organ": 99},
                  {"path": "review"}, {"reason": "？"}):  # fmt: skip
        with pytest.raises(Invalid):
            issue(town, "qian", filed.case, **wrong)
    assert len(drafted()) == 1


@pytest.mark.parametrize(
    "left_out",
    [
        {"ground": None},
        {"ground_reason": None},
        {"ground": "good_relations"},
        {"ground": "tolerance"},  # without its three reasons
        {"ground": "other_department"},  # without saying which
    ],
)
def test_nothing_is_rescinded_without_a_ground_of_the_list_and_its_reasons(town, yellow, left_out):
    do(town, "li", yellow, "explain")

    with pytest.raises(Invalid):
        do(town, "han", yellow, "review", "rescind", **left_out)

    assert open_paths(yellow.case_) == ["review"]


def test_a_card_is_not_an_application(town, yellow):
    for actor in (town.li, town.hua, Actor(person=0, channel="portal")):
        with pytest.raises(NotFound), begin(actor) as ctx:
            commands.withdraw(ctx, yellow.case_, reason="说情")
    with pytest.raises(NotFound), begin(town.li) as ctx:
        commands.reissue_code(ctx, yellow.case_)
    with pytest.raises(NotFound), begin(town.li) as ctx:
        commands.file_case(ctx, item="efficacy_card", applicant=county.applicant(), form={}, materials=())
    assert row(yellow.case_).state == "open"


def test_steps_of_a_card_stay_within_the_bounds_of_statements(town, yellow):
    """Beyond the 8 and 14 of any step: whom it is about; and what it costs, where that changes."""
    do(town, "li", yellow, "explain")
    step = county.step(yellow.case_, "review").id

    with counted() as claimed, begin(town.han) as ctx:
        commands.claim(ctx, step)
    with counted() as completed, begin(town.han) as ctx:
        commands.complete(ctx, step, outcome="uphold", form=cards.USUAL["review", "uphold"], opinion="维持")

    assert 5 <= len(claimed) <= 8
    assert 10 <= len(completed) <= 14 + 6


def _refused(town, who: str, card, path: str):
    with pytest.raises((SamePerson, OwnUnit)) as refusal:
        county.claim(town, who, card.case_, path)
    return refusal.value


def do_by_another(town, card) -> None:
    """The office explains by somebody else who holds the post there."""
    _move(town.hua, "acceptance", organ="centre")
    do(town, "hua", card, "explain")


def _move(actor: Actor, post: str, organ: str = "yl") -> None:
    """Give a person another post instead of those held."""
    with begin(SYSTEM_ACTOR) as ctx:
        where = ctx.conn.scalar(sa.select(t.organ.c.id).where(t.organ.c.code == organ))
        own = sa.update(t.assignment).where(t.assignment.c.person == actor.person)
        ctx.conn.execute(own.values(post=post, organ=where))
