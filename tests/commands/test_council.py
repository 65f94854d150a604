"""A decision by vote: members for themselves, a quorum, the majority, the chair last, minutes."""

from __future__ import annotations

import pytest

from engine import clock, commands
from engine.errors import (
    AlreadyVoted,
    ChairHasSpoken,
    DecidedTogether,
    Invalid,
    NoProxy,
    NoQuorum,
    NotClaimed,
    NotDecidedTogether,
    NotSigned,
    NotTheMajority,
    NotYourPost,
    OwnCase,
    SamePerson,
    StepClosed,
    UnknownOutcome,
)
from tests import county
from tests.commands import small, together
from tests.commands.test_statements import counted
from tests.commands.together import claim, clean, complete, last, refused, take_back, transfer, vote
from tests.county import at, step, types

one_kind = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def town(database_url):
    with clock.at(at("2026-03-02 10:00")):
        yield together.found()


@pytest.fixture
def waiting(town):
    """A case that an, bao and cao are to decide, qin presiding."""
    filed = together.file(town)
    together.signed(town, filed.case, "council")
    return filed


def test_members_vote_and_the_chair_concludes_with_the_majority(town, waiting):
    for who, outcome in (("an", "carry"), ("bao", "reject")):
        vote(town, who, waiting.case, outcome)
    commands.foresee(commands.Share(step(waiting.case, "council").id, town.cao.person, commands.Role.VOTE))
    with counted() as seen:
        vote(town, "cao", waiting.case, "carry")
    assert len(seen) <= 12, "\n\n".join(seen)
    told = last(waiting.number)
    assert (told["type"], told["outcome"], told["facts"]) == ("step.voted", "carry", {"voted": 3, "members": 3})
    assert told["data"]

    with counted() as seen:
        done = complete(town, "qin", waiting.case, "council", "carry")

    assert len(seen) <= 17, "\n\n".join(seen)
    assert (done.signed, done.needed) == (3, 3)
    assert step(waiting.case, "council").outcome == "carry"
    assert together.acts(waiting.case, "council") == [
        (town.an.person, "vote", "carry"),
        (town.bao.person, "vote", "reject"),
        (town.cao.person, "vote", "carry"),
        (town.qin.person, "complete", "carry"),
    ]
    (ended,) = [e for e in county.events(waiting.number) if e["type"] == "step.completed" and e["step"] == "council"]
    assert (ended["post"], ended["facts"]) == ("chief", {"round": 1, "signed": 3})
    assert county.open_paths(waiting.case) == ["deliver"]
    clean(waiting.number)
    with pytest.raises(StepClosed):
        vote(town, "an", waiting.case, "reject")
    with pytest.raises(StepClosed):
        complete(town, "qin", waiting.case, "council", "carry")


def test_without_a_quorum_nothing_is_concluded(town, waiting):
    vote(town, "an", waiting.case, "carry")
    with pytest.raises(NoQuorum) as refusal:
        complete(town, "qin", waiting.case, "council", "carry")

    assert (refusal.value.present, refusal.value.members, refusal.value.needed) == (1, 3, 2)
    refused(waiting.number, "NoQuorum", "SOD-15")
    vote(town, "bao", waiting.case, "carry")
    complete(town, "qin", waiting.case, "council", "carry")
    clean(waiting.number)


@one_kind
def test_the_conclusion_is_what_the_votes_carry_and_a_tie_carries_nothing(town, waiting):
    for who, outcome in (("an", "carry"), ("bao", "reject")):
        vote(town, who, waiting.case, outcome)
    with pytest.raises(NotTheMajority) as refusal:
        complete(town, "qin", waiting.case, "council", "carry")
    assert refusal.value.carried == "reject"
    refused(waiting.number, "NotTheMajority", "SOD-15")

    complete(town, "qin", waiting.case, "council", "reject")

    assert step(waiting.case, "council").outcome == "reject"
    clean(waiting.number)


@one_kind
def test_the_conclusion_needs_minutes(town, waiting):
    for who in ("an", "bao"):
        vote(town, who, waiting.case, "carry")
    for minutes in ("", "  "):
        with pytest.raises(Invalid):
            complete(town, "qin", waiting.case, "council", "carry", minutes=minutes)


@one_kind
def test_nobody_claims_it_and_no_member_concludes(town, waiting):
    with pytest.raises(DecidedTogether):
        claim(town, "an", waiting.case, "council")
    refused(waiting.number, "DecidedTogether", "SOD-15")
    with pytest.raises(DecidedTogether):
        complete(town, "an", waiting.case, "council", "carry")
    with pytest.raises(NotYourPost):
        complete(town, "zhao", waiting.case, "council", "carry")
    with pytest.raises(NotClaimed):
        transfer(town, "an", "bao", waiting.case, "council")


@one_kind
def test_each_votes_once_and_may_change_it(town, waiting):
    together.again(town, "an")
    vote(town, "an", waiting.case, "reject")
    with pytest.raises(AlreadyVoted):
        vote(town, "an2", waiting.case, "carry")
    refused(waiting.number, "AlreadyVoted", "SOD-15")
    with pytest.raises(NotSigned):
        take_back(town, "bao", waiting.case, "council")
    take_back(town, "an", waiting.case, "council")
    assert last(waiting.number)["facts"] == {"signed": 0}
    vote(town, "an2", waiting.case, "carry")
    vote(town, "cao", waiting.case, "carry")

    complete(town, "qin", waiting.case, "council", "carry")
    clean(waiting.number)


@one_kind
def test_who_is_no_member_does_not_vote(town, waiting):
    for who in ("zhao", "qin", "sun"):
        with pytest.raises(NotYourPost):
            vote(town, who, waiting.case, "carry")
    with pytest.raises(UnknownOutcome):
        vote(town, "an", waiting.case, "perhaps")
    with pytest.raises(StepClosed):
        vote(town, "wang", waiting.case, "submit", path="draft")
    other = together.file(town)
    with pytest.raises(NotDecidedTogether):
        vote(town, "wang", other.case, "submit", path="draft")


def test_nobody_votes_or_presides_for_somebody_else(town, waiting):
    together.stand_in(town, "mu", "an")
    together.stand_in(town, "mu", "qin")
    for who in ("an", "qin"):
        together.away(town, who)
    with pytest.raises(NoProxy):
        vote(town, "mu", waiting.case, "carry")
    refused(waiting.number, "NoProxy", "SOD-15")
    for who in ("bao", "cao"):
        vote(town, who, waiting.case, "carry")
    with pytest.raises(NoProxy):
        complete(town, "mu", waiting.case, "council", "carry")
    clean(waiting.number)


@one_kind
def test_who_is_barred_is_no_member_in_this_case(town):
    """SOD-03 and SOD-31: who drafted it, and the applicant, are not counted."""
    together.grant(town, "han", "council_member")
    filed = together.file(town)
    together.do(town, "han", filed.case, "draft", "submit")
    for path, people, outcome in (
        ("inspect", ("chen", "liu"), "pass"),
        ("review", ("he", "rui"), "approve"),
        ("sign", ("zhao", "deng"), "agree"),
    ):
        for who in people:
            together.do(town, who, filed.case, path, outcome)
    together.apply_for(filed.case, town.people["an"].person)

    with pytest.raises(SamePerson):
        vote(town, "han", filed.case, "carry")
    with pytest.raises(OwnCase):
        vote(town, "an", filed.case, "carry")
    vote(town, "bao", filed.case, "carry")
    assert last(filed.number)["facts"] == {"voted": 1, "members": 2}
    vote(town, "cao", filed.case, "carry")
    complete(town, "qin", filed.case, "council", "carry")


@one_kind
def test_a_chair_who_is_a_member_votes_last(town, waiting):
    together.grant(town, "qin", "council_member")
    vote(town, "an", waiting.case, "carry")
    vote(town, "bao", waiting.case, "carry")
    vote(town, "qin", waiting.case, "reject")  # presides, and is of another opinion
    with pytest.raises(ChairHasSpoken):
        vote(town, "cao", waiting.case, "carry")
    refused(waiting.number, "ChairHasSpoken", "SOD-15")
    with pytest.raises(ChairHasSpoken):
        take_back(town, "an", waiting.case, "council")
    with pytest.raises(NotTheMajority):
        complete(town, "qin", waiting.case, "council", "reject")
    take_back(town, "qin", waiting.case, "council")
    vote(town, "cao", waiting.case, "reject")

    done = complete(town, "qin", waiting.case, "council", "carry")  # votes by the conclusion

    assert (done.signed, done.needed) == (4, 4)
    assert types(waiting.number).count("step.voted") == 4
    clean(waiting.number)


@one_kind
def test_a_chair_above_presides_when_there_is_none_nearer(town, waiting):
    """The chair of the organ itself; who holds the post in another organ does not preside."""
    together.grant(town, "zhou", "chief", "shimen")
    for who in ("an", "bao"):
        vote(town, who, waiting.case, "carry")
    with pytest.raises(NotYourPost):
        complete(town, "zhou", waiting.case, "council", "carry")

    complete(town, "qin", waiting.case, "council", "carry")
    clean(waiting.number)


@one_kind
def test_a_stand_in_is_no_member_where_the_post_has_stand_ins(town):
    """Nor is a chair who stands in for a member one; as chair he presides."""
    drawn = small.step("ask", '<sun:collective chair="decider"/>', post="rechecker", outcomes="carry reject")
    minutes = {"type": "string", "title": "会议记录", "title_en": "Minutes"}
    forms = {"ask": small.form(minutes=minutes)}
    small.deploy(town, small.item("", "s>ask ask>e", small.begins(), drawn, '<endEvent id="e"/>', forms=forms))
    together.stand_in(town, "zhao", "he")
    together.away(town, "he")
    filed = small.file(town)

    with pytest.raises(NoProxy):
        vote(town, "zhao", filed.case, "carry", path="ask")
    for who in ("rui", "ren", "both"):
        vote(town, who, filed.case, "carry", path="ask")
    assert last(filed.number)["facts"] == {"voted": 3, "members": 4}  # he, rui, ren and both, not zhao
    done = complete(town, "zhao", filed.case, "ask", "carry", minutes="一致同意")
    assert done.signed == 3
    clean(filed.number)
