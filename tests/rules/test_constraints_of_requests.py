"""Constraints 18 to 31 in a case: each has what it passes and what it refuses, under its number."""

from __future__ import annotations

import pytest

from engine.model import ActKind, OrganLevel, Persons, Standing
from engine.rules.demands import kept_apart
from engine.rules.permission import About
from engine.rules.separation import meets
from tests.rules.asked import (
    AGENT,
    APPLICANT,
    BOOK,
    CHAIN,
    COUNTY,
    LI,
    TIERED,
    TOWN,
    WANG,
    WU,
    ZHAO,
    act,
    asked,
    instead,
    item,
    post,
    step,
)

ASKS = item(("ask approve", "SOD-18"), steps=[step("ask", "reviewer"), step("approve", "decider")])


def test_sod_18_passes_another_person_to_approve():
    assert asked(ZHAO, ASKS, "approve", [act(WANG, "ask")]) == ""


def test_sod_18_refuses_who_asked_also_through_a_stand_in():
    assert asked(WANG, ASKS, "approve", [act(WANG, "ask")]) == "SamePerson SOD-18"
    assert asked(WU, ASKS, "approve", [act(WANG, "ask")], held=[instead("decider", WANG)]) == "SamePerson SOD-18"


def test_sod_19_passes_a_checker_who_is_not_the_maker():
    assert not meets({LI}, {WANG})


def test_sod_19_refuses_the_maker_as_checker_also_through_a_stand_in():
    assert meets({LI}, {LI})
    assert meets({LI, WANG}, {ZHAO, WANG})


CARD = item(
    ("issue_card look panel", "SOD-20"),
    steps=[step("issue_card", "monitor"), step("look", "card_reviewer"), step("panel", "appeal_panel")],
)
ABOUT = About(post="reviewer", organ=COUNTY, person=WANG)


def test_sod_20_passes_another_to_review_a_card():
    assert asked(ZHAO, CARD, "look", [act(LI, "issue_card")], about=ABOUT) == ""


def test_sod_20_refuses_the_issuer_and_whoever_the_card_is_about():
    office = About(post="legal_reviewer", organ=COUNTY, person=None)
    member = [post("appeal_panel"), post("legal_reviewer", id=2)]

    assert asked(LI, CARD, "look", [act(LI, "issue_card")], about=ABOUT) == "SamePerson SOD-20"
    assert asked(WANG, CARD, "look", about=ABOUT) == "OwnUnit SOD-20"
    assert asked(LI, CARD, "panel", held=member, about=office) == "OwnUnit SOD-20"


COMPLAINT = About(post="reviewer", organ=COUNTY, person=WANG, rule="SOD-21")


def test_sod_21_passes_a_complaint_to_somebody_else():
    assert asked(LI, item(), "accept", about=COMPLAINT) == ""


def test_sod_21_refuses_a_complaint_to_the_person_and_to_his_stand_in():
    assert asked(WANG, item(), "accept", about=COMPLAINT) == "ComplainedOf SOD-21"
    assert asked(WU, item(), "accept", about=COMPLAINT, held=[instead("acceptance", WANG)]) == "ComplainedOf SOD-21"


VISIT = item(("survey revisit", "SOD-22"), steps=[step("survey", "inspector"), step("revisit", "inspector")])
SURVEYED = [act(LI, "survey", level=OrganLevel.TOWNSHIP, organ=TOWN)]


def test_sod_22_passes_a_visit_of_the_county_after_the_survey_of_the_township():
    assert asked(WANG, VISIT, "revisit", SURVEYED) == ""


def test_sod_22_refuses_the_township_and_the_surveyor_to_visit_again():
    assert asked(WANG, VISIT, "revisit", SURVEYED, organ=TOWN) == "SameLevel SOD-22"
    assert asked(LI, VISIT, "revisit", SURVEYED) == "SamePerson SOD-22"


SURVEY = item(steps=[step("survey", "inspector", persons=Persons(min=2))])


def test_sod_23_passes_two_surveyors_without_ties():
    assert asked(WANG, SURVEY, "survey", [act(LI, "survey", step=9, kind=ActKind.SIGN)]) == ""


def test_sod_23_refuses_to_sign_twice_and_for_relatives():
    relative = Standing(status="helper", recusal="tie", tie="collateral")

    assert asked(LI, SURVEY, "survey", [act(LI, "survey", step=9, kind=ActKind.SIGN)]) == "AlreadySigned SOD-05"
    assert asked(WANG, SURVEY, "survey", standing=relative) == "TieFound SOD-08"


FUND = item(("ask accept review decide pay book", "SOD-24"), steps=[step("pay", "issuer"), step("book", "rechecker")])


def test_sod_24_passes_six_persons():
    did = [act(n, path) for n, path in enumerate(("accept", "review", "decide", "pay"), 11)]

    assert asked(LI, FUND, "book", did) == ""


def test_sod_24_refuses_who_paid_to_book():
    assert asked(WU, FUND, "book", [act(WU, "pay")]) == "SamePerson SOD-24"


LIST = item(("accept legal publish", "SOD-25"), steps=[step("legal", "legal_reviewer"), step("publish", "publisher")])


def test_sod_25_passes_another_to_publish_the_list():
    assert asked(ZHAO, LIST, "publish", [act(LI, "accept"), act(WANG, "legal")]) == ""


def test_sod_25_refuses_the_legal_reviewer_to_publish():
    assert asked(WANG, LIST, "publish", [act(LI, "accept"), act(WANG, "legal")]) == "SamePerson SOD-25"


LEAST = item(("accept review decide issue", "SOD-27"), risk="medium")


def test_sod_27_passes_while_enough_persons_are_still_possible():
    assert asked(LI, LEAST, "review", [act(LI, "accept")]) == ""  # two steps are left for two others
    assert asked(WU, LEAST, "issue", [act(LI, "accept"), act(LI, "review"), act(ZHAO, "decide")]) == ""


def test_sod_27_refuses_as_soon_as_the_least_number_cannot_be_reached():
    assert asked(LI, LEAST, "decide", [act(LI, "accept"), act(LI, "review")]) == "TooFewPersons SOD-27"
    late = [act(LI, "accept"), act(WANG, "review"), act(LI, "decide")]
    assert asked(WANG, LEAST, "issue", late) == "TooFewPersons SOD-27"


def test_sod_27_passes_what_open_steps_and_other_signatories_may_still_add():
    parallel = item(("review accept issue", "SOD-27"), risk="medium")  # `accept` stands before `review` in the file
    pair = item(("survey decide", "SOD-27"), steps=[step("survey", "inspector", persons=Persons(min=2))], risk="medium")
    first = act(LI, "survey", step=9, kind=ActKind.SIGN)

    assert asked(LI, parallel, "review", open=["review"]) == "TooFewPersons SOD-27"
    assert asked(LI, parallel, "review", open=["review", "accept"]) == ""
    assert asked(WANG, pair, "decide", [act(LI, "survey"), act(ZHAO, "survey")]) == ""
    assert asked(LI, pair, "survey", [act(WANG, "decide")], number=9) == ""  # another signs beside him
    assert asked(WANG, pair, "survey", [act(WANG, "decide"), first], number=9) == "TooFewPersons SOD-27"


def test_sod_27_is_not_missed_where_parallel_steps_are_done_against_the_order_of_the_file():
    low = item(("review decide", "SOD-27"), risk="low")
    taken_back = [act(LI, "decide", step=2), act(LI, "decide", step=2, kind=ActKind.WITHDRAW)]

    assert asked(LI, low, "review", [act(LI, "decide", step=2)]) == "TooFewPersons SOD-27"
    assert asked(WANG, low, "review", [act(LI, "decide", step=2)]) == ""
    assert asked(LI, low, "review", taken_back) == ""  # another may still decide


def test_of_several_posts_the_first_that_nothing_bars_is_used():
    low, high = post("decider", tier="section"), post("decider", id=2, tier="standing_meeting")

    assert asked(LI, TIERED, "decide", held=[low, high], amount=60_000) == ""
    assert asked(LI, TIERED, "decide", held=[high, low], amount=60_000) == ""
    assert asked(LI, TIERED, "decide", held=[low, low], amount=60_000) == "TierTooLow SOD-14"


def test_sod_29_passes_an_official_to_decide_and_a_trainee_to_execute():
    assert asked(LI, item(), "decide", standing=Standing(status="official")) == ""
    assert asked(LI, item(), "review", standing=Standing(status="trainee")) == ""


@pytest.mark.parametrize("status", ["temporary", "trainee", "helper"])
def test_sod_29_refuses_helpers_trainees_and_temporary_staff_to_decide(status):
    assert asked(LI, item(), "decide", standing=Standing(status=status)) == "StatusForbids SOD-29"


TIERS = item(("accept decide", "SOD-30"))
TAKEN = [act(LI, "accept", level=OrganLevel.TOWNSHIP, organ=TOWN)]


def test_sod_30_passes_the_county_after_the_township():
    assert asked(ZHAO, TIERS, "decide", TAKEN) == ""


def test_sod_30_refuses_the_same_level_and_the_same_person():
    assert asked(ZHAO, TIERS, "decide", TAKEN, organ=TOWN) == "SameLevel SOD-30"
    assert asked(LI, TIERS, "decide", TAKEN) == "SamePerson SOD-30"
    at_centre = [act(LI, "accept", level=OrganLevel.CENTRE)]
    assert asked(ZHAO, TIERS, "decide", at_centre) == "SameLevel SOD-30"


def test_sod_31_passes_who_is_no_party():
    assert asked(LI, item(), "accept") == ""


@pytest.mark.parametrize("person", [APPLICANT, AGENT])
def test_sod_31_refuses_the_applicant_and_the_agent(person):
    assert asked(person, item(), "accept") == "OwnCase SOD-31"


BOUND = item(bound=[("accept issue", "DES-01")])


def test_bound_steps_are_one_persons_or_his_stand_ins():
    began = [act(LI, "accept")]

    assert asked(LI, BOUND, "issue", began) == ""
    assert asked(WU, BOUND, "issue", began) == "OtherPerson DES-01"
    assert asked(WU, BOUND, "issue", began, held=[instead("issuer", LI)]) == ""
    assert asked(WU, BOUND, "issue", [*began, act(WU, "accept", step=2)]) == ""  # who did it last


def test_what_is_exported_are_the_steps_that_persons_are_kept_apart_on():
    of = item(CHAIN, ("accept decide", "SOD-27"), ("review issue", "SOD-28"), risk="medium")
    quick = item(CHAIN, risk="medium", on_the_spot=True)
    low = item(("accept review", "SOD-03"), risk="low", on_the_spot=True)

    assert [s.steps for s in kept_apart(of, BOOK)] == [("accept", "review", "recheck", "decide")]
    assert [s.steps for s in kept_apart(quick, BOOK)] == [
        ("accept", "recheck", "decide"), ("review", "recheck", "decide"),
    ]  # fmt: skip
    assert kept_apart(low, BOOK) == ()
