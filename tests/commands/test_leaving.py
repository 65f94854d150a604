"""An officer leaves: posts, stand-ins and accounts end in one act, and open steps go back to their pools."""

from __future__ import annotations

from datetime import date

import pytest

from engine import clock, commands
from engine.db.store import begin, reading
from engine.errors import NotFound, NotYourPost, OwnMatter, StillHere, WrongPassword
from engine.model import Actor
from tests import county
from tests.commands.offices import approve, do, held, last, person, post, posts, propose, pseudonym, rows
from tests.county import PASSWORD, at, claim, events, file, step, types

NOW, FRIDAY = at("2026-03-02 10:00"), at("2026-03-06 17:00")
TODAY = date(2026, 3, 2)
sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def town(database_url):
    with clock.at(NOW):
        yield county.found()


def leave(town, who: str, to_on: date = TODAY, **named) -> commands.Approved:
    return do(town, commands.propose_leaving, officer=person(town, who), to_on=to_on, **named)


def sign_in(login: str) -> str:
    with begin(Actor(person=0, channel="cli")) as ctx:
        return commands.sign_in(ctx, login, PASSWORD, "192.0.2.1")


def test_all_ends_in_one_act_and_the_steps_are_named(town):
    cases = [file(town) for _ in range(3)]
    for filed in cases[:2]:
        claim(town, "li", filed.case, "intake/accept")
    sign_in("li")
    approve(town, post(town, "li", "reviewer", from_on=date(2026, 4, 1)))
    do(town, commands.propose_stand_in, assignment=held(town, "li", "acceptance"), officer=person(town, "zhou"),
       from_on=TODAY)  # fmt: skip
    do(town, commands.propose_stand_in, assignment=held(town, "hua", "acceptance"), officer=person(town, "li"),
       from_on=TODAY)  # fmt: skip

    done = leave(town, "li")

    steps = ", ".join(f"{filed.number} intake/accept" for filed in cases[:2])
    assert done.result == f"posts 2, steps 2, {steps}"
    assert posts(town, "li") == set()
    assert [row.closed_at is None for row in rows("session")] == [False]
    assert {row.to_on for row in rows("stand_in")} == {date(2026, 3, 1)}
    for filed in cases[:2]:
        assert step(filed.case, "intake/accept").claimed_by is None
        assert types(filed.number)[-1] == "step.released"
    with pytest.raises(WrongPassword):
        sign_in("li")
    claim(town, "hua", file(town, "hua").case, "intake/accept")
    assert last(kind="account.changed")["facts"]["officer"] == pseudonym(town, "li")
    assert len([e for e in events("organ:1") if e["type"] == "post.ended"]) == 2
    with clock.at(at("2026-04-02 10:00")):
        assert posts(town, "li") == set()
    with reading() as conn:
        assert commands.check(conn).faults == []


@sqlite
def test_another_takes_the_step_over_and_the_one_who_left_cannot(town):
    filed = file(town)
    key = claim(town, "li", filed.case, "intake/accept")
    approve(town, post(town, "zhou", "acceptance", "w1"))
    leave(town, "li")
    assert [(row.person, row.case_, row.step) for row in rows("memo")] == [(person(town, "zhou"), filed.case, key)]

    with pytest.raises(NotYourPost), begin(town.li) as ctx:
        commands.complete(ctx, key, outcome="accept", form={}, opinion="同意")
    county.do(town, "zhou", filed.case, "intake/accept", "accept")


@sqlite
def test_it_is_carried_out_on_the_last_day_at_the_earliest(town):
    proposal = propose(town, commands.propose_leaving, officer=person(town, "li"), to_on=date(2026, 3, 6))

    with pytest.raises(StillHere):
        approve(town, proposal)
    assert posts(town, "li") == {("acceptance", "w1")}
    with clock.at(FRIDAY):
        approve(town, proposal)
        assert posts(town, "li") == set()


@sqlite
def test_what_the_officer_proposed_still_waits_for_another(town):
    proposal = post(town, "zhou", "reviewer")
    do_by_wei = propose(town, commands.propose_leaving, officer=person(town, "lu"), to_on=TODAY, by="wei")
    approve(town, do_by_wei)

    approve(town, proposal)
    assert posts(town, "zhou") == {("reviewer", "yl")}


@sqlite
def test_nobody_lets_himself_leave_or_approves_that_he_does(town):
    with pytest.raises(OwnMatter):
        leave(town, "lu")
    proposal = propose(town, commands.propose_leaving, officer=person(town, "jin"), to_on=TODAY)
    with pytest.raises(OwnMatter):
        approve(town, proposal, by="jin")
    with pytest.raises(NotFound):
        propose(town, commands.propose_leaving, officer=9999, to_on=TODAY)
