"""Copies of a case: who may send them, who may be sent one, and that they give sight and no right to act."""

from __future__ import annotations

import pytest

from engine import clock, commands
from engine.clock import local_date
from engine.db.read import casefile, people
from engine.db.read.people import Officer
from engine.db.store import begin, reading
from engine.errors import CopiedAlready, Invalid, MayNotSee, NoHand, NotFound, NotYourPost, OwnCase
from engine.model import Actor
from tests import county
from tests.commands import office
from tests.commands.office import memos, on


@pytest.fixture
def town(database_url):
    with on("2026-03-02"):
        yield office.town()


@pytest.fixture
def filed(town):
    return county.file(town)


def copy(who: Actor, case: int, *to: Actor, text: str = "请知悉") -> int:
    with begin(who) as ctx:
        return commands.copy(ctx, case, to=[each.person for each in to], text=text)


def officer(actor: Actor) -> Officer:
    with reading() as conn:
        posts = people.assignments(conn, [actor.person], local_date(clock.now()))[actor.person]
    return Officer(
        person=actor.person, account=0, login="", name="", name_en=None, language="zh", phrase="",
        opened_at=clock.now(), assignments=posts, organs_en={},
    )  # fmt: skip


def test_those_named_are_told_once_and_may_read_the_case(town, filed):
    hua = officer(town.hua)
    with reading() as conn, pytest.raises(NotFound):
        casefile.of_case(conn, hua, filed.case)

    copy(town.li, filed.case, town.hua, town.sun, town.hua)

    assert [(m.person, m.kind, m.by, m.text) for m in memos()] == [
        (town.hua.person, "copy", town.li.person, "请知悉"),
        (town.sun.person, "copy", town.li.person, "请知悉"),
    ]
    with reading() as conn:
        assert casefile.of_case(conn, hua, filed.case).number == filed.number


def test_the_trace_names_them_by_pseudonym_and_keeps_no_text(town, filed):
    copy(town.li, filed.case, town.hua)

    told = county.events(filed.number)[-1]
    with reading() as conn:
        assert commands.check(conn).faults == []
    assert told["type"] == "case.copied"
    assert len(told["facts"]["to"]) == 1
    assert len(told["facts"]["to"][0]) == 16
    assert "请知悉" not in str(told)


def test_a_copy_gives_no_right_to_act(town, filed):
    copy(town.li, filed.case, town.hua)

    with pytest.raises(NotYourPost):
        county.claim(town, "hua", filed.case, "intake/accept")


@pytest.mark.parametrize("who", ["ma", "adam", "zhou"])  # flows, system, no post
def test_nobody_whose_posts_see_no_cases_is_sent_one(town, filed, who):
    with pytest.raises(MayNotSee) as refusal:
        copy(town.li, filed.case, town.hua, town.people[who])

    assert (refusal.value.holder, refusal.value.basis) == (who.title(), "SOD-26")
    assert memos() == []
    assert county.events(filed.number)[-1]["facts"]["why"].startswith("Another person may not")


def test_everybody_gets_one_copy_of_a_case(town, filed):
    copy(town.li, filed.case, town.hua)

    with pytest.raises(CopiedAlready):
        copy(town.qian, filed.case, town.sun, town.hua)

    assert len(memos()) == 1


def test_who_has_no_hand_in_it_sends_none(town, filed):
    for who in ("zhao", "ma", "sun"):
        with pytest.raises(NoHand):
            copy(town.people[who], filed.case, town.hua)
    applicant = Actor(person=county.row(filed.case).applicant)
    with pytest.raises(OwnCase):
        copy(applicant, filed.case, town.hua)


def test_whose_post_an_open_step_waits_for_may_send_one(town, filed):
    county.do(town, "li", filed.case, "intake/accept", "accept")

    copy(town.wang, filed.case, town.hua)

    assert county.events(filed.number)[-1]["post"] == "reviewer"


def test_a_copy_names_somebody_and_says_something(town, filed):
    with pytest.raises(Invalid):
        copy(town.li, filed.case)
    with pytest.raises(Invalid):
        copy(town.li, filed.case, town.hua, text=" ")
    with pytest.raises(NotFound):
        copy(town.li, filed.case, Actor(person=county.row(filed.case).applicant))


def test_a_closed_case_can_be_copied_too(town, filed):
    with begin(town.li) as ctx:
        commands.withdraw(ctx, filed.case, reason="不办了")

    copy(town.li, filed.case, town.hua)

    assert len(memos(town.hua)) == 1
