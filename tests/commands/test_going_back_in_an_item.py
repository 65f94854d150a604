"""The licence sent back and taken back: review anew, the inspection stands, the law's clocks run on, nothing twice."""

import pytest

from engine import clock, commands
from engine.db import tables as t
from engine.db.store import begin, reading
from engine.errors import CannotReturn, CannotWithdraw, Stale
from tests import county
from tests.commands import small
from tests.commands.test_races import race
from tests.commands.undoable import back, rows, split, take_back, whole
from tests.county import at


@pytest.fixture
def town(database_url):
    with clock.at(at("2026-03-02 10:00")):
        yield county.found({"xu": ("reviewer", "yl")})


def to_recheck(town):
    filed = county.file(town)
    county.do(town, "li", filed.case, "intake/accept", "accept")
    county.do(town, "wang", filed.case, "review", "pass")
    county.do(town, "chen", filed.case, "site_inspection/inspect", "pass")
    county.do(town, "liu", filed.case, "site_inspection/inspect", "pass")
    return filed


def test_recheck_sends_the_review_back_and_the_inspection_stands(town):
    filed = to_recheck(town)
    promised = small.clock(filed.case, "promise:L03")

    back(town, "he", filed.case, "recheck", "review")

    assert county.open_paths(filed.case) == ["review"]
    assert small.clock(filed.case, "promise:L03") == promised
    county.do(town, "wang", filed.case, "review", "pass")
    assert county.open_paths(filed.case) == ["recheck"]
    county.do(town, "he", filed.case, "recheck", "agree")
    back(town, "zhao", filed.case, "decide", "recheck")
    county.do(town, "he", filed.case, "recheck", "agree")
    county.do(town, "zhao", filed.case, "decide", "grant")
    assert county.open_paths(filed.case) == ["issue/make"]
    marks = [e["facts"]["mark"] for e in county.events(filed.number) if e["type"] == "mark.reached"]
    assert len(marks) == len(set(marks))
    assert whole(filed.number) == []


def test_nothing_goes_back_over_acceptance_or_decision(town):
    filed = to_recheck(town)
    county.claim(town, "he", filed.case, "recheck")
    with pytest.raises(CannotReturn), begin(town.he) as ctx:
        commands.return_step(ctx, county.step(filed.case, "recheck").id, to="intake/accept", reason="因为")
    with reading() as conn:
        accepted = county.step(filed.case, "intake/accept").id
        assert commands.withdrawable(conn, accepted, town.li.person) == "effect"
    with pytest.raises(CannotWithdraw):
        take_back(town, "li", filed.case, "intake/accept")


def test_what_runs_beside_the_flow_is_not_touched_by_a_return(town):
    filed = to_recheck(town)
    county.deliver(town, "wang", filed.case, "extension")

    back(town, "he", filed.case, "recheck", "review")

    assert county.open_paths(filed.case) == ["extension/ask", "review"]


def test_withdrawal_and_the_successors_claim_race_and_exactly_one_wins(town):
    small.deploy(town, split())

    for _ in range(4):
        filed = small.file(town)
        small.do(town, filed.case, "prepare")
        key, first = county.step(filed.case, "left").id, county.step(filed.case, "prepare").id

        def claiming(key=key):
            with begin(town.xu) as ctx:
                return "claimed", commands.claim(ctx, key)

        def withdrawing(first=first):
            with begin(town.wang) as ctx:
                return "withdrawn", commands.withdraw_step(ctx, first, reason="填错")

        results = race(claiming, withdrawing)

        won = [result[0] for result in results if isinstance(result, tuple)]
        lost = [result for result in results if not isinstance(result, tuple)]
        assert len(won) == 1, results
        assert isinstance(lost[0], Stale | CannotWithdraw), results
        held = county.step(filed.case, "left").claimed_by
        assert (held == town.xu.person) == (won == ["claimed"])
        assert county.open_paths(filed.case) == (["left", "right"] if held else ["prepare"])
        assert whole(filed.number) == []


def test_the_newer_completion_is_the_one_that_counts(town):
    filed = to_recheck(town)
    county.deliver(town, "wang", filed.case, "extension")
    county.do(town, "wang", filed.case, "extension/ask", "ask")
    take_back(town, "wang", filed.case, "extension/ask")
    county.do(town, "wang", filed.case, "extension/ask", "ask")

    acts = [row["kind"] for row in rows(t.act, filed.case) if row["path"] == "extension/ask"]
    assert acts == ["complete", "withdraw", "complete"]
    assert county.open_paths(filed.case) == ["extension/approve", "recheck"]
    county.do(town, "qin", filed.case, "extension/approve", "agree")
    assert small.clock(filed.case, "statute:L03").extended == 10
