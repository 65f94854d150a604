"""The constraints that are asked in a case, each once passed and once refused, named by its id."""

from __future__ import annotations

import pytest

from engine.model import ActKind, Persons, Standing
from tests.rules.asked import (
    AGENT,
    APPLICANT,
    CHAIN,
    HE,
    LI,
    TIERED,
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


def test_sod_03_passes_who_did_none_of_the_steps():
    assert asked(WANG, item(CHAIN), "review", [act(LI, "accept")]) == ""


def test_sod_03_refuses_who_accepted_to_review_recheck_and_decide():
    for path in ("review", "recheck", "decide"):
        assert asked(LI, item(CHAIN), path, [act(LI, "accept")]) == "SamePerson SOD-03"


@pytest.mark.parametrize(
    ("risk", "path", "answer"),
    [
        ("low", "review", ""),
        ("low", "decide", ""),
        ("medium", "review", ""),
        ("medium", "decide", "SamePerson SOD-03"),
        ("high", "review", ""),
        ("high", "decide", "SamePerson SOD-03"),
        ("high", "recheck", "SamePerson SOD-03"),
        ("", "review", "SamePerson SOD-03"),  # an item that does not say its risk
    ],
)
def test_sod_03_passes_acceptance_and_review_by_one_person_in_an_on_the_spot_item(risk, path, answer):
    of = item(CHAIN, ("decide issue", "SOD-04"), on_the_spot=True, risk=risk)

    assert asked(LI, of, path, [act(LI, "accept")]) == answer


def test_sod_03_refuses_the_same_in_a_promised_time_item():
    assert asked(LI, item(CHAIN, risk="medium"), "review", [act(LI, "accept")]) == "SamePerson SOD-03"


ISSUE = ("decide issue", "SOD-04")


def test_sod_04_passes_another_person_to_issue():
    assert asked(WU, item(ISSUE), "issue", [act(ZHAO, "decide")]) == ""


def test_sod_04_refuses_the_decider_to_issue():
    assert asked(ZHAO, item(ISSUE), "issue", [act(ZHAO, "decide")]) == "SamePerson SOD-04"


INSPECT = step("inspect", "inspector", persons=Persons(min=2, certified=True))
PAIR = item(("review inspect", "SOD-05"), steps=[INSPECT])
CERTIFIED = Standing(certified=True)
SIGNED = [act(LI, "inspect", step=9, kind=ActKind.SIGN)]


def test_sod_05_passes_a_second_inspector_with_a_certificate():
    assert asked(WANG, PAIR, "inspect", SIGNED, standing=CERTIFIED) == ""


@pytest.mark.parametrize(
    ("person", "standing", "answer"),
    [
        (LI, CERTIFIED, "AlreadySigned SOD-05"),
        (WANG, Standing(), "NotCertified SOD-05"),
        (ZHAO, CERTIFIED, "SamePerson SOD-05"),
    ],
)
def test_sod_05_refuses_a_second_signature_no_certificate_and_the_reviewer(person, standing, answer):
    assert asked(person, PAIR, "inspect", [act(ZHAO, "review"), *SIGNED], standing=standing) == answer


HEARING = item(("review hold", "SOD-06"), steps=[step("hold", "hearing_chair")])


def test_sod_06_passes_a_chair_who_has_not_reviewed():
    assert asked(LI, HEARING, "hold", [act(WANG, "review")]) == ""


def test_sod_06_refuses_the_reviewer_as_chair():
    assert asked(WANG, HEARING, "hold", [act(WANG, "review")]) == "SamePerson SOD-06"


LEGAL = item(("review legal", "SOD-07"), steps=[step("legal", "legal_reviewer")])


def test_sod_07_passes_a_legal_reviewer_who_is_not_the_handler():
    assert asked(LI, LEGAL, "legal", [act(WANG, "review")]) == ""


def test_sod_07_refuses_the_handler_as_legal_reviewer():
    assert asked(WANG, LEGAL, "legal", [act(WANG, "review")]) == "SamePerson SOD-07"


def test_sod_08_passes_who_is_not_tied():
    assert asked(LI, item(), "review", standing=Standing(recusal="", tie="")) == ""


@pytest.mark.parametrize(
    ("recusal", "answer"),
    [("pending", "RecusalPending"), ("upheld", "Recused"), ("tie", "TieFound"), ("what is that", "Recused")],
)
def test_sod_08_refuses_who_is_tied_or_recused_and_whose_recusal_is_open(recusal, answer):
    assert asked(LI, item(), "review", standing=Standing(recusal=recusal, tie="same_phone")) == f"{answer} SOD-08"


BUY = item(
    ("buy contract check", "SOD-10"),
    steps=[step("buy", "purchaser"), step("contract", "contract_reviewer"), step("check", "goods_checker")],
)


def test_sod_10_passes_three_persons_in_one_purchase():
    assert asked(ZHAO, BUY, "check", [act(LI, "buy"), act(WANG, "contract")]) == ""


def test_sod_10_refuses_the_purchaser_to_check_the_goods():
    assert asked(LI, BUY, "check", [act(LI, "buy"), act(WANG, "contract")]) == "SamePerson SOD-10"


def test_sod_14_passes_a_tier_that_reaches_the_amount():
    assert asked(LI, TIERED, "decide", held=[post("decider", tier="section")], amount=50_000) == ""
    assert asked(LI, TIERED, "decide", held=[post("decider", tier="standing_meeting")], amount=10**9) == ""


@pytest.mark.parametrize(
    ("tier", "amount"),
    [("section", 50_001), (None, 1), ("executive_meeting", None), ("of another book", 1), ("deputy_governor", 500_001)],
)
def test_sod_14_refuses_a_tier_below_the_amount_and_a_post_without_one(tier, amount):
    assert asked(LI, TIERED, "decide", held=[post("decider", tier=tier)], amount=amount) == "TierTooLow SOD-14"


def test_sod_16_passes_a_stand_in_where_neither_did_another_step():
    assert asked(WU, item(CHAIN), "decide", [act(LI, "accept")], held=[instead("decider", ZHAO)]) == ""


@pytest.mark.parametrize(
    ("acts", "answer"),
    [
        ([act(WU, "review")], "SamePerson SOD-03"),  # the stand-in himself
        ([act(ZHAO, "review")], "SamePerson SOD-03"),  # whom he stands in for
        ([act(HE, "review", on_behalf=ZHAO)], "SamePerson SOD-03"),  # another stand-in of the same
        ([act(WU, "accept", on_behalf=HE)], "SamePerson SOD-03"),
    ],
)
def test_sod_16_refuses_a_stand_in_what_either_of_the_two_may_not_do(acts, answer):
    assert asked(WU, item(CHAIN), "decide", acts, held=[instead("decider", ZHAO)]) == answer


def test_sod_16_refuses_the_next_step_to_who_did_the_last_one_as_a_stand_in():
    stood_in = [act(LI, "accept"), act(WU, "review", step=2, on_behalf=ZHAO)]

    assert asked(WU, item(), "issue", stood_in) == "NextStep SOD-16"
    assert asked(WU, item(), "issue", [*stood_in, act(LI, "decide", step=3)]) == ""  # the step after the next
    assert asked(ZHAO, item(), "issue", stood_in) == ""


@pytest.mark.parametrize("parties", [APPLICANT, AGENT])
def test_sod_16_refuses_a_stand_in_for_the_applicant(parties):
    assert asked(WU, item(), "decide", held=[instead("decider", parties)]) == "OwnCase SOD-31"


def test_sod_16_refuses_a_stand_in_where_the_post_has_none():
    council = item(steps=[step("council", "council_member")])

    assert asked(WU, council, "council", held=[instead("council_member", ZHAO)]) == "NoStandIn SOD-16"
    assert asked(WU, council, "council", held=[post("council_member")]) == ""
