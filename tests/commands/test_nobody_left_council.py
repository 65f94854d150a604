"""A vote, and the conclusion of who presides, leave somebody for what comes later."""

from __future__ import annotations

import pytest

from engine import clock, commands
from engine.db.store import begin
from engine.errors import NobodyLeft
from tests.commands.small import form
from tests.commands.test_nobody_left import deployed, do, file
from tests.county import at, step
from tests.staffing import township
from tests.staffing.township import item

COUNCIL = township.step(
    "council", "council_member", '<sun:collective chair="legal_reviewer" quorum="2/3"/>', name="集体决策"
)
ISSUE = township.step("issue", "issuer", name="送达")
DECIDED = "s>accept accept>council council>issue issue>e"
MEMBERS = {"dan": ("acceptance", "shimen"), "an": ("council_member", "shimen"), "bo": ("council_member", "shimen")}


@pytest.fixture
def council(database_url):
    """A case before its council: whoever votes or presides does not serve what it decides."""

    def made(**officers):
        kept = '<sun:separate steps="council issue" rule="SOD-04"/>'
        forms = {"council": form(minutes={"type": "string", "title": "记录", "title_en": "Minutes"})}
        drawn = item(township.THREE[0], COUNCIL, ISSUE, kept=kept, drawn=DECIDED, forms=forms)
        there = deployed(MEMBERS | officers, drawn)
        case = file(there, "dan")
        do(there, "dan", case.case, "accept")
        return there, case.case

    with clock.at(at("2026-03-02 10:00")):
        yield made


def vote(town, who, case):
    with begin(town.people[who]) as ctx:
        commands.vote(ctx, step(case, "council").id, outcome="pass", opinion="")


def test_whom_a_later_step_needs_does_not_vote(council):
    there, case = council(cai=("council_member issuer", "shimen"), xia=("legal_reviewer", "shimen"))

    vote(there, "an", case)
    with pytest.raises(NobodyLeft):
        vote(there, "cai", case)
    vote(there, "bo", case)


def test_whom_a_later_step_needs_does_not_preside(council):
    there, case = council(xia=("legal_reviewer issuer", "shimen"), yun=("legal_reviewer", "shimen"))
    vote(there, "an", case)
    vote(there, "bo", case)

    def conclude(who):
        with begin(there.people[who]) as ctx:
            key = step(case, "council").id
            return commands.complete(ctx, key, outcome="pass", form={"minutes": "一致。"}, opinion="")

    with pytest.raises(NobodyLeft):
        conclude("xia")
    conclude("yun")
