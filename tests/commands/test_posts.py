"""Posts are given and ended by two persons, neither of whom it is about; the holder may act from then until then."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from engine import clock, commands
from engine.db import tables as t
from engine.db.store import begin, reading
from engine.errors import (
    AlreadyHeld,
    Invalid,
    NotFound,
    NotInWriting,
    NotYourRole,
    OwnMatter,
    PostsExclude,
    ReservedPost,
    StatusForbids,
)
from tests import county
from tests.commands import offices
from tests.commands.offices import approve, do, held, last, organ, person, post, posts, propose, refusal, rows
from tests.county import at, file

NOW, TOMORROW, LATER = at("2026-03-02 10:00"), at("2026-03-03 10:00"), at("2026-03-10 10:00")
YESTERDAY, TODAY = date(2026, 3, 1), date(2026, 3, 2)


@pytest.fixture
def town(database_url):
    with clock.at(NOW):
        yield county.found()


sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def test_a_post_is_held_once_two_persons_have_acted(town):
    proposal = post(town, "zhou", "reviewer", item=county.ITEM, pool=True)

    assert posts(town, "zhou") == set()
    assert approve(town, proposal).result == f"granted {held(town, 'zhou', 'reviewer')}"

    assert posts(town, "zhou") == {("reviewer", "yl")}
    facts = last(kind="post.granted")["facts"]
    assert facts == {
        "proposal": proposal,
        "granted": held(town, "zhou", "reviewer"),
        "officer": offices.pseudonym(town, "zhou"),
        "post": "reviewer",
        "organ": "yl",
        "item": county.ITEM,
        "tier": None,
        "from": "2026-03-02",
        "to": None,
    }
    with reading() as conn:
        assert commands.check(conn).faults == []


@sqlite
def test_a_post_is_held_from_its_first_to_its_last_day(town):
    approve(town, post(town, "zhou", "reviewer", from_on=date(2026, 3, 3), to_on=date(2026, 3, 9)))

    assert posts(town, "zhou") == set()
    with clock.at(TOMORROW):
        assert posts(town, "zhou") == {("reviewer", "yl")}
    with clock.at(LATER):
        assert posts(town, "zhou") == set()


@sqlite
def test_a_late_approval_gives_the_post_from_its_own_day_and_never_one_that_is_over(town):
    late, over = post(town, "zhou", "reviewer"), post(town, "zhou", "acceptance", "w1", to_on=date(2026, 3, 9))

    with clock.at(LATER):
        approve(town, late)
        with pytest.raises(Invalid):
            approve(town, over)

    assert [row.from_on for row in rows("assignment") if row.person == person(town, "zhou")] == [date(2026, 3, 10)]


@pytest.mark.parametrize("code", ["security_administrator", "reviewer"])
@sqlite
def test_an_administrator_grants_himself_nothing(town, code):
    with pytest.raises(OwnMatter):
        post(town, "lu", code)

    assert refusal() == ("propose_post", "OwnMatter", "SOD-25")
    assert rows("proposal")[-1].kind == "definition"


@sqlite
def test_nobody_approves_a_post_of_his_own_or_his_own_proposal(town):
    proposal = post(town, "jin", "chief")

    with pytest.raises(OwnMatter):
        approve(town, proposal, by="jin")
    with pytest.raises(OwnMatter), begin(town.jin) as ctx:
        commands.decline(ctx, proposal, reason="nein")
    with pytest.raises(NotYourRole):
        approve(town, proposal, by="lu")
    assert posts(town, "jin") == {("security_administrator", "yl")}


@sqlite
def test_two_who_swap_are_both_refused(town):
    """The administrator proposes for the security administrator and the other way round."""
    first = post(town, "jin", "list_manager")

    with pytest.raises(OwnMatter):
        approve(town, first, by="jin")
    with pytest.raises(NotYourRole):
        propose(
            town,
            commands.propose_post,
            officer=person(town, "lu"),
            post="chief",
            organ=organ(),
            from_on=TODAY,
            by="jin",
        )
    assert posts(town, "jin") == {("security_administrator", "yl")}


@pytest.mark.parametrize("by", ["zhao", "qin", "ma", "jin", "zhou"])
@sqlite
def test_only_an_administrator_proposes(town, by):
    with pytest.raises(NotYourRole):
        propose(
            town, commands.propose_post, officer=person(town, "li"), post="issuer", organ=organ(), from_on=TODAY, by=by
        )


@pytest.mark.parametrize("by", ["zhao", "qin", "ma", "wei", "zhou"])
@sqlite
def test_only_a_security_administrator_approves(town, by):
    proposal = post(town, "zhou", "reviewer")

    with pytest.raises(NotYourRole):
        approve(town, proposal, by=by)


@pytest.mark.parametrize(
    ("who", "code", "rule"),
    [
        ("qian", "reviewer", "SOD-01"),  # a monitor handles no case
        ("qian", "auditor", "SOD-02"),
        ("qin", "reviewer", "SOD-09"),  # the chief
        ("wei", "decider", "SOD-01"),
    ],
)
@sqlite
def test_posts_that_exclude_each_other_are_not_granted(town, who, code, rule):
    with pytest.raises(PostsExclude) as refused:
        post(town, who, code)

    assert refused.value.basis == rule
    assert refusal() == ("propose_post", "PostsExclude", rule)


@sqlite
def test_what_was_granted_since_counts_when_it_is_approved(town):
    first, second = post(town, "zhou", "monitor"), post(town, "zhou", "reviewer")
    approve(town, first)

    with pytest.raises(PostsExclude):
        approve(town, second)

    assert posts(town, "zhou") == {("monitor", "yl")}
    assert next(row for row in rows("proposal") if row.id == second).approved_by is None


@sqlite
def test_posts_exclude_each_other_on_the_days_on_which_both_would_be_held(town):
    do(town, commands.propose_end_of_post, held(town, "qian", "monitor"), to_on=date(2026, 3, 9), reason="调岗")

    with pytest.raises(PostsExclude):
        post(town, "qian", "reviewer", from_on=date(2026, 3, 9))
    approve(town, post(town, "qian", "reviewer", from_on=date(2026, 3, 10)))


@pytest.mark.parametrize("status", ["temporary", "trainee", "helper"])
@sqlite
def test_who_is_no_official_decides_nothing(town, status):
    with begin(town.lu) as ctx:
        ctx.conn.execute(sa.update(t.person).where(t.person.c.id == person(town, "zhou")).values(status=status))

    with pytest.raises(StatusForbids):
        post(town, "zhou", "decider")
    post(town, "zhou", "reviewer")


@sqlite
def test_a_deciding_post_is_granted_in_writing(town):
    with pytest.raises(NotInWriting):
        post(town, "zhou", "decider", writing=" ")
    approve(town, post(town, "zhou", "decider"))

    assert rows("assignment")[-1].writing == "云审〔2026〕1 号"


@sqlite
def test_a_reserved_post_is_nobodys(town):
    with pytest.raises(ReservedPost):
        post(town, "zhou", "subject")


@sqlite
def test_the_same_post_is_not_held_twice_at_once(town):
    approve(town, post(town, "zhou", "reviewer", to_on=date(2026, 3, 9)))

    with pytest.raises(AlreadyHeld):
        post(town, "zhou", "reviewer", from_on=date(2026, 3, 9))
    post(town, "zhou", "reviewer", from_on=date(2026, 3, 10))
    post(town, "zhou", "reviewer", item=county.ITEM)


@pytest.mark.parametrize(
    "wrong",
    [
        {"from_on": YESTERDAY},
        {"to_on": YESTERDAY},
        {"code": "cook"},
        {"item": "no_such_item"},
        {"tier": "no_such_tier"},
        {"at": "shimen", "pool": True},
    ],
)
@sqlite
def test_what_makes_no_sense_is_not_accepted(town, wrong):
    given = {"code": "reviewer"} | wrong
    with pytest.raises(Invalid):
        post(town, "zhou", given.pop("code"), **given)


@sqlite
def test_an_officer_is_a_person_with_an_account(town):
    filed = file(town)
    applicant = county.row(filed.case).applicant

    for nobody in (applicant, 0, 9999):
        with pytest.raises(NotFound):
            propose(town, commands.propose_post, officer=nobody, post="reviewer", organ=organ(), from_on=TODAY)
