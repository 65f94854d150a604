"""Opinions beside the holder's: added before or after, delegated, taken back; what the step waits for."""

from __future__ import annotations

import pytest

from engine import commands
from engine.db.store import begin
from engine.errors import (
    AlreadySigned,
    Answered,
    CannotWithdraw,
    HasPart,
    NotFound,
    NotYetAsked,
    SignersMissing,
    StepClosed,
)
from tests import county
from tests.commands import together
from tests.commands.test_statements import counted
from tests.commands.together import advise, ask, claim, clean, complete, do, last, refused, release, remove, transfer
from tests.county import step, types

one_kind = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


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
    assert len(seen) <= 13, "\n\n".join(seen)
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


@one_kind
def test_a_step_done_by_the_last_opinion_is_its_holders_to_take_back_and_is_looked_at_again(town, held):
    signer = ask(town, "wang", "mu", held.case, "draft", "after")
    complete(town, "wang", held.case, "draft", "submit")
    advise(town, "mu", signer)
    with pytest.raises(CannotWithdraw), begin(town.han) as ctx:
        commands.withdraw_step(ctx, step(held.case, "draft").id, reason="看错")
    with begin(town.wang) as ctx:
        commands.withdraw_step(ctx, step(held.case, "draft").id, reason="看错")
    assert county.open_paths(held.case) == ["draft"]

    complete(town, "wang", held.case, "draft", "submit")
    assert county.open_paths(held.case) == ["draft"]
    advise(town, "mu", signer)

    assert county.open_paths(held.case) == ["inspect", "review"]
    clean(held.number)


@one_kind
def test_of_signatures_by_ratio_the_last_is_taken_back_and_the_others_stand(town):
    filed = together.file(town)
    together.signed(town, filed.case, "sign")
    with begin(town.rui) as ctx:
        commands.withdraw_step(ctx, step(filed.case, "review").id, reason="看错")
    release(town, "rui", filed.case, "review")

    done = do(town, "ren", filed.case, "review", "approve")

    assert (done.signed, done.needed) == (2, 2)
    clean(filed.number)
