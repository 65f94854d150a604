"""Open cases that nobody could finish once a post ends, somebody is away or leaves; and those stuck as things are."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
import sqlalchemy as sa

from engine import clock, commands
from engine.commands.staffing import changes, stuck
from engine.commands.staffing.stuck import Stuck, stuck_now
from engine.commands.staffing.stuck import stuck as stuck_by
from engine.db import plans
from engine.db import tables as t
from engine.db.read import underway
from engine.db.store import begin, reading
from tests import county
from tests.commands import lawful, offices
from tests.commands.offices import TODAY, person
from tests.commands.test_nobody_left import do, ended, file
from tests.commands.test_statements import counted
from tests.commands.together import ask, claim
from tests.county import at
from tests.staffing import township
from tests.staffing.township import item

DAY = timedelta(days=1)
sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
# hua accepts, chen reviews, zhao decides; each alone
OFFICE = {"hua": ("acceptance", "shimen"), "chen": ("reviewer", "shimen"), "zhao": ("decider", "shimen")}


@pytest.fixture
def town(database_url):
    with clock.at(at("2026-03-02 10:00")):
        yield lambda officers, *made: _deployed(officers, made or (item(),))


def _deployed(officers, made):
    there = township.found(officers)
    for each in made:
        township.deploy(there, each)
    return there


def proposed(there, command, *given, **named) -> dict:
    """Propose something; return its kind and body."""
    key = offices.propose(there, command, *given, **named)
    with reading() as conn:
        row = conn.execute(sa.select(t.proposal).where(t.proposal.c.id == key)).one()
    return {"key": key, "kind": row.kind, "body": json.loads(row.body_json)}


def ends(there, who, post, on=TODAY - DAY):
    """Propose that a post ends, at once if no day is given."""
    return proposed(there, commands.propose_end_of_post, offices.held(there, who, post), to_on=on, reason="调离")


def away(there, who, first=TODAY, last=TODAY):
    return proposed(
        there, commands.propose_absence, officer=person(there, who), from_on=first, to_on=last, kind="leave"
    )


def asked(wanted, **more) -> Stuck:
    with reading() as conn:
        change = changes.change(conn, wanted["kind"], wanted["body"], clock.local_date(clock.now()))
        assert change is not None
        return stuck_by(conn, change, **more)


def now() -> Stuck:
    with reading() as conn:
        return stuck_now(conn)


def numbers(found: Stuck) -> list[str]:
    return [each.number for each in found.cases]


def test_the_post_of_the_only_reviewer_ends_and_his_case_is_listed_and_no_other(town):
    there = town(OFFICE)
    mine, reviewed = file(there, "hua"), file(there, "hua")
    do(there, "hua", mine.case, "accept")
    do(there, "hua", reviewed.case, "accept")
    do(there, "chen", reviewed.case, "review")
    claim(there, "chen", mine.case, "review")

    found = asked(ends(there, "chen", "reviewer"))

    (only,) = found.cases
    assert (only.number, only.organ.name, only.item.zh) == (mine.number, "石门乡", "small")
    assert [step.zh for step in only.steps] == ["「审查」"]
    assert only.why.zh == "「审查」没有人可办：石门乡的审查岗无人在岗。"
    assert "Review has nobody" in only.why.en
    assert [each.login for each in only.holders] == ["chen"]
    assert (found.on, found.unseen, numbers(now())) == (TODAY, 0, [])


def test_once_it_is_approved_the_case_is_stuck_now(town):
    there = town(OFFICE)
    case = file(there, "hua")

    offices.approve(there, ends(there, "chen", "reviewer")["key"])

    assert numbers(now()) == [case.number]


def test_with_a_second_reviewer_there_is_nothing_to_list(town):
    there = town({**OFFICE, "liu": ("reviewer", "shimen")})
    do(there, "hua", file(there, "hua").case, "accept")

    assert asked(ends(there, "chen", "reviewer")).cases == ()


@sqlite
def test_a_second_reviewer_who_has_accepted_the_case_may_not_review_it_and_the_rule_is_named(town):
    there = town({**OFFICE, "hua": ("acceptance reviewer", "shimen"), "dan": ("acceptance", "shimen")})
    by_hua, by_dan = file(there, "dan"), file(there, "dan")
    do(there, "hua", by_hua.case, "accept")
    do(there, "dan", by_dan.case, "accept")

    (only,) = asked(ends(there, "chen", "reviewer")).cases

    assert only.number == by_hua.number
    assert "「审查」（审查岗）需要 1 人，只有Hua" in only.why.zh
    assert "SOD-03：「受理」（Hua已办）和「审查」由不同的人办" in only.why.zh
    assert "Accept (done by Hua) and Review by different persons" in only.why.en


@sqlite
def test_a_post_that_ends_later_is_asked_about_on_the_day_after(town):
    there = town({**OFFICE, "liu": ("reviewer", "shimen")})
    case = file(there, "hua")
    offices.approve(there, ends(there, "liu", "reviewer", TODAY + 3 * DAY)["key"])

    sooner = asked(ends(there, "chen", "reviewer", TODAY + DAY))
    later = asked(ends(there, "chen", "reviewer", TODAY + 4 * DAY))

    assert (sooner.on, sooner.cases) == (TODAY + 2 * DAY, ())
    assert (later.on, numbers(later)) == (TODAY + 5 * DAY, [case.number])


@sqlite
def test_a_case_that_nobody_could_finish_before_is_not_what_the_change_does(town):
    there = town(OFFICE)
    case = file(there, "hua")
    ended("zhao", "decider")

    assert asked(ends(there, "chen", "reviewer")).cases == ()
    assert numbers(now()) == [case.number]


@sqlite
def test_while_the_only_reviewer_is_away_his_cases_cannot_be_finished(town):
    there = town(OFFICE)
    case = file(there, "hua")

    (only,) = asked(away(there, "chen")).cases

    assert only.number == case.number
    assert "（Chen外出）" in only.why.zh
    offices.approve(there, away(there, "chen")["key"])
    assert now().cases == ()  # who is away comes back


@sqlite
def test_a_stand_in_does_the_cases_of_who_is_away_but_not_what_he_must_not(town):
    there = town({**OFFICE, "dan": ("acceptance", "shimen")})
    by_hua, by_dan = file(there, "dan"), file(there, "dan")
    do(there, "hua", by_hua.case, "accept")
    do(there, "dan", by_dan.case, "accept")
    claim(there, "chen", by_dan.case, "review")
    post = offices.held(there, "chen", "reviewer")
    offices.do(there, commands.propose_stand_in, assignment=post, officer=person(there, "hua"), from_on=TODAY)

    assert numbers(asked(away(there, "chen"))) == [by_hua.number]


@sqlite
def test_a_stand_in_who_is_away_himself_does_not_help(town):
    there = town({**OFFICE, "dan": ("acceptance", "shimen")})
    case = file(there, "dan")
    post = offices.held(there, "chen", "reviewer")
    offices.do(there, commands.propose_stand_in, assignment=post, officer=person(there, "hua"), from_on=TODAY)
    offices.approve(there, away(there, "hua", last=TODAY + DAY)["key"])

    assert numbers(asked(away(there, "chen"))) == [case.number]
    assert asked(away(there, "chen", TODAY + 2 * DAY, TODAY + 2 * DAY)).cases == ()


@sqlite
def test_the_end_of_a_stand_in_is_missed_on_the_days_on_which_the_holder_is_away(town):
    there = town({**OFFICE, "dan": ("acceptance", "shimen")})
    case = file(there, "dan")
    post = offices.held(there, "chen", "reviewer")
    done = offices.do(there, commands.propose_stand_in, assignment=post, officer=person(there, "hua"), from_on=TODAY)
    key = int(done.result.removeprefix("stand-in "))
    ending = proposed(there, commands.propose_end_of_stand_in, key, to_on=TODAY)
    before = asked(ending)
    offices.approve(there, away(there, "chen", TODAY + 2 * DAY, TODAY + 3 * DAY)["key"])

    assert before.cases == ()
    assert (asked(ending).on, numbers(asked(ending))) == (TODAY + 2 * DAY, [case.number])


@sqlite
def test_who_leaves_leaves_all_posts_and_the_posts_in_which_he_was_stood_in_for(town):
    there = town({**OFFICE, "dan": ("acceptance reviewer", "shimen")})
    first, second = file(there, "dan"), file(there, "dan")
    do(there, "dan", first.case, "accept")
    do(there, "hua", second.case, "accept")

    (only,) = asked(proposed(there, commands.propose_leaving, officer=person(there, "chen"), to_on=TODAY)).cases

    assert only.number == first.number
    assert [each.login for each in only.holders] == []


@sqlite
def test_closing_the_only_account_of_the_only_reviewer_takes_his_cases_too(town):
    there = town(OFFICE)
    case = file(there, "hua")

    closing = proposed(there, commands.propose_account, officer=person(there, "chen"), what="closed")
    reopened = {**closing, "body": {**closing["body"], "what": "password"}}

    assert numbers(asked(closing)) == [case.number]
    with reading() as conn:
        assert changes.change(conn, reopened["kind"], reopened["body"], TODAY) is None


@sqlite
def test_what_only_adds_people_makes_no_case_stuck_and_nothing_is_proven(town, monkeypatch):
    there = town(OFFICE)
    file(there, "hua")
    wanted = {"from_on": TODAY, "writing": "云审〔2026〕1 号"}
    granting = (
        proposed(there, commands.propose_post, officer=person(there, "lu2"), post="reviewer", organ=4, **wanted)
        if "lu2" in there.people
        else proposed(there, commands.propose_post, officer=person(there, "zhao"), post="acceptance", organ=4, **wanted)
    )
    monkeypatch.setattr(stuck.find, "seen", None)  # asked, it would fail

    assert asked(granting).cases == ()


@sqlite
def test_a_case_whose_plan_names_others_is_not_proven(town, monkeypatch):
    there = town({**OFFICE, "liu": ("reviewer", "shimen")})
    planned = file(there, "hua")
    claim(there, "hua", planned.case, "accept")
    with reading() as conn:
        (known,) = underway.open_cases(conn, TODAY)
    named = {who for seats in known.planned.plan.seats.values() for who, _ in seats}
    (other,) = {"chen", "liu"} - {login for login in ("chen", "liu") if person(there, login) in named}
    (needed,) = {"chen", "liu"} - {other}
    proofs = []
    real = stuck._Question._proven
    monkeypatch.setattr(stuck._Question, "_proven", lambda self, each: proofs.append(each.number) or real(self, each))

    assert asked(ends(there, other, "reviewer")).cases == ()
    assert proofs == []
    assert asked(ends(there, needed, "reviewer")).cases == ()
    assert proofs == [planned.number]
    assert asked(ends(there, "hua", "acceptance")).cases == () or proofs == [planned.number] * 2


@sqlite
def test_a_case_that_left_its_plan_is_proven(town):
    there = town({**OFFICE, "liu": ("reviewer", "shimen"), "dan": ("acceptance", "shimen")})
    case = file(there, "hua")
    claim(there, "hua", case.case, "accept")
    with reading() as conn:
        (before,) = underway.open_cases(conn, TODAY)
        (followed,) = underway.since(conn).values()
    other = next(
        who
        for who in ("chen", "liu")
        if all(person(there, who) != p for s in before.planned.plan.seats.values() for p, _ in s)
    )
    ask(there, "hua", "dan", case.case, "accept")
    with reading() as conn:
        (after,) = underway.open_cases(conn, TODAY)

    assert stuck._follows(before.planned, followed)
    assert after.planned.plan is not None
    strange = underway.Since(acts=(*followed.acts, ("review", (person(there, other), 0), True)), held=())
    assert not stuck._follows(before.planned, strange)
    assert not stuck._follows(before.planned, underway.Since(acts=(), held=(("review", person(there, other)),)))


@sqlite
def test_other_items_and_other_organs_are_not_asked_about(town, monkeypatch):
    there = town({**OFFICE, "li": ("acceptance reviewer", "centre")})
    file(there, "hua")
    monkeypatch.setattr(stuck.find, "seen", None)

    assert asked(ends(there, "li", "reviewer")).cases == ()


@sqlite
def test_so_many_are_proven_and_no_more_and_the_next_time_the_rest(town):
    there = town(OFFICE)
    filed = [file(there, "hua").number for _ in range(3)]
    wanted = ends(there, "chen", "reviewer")
    plans.forget()

    first, second = asked(wanted, most=2), asked(wanted, most=2)

    assert (numbers(first), first.unseen) == (filed[:2], 1)
    assert (numbers(second), second.unseen) == (filed, 0)


def test_however_many_cases_there_are_they_are_looked_through_in_three_statements(town):
    there = town({**OFFICE, "liu": ("reviewer", "shimen")})
    for _ in range(3):
        claim(there, "hua", file(there, "hua").case, "accept")
    wanted = ends(there, "liu", "reviewer"), ends(there, "chen", "reviewer")

    with counted() as seen:
        found = [asked(each) for each in wanted]
    plain = [each for each in seen if "engine_state" not in each]

    assert [each.cases for each in found] == [(), ()]
    assert len(seen) - len(plain) == 3  # cases that one of the two plans names are read one by one
    assert sum("from plan" in each.lower() or "from act" in each.lower() for each in plain) >= 2
    assert len(plain) <= 2 * (4 + 3) + 3 * 4, plain


@sqlite
def test_a_member_more_may_be_one_more_that_has_to_vote(town):
    there = lawful.found(lawful.item(lawful.SETS, council=True))
    assert asked(ends(there, "yan", "reviewer")).cases == ()
    assert county.ITEM


@sqlite
def test_a_complaint_or_closed_case_is_left_alone(town):
    there = town(OFFICE)
    case = file(there, "hua")
    do(there, "hua", case.case, "accept", "refuse")
    with begin(there.hua) as ctx:
        assert ctx.person
    assert numbers(asked(ends(there, "chen", "reviewer"))) == [case.number]
