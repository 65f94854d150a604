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


def refused(found: Refused | None, kind: type[Refused]) -> None:
    if type(found) is not kind:
        raise Missed(f"{type(found).__name__}, not {kind.__name__}")


def deciding(town: Town, amount: int = 1000, name: str = "lawful") -> int:
    """File a case and bring it to its decision; return it."""
    case = lawful.file(town, amount=amount, name=name).case
    lawful.do(town, case, *BEFORE_DECISION)
    return case


def variant(town: Town, name: str, sets: str = "", issue: str = "issuer") -> None:
    small.deploy(town, lawful.item(sets, name, issue))


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


def one_whose_recusal_is_open_reviews(town: Town) -> None:
    case = lawful.file(town).case
    lawful.do(town, case, "hua:accept", "chen:survey", "liu:survey")
    refused(lawful.claim(town, "wang", case, "review"), errors.RecusalPending)


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
