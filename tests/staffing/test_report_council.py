"""A decision taken by vote in the report: a quorum of the members, and a chair, here or in the nearest organ above."""

from __future__ import annotations

import pytest

from engine import clock, commands
from tests.commands import offices
from tests.commands.offices import TODAY
from tests.county import at
from tests.staffing.township import THREE, deploy, found, item, logins, outlook, step

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

COUNCIL = step("council", "council_member", '<sun:collective chair="chief" quorum="2/3"/>', name="集体决策")
KEPT = '<sun:separate steps="accept review council" rule="SOD-03"/>'
MADE = item(*THREE[:2], COUNCIL, kept=KEPT, drawn="s>accept accept>review review>council council>e")
DESK = {"ding": ("acceptance", "shimen"), "luo": ("reviewer", "shimen")}


@pytest.fixture(autouse=True)
def today(database_url):
    with clock.at(at("2026-03-02 10:00")):
        yield


def members(*logins_: str) -> dict[str, tuple[str, str]]:
    return dict.fromkeys(logins_, ("council_member", "shimen"))


def test_two_of_three_members_vote_and_the_chief_above_presides():
    town = found(DESK | members("an", "bo", "cai") | {"qin": ("chief", "yl")})
    deploy(town, MADE)

    seen = outlook()
    roster = seen.routes[0].roster
    assert len(roster["council"]) == 2
    assert [seat.person for seat in roster["council#chair"]] == [offices.person(town, "qin")]
    assert logins(town, seen.breaks_without) == [
        ["ding"], ["luo"], ["qin"], ["an", "bo"], ["an", "cai"], ["bo", "cai"],
    ]  # fmt: skip


def test_a_chief_of_the_office_itself_presides_there():
    town = found(DESK | members("an", "bo") | {"qin": ("chief", "yl"), "xia": ("chief", "shimen")})
    deploy(town, MADE)

    (seat,) = outlook().routes[0].roster["council#chair"]
    assert seat.person == offices.person(town, "xia")


def test_nobody_votes_or_presides_for_another():
    town = found(DESK | members("an", "bo") | {"qin": ("chief", "yl"), "yu": ("", "shimen")})
    deploy(town, MADE)
    terms = {"assignment": offices.held(town, "qin", "chief"), "officer": offices.person(town, "yu")}
    offices.do(town, commands.propose_stand_in, **terms, from_on=TODAY, to_on=None)

    conflict = outlook(absent=["qin"]).routes[0].conflict
    assert conflict.en == (
        "Chairing Council has nobody: in Yunling nobody is there by the post Chief officer (away: Qin)."
    )


def test_the_advice_for_a_chair_is_a_chief():
    deploy(found(DESK | members("an", "bo")), MADE)

    seen = outlook()
    assert "主持「集体决策」没有人可办" in seen.routes[0].conflict.zh
    assert [each.en for each in seen.advice] == [
        "grant the post Chief officer in Shimen to An or Bo or Ma or Feng or Lu, or to one more officer."
    ]
