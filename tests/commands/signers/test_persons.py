"""Who may be asked for an opinion, who gives it, who takes the question back: persons, not accounts or posts."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from engine import clock, commands
from engine.db import tables as t
from engine.db.store import begin, reading
from engine.errors import (
    Answered,
    ExcludedPosts,
    Invalid,
    NotAsked,
    NotClaimed,
    NotEligible,
    NotFound,
    NotYourClaim,
    NotYourPost,
    OwnSigner,
    SamePerson,
)
from tests.commands import together
from tests.commands.together import advise, ask, claim, clean, complete, do, refused, release, remove
from tests.county import at, step

one_kind = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


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
