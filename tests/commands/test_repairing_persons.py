"""Who may repair a case in fault, and how proposals are declined: never one person alone, nor one with a hand in it."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from engine import commands
from engine.db import tables as t
from engine.db.engines import engine
from engine.db.store import begin, reading
from engine.errors import (
    AlreadyDecided,
    Invalid,
    NotYourRole,
    OwnCase,
    SamePerson,
    SameProposer,
)
from engine.settings import settings
from tests import faulty
from tests.commands.test_atomicity import break_everywhere
from tests.commands.test_entries import also
from tests.commands.test_races import race
from tests.county import events, row, types
from tests.faulty import MONDAY, approve, decline, proposal, propose


@pytest.fixture
def town(database_url):
    with faulty.found() as town:
        yield town


@pytest.fixture
def broken(town):
    return faulty.broken(town)


@pytest.mark.parametrize("who", ["feng", "li", "wang", "qian", "sun", "zhou"])
def test_only_the_flow_manager_proposes_a_repair(town, broken, who):
    with pytest.raises(NotYourRole):
        propose(town, broken.case, who=who)


@pytest.mark.parametrize("who", ["li", "qian", "sun", "zhou"])
def test_only_who_manages_flows_or_the_list_approves_or_declines_it(town, broken, who):
    key = propose(town, broken.case)

    with pytest.raises(NotYourRole):
        approve(town, key, who)
    with pytest.raises(NotYourRole):
        decline(town, key, who)

    assert row(broken.case).state == "fault"


def test_nobody_approves_an_own_repair(town, broken):
    key = propose(town, broken.case)

    with pytest.raises(SameProposer) as refusal:
        approve(town, key, "ma")

    assert refusal.value.basis == "SOD-25"
    assert row(broken.case).state == "fault"


@pytest.mark.parametrize("whose", ["filed it", "holds a step"])
def test_who_has_a_hand_in_the_case_takes_no_part(town, broken, whose):
    who = {"filed it": "li", "holds a step": "wang"}[whose]
    with engine(settings().database_url).begin() as conn:
        conn.execute(sa.update(t.step).values(claimed_by=town.wang.person))
    also(town.people[who], "flow_manager")
    key = propose(town, broken.case)

    for attempt in (lambda: propose(town, broken.case, who=who), lambda: approve(town, key, who)):
        with pytest.raises(SamePerson) as refusal:
            attempt()
        assert refusal.value.basis == "SOD-01"

    assert proposal(key).approved_by is None


@pytest.mark.parametrize("role", ["applicant", "agent"])
def test_nobody_repairs_an_own_case(town, broken, role):
    with engine(settings().database_url).begin() as conn:
        conn.execute(sa.update(t.case_).values(**{role: town.ma.person}))

    with pytest.raises(OwnCase) as refusal:
        propose(town, broken.case)

    assert refusal.value.basis == "SOD-31"


def test_a_proposal_is_declined_with_a_reason_and_decided_by_that(town, broken):
    key = propose(town, broken.case)
    with pytest.raises(Invalid):
        decline(town, key, reason=" ")

    decline(town, key)

    found = proposal(key)
    assert (found.declined_by, found.declined_at, found.decline_reason) == (town.feng.person, MONDAY, "还没查清")
    last = events("organ:1")[-1]
    assert (last["type"], last["post"]) == ("proposal.declined", "list_manager")
    assert last["facts"]["digest"] == next(
        e["facts"]["digest"]
        for e in events("organ:1")
        if e["type"] == "proposal.made" and e["facts"]["proposal"] == key
    )
    for attempt in (approve, decline):
        with pytest.raises(AlreadyDecided):
            attempt(town, key)
    assert row(broken.case).state == "fault"


def test_who_made_a_proposal_may_take_it_back(town, broken):
    key = propose(town, broken.case)

    decline(town, key, "ma")

    assert proposal(key).declined_by == town.ma.person


def test_what_was_approved_is_not_declined(town, broken):
    key = propose(town, broken.case)
    approve(town, key)

    with pytest.raises(AlreadyDecided):
        decline(town, key)
    with pytest.raises(AlreadyDecided):
        decline(town, 1)  # the founding


def test_of_two_who_approve_at_once_one_wins(town, broken):
    also(town.sun, "flow_manager")
    with engine(settings().database_url).begin() as conn:
        conn.execute(sa.delete(t.assignment).where(t.assignment.c.post == "auditor"))
    key = propose(town, broken.case, "recheck")

    results = race(lambda: approve(town, key), lambda: approve(town, key, "sun"))

    assert sorted(type(r).__name__ for r in results) == ["AlreadyDecided", "Approved"], results
    assert types(broken.number).count("case.repaired") == 1


def test_approved_and_declined_at_once_only_one_holds(town, broken):
    key = propose(town, broken.case)

    results = race(lambda: approve(town, key), lambda: decline(town, key, "ma"))

    assert sum(isinstance(r, AlreadyDecided) for r in results) == 1, results
    assert (row(broken.case).state == "open") == isinstance(results[0], commands.Approved)


def test_two_repairs_of_one_case_at_once_are_one(town, broken):
    first, second = propose(town, broken.case), propose(town, broken.case, "recheck")

    results = race(lambda: approve(town, first), lambda: approve(town, second))

    assert sorted(type(r).__name__ for r in results) == ["Approved", "NotInFault"], results


def test_a_withdrawal_and_a_repair_at_once_leave_one_of_them(town, broken):
    key = propose(town, broken.case)

    def withdraw() -> int:
        with begin(town.li) as ctx:
            return commands.withdraw(ctx, broken.case, reason="不开店了")

    results = race(lambda: approve(town, key), withdraw)

    assert isinstance(results[1], int), results  # an open case can be withdrawn as well
    assert row(broken.case).state == "withdrawn"


def test_proposing_approving_and_declining_leave_nothing_when_they_break_off(town, broken):
    assert break_everywhere(lambda: propose(town, broken.case)) >= 5
    assert break_everywhere(lambda: propose(town, broken.case, "recheck")) >= 5
    with reading() as conn:
        first, second = conn.scalars(sa.select(t.proposal.c.id).where(t.proposal.c.kind == "repair"))
    assert break_everywhere(lambda: decline(town, first)) >= 5
    assert break_everywhere(lambda: approve(town, second)) >= 9
