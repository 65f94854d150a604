"""Opinions beside the holder's: added before or after, delegated, taken back; what the step waits for."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from engine import clock, commands
from engine.db import tables as t
from engine.db.store import begin, reading
from engine.errors import (
    AlreadySigned,
    Answered,
    ExcludedPosts,
    HasPart,
    Invalid,
    NotAsked,
    NotClaimed,
    NotEligible,
    NotFound,
    NotYetAsked,
    NotYourClaim,
    NotYourPost,
    OwnSigner,
    SamePerson,
    SignersMissing,
    StepClosed,
)
from tests import county
from tests.commands import together
from tests.commands.test_statements import counted
from tests.commands.together import advise, ask, claim, clean, complete, do, last, refused, release, remove, transfer
from tests.county import at, step, types

one_kind = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def town(database_url):
    with clock.at(at("2026-03-02 10:00")):
        yield together.found()


@pytest.fixture
def held(town):
    """A case whose draft wang holds."""
    filed = together.file(town)
    claim(town, "wang", filed.case, "draft")
    return filed


def test_the_holder_waits_for_the_opinion_he_asked_for_before(town, held):
    due = step(held.case, "draft").due_on
    signer = ask(town, "wang", "mu", held.case, "draft")
    with pytest.raises(SignersMissing) as refusal:
        complete(town, "wang", held.case, "draft", "submit")
    assert refusal.value.officers == "Mu"
    refused(held.number, "SignersMissing")
    assert "Mu" not in last(held.number)["facts"]["why"]

    with counted() as seen:
        advise(town, "mu", signer, "无法律障碍")
    assert len(seen) <= 12, "\n\n".join(seen)
    told = last(held.number)
    assert (told["type"], told["facts"], told["post"]) == (
        "step.advised",
        {"kind": "before", "round": 1},
        "legal_reviewer",
    )
    done = complete(town, "wang", held.case, "draft", "submit")

    assert (done.signed, done.needed) == (1, 1)
    assert together.acts(held.case, "draft") == [
        (town.mu.person, "advise", None),
        (town.wang.person, "complete", "submit"),
    ]
    assert step(held.case, "draft").due_on == due
    clean(held.number)


def test_after_the_finding_the_step_waits_and_the_last_opinion_ends_it(town, held):
    first = ask(town, "wang", "mu", held.case, "draft", "after")
    second = ask(town, "wang", "zhao", held.case, "draft", "after")
    with pytest.raises(NotYetAsked):
        advise(town, "mu", first)

    signed = complete(town, "wang", held.case, "draft", "submit")

    assert (signed.signed, signed.needed, signed.closed) == (1, 3, False)
    found = step(held.case, "draft")
    assert (found.claimed_by, found.closed_at) == (town.wang.person, None)
    assert types(held.number)[-1] == "step.signed"
    with pytest.raises(SignersMissing):
        advise(town, "zhao", second)  # in their order
    with pytest.raises(AlreadySigned):
        complete(town, "wang", held.case, "draft", "submit")
    with pytest.raises(SignersMissing):
        transfer(town, "wang", "han", held.case, "draft")
    advise(town, "mu", first)
    assert county.open_paths(held.case) == ["draft"]
    advise(town, "zhao", second)

    assert county.open_paths(held.case) == ["inspect", "review"]
    assert step(held.case, "draft").outcome == "submit"
    assert together.acts(held.case, "draft")[-2:] == [
        (town.zhao.person, "advise", None),
        (town.wang.person, "complete", "submit"),
    ]
    (ended,) = [e for e in county.events(held.number) if e["type"] == "step.completed"]
    (signed_event,) = [e for e in county.events(held.number) if e["type"] == "step.signed"]
    assert (ended["post"], ended["on_behalf"]) == ("reviewer", signed_event["person"])
    assert ended["assignment"] == signed_event["assignment"]
    clean(held.number)


@one_kind
def test_when_nobody_holds_a_signed_step_it_is_still_nobody_elses_to_claim(town, held):
    signer = ask(town, "wang", "mu", held.case, "draft", "after")
    complete(town, "wang", held.case, "draft", "submit")
    release(town, "wang", held.case, "draft")
    with pytest.raises(SignersMissing):
        claim(town, "han", held.case, "draft")

    advise(town, "mu", signer)

    assert step(held.case, "draft").outcome == "submit"
    clean(held.number)


@one_kind
def test_who_takes_the_signature_back_has_the_new_finding_looked_at_again(town, held):
    signer = ask(town, "wang", "mu", held.case, "draft", "after")
    second = ask(town, "wang", "zhao", held.case, "draft", "after")
    complete(town, "wang", held.case, "draft", "submit")
    advise(town, "mu", signer)
    together.take_back(town, "wang", held.case, "draft")
    with pytest.raises(Answered):
        advise(town, "mu", signer)

    complete(town, "wang", held.case, "draft", "submit")
    with pytest.raises(SignersMissing):
        advise(town, "zhao", second)
    advise(town, "mu", signer)
    advise(town, "zhao", second)

    assert step(held.case, "draft").outcome == "submit"
    clean(held.number)


@one_kind
def test_a_delegated_step_is_in_the_delegates_hands_until_it_comes_back(town, held):
    signer = ask(town, "wang", "han", held.case, "draft", "delegate")
    with pytest.raises(SignersMissing):
        complete(town, "wang", held.case, "draft", "submit")
    with pytest.raises(SignersMissing):
        ask(town, "wang", "mu", held.case, "draft", "delegate")
    with pytest.raises(HasPart):
        claim_freed(town, held)

    advise(town, "han", signer, "已核对")
    claim(town, "wang", held.case, "draft")
    complete(town, "wang", held.case, "draft", "submit")

    assert [person for person, _, _ in together.acts(held.case, "draft")] == [town.han.person, town.wang.person]
    clean(held.number)


def claim_freed(town, held):
    """Release the step, and let the delegate, who holds the post too, try to do it himself."""
    release(town, "wang", held.case, "draft")
    claim(town, "han", held.case, "draft")


@one_kind
def test_a_delegation_is_taken_back_by_removal(town, held):
    signer = ask(town, "wang", "mu", held.case, "draft", "delegate")
    remove(town, "wang", signer)
    told = last(held.number)
    assert (told["type"], told["facts"]["kind"]) == ("signer.removed", "delegate")
    with pytest.raises(Answered):
        advise(town, "mu", signer)

    complete(town, "wang", held.case, "draft", "submit")
    clean(held.number)


def test_who_is_asked_does_not_take_the_question_away(town, held):
    """An added signer cannot be removed by himself; nor by a bystander; under no second account."""
    signer = ask(town, "wang", "mu", held.case, "draft")
    together.again(town, "mu")
    for who, error in (("mu", OwnSigner), ("mu2", OwnSigner), ("han", NotYourClaim)):
        with pytest.raises(error):
            remove(town, who, signer)
        refused(held.number, error.__name__)
    with pytest.raises(Invalid):
        remove(town, "wang", signer, " ")
    advise(town, "mu", signer, "不便表态：曾参与设计")
    with pytest.raises(Answered):
        remove(town, "wang", signer)
    complete(town, "wang", held.case, "draft", "submit")
    clean(held.number)


@one_kind
def test_the_present_holder_may_take_back_what_the_former_one_asked(town, held):
    signer = ask(town, "wang", "mu", held.case, "draft")
    transfer(town, "wang", "han", held.case, "draft")

    remove(town, "han", signer)

    complete(town, "han", held.case, "draft", "submit")
    clean(held.number)


@one_kind
def test_taking_back_the_last_question_after_the_finding_ends_the_step(town, held):
    signer = ask(town, "wang", "mu", held.case, "draft", "after")
    complete(town, "wang", held.case, "draft", "submit")

    remove(town, "wang", signer)

    assert county.open_paths(held.case) == ["inspect", "review"]
    assert types(held.number).count("step.completed") == 1
    clean(held.number)


def test_only_the_person_asked_answers_and_not_by_a_stand_in(town, held):
    signer = ask(town, "wang", "zhao", held.case, "draft")
    together.stand_in(town, "deng", "zhao")
    together.away(town, "zhao")
    for who in ("deng", "wang", "li"):
        with pytest.raises(NotAsked):
            advise(town, who, signer)
    refused(held.number, "NotAsked")
    together.again(town, "zhao")

    with pytest.raises(Invalid):
        advise(town, "zhao2", signer, "")
    advise(town, "zhao2", signer)

    assert together.acts(held.case, "draft") == [(town.zhao.person, "advise", None)]
    clean(held.number)


@one_kind
def test_who_may_not_be_asked(town, held):
    asked = ask(town, "wang", "mu", held.case, "draft")
    together.away(town, "deng")
    with reading() as conn:
        applicant = conn.scalar(sa.select(t.case_.c.applicant).where(t.case_.c.id == held.case))
    for who, why, basis in (
        ("wang", "HasPart", None),
        ("mu", "HasPart", None),
        ("deng", "Away", "SOD-32"),
        ("zhou", "NoDeskPost", None),
        ("sun", "NoDeskPost", None),
        ("qian", "NoDeskPost", None),
    ):
        with pytest.raises(NotEligible) as refusal:
            ask(town, "wang", who, held.case, "draft")
        assert refusal.value.cause.code == why
        refused(held.number, "NotEligible", basis)
    for nobody in (applicant, 4711):
        with pytest.raises(NotFound), begin(town.wang) as ctx:
            commands.add_signer(ctx, step(held.case, "draft").id, officer=nobody, kind="before", reason="请看")
    for kind, reason in (("beside", "请看"), ("before", "")):
        with pytest.raises(Invalid), begin(town.wang) as ctx:
            commands.add_signer(ctx, step(held.case, "draft").id, officer=town.zhao.person, kind=kind, reason=reason)
    with pytest.raises(NotYourClaim):
        ask(town, "han", "zhao", held.case, "draft")
    with pytest.raises(NotYourPost):
        ask(town, "zhao", "deng", held.case, "draft")
    release(town, "wang", held.case, "draft")
    with pytest.raises(NotClaimed):
        ask(town, "wang", "zhao", held.case, "draft")
    advise(town, "mu", asked)
    clean(held.number)


@one_kind
def test_a_stand_in_asks_nobody_whom_he_stands_in_for(town):
    together.end_posts(town, "han")
    together.stand_in(town, "han", "wang")
    together.away(town, "wang")
    filed = together.file(town)
    claim(town, "han", filed.case, "draft")
    with clock.at(at("2026-03-02 10:30")), pytest.raises(NotEligible) as refusal:
        ask(town, "han", "wang", filed.case, "draft")
    assert refusal.value.cause.code in ("Away", "HasPart")


@one_kind
def test_an_opinion_is_an_act_that_later_steps_are_kept_apart_from(town, held):
    """SOD-03: who gave an opinion on the draft does not sign the decision, nor votes on it."""
    signer = ask(town, "wang", "an", held.case, "draft", "after")
    other = ask(town, "wang", "deng", held.case, "draft", "after")
    complete(town, "wang", held.case, "draft", "submit")
    advise(town, "an", signer)
    advise(town, "deng", other)
    for path, people, outcome in (("inspect", ("chen", "liu"), "pass"), ("review", ("he", "rui"), "approve")):
        for who in people:
            do(town, who, held.case, path, outcome)
    with pytest.raises(SamePerson) as refusal:
        claim(town, "deng", held.case, "sign")
    assert refusal.value.basis == "SOD-03"
    refused(held.number, "SamePerson", "SOD-03")
    clean(held.number)


@one_kind
def test_who_did_a_step_that_is_kept_apart_is_not_asked_and_does_not_answer(town):
    """SOD-03 against earlier steps, when asked and again when answering (SOD-32)."""
    filed = together.file(town)
    together.signed(town, filed.case, "sign")
    claim(town, "zhao", filed.case, "sign")
    with pytest.raises(NotEligible) as refusal:
        ask(town, "zhao", "wang", filed.case, "sign")
    assert refusal.value.basis == "SOD-03"
    other = together.file(town)
    claim(town, "wang", other.case, "draft")
    signer = ask(town, "wang", "an", other.case, "draft")
    together.grant(town, "an", "auditor")
    with pytest.raises(ExcludedPosts):
        advise(town, "an", signer)
    refused(other.number, "ExcludedPosts", "SOD-01")


@one_kind
def test_questions_end_with_the_step(town, held):
    signer = ask(town, "wang", "mu", held.case, "draft", "after")
    complete(town, "wang", held.case, "draft", "submit")
    remove(town, "wang", signer)
    with pytest.raises(StepClosed):
        advise(town, "mu", signer)
    with pytest.raises(NotFound):
        advise(town, "mu", 4711)


@one_kind
def test_a_step_that_several_sign_waits_only_when_it_is_decided(town):
    filed = together.file(town)
    do(town, "wang", filed.case, "draft", "submit")
    claim(town, "chen", filed.case, "inspect")
    signer = ask(town, "chen", "mu", filed.case, "inspect", "after")
    first = complete(town, "chen", filed.case, "inspect", "pass")
    assert (first.signed, first.needed) == (1, 2)
    assert step(filed.case, "inspect").claimed_by is None
    with pytest.raises(NotYetAsked):
        advise(town, "mu", signer)
    second = do(town, "liu", filed.case, "inspect", "pass")
    assert (second.signed, second.needed) == (2, 3)

    advise(town, "mu", signer)

    assert step(filed.case, "inspect").outcome == "pass"
    assert county.open_paths(filed.case) == ["review"]
    clean(filed.number)


@one_kind
def test_only_a_step_with_signers_costs_one_statement_more(town):
    plain, asked = together.file(town), together.file(town)
    for each in (plain, asked):
        claim(town, "wang", each.case, "draft")
    advise(town, "mu", ask(town, "wang", "mu", asked.case, "draft"))
    seen = {}
    for each in (plain, asked):
        with counted() as statements:
            complete(town, "wang", each.case, "draft", "submit")
        seen[each.case] = len(statements)

    assert seen[plain.case] <= 14
    assert seen[asked.case] == seen[plain.case] + 1
