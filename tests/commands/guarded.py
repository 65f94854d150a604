"""Scenarios that a guard must refuse, each with the class of its refusal: tests/commands/test_planted_guards.py."""

from __future__ import annotations

from collections.abc import Callable

import sqlalchemy as sa

from engine import commands, errors
from engine.db import tables as t
from engine.db.store import begin
from engine.errors import Refused
from engine.settings import settings
from tests import cards, county
from tests.commands import lawful, small
from tests.commands.lawful import BEFORE_DECISION
from tests.county import Town

Scenario = Callable[[Town], None]
COUNTED = '<sun:separate steps="accept review decide" rule="SOD-27"/>'


class Missed(AssertionError):
    """What a guard must refuse was not refused, or for another reason."""


NONE = type(None)  # nothing is refused


def refused(found: Refused | None, kind: type) -> None:
    if type(found) is not kind:
        raise Missed(f"{type(found).__name__}, not {kind.__name__}")


def deciding(town: Town, amount: int = 1000, name: str = "lawful") -> int:
    """File a case and bring it to its decision; return it."""
    case = lawful.file(town, amount=amount, name=name).case
    lawful.do(town, case, *BEFORE_DECISION)
    return case


def variant(
    town: Town, name: str, sets: str = "", issue: str = "issuer", returns: str = "", council: bool = False
) -> None:
    made = lawful.item(sets or (lawful.SETS if returns or council else ""), name, issue, returns, council)
    small.deploy(town, made)


def the_reviewer_decides(town: Town) -> None:
    case = lawful.file(town).case
    lawful.do(town, case, "hua:accept", "chen:survey", "liu:survey", "both:review")
    refused(lawful.claim(town, "both", case, "decide"), errors.SamePerson)


def the_reviewer_completes_a_decision_claimed_past_the_check(town: Town) -> None:
    case = lawful.file(town).case
    lawful.do(town, case, "hua:accept", "chen:survey", "liu:survey", "both:review")
    lawful.past("decide", town, case, "both")
    found: Refused | None = None
    try:
        lawful.complete(town, "both", case, "decide")
    except Refused as refusal:
        found = refusal
    refused(found, errors.SamePerson)


def another_closes_what_one_began(town: Town) -> None:
    case = deciding(town)
    lawful.do(town, case, "zhao:decide", "wu:issue")
    refused(lawful.claim(town, "hou", case, "close"), errors.OtherPerson)


def two_persons_do_what_takes_three(town: Town) -> None:
    variant(town, "counted", COUNTED)
    lawful.give(town, "hua", "reviewer")
    case = lawful.file(town, name="counted").case
    lawful.do(town, case, "hua:accept", "chen:survey", "liu:survey")
    refused(lawful.claim(town, "hua", case, "review"), errors.TooFewPersons)


def the_county_confirms_what_the_county_examined(town: Town) -> None:
    case = lawful.file(town, "li").case
    lawful.do(town, case, "li:accept", "chen:survey", "liu:survey", "wang:review")
    refused(lawful.claim(town, "zhao", case, "decide"), errors.SameLevel)


def a_section_decides_on_a_split_amount(town: Town) -> None:
    lawful.give(town, "bai", "decider", tier="section")
    lawful.file(town, amount=30_000)
    refused(lawful.claim(town, "bai", deciding(town, 30_000), "decide"), errors.TierTooLow)


def the_applicant_decides(town: Town) -> None:
    case = deciding(town)
    lawful.write(sa.update(t.case_).where(t.case_.c.id == case).values(applicant=town.zhao.person))
    refused(lawful.claim(town, "zhao", case, "decide"), errors.OwnCase)


def a_monitor_decides(town: Town) -> None:
    lawful.give(town, "zhao", "monitor")
    refused(lawful.claim(town, "zhao", deciding(town), "decide"), errors.ExcludedPosts)


def a_trainee_decides(town: Town) -> None:
    lawful.know(town, "zhao", status="trainee")
    refused(lawful.claim(town, "zhao", deciding(town), "decide"), errors.StatusForbids)


def one_without_certificate_surveys(town: Town) -> None:
    lawful.know(town, "chen", certificate=None)
    case = lawful.file(town).case
    lawful.do(town, case, "hua:accept")
    refused(lawful.claim(town, "chen", case, "survey"), errors.NotCertified)


def the_stand_in_of_the_reviewer_decides(town: Town) -> None:
    """What the holder did bars his stand-in, who himself did nothing."""
    lawful.give(town, "zhao", "reviewer")
    case = lawful.file(town).case
    lawful.do(town, case, "hua:accept", "chen:survey", "liu:survey", "zhao:review")
    lawful.stand_in(town, "bai", "zhao")
    found = lawful.claim(town, "bai", case, "decide")
    lawful.back(town, "zhao")
    refused(found, errors.SamePerson)


def one_signs_twice(town: Town) -> None:
    case = lawful.file(town).case
    lawful.do(town, case, "hua:accept", "chen:survey")
    refused(lawful.claim(town, "chen", case, "survey"), errors.AlreadySigned)


def who_asked_for_a_stop_approves_it(town: Town) -> None:
    filed = county.file(town)
    county.do(town, "li", filed.case, "intake/accept", "accept")
    county.deliver(town, "both", filed.case, "special")
    county.do(town, "both", filed.case, "special/ask", "ask")
    refused(lawful.claim(town, "both", filed.case, "special/approve"), errors.SamePerson)


def the_stand_in_does_the_next_step(town: Town) -> None:
    variant(town, "free")
    lawful.give(town, "bai", "decider", tier="standing_meeting")
    case = deciding(town, name="free")
    lawful.done_for(town, case, "bai", "review", "yan")
    refused(lawful.claim(town, "bai", case, "decide"), errors.NextStep)


def one_stands_in_where_nobody_may(town: Town) -> None:
    variant(town, "council", issue="council_member")
    lawful.stand_in(town, "zhou", "yue")
    case = deciding(town, name="council")
    lawful.do(town, case, "zhao:decide")
    refused(lawful.claim(town, "zhou", case, "issue"), errors.NoStandIn)


def one_judges_a_card_on_the_own_office(town: Town) -> None:
    county.deploy(town, settings().processes / "efficacy_card")
    card = cards.issue(town, "qian", county.file(town).case, post="legal_reviewer")
    cards.do(town, "meng", card, "confirm", "confirm")
    cards.do(town, "lin", card, "answer")
    refused(lawful.claim(town, "lin", card.case_, "review"), errors.OwnUnit)


def somebody_without_the_post_asks_for_a_stop(town: Town) -> None:
    filed = county.file(town)
    county.do(town, "li", filed.case, "intake/accept", "accept")
    found: Refused | None = None
    try:
        with begin(town.li) as ctx:
            commands.deliver(ctx, filed.case, "special")
    except Refused as refusal:
        found = refusal
    refused(found, errors.NotYourPost)


def attempt(town: Town, who: str, command: Callable[..., object], *given: object, **more: object) -> Refused | None:
    """Return how a command is refused to somebody; what it did otherwise is kept."""
    try:
        with begin(town.people[who]) as ctx:
            command(ctx, *given, **more)
    except Refused as refusal:
        return refusal
    return None


def decided_by(town: Town, holder: str) -> int:
    """Bring a case, reviewed by `both`, to its decision, which `holder` holds past the check; return the step's id."""
    case = lawful.file(town).case
    lawful.do(town, case, "hua:accept", "chen:survey", "liu:survey", "both:review")
    lawful.past("decide", town, case, holder)
    return int(county.step(case, "decide").id)


def the_reviewer_is_handed_the_decision(town: Town) -> None:
    step, reviewer = decided_by(town, "zhao"), town.both.person
    found = attempt(town, "zhao", commands.transfer, step, to=reviewer, reason="外出")
    refused(found, errors.NotEligible)


def the_reviewer_is_asked_about_the_decision(town: Town) -> None:
    step, reviewer = decided_by(town, "zhao"), town.both.person
    found = attempt(town, "zhao", commands.add_signer, step, officer=reviewer, kind="before", reason="会商")
    refused(found, errors.NotEligible)


def the_reviewer_asks_about_the_decision(town: Town) -> None:
    step, other = decided_by(town, "both"), town.lin.person
    found = attempt(town, "both", commands.add_signer, step, officer=other, kind="before", reason="会商")
    refused(found, errors.SamePerson)


def who_was_asked_has_a_recusal_open_and_answers(town: Town) -> None:
    step, asked = decided_by(town, "zhao"), town.lin.person
    refused(attempt(town, "zhao", commands.add_signer, step, officer=asked, kind="before", reason="会商"), NONE)
    case = lawful.case_of(step)
    raised = attempt(town, "zhao", commands.raise_recusal, case, officer=asked, kind="interest", reason="有利害关系")
    refused(raised, NONE)
    refused(attempt(town, "lin", commands.advise, lawful.signer_of(step), opinion="同意"), errors.RecusalPending)


def the_reviewer_sends_the_decision_back(town: Town) -> None:
    variant(town, "again", returns="review")
    case = lawful.file(town, name="again").case
    lawful.do(town, case, "hua:accept", "chen:survey", "liu:survey", "both:review")
    lawful.past("decide", town, case, "both")
    step = county.step(case, "decide").id
    refused(attempt(town, "both", commands.return_step, step, to="review", reason="材料不齐"), errors.SamePerson)


def one_whose_recusal_is_open_takes_a_step_back(town: Town) -> None:
    case = lawful.file(town).case
    lawful.do(town, case, "hua:accept", "chen:survey", "liu:survey", "wang:review")
    step = county.step(case, "review").id
    raised = attempt(
        town, "wang", commands.raise_recusal, case, officer=town.wang.person, kind="other", reason="有关系"
    )
    refused(raised, NONE)
    refused(attempt(town, "wang", commands.withdraw_step, step, reason="写错"), errors.RecusalPending)


def the_reviewer_votes_on_the_decision(town: Town) -> None:
    variant(town, "voted", council=True)
    lawful.give(town, "both", "council_member")
    lawful.give(town, "song", "council_member")
    case = lawful.file(town, name="voted").case
    lawful.do(town, case, "hua:accept", "chen:survey", "liu:survey", "both:review")
    step = county.step(case, "decide").id
    refused(attempt(town, "both", commands.vote, step, outcome="done", opinion=""), errors.SamePerson)


def a_step_is_lent_although_somebody_can_do_it(town: Town) -> None:
    case = lawful.file(town).case
    step = county.step(case, "accept").id
    lawful.give(town, "li", "acceptance", pool=True)
    refused(attempt(town, "hua", commands.lend, step, reason="人手不够"), errors.NotNeeded)
