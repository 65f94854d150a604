"""Which ties keep an officer out of a case, who decides it, when a council has: known answers and properties."""

from __future__ import annotations

import os
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import RecusalPending, Recused, TieFound
from engine.model import Assignment, OrganLevel, Standing
from engine.rules.recusal import (
    KINDS,
    REGISTERED,
    Deciders,
    Known,
    Raised,
    Reach,
    address,
    bar,
    decided,
    deciders,
    phone,
    same_address,
    same_phone,
    shielded,
    standing,
    ties,
)

EXAMPLES = int(os.environ.get("SUNLIT_TEST_WRITINGS", "60"))
OFFICER, APPLICANT, AGENT, OTHER = 1, 2, 3, 4
NOTHING = Known(
    parties=(Reach(person=APPLICANT, phone="138 0000 0000", address="云岭县石门乡集镇 24 号"), Reach(person=AGENT)),
    people=(Reach(person=OFFICER, phone="139 0000 0000", address="云岭县城中街道南门街 17 号"),),
    offices=(Reach(phone="0877-555-0100", address="云岭县城中街道云岭大道 1 号"),),
    registered=(),
    raised=(),
)


@pytest.mark.parametrize(
    ("written", "compared"),
    [
        ("138 0000 0000", "13800000000"),
        ("+86 138-0000-0000", "13800000000"),
        ("0086 13800000000", "13800000000"),
        ("１３８００００００００", "13800000000"),  # full width
        ("0877-555 0100", "08775550100"),
        ("(0877) 5550100", "08775550100"),
        ("+86 877 5550100", "08775550100"),
        ("+86 0877 5550100", "08775550100"),
        ("+86 10 12345678", "01012345678"),
        ("555", ""),
        ("", ""),
        ("unknown", ""),
    ],
)
def test_a_telephone_is_compared_without_signs_and_country_code(written, compared):
    assert phone(written) == compared


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("云岭县石门乡集镇 24 号", "云岭县石门乡集镇24号"),
        ("云岭县石门乡集镇２４號", "石门乡集镇24号。"),  # full width, an old sign, without the county
        ("南州省安平市云岭县石门乡集镇24号", "云岭县石门乡集镇24号"),
        ("城东街道文昌路20号3栋402室", "城东街道文昌路 20 号，3 栋 402 室"),
    ],
)
def test_an_address_is_the_same_however_it_is_written(one, other):
    assert same_address(one, other)
    assert same_address(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("云岭县石门乡集镇24号", "云岭县石门乡集镇2号"),
        ("云岭县石门乡集镇24号", "青溪县石门乡集镇24号"),
        ("云岭县石门乡", "云岭县石门乡"),  # no house: the whole township lives there
        ("石门乡集镇24号", "24号"),
        ("城东街道文昌路20号", "文昌路20号"),  # a street is no county
        ("", ""),
    ],
)
def test_other_places_and_mere_villages_are_not_the_same_address(one, other):
    assert not same_address(one, other)
    assert not same_address(other, one)


TEXT = st.text(st.characters(codec="utf-8") | st.sampled_from("云岭县石门乡南街一二十0123456789号室 -＋+86()號ＡßﬁK"))


@settings(max_examples=EXAMPLES, deadline=None)
@given(TEXT)
def test_what_is_compared_stays_as_it_is_when_compared_again(written):
    assert phone(phone(written)) == phone(written)
    assert address(address(written)) == address(written)


@settings(max_examples=EXAMPLES, deadline=None)
@given(TEXT, TEXT)
def test_being_the_same_does_not_depend_on_the_order(one, other):
    assert same_phone(one, other) == same_phone(other, one)
    assert same_address(one, other) == same_address(other, one)
    assert same_address(one, one) == (address(one) != "")


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.integers(10**9, 2 * 10**9 - 1), st.lists(st.sampled_from(" -()　"), max_size=8))
def test_signs_between_the_digits_change_nothing(number, signs):
    plain = f"13{number}"[:11]
    spread = "".join(digit + sign for digit, sign in zip(plain, [*signs, *[""] * 11], strict=False))

    assert same_phone(plain, spread)
    assert same_phone(plain, f"+86 {spread}")


@pytest.mark.parametrize("kind", REGISTERED)
def test_a_registered_tie_is_found_of_this_officer_only(kind):
    assert list(ties(OFFICER, replace(NOTHING, registered=[(OFFICER, kind)]))) == [kind]
    assert list(ties(OFFICER, replace(NOTHING, registered=[(OTHER, kind)]))) == []


@pytest.mark.parametrize("party", [APPLICANT, AGENT])
@pytest.mark.parametrize(
    ("what", "mine", "theirs", "kind"),
    [
        ("phone", "139 0000 0000", "+8613900000000", "same_phone"),
        ("address", "云岭县城中街道南门街 17 号", "城中街道南门街17号", "same_address"),
    ],
)
def test_the_same_telephone_or_house_as_applicant_or_agent_is_a_tie(party, what, mine, theirs, kind):
    me, party_reach = Reach(person=OFFICER, **{what: mine}), Reach(person=party, **{what: theirs})
    reached = replace(NOTHING, parties=[party_reach], people=[me])

    assert list(ties(OFFICER, reached)) == [kind]
    assert standing(OFFICER, reached) == ("tie", kind)


def test_who_is_reached_at_the_office_is_tied_to_nobody():
    office = NOTHING.offices[0]
    known = replace(
        NOTHING,
        parties=[Reach(person=APPLICANT, phone="08775550100", address="城中街道云岭大道1号")],
        people=[replace(office, person=OFFICER)],
    )

    assert list(ties(OFFICER, known)) == []
    assert list(ties(OFFICER, replace(known, offices=[]))) == ["same_phone", "same_address"]


def test_the_applicant_has_no_tie_to_himself():
    mine = replace(NOTHING, people=NOTHING.parties)

    assert list(ties(APPLICANT, mine)) == []


@pytest.mark.parametrize(
    ("raised", "registered", "stands"),
    [
        ([], [], ("", "")),
        ([Raised(officer=OFFICER, kind="other", upheld=None)], [], ("pending", "")),
        ([Raised(officer=OTHER, kind="other", upheld=None)], [], ("", "")),
        ([Raised(officer=OFFICER, kind="other", upheld=True)], [], ("upheld", "")),
        ([Raised(officer=OFFICER, kind="other", upheld=False)], [], ("", "")),
        ([Raised(officer=OFFICER, kind="interest", upheld=False)], ["interest"], ("", "")),
        ([Raised(officer=OFFICER, kind="other", upheld=False)], ["interest"], ("tie", "interest")),
        ([Raised(officer=OTHER, kind="interest", upheld=False)], ["interest"], ("tie", "interest")),
        ([Raised(officer=OFFICER, kind="interest", upheld=False)], ["interest", "spouse"], ("tie", "spouse")),
        ([Raised(officer=OFFICER, kind="interest", upheld=None)], ["interest"], ("pending", "")),
        (
            [Raised(officer=OFFICER, kind="other", upheld=True), Raised(officer=OFFICER, kind="other", upheld=None)],
            [],
            ("upheld", ""),
        ),
    ],
)
def test_what_was_decided_holds_and_what_waits_bars(raised, registered, stands):
    known = replace(NOTHING, raised=raised, registered=[(OFFICER, kind) for kind in registered])

    assert standing(OFFICER, known) == stands


@pytest.mark.parametrize(
    ("stands", "refusal"),
    [
        (Standing(), None),
        (Standing(recusal="upheld"), Recused),
        (Standing(recusal="pending"), RecusalPending),
        (Standing(recusal="tie", tie="lineal"), TieFound),
    ],
)
def test_each_way_to_be_kept_out_has_its_refusal_by_the_rule_of_recusal(stands, refusal):
    found = bar(stands)

    assert type(found) is (refusal or type(None))
    assert found is None or found.basis == "SOD-08"


def test_every_kind_may_be_named():
    assert set(REGISTERED) < set(KINDS)


COUNTY, CENTRE, WINDOW, TOWNSHIP = 1, 2, 3, 4
PARENTS = {COUNTY: None, CENTRE: COUNTY, WINDOW: CENTRE, TOWNSHIP: COUNTY}
LEVELS = {COUNTY: "county", CENTRE: "centre", WINDOW: "window", TOWNSHIP: "township"}
HEAD, CENTRE_HEAD, FIRST, SECOND, THIRD = 11, 12, 21, 22, 23


def holds(person: int, post: str, organ: int) -> tuple[int, Assignment]:
    where = {"organ": organ, "organ_code": "", "organ_name": "", "level": OrganLevel(LEVELS[organ])}
    return person, Assignment(id=person, post=post, parent=PARENTS[organ], **where)


POSTS = [
    holds(HEAD, "chief", COUNTY),
    holds(CENTRE_HEAD, "chief", CENTRE),
    *(holds(person, "council_member", COUNTY) for person in (FIRST, SECOND, THIRD)),
    holds(HEAD, "council_member", COUNTY),
]


@pytest.mark.parametrize(
    ("organ", "officer", "out", "who"),
    [
        (WINDOW, OFFICER, (), Deciders(organ=CENTRE, persons=(CENTRE_HEAD,))),
        (TOWNSHIP, OFFICER, (), Deciders(organ=COUNTY, persons=(HEAD,))),
        # who asked, or is a party, does not decide: the next head above does
        (WINDOW, OFFICER, (CENTRE_HEAD,), Deciders(organ=COUNTY, persons=(HEAD,))),
        (COUNTY, OFFICER, (HEAD,), Deciders(organ=COUNTY, persons=(FIRST, SECOND, THIRD), council=True)),
        # a head's own: together, without him
        (COUNTY, HEAD, (), Deciders(organ=COUNTY, persons=(FIRST, SECOND, THIRD), council=True)),
        (CENTRE, CENTRE_HEAD, (SECOND,), Deciders(organ=COUNTY, persons=(HEAD, FIRST, THIRD), council=True)),
        # one is no council
        (COUNTY, HEAD, (FIRST, SECOND), Deciders(organ=None)),
    ],
)
def test_the_nearest_head_decides_and_a_council_about_heads(organ, officer, out, who):
    assert deciders(organ, PARENTS, POSTS, officer, out) == who


@pytest.mark.parametrize(
    ("votes", "members", "found"),
    [
        ([True], 3, None),  # less than two thirds
        ([True, True], 3, True),
        ([False, False], 3, False),
        ([True, False], 3, None),  # two thirds, and no majority
        ([True, False, False], 3, False),
        ([True, False], 2, True),  # all have voted, half for each: he keeps out
        ([True], 2, None),
        ([False, False, False], 5, None),
        ([True, False, False, False], 5, False),
    ],
)
def test_a_council_decides_by_most_votes_when_two_thirds_have_voted(votes, members, found):
    assert decided(votes, members) is found


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.lists(st.booleans(), min_size=2, max_size=9))
def test_a_council_comes_to_a_decision_at_the_latest_with_its_last_vote(votes):
    assert decided(votes, len(votes)) is (votes.count(True) >= votes.count(False))


def test_a_complaint_goes_neither_to_those_complained_of_nor_to_their_heads():
    heads = {OFFICER: HEAD, OTHER: CENTRE_HEAD, HEAD: FIRST}

    assert shielded([OFFICER], heads) == {OFFICER, HEAD}
    assert shielded([OFFICER, HEAD], heads) == {OFFICER, HEAD, FIRST}
    assert shielded([THIRD], heads) == {THIRD}
