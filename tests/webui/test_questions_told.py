"""Who approves that an officer leaves, or loses the last desk post, reads how many steps wait for an opinion."""

from __future__ import annotations

from datetime import date

import pytest

from engine import commands
from engine.db.store import begin
from tests import county
from tests.webui.officers import PAPER, approve, post_of, propose

MONDAY = date(2026, 3, 2)
WAITS = "有 1 步在等其意见"


@pytest.fixture
def asked(town):
    """Return a case on whose review he is asked for an opinion; the opinion on another one has come."""
    first, other = (county.file(town) for _ in range(2))
    for filed in (first, other):
        county.do(town, "li", filed.case, "intake/accept", "accept")
        key = county.claim(town, "wang", filed.case, "review")
        with begin(town.wang) as ctx:
            signer = commands.add_signer(ctx, key, officer=town.he.person, kind="before", reason="请看")
    with begin(town.he) as ctx:
        commands.advise(ctx, signer, opinion="可以")
    return first


def test_of_who_leaves_the_questions_are_counted_and_no_case_is_named(visit, town, asked):
    made = propose(town, "leaving", officer=town.he.person, to_on=MONDAY)

    page = visit("jin").page(f"/office/proposals/{made}")

    assert WAITS in page
    assert asked.number not in page
    assert "Their opinion is asked for on 1" in visit("jin").page(f"/office/proposals/{made}?lang=en")
    assert WAITS in visit("lu").page(f"/office/people/{town.he.person}/leaving")


def test_the_last_desk_post_tells_them_and_another_one_does_not(visit, town, asked):
    made = propose(town, "end_of_post", post_of(town, "he"), to_on=MONDAY, reason="调岗")
    assert WAITS in visit("jin").page(f"/office/proposals/{made}")

    granted = {"officer": town.he.person, "organ": 1, "from_on": MONDAY, "writing": PAPER}
    approve(town, propose(town, "post", post="reviewer", **granted))

    assert WAITS not in visit("jin").page(f"/office/proposals/{made}")


def test_after_it_the_holder_reads_why_the_opinion_is_not_waited_for(visit, town, asked):
    approve(town, propose(town, "leaving", officer=town.he.person, to_on=MONDAY))
    commands.catch_up()

    assert "请提意见的人不再经办" in visit("wang").page("/inbox")
