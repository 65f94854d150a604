"""A claim, a transfer, a question or a vote is refused when afterwards nobody could do what comes later."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from engine import clock, commands
from engine.commands.staffing import guard
from engine.db import plans
from engine.db import tables as t
from engine.db.engines import engine
from engine.db.store import begin, reading
from engine.errors import NobodyLeft
from engine.settings import settings
from tests import county
from tests.commands.together import ask, claim, last, release, transfer
from tests.county import at, step
from tests.staffing import township
from tests.staffing.township import ALL, item

# yao may accept and review, bai reviews, cen decides: when yao accepts, bai is left for the review
FEW = {
    "yao": ("acceptance reviewer", "shimen"),
    "bai": ("reviewer", "shimen"),
    "cen": ("decider", "shimen"),
    "dan": ("acceptance", "shimen"),
}


@pytest.fixture
def town(database_url):
    with clock.at(at("2026-03-02 10:00")):
        yield lambda officers, made=None: deployed(officers, made or item())


def deployed(officers, made):
    there = township.found(officers)
    township.deploy(there, made)
    return there


def file(town, who):
    with begin(town.people[who]) as ctx:
        return commands.file_case(ctx, item="small", applicant=county.applicant(), form={}, materials=())


def do(town, who, case, path, outcome="pass"):
    claim(town, who, case, path)
    with begin(town.people[who]) as ctx:
        commands.complete(ctx, step(case, path).id, outcome=outcome, form={}, opinion="")


def ended(login, post):
    """End a post behind the engine's back, as if it had never been held."""
    with engine(settings().database_url).begin() as conn:
        person = sa.select(t.account.c.person).where(t.account.c.login == login).scalar_subquery()
        conn.execute(sa.delete(t.assignment).where(t.assignment.c.person == person, t.assignment.c.post == post))


def plan_of(case):
    with reading() as conn:
        return conn.execute(sa.select(t.plan).where(t.plan.c.case_ == case)).one_or_none()


def test_a_claim_is_refused_when_a_later_step_would_have_nobody_and_says_which_and_by_what(town):
    there = town({**FEW, "bai": ("decider", "shimen")})
    case = file(there, "dan")

    with pytest.raises(NobodyLeft) as refused:
        claim(there, "yao", case.case, "accept")

    assert refused.value.basis == "SOD-03"
    assert "「审查」（审查岗）需要 1 人，只有Yao" in refused.value.zh
    assert "SOD-03：「受理」（由Yao办）和「审查」由不同的人办" in refused.value.zh
    assert "Review" in refused.value.why
    assert step(case.case, "accept").claimed_by is None
    told = last(case.number)
    assert (told["type"], told["facts"]["error"]) == ("refused", "NobodyLeft")
    assert "Yao" not in str(told)


def test_who_leaves_somebody_for_what_comes_later_may_claim_it(town):
    there = town({**FEW, "bai": ("decider", "shimen")})
    case = file(there, "dan")

    claim(there, "dan", case.case, "accept")

    assert step(case.case, "accept").claimed_by == there.dan.person


def test_where_there_are_others_the_same_claim_is_no_dead_end(town):
    there = town(FEW)
    case = file(there, "dan")

    claim(there, "yao", case.case, "accept")

    assert step(case.case, "accept").claimed_by == there.yao.person


def test_a_case_that_nobody_could_finish_anyway_goes_on(town):
    there = town(FEW)
    case = file(there, "dan")
    ended("cen", "decider")

    claim(there, "yao", case.case, "accept")

    assert step(case.case, "accept").claimed_by == there.yao.person


def test_a_second_dead_end_is_refused_where_there_is_one_already(town):
    """Nobody decides at present; that is no reason to use up the only one who could review."""
    there = town({**FEW, "bai": ("publisher", "shimen")})
    case = file(there, "dan")
    ended("cen", "decider")

    with pytest.raises(NobodyLeft) as refused:
        claim(there, "yao", case.case, "accept")

    assert "决定" not in refused.value.zh
    claim(there, "dan", case.case, "accept")


def test_a_question_that_is_proven_without_a_plan_takes_the_old_one_away(town, monkeypatch):
    there = town(FEW)
    case = file(there, "dan")
    claim(there, "dan", case.case, "accept")
    assert plan_of(case.case) is not None
    monkeypatch.setattr(guard, "_proven", lambda *_: guard.Proof())

    ask(there, "dan", "bai", case.case, "accept")

    assert plan_of(case.case) is None


def test_a_step_is_not_handed_over_to_whom_a_later_step_needs(town):
    there = town({**FEW, "bai": ("decider", "shimen")})
    case = file(there, "dan")
    claim(there, "dan", case.case, "accept")

    with pytest.raises(NobodyLeft):
        transfer(there, "dan", "yao", case.case, "accept")

    assert step(case.case, "accept").claimed_by == there.dan.person


def test_whom_a_later_step_needs_is_not_asked_for_an_opinion(town):
    there = town({**FEW, "cen": ("decider", "shimen")})
    case = file(there, "dan")
    claim(there, "dan", case.case, "accept")

    with pytest.raises(NobodyLeft):
        ask(there, "dan", "cen", case.case, "accept")

    ask(there, "dan", "bai", case.case, "accept")  # yao is left for the review
    with pytest.raises(NobodyLeft):
        ask(there, "dan", "yao", case.case, "accept")


def test_a_dead_end_on_one_of_the_ways_is_one(town):
    """Whether the second review comes is not known yet; who could do it must not be used up before."""
    again = township.step("again", "rechecker", name="复核")
    drawn = "s>accept accept>review review>g g>decide g>again again>decide decide>e"
    drawn = drawn.replace("g>decide", 'g>decide>review == "pass"')
    gate = '<exclusiveGateway id="g" default="g-again"/>'
    kept = '<sun:separate steps="accept review again" rule="SOD-03"/>'
    made = item(*township.THREE, again, gate, kept=kept, drawn=drawn)
    there = town({**FEW, "eve": ("rechecker reviewer", "shimen")}, made)
    case = file(there, "dan")

    do(there, "dan", case.case, "accept")

    with pytest.raises(NobodyLeft):
        claim(there, "eve", case.case, "review")

    do(there, "bai", case.case, "review", "refuse")
    do(there, "eve", case.case, "again")


def test_the_plan_is_kept_and_by_it_nothing_is_proven_anew(town, monkeypatch):
    there = town(FEW)
    case = file(there, "dan")
    do(there, "yao", case.case, "accept")
    assert plan_of(case.case).acts <= 2
    plans.forget()
    monkeypatch.setattr(guard, "_proven", None)  # asked, it would fail

    do(there, "bai", case.case, "review")
    do(there, "cen", case.case, "decide")


def test_a_plan_from_before_a_post_ended_is_not_followed(town):
    there = town({**FEW, "eve": (ALL, "shimen")})
    case = file(there, "dan")
    claim(there, "dan", case.case, "accept")
    before = plan_of(case.case).edition
    with begin(there.lu) as ctx:
        held = sa.select(t.assignment.c.id).join(t.account, t.account.c.person == t.assignment.c.person)
        row = ctx.conn.scalar(held.where(t.account.c.login == "eve", t.assignment.c.post == "reviewer"))
        proposal = commands.propose_end_of_post(ctx, assignment=row, to_on=ctx.today - timedelta(days=1), reason="调离")
    with begin(there.jin) as ctx:
        commands.approve(ctx, proposal)
    release(there, "dan", case.case, "accept")

    claim(there, "dan", case.case, "accept")

    assert plan_of(case.case).edition != before


def test_what_was_foreseen_is_not_proven_behind_the_lock(town, monkeypatch):
    there = town(FEW)
    case = file(there, "dan")
    plans.forget()
    commands.foresee(commands.Share(step(case.case, "accept").id, there.yao.person))
    monkeypatch.setattr(guard, "_proven", None)

    claim(there, "yao", case.case, "accept")


def test_what_was_foreseen_of_a_case_that_moved_is_proven_anew(town, monkeypatch):
    there = town({**FEW, "bai": ("decider", "shimen"), "eve": ("reviewer", "shimen")})
    case = file(there, "dan")
    commands.foresee(commands.Share(step(case.case, "accept").id, there.yao.person))
    ended("eve", "reviewer")
    claim(there, "dan", case.case, "accept")
    release(there, "dan", case.case, "accept")

    with pytest.raises(NobodyLeft):
        claim(there, "yao", case.case, "accept")


def test_without_the_guard_the_case_gets_stuck(town, monkeypatch):
    there = town({**FEW, "bai": ("decider", "shimen")})
    case = file(there, "dan")
    monkeypatch.setattr(guard, "follows", lambda *_: True)
    do(there, "yao", case.case, "accept")

    with reading() as conn:
        found = commands.officers(conn, step(case.case, "review").id, clock.local_date(clock.now()))

    assert all(each.refusal is not None for each in found)


def test_what_was_done_off_the_plan_is_proven_anew(town, monkeypatch):
    there = town(FEW)
    case = file(there, "dan")
    do(there, "yao", case.case, "accept")
    with engine(settings().database_url).begin() as conn:
        conn.execute(sa.update(t.plan).values(seats_json='{"review": [[0, 0]]}', acts=0))
    monkeypatch.setattr(guard, "_proven", lambda *_: guard.Proof(why=guard.Words(zh="没有人", en="nobody")))

    with pytest.raises(NobodyLeft):
        claim(there, "bai", case.case, "review")
