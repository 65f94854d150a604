"""A case in fault is repaired by two persons without a hand in it: it tries again, or goes on at a declared step."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from engine import clock, commands
from engine.bpmn import budget
from engine.db import tables as t
from engine.db.store import begin, reading
from engine.errors import (
    CaseFaulted,
    EngineFault,
    Invalid,
    NotFound,
    NotInFault,
)
from engine.settings import settings
from tests import county, faulty
from tests.commands.test_atomicity import everything
from tests.county import claim, events, open_paths, row, step, types
from tests.faulty import LATER, MONDAY, WHY, accept, approve, armed, break_down, decline, proposal, propose, repair
from tests.samples import FORMS


@pytest.fixture
def town(database_url):
    with faulty.found() as town:
        yield town


@pytest.fixture
def broken(town):
    return faulty.broken(town)


def test_nothing_has_changed_in_the_case_until_a_second_person_approves(town, broken):
    before = row(broken.case), types(broken.number)

    key = propose(town, broken.case)

    assert (row(broken.case), types(broken.number)) == before
    assert (proposal(key).kind, proposal(key).about) == ("repair", broken.number)
    assert events("organ:1")[-1]["facts"].keys() == {"proposal", "kind", "digest"}


def test_retried_the_case_is_open_as_it_was_and_goes_on(town, broken):
    state = row(broken.case).engine_state

    result = repair(town, broken.case).result

    after = row(broken.case)
    assert (after.state, after.fault_json, after.engine_state) == ("open", None, state)
    assert result == f"{broken.number}: retry"
    assert step(broken.case, "intake/accept").claimed_by == town.li.person
    with begin(town.li) as ctx:
        form = FORMS["intake/accept:not_ours"]
        commands.complete(
            ctx, step(broken.case, "intake/accept").id, outcome="not_ours", form=form, opinion="不属本机关"
        )
    assert row(broken.case).state == "closed"


def test_retried_with_the_cause_still_there_it_is_in_fault_again(town, broken):
    repair(town, broken.case)

    break_down(town, broken)

    assert types(broken.number).count("case.faulted") == 2
    repair(town, broken.case)
    assert row(broken.case).state == "open"


def test_retried_after_the_cause_is_gone_the_same_act_comes_through(town, monkeypatch):
    filed = county.file(town)
    with monkeypatch.context() as patch:
        patch.setattr(budget, "ELEMENTS", 1)
        break_down(town, filed)
    repair(town, filed.case)

    accept(town, filed.case)

    assert open_paths(filed.case) == ["review", "site_inspection/inspect"]


def test_after_a_repair_timers_fire_that_came_due_meanwhile(town, broken):
    with clock.at(LATER):
        commands.catch_up()
        assert "timer.fired" not in types(broken.number)
        repair(town, broken.case)
        commands.catch_up()

    assert row(broken.case).state == "fault"  # the timer comes to the same gateway
    assert types(broken.number).count("case.faulted") == 2


def test_continued_at_a_step_its_flow_goes_on_there(town, broken):
    before = {c.key: c for c in clocks(broken.case)}

    result = repair(town, broken.case, "recheck").result

    assert result == f"{broken.number}: continue, recheck"
    assert open_paths(broken.case) == ["recheck"]
    left = step(broken.case, "intake/accept")
    assert (left.closed_at, left.outcome) == (MONDAY, None)
    after = {c.key: c for c in clocks(broken.case)}
    assert {k: c for k, c in before.items() if k.startswith("statute") and c.ended_on is None} == {
        k: c for k, c in after.items() if k in before and k.startswith("statute") and c.ended_on is None
    }
    new = {k for k, c in after.items() if c.ended_on is None} - set(before)
    assert new == {f"step:{step(broken.case, 'recheck').token}"}
    assert armed(broken.case).cancelled_at is not None
    county.do(town, "he", broken.case, "recheck", "agree")
    assert open_paths(broken.case) == ["decide"]


def clocks(case: int) -> list[Any]:
    with reading() as conn:
        return list(conn.execute(sa.select(t.clock).where(t.clock.c.case_ == case)))


def test_the_trace_of_the_case_tells_the_repair_and_what_followed(town, broken):
    told = len(types(broken.number))
    key = propose(town, broken.case, "recheck")

    approve(town, key)

    new = events(broken.number)[told:]
    assert [e["type"] for e in new] == [
        "case.repaired",
        "clock.ended",
        "step.cancelled",
        "clock.started",
        "step.opened",
    ]
    repaired = new[0]
    assert repaired["facts"] == {"proposal": key, "how": "continue", "at": "recheck"}
    assert repaired["post"] == "list_manager"
    assert next(e for e in new if e["type"] == "step.cancelled")["facts"] == {"why": "repair"}
    assert next(e for e in new if e["type"] == "step.opened")["facts"]["opened_by"] == repaired["id"]
    with reading() as conn:
        assert commands.check(conn).faults == []


def test_continued_where_it_stands_the_step_is_opened_anew(town, broken):
    repair(town, broken.case, "intake/accept")

    again = step(broken.case, "intake/accept")
    assert (again.round, again.claimed_by, again.closed_at) == (2, None, None)


@pytest.mark.parametrize("at", ["nowhere", "inspection_needed", "intake", "recheck/x", "case"])
def test_where_the_flow_cannot_continue_is_not_proposed(town, broken, at):
    with pytest.raises(Invalid) as refusal:
        propose(town, broken.case, at)

    assert refusal.value.findings[0].where == "at"


def test_a_step_behind_which_the_flow_would_be_stuck_is_not_proposed(town, broken):
    with pytest.raises(EngineFault):
        propose(town, broken.case, "review")  # the join waits for the inspection

    assert row(broken.case).state == "fault"


def test_a_repair_wants_a_reason_and_a_known_way(town, broken):
    with pytest.raises(Invalid):
        propose(town, broken.case, reason="  ")
    for how, at in (("retry", "recheck"), ("continue", ""), ("skip", "")):
        with pytest.raises(Invalid), begin(town.ma) as ctx:
            commands.propose_repair(ctx, broken.case, how=how, at=at, reason=WHY)


def test_a_case_that_is_not_in_fault_needs_no_repair(town):
    filed = county.file(town)

    with pytest.raises(NotInFault):
        propose(town, filed.case)
    with pytest.raises(NotFound):
        propose(town, 99)


def test_what_was_proposed_for_another_fault_is_not_carried_out(town, broken):
    first, second = propose(town, broken.case), propose(town, broken.case, "recheck")
    approve(town, first)
    with clock.at(LATER):
        commands.catch_up()  # the timer breaks it again
        assert row(broken.case).state == "fault"
        before = everything()

        with pytest.raises(NotInFault):
            approve(town, second)

    assert everything() == before
    assert proposal(second).approved_by is None
    decline(town, second)


def test_a_repair_of_a_case_withdrawn_meanwhile_is_refused(town, broken):
    key = propose(town, broken.case)
    with begin(town.li) as ctx:
        commands.withdraw(ctx, broken.case, reason="不开店了")

    with pytest.raises(NotInFault):
        approve(town, key)

    assert row(broken.case).state == "withdrawn"


def test_time_that_passes_does_not_make_a_proposal_stale(town, broken):
    key = propose(town, broken.case, "recheck")
    with clock.at(LATER):
        assert commands.catch_up()[0] > 0  # overruns are recorded, which changes the case

        approve(town, key)

    assert open_paths(broken.case) == ["recheck"]


def test_a_repair_that_breaks_down_when_carried_out_leaves_the_case_in_fault(town, broken, monkeypatch):
    key = propose(town, broken.case, "recheck")

    def stuck(*_: object, **__: object) -> None:
        raise EngineFault(why="for a test")

    monkeypatch.setattr(commands.repairing.run, "place", stuck)
    with pytest.raises(EngineFault) as refusal:
        approve(town, key)

    assert not isinstance(refusal.value, CaseFaulted)
    assert row(broken.case).state == "fault"
    assert proposal(key).approved_by is None


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_on_the_command_line(town, broken, monkeypatch, capsys):
    from engine.__main__ import main

    monkeypatch.setenv("SUNLIT_TOKEN", county.PASSWORD)
    settings.cache_clear()
    reason = ["--reason", WHY]

    assert main(["repair", broken.number, "--at", "nowhere", *reason, "--as", "ma"]) == 1
    assert main(["repair", "2026-YL-999999", "--retry", *reason, "--as", "ma"]) == 1
    assert main(["repair", broken.number, "--retry", *reason, "--as", "ma"]) == 0
    assert main(["repair", broken.number, "--at", "recheck", *reason, "--as", "ma"]) == 0
    capsys.readouterr()
    assert main(["proposals"]) == 0
    listed = capsys.readouterr().out
    assert listed.splitlines()[0] == f"4  repair {broken.number}  by Ma since 2026-03-02T10:00+08:00"
    assert listed.splitlines()[-1] == "2 waiting"
    assert main(["decline", "4", *reason, "--as", "feng"]) == 0
    assert main(["approve", "5", "--as", "ma"]) == 1
    assert main(["approve", "5", "--as", "feng"]) == 0
    assert open_paths(broken.case) == ["recheck"]
    capsys.readouterr()
    assert main(["proposals"]) == 0
    assert capsys.readouterr().out == "0 waiting\n"


def test_a_released_claim_does_not_outlive_a_repair(town, broken):
    repair(town, broken.case, "intake/accept")

    assert claim(town, "li", broken.case, "intake/accept")
