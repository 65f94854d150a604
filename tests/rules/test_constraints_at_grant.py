"""The constraints that are asked when a post is given, each once passed and once refused, named by its id."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from engine.rules import book, granting
from engine.rules.committee import Draw, Fault, Member, faults
from engine.rules.constraint import Check
from engine.rules.granting import Wanted
from tests.rules.values import RULES

BOOK = book.load(RULES)
SINCE = date(2026, 3, 2)
HANDLING = ("acceptance", "reviewer", "rechecker", "inspector", "decider", "issuer", "hearing_chair", "publisher")


def given(post: str, *held: str, status: str = "official", writing: str = "云授〔2026〕1号") -> str:
    """Return "" when the post may be given, else the refusal's class and basis."""
    found = granting.refusal(status, held, Wanted(post=post, from_on=SINCE, writing=writing), BOOK)
    return f"{type(found).__name__} {found.basis}" if found else ""


def test_sod_01_passes_two_handling_posts_and_two_kinds_of_card_work():
    assert given("reviewer", "acceptance") == ""
    assert given("card_reviewer", "monitor") == ""


@pytest.mark.parametrize("post", HANDLING)
@pytest.mark.parametrize("other", ["monitor", "card_reviewer", "appeal_panel", "auditor", "security_administrator"])
def test_sod_01_refuses_a_handling_post_to_who_supervises(post, other):
    assert given(post, other) == "ExcludedPosts SOD-01"
    assert given(other, post) == "ExcludedPosts SOD-01"


def test_sod_02_passes_one_kind_of_supervision():
    assert given("auditor") == given("auditor", "auditor") == ""


@pytest.mark.parametrize(
    ("one", "other"),
    [("monitor", "auditor"), ("auditor", "administrator"), ("administrator", "security_administrator"),
     ("security_administrator", "audit_administrator"), ("card_reviewer", "auditor")],
)  # fmt: skip
def test_sod_02_refuses_two(one, other):
    assert given(one, other) == given(other, one) == "ExcludedPosts SOD-02"


def test_sod_09_passes_a_chief_who_supervises_and_chairs():
    assert given("chief", "monitor") == given("council_member", "chief") == ""


@pytest.mark.parametrize("post", [*HANDLING, "purchaser"])
def test_sod_09_refuses_approval_and_procurement_to_the_chief(post):
    assert given(post, "chief") == "ExcludedPosts SOD-09"


def test_sod_10_passes_a_purchaser_without_other_posts():
    assert given("purchaser") == given("purchaser", "reviewer") == ""


@pytest.mark.parametrize("post", ["purchaser", "contract_reviewer", "goods_checker"])
def test_sod_10_refuses_the_supervisor_of_procurement_to_purchase(post):
    assert given(post, "procurement_supervisor") == "ExcludedPosts SOD-10"


def test_sod_11_passes_later_supervision_alone():
    assert granting.caution(["inspector"], "market_supervisor", BOOK) == ""


@pytest.mark.parametrize("post", ["reviewer", "rechecker", "decider", "council_member"])
def test_sod_11_warns_of_approval_and_later_supervision_by_one_and_refuses_nothing(post):
    assert granting.caution(["market_supervisor"], post, BOOK) == "SOD-11"
    assert granting.caution([post], "market_supervisor", BOOK) == "SOD-11"
    assert given(post, "market_supervisor") == ""


def test_sod_12_passes_an_officer_of_the_trading_centre():
    assert given("trading_officer", "publisher") == ""


@pytest.mark.parametrize("post", ["tender_supervisor", "procurement_supervisor"])
def test_sod_12_refuses_to_supervise_the_trading_centre_one_works_for(post):
    assert given(post, "trading_officer") == given("trading_officer", post) == "ExcludedPosts SOD-12"


def test_sod_16_passes_the_registration_of_a_stand_in():
    assert granting.stand_in_refusal("official", ["reviewer"], "rechecker", BOOK) is None


def test_sod_16_refuses_to_register_one_for_a_post_without_and_for_posts_that_exclude_each_other():
    without = granting.stand_in_refusal("official", [], "council_member", BOOK)
    excluded = granting.stand_in_refusal("official", ["monitor"], "decider", BOOK)
    trainee = granting.stand_in_refusal("trainee", [], "decider", BOOK)

    assert [f"{type(f).__name__} {f.basis}" for f in (without, excluded, trainee) if f] == [
        "NoStandIn SOD-16", "ExcludedPosts SOD-01", "StatusForbids SOD-29",
    ]  # fmt: skip


@pytest.mark.parametrize("post", ["decider", "issuer", "council_member"])
def test_sod_17_passes_a_deciding_post_in_writing(post):
    assert given(post) == ""


@pytest.mark.parametrize("post", ["decider", "issuer", "council_member"])
@pytest.mark.parametrize("writing", ["", "  "])
def test_sod_17_refuses_to_decide_and_to_use_the_seal_without_a_paper(post, writing):
    assert given(post, writing=writing) == "NotInWriting SOD-17"
    assert given("reviewer", writing=writing) == ""


def test_sod_26_passes_an_administrator_of_nothing_else():
    assert given("administrator") == given("administrator", "list_manager") == ""


@pytest.mark.parametrize("one", ["administrator", "security_administrator", "audit_administrator"])
def test_sod_26_refuses_every_post_that_handles_or_sees_cases(one):
    for post in BOOK.posts.values():
        if post.audience == "desk" and not post.reserved:
            assert given(post.code, one).startswith("ExcludedPosts"), post.code
    assert given("legal_reviewer", one) == "ExcludedPosts SOD-26"


@pytest.mark.parametrize("status", ["temporary", "trainee", "helper"])
def test_sod_29_passes_executing_posts_to_every_status(status):
    assert given("reviewer", status=status) == given("acceptance", status=status) == ""


@pytest.mark.parametrize("status", ["temporary", "trainee", "helper"])
@pytest.mark.parametrize("post", ["decider", "chief", "council_member"])
def test_sod_29_refuses_deciding_posts_to_who_is_no_official(status, post):
    assert given(post, status=status) == "StatusForbids SOD-29"


RULE = BOOK.constraints["SOD-13"]
EXPERTS = [Member(person=n, expert=True) for n in range(1, 5)]
FIVE = [*EXPERTS, Member(person=9, expert=False)]
DRAW = Draw(at=datetime(2026, 3, 2, tzinfo=UTC), candidates=tuple(range(1, 13)), drawn=(4, 2, 1, 3), by=(20, 21))
SUPERVISES = ("tender_supervisor",)


def test_sod_13_passes_a_committee_of_five_drawn_by_lot():
    assert faults(FIVE, DRAW, tied=[], supervisors=SUPERVISES, rule=RULE) == ()


@pytest.mark.parametrize(
    ("members", "draw", "tied", "found"),
    [
        (EXPERTS[:3], DRAW, (), [Fault.FEW]),
        ([*FIVE, Member(person=10, expert=False)], DRAW, (), [Fault.EVEN]),
        ([*EXPERTS[:3], Member(person=8, expert=False), FIVE[-1]], DRAW, (), [Fault.EXPERTS]),
        ([*EXPERTS, Member(person=9, expert=False, posts=SUPERVISES)], DRAW, (), [Fault.SUPERVISOR]),
        (FIVE, DRAW, (9,), [Fault.TIED]),
        ([*EXPERTS, EXPERTS[0]], DRAW, (), [Fault.TWICE]),
        ([*EXPERTS[:3], Member(person=7, expert=True), FIVE[-1]], DRAW, (), [Fault.NOT_DRAWN]),
        (FIVE, None, (), [Fault.NO_RECORD]),
        (FIVE, Draw(at=DRAW.at, candidates=(1, 2, 3, 4), drawn=DRAW.drawn, by=DRAW.by), (), [Fault.NO_RECORD]),
        (FIVE, Draw(at=DRAW.at, candidates=DRAW.candidates, drawn=DRAW.drawn, by=(20, 20)), (), [Fault.NO_RECORD]),
    ],
)
def test_sod_13_refuses_a_committee_for_each_fault(members, draw, tied, found):
    assert list(faults(members, draw, tied, SUPERVISES, RULE)) == found


def test_a_constraint_that_is_an_exclusion_names_its_posts():
    excludes = {e.rule for e in (*BOOK.exclusions, *BOOK.cautions)}

    assert excludes == {c.id for c in BOOK.constraints.values() if Check.EXCLUSION in c.checks}
