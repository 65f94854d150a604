"""The own recusal of a head is decided together: two thirds vote, most votes count, and he is not among them."""

from __future__ import annotations

import pytest

from engine.errors import AlreadyRaised, NotDecider, Recused, VoteGiven
from tests import county
from tests.county import claim, deliver, do, file
from tests.recusals import applicant, ask, decide, row, tie

SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def filed(town):
    """A case whose extension waits for the head."""
    made = file(town)
    do(town, "li", made.case, "intake/accept", "accept")
    deliver(town, "wang", made.case, "extension")
    do(town, "wang", made.case, "extension/ask", "ask")
    return made


@pytest.fixture
def recusal(town, filed):
    return ask(town.qin, filed.case, town.qin, "in_law")


def votes(filed):
    return [e for e in county.events(filed.number) if e["type"] == "recusal.voted"]


def test_two_of_three_members_keep_the_head_out(town, filed, recusal):
    decide(town.xu, recusal, upheld=True)
    assert row(recusal).decided_at is None
    with pytest.raises(VoteGiven):
        decide(town.xu, recusal, upheld=True)

    decide(town.fan, recusal, upheld=True, reason="连襟")

    assert (row(recusal).upheld, row(recusal).decision) == (True, "连襟")
    assert [(e["facts"]["voted"], e["facts"]["members"], e["outcome"]) for e in votes(filed)] == [
        (1, 3, "upheld"),
        (2, 3, "upheld"),
    ]
    assert county.types(filed.number)[-1] == "recusal.decided"
    with pytest.raises(AlreadyRaised):
        decide(town.shi, recusal, upheld=False)
    with pytest.raises(Recused):
        claim(town, "qin", filed.case, "extension/approve")


def test_when_two_disagree_the_third_decides(town, filed, recusal):
    decide(town.xu, recusal, upheld=True)
    decide(town.fan, recusal, upheld=False)
    assert row(recusal).decided_at is None

    decide(town.shi, recusal, upheld=False)

    assert row(recusal).upheld is False
    claim(town, "qin", filed.case, "extension/approve")


@SQLITE
@pytest.mark.parametrize("who", ["qin", "tang", "li"])
def test_neither_the_head_himself_nor_another_decides_it(town, recusal, who):
    with pytest.raises(NotDecider, match="集体决策成员"):
        decide(town.people[who], recusal, upheld=False)


@SQLITE
def test_a_member_who_asked_or_is_tied_does_not_vote(town, filed):
    tie(town, "xu", county.row(filed.case).applicant, "interest")
    recusal = ask(applicant(filed.case), filed.case, town.wang)
    decide(town.qin, recusal, upheld=False)  # a head decides about others
    own = ask(town.qin, filed.case, town.qin, "in_law")

    with pytest.raises(NotDecider):
        decide(town.xu, own, upheld=False)

    decide(town.fan, own, upheld=True)
    decide(town.shi, own, upheld=False)
    assert row(own).upheld is True  # half and half: he keeps out


@SQLITE
def test_a_head_with_a_tie_leaves_it_to_the_next_above(town):
    filed = file(town)
    claim(town, "li", filed.case, "intake/accept")
    tie(town, "tang", county.row(filed.case).applicant, "interest")
    recusal = ask(town.li, filed.case, town.li)

    with pytest.raises(NotDecider):
        decide(town.tang, recusal, upheld=False)

    decide(town.qin, recusal, upheld=True)
    with pytest.raises(Recused):
        claim(town, "li", filed.case, "intake/accept")


@SQLITE
def test_a_head_who_asked_does_not_decide(town, filed):
    claim(town, "qin", filed.case, "extension/approve")
    recusal = ask(town.qin, filed.case, town.wang, "interest")

    with pytest.raises(NotDecider):
        decide(town.qin, recusal, upheld=True)

    decide(town.xu, recusal, upheld=True)
    decide(town.shi, recusal, upheld=True)
    assert row(recusal).upheld is True
