"""A step handed over: only to whom may do it now, by its holder; or taken over from a holder who is gone."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from engine import clock, commands
from engine.db import tables as t
from engine.db.store import begin, reading
from engine.errors import (
    CaseClosed,
    Invalid,
    NotClaimed,
    NotEligible,
    NotFound,
    NotYourClaim,
    NotYourPost,
    SignersMissing,
    StepClosed,
    ToYourself,
)
from engine.model import Actor
from tests import county
from tests.commands import together
from tests.commands.test_statements import counted
from tests.commands.together import advise, ask, claim, clean, complete, do, last, refused, transfer
from tests.county import at, step

NOW = "2026-03-02 10:00"
one_kind = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def town(database_url):
    with clock.at(at(NOW)):
        yield together.found()


@pytest.fixture
def held(town):
    """A case whose draft wang holds."""
    filed = together.file(town)
    claim(town, "wang", filed.case, "draft")
    return filed


def test_the_target_holds_the_step_and_does_it_and_the_clock_runs_on(town, held):
    due = step(held.case, "draft").due_on
    commands.foresee(commands.Share(step(held.case, "draft").id, town.han.person))

    with counted() as seen:
        transfer(town, "wang", "han", held.case, "draft")

    assert len(seen) <= 13, "\n\n".join(seen)  # the plan of the rest is one
    found = step(held.case, "draft")
    assert (found.claimed_by, found.due_on, found.round, found.closed_at) == (town.han.person, due, 1, None)
    told = last(held.number)
    assert (told["type"], told["step"], told["post"]) == ("step.transferred", "draft", "reviewer")
    assert told["facts"]["to"] != told["person"]
    assert told["data"]
    complete(town, "han", held.case, "draft", "submit")
    assert together.acts(held.case, "draft") == [(town.han.person, "complete", "submit")]
    clean(held.number)


def test_only_the_holder_hands_it_over(town, held):
    with pytest.raises(NotYourClaim):
        transfer(town, "han", "both", held.case, "draft")
    refused(held.number, "NotYourClaim")
    with pytest.raises(NotYourClaim):
        transfer(town, "han", "han", held.case, "draft")  # its holder is there
    with pytest.raises(NotYourClaim):
        transfer(town, "sun", "sun", held.case, "draft")

    assert step(held.case, "draft").claimed_by == town.wang.person


@one_kind
def test_nobody_hands_a_step_to_himself_under_whatever_account(town, held):
    with pytest.raises(ToYourself):
        transfer(town, "wang", "wang", held.case, "draft")
    refused(held.number, "ToYourself")
    together.again(town, "wang")
    with pytest.raises(ToYourself):
        transfer(town, "wang2", "wang", held.case, "draft")

    clean(held.number)


def test_the_target_must_be_able_to_do_it_now(town, held):
    """SOD-32."""
    together.away(town, "han")
    for who, why, basis in (("he", "NotYourPost", None), ("han", "Away", "SOD-32")):
        with pytest.raises(NotEligible) as refusal:
            transfer(town, "wang", who, held.case, "draft")
        assert (refusal.value.cause.code, refusal.value.officer) == (why, who.title())
        refused(held.number, "NotEligible", basis)
        assert who.title() not in last(held.number)["facts"]["why"]
    assert step(held.case, "draft").claimed_by == town.wang.person
    clean(held.number)


@one_kind
def test_who_did_a_step_that_is_kept_apart_is_no_target(town):
    """SOD-03: `both` has drafted, and may not decide."""
    filed = together.file(town)
    do(town, "both", filed.case, "draft", "submit")
    for path, people, outcome in (("inspect", ("chen", "liu"), "pass"), ("review", ("he", "rui"), "approve")):
        for who in people:
            do(town, who, filed.case, path, outcome)
    claim(town, "zhao", filed.case, "sign")

    with pytest.raises(NotEligible) as refusal:
        transfer(town, "zhao", "both", filed.case, "sign")

    assert (refusal.value.cause.code, refusal.value.basis) == ("SamePerson", "SOD-03")
    refused(filed.number, "NotEligible", "SOD-03")


@one_kind
def test_who_has_signed_a_step_is_no_target_for_it(town):
    filed = together.file(town)
    do(town, "wang", filed.case, "draft", "submit")
    do(town, "he", filed.case, "review", "approve")
    claim(town, "rui", filed.case, "review")

    with pytest.raises(NotEligible) as refusal:
        transfer(town, "rui", "he", filed.case, "review")
    assert refusal.value.cause.code == "AlreadySigned"
    transfer(town, "rui", "ren", filed.case, "review")
    complete(town, "ren", filed.case, "review", "approve")

    assert [person for person, _, _ in together.acts(filed.case, "review")] == [town.he.person, town.ren.person]
    clean(filed.number)


@one_kind
def test_there_must_be_a_holder_a_reason_an_officer_and_an_open_step(town, held):
    with pytest.raises(Invalid):
        transfer(town, "wang", "han", held.case, "draft", reason="  ")
    with pytest.raises(NotFound), begin(town.wang) as ctx:
        commands.transfer(ctx, step(held.case, "draft").id, to=county.row(held.case).applicant, reason="看看")
    with pytest.raises(NotFound), begin(town.wang) as ctx:
        commands.transfer(ctx, 4711, to=town.han.person, reason="看看")
    complete(town, "wang", held.case, "draft", "submit")
    with pytest.raises(StepClosed):
        transfer(town, "wang", "han", held.case, "draft")
    with pytest.raises(NotClaimed):
        transfer(town, "he", "rui", held.case, "review")
    with begin(Actor(person=county.row(held.case).applicant, channel="portal")) as ctx:
        commands.withdraw(ctx, held.case, reason="不办了")
    with pytest.raises(CaseClosed):
        transfer(town, "wang", "han", held.case, "draft")


def test_a_step_is_taken_over_from_a_holder_who_is_away(town, held):
    together.away(town, "wang")

    with pytest.raises(NotYourPost):
        transfer(town, "sun", "sun", held.case, "draft")
    with pytest.raises(NotYourClaim):
        transfer(town, "han", "both", held.case, "draft")  # for himself only
    transfer(town, "han", "han", held.case, "draft")
    complete(town, "han", held.case, "draft", "submit")

    assert [e["type"] for e in county.events(held.number)].count("step.transferred") == 1
    clean(held.number)


@one_kind
def test_a_step_is_taken_over_from_a_holder_whose_post_has_ended_and_he_may_hand_it_over(town, held):
    together.end_posts(town, "wang")
    with pytest.raises(NotYourPost):
        complete(town, "wang", held.case, "draft", "submit")
    transfer(town, "han", "han", held.case, "draft")
    together.end_posts(town, "han")

    transfer(town, "han", "both", held.case, "draft")

    assert step(held.case, "draft").claimed_by == town.both.person
    assert last(held.number)["post"] is None
    clean(held.number)


def test_a_stand_in_acts_for_the_holder_and_both_are_recorded(town):
    """SOD-16."""
    together.end_posts(town, "han")
    together.stand_in(town, "han", "wang")
    filed = together.file(town)
    together.away(town, "wang")
    claim(town, "han", filed.case, "draft")
    complete(town, "han", filed.case, "draft", "submit")

    told = [e for e in county.events(filed.number) if e["step"] == "draft" and e["person"] != "system"]
    assert [e["type"] for e in told] == ["step.claimed", "step.completed"]
    assert len({e["on_behalf"] for e in told} - {None}) == 1
    with reading() as conn:
        (act,) = conn.execute(sa.select(t.act).where(t.act.c.path == "draft"))
    assert (act.person, act.on_behalf_of) == (town.han.person, town.wang.person)
    clean(filed.number)


def test_when_the_holder_is_back_the_stand_in_completes_nothing_and_the_holder_takes_it_over(town):
    together.end_posts(town, "han")
    together.stand_in(town, "han", "wang")
    together.away(town, "wang")
    filed = together.file(town)
    claim(town, "han", filed.case, "draft")
    with clock.at(at("2026-03-03 09:00")):
        with pytest.raises(NotYourPost):
            complete(town, "han", filed.case, "draft", "submit")

        transfer(town, "wang", "wang", filed.case, "draft", reason="回来了")
        complete(town, "wang", filed.case, "draft", "submit")
    clean(filed.number)


@one_kind
def test_who_is_asked_for_an_opinion_is_no_target_and_the_question_stays(town, held):
    signer = ask(town, "wang", "both", held.case, "draft")
    with pytest.raises(NotEligible) as refusal:
        transfer(town, "wang", "both", held.case, "draft")
    assert refusal.value.cause.code == "HasPart"

    transfer(town, "wang", "han", held.case, "draft")

    with pytest.raises(SignersMissing):
        complete(town, "han", held.case, "draft", "submit")
    advise(town, "both", signer)
    complete(town, "han", held.case, "draft", "submit")
    clean(held.number)


@one_kind
def test_a_step_inside_a_parallel_block_is_handed_over_and_its_sibling_stays(town):
    filed = together.file(town)
    do(town, "wang", filed.case, "draft", "submit")
    claim(town, "chen", filed.case, "inspect")
    claim(town, "he", filed.case, "review")

    transfer(town, "he", "rui", filed.case, "review")

    assert county.open_paths(filed.case) == ["inspect", "review"]
    assert step(filed.case, "inspect").claimed_by == town.chen.person
    assert county.step(filed.case, "review").due_on > date(2026, 3, 2)
