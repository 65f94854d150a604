"""A case whose flow cannot go on: all is rolled back, the case is in fault, its steps rest and its clocks run."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from engine import clock, commands
from engine.bpmn import budget
from engine.db import due, faults
from engine.db import tables as t
from engine.db.engines import engine
from engine.db.store import begin, reading
from engine.errors import CaseFaulted, CaseInFault, EngineFault
from engine.model import SYSTEM_ACTOR, Actor
from engine.settings import settings
from tests import county, faulty
from tests.commands.test_atomicity import everything
from tests.commands.test_races import race
from tests.county import claim, events, row, step, types
from tests.faulty import LATER, MONDAY, accept, armed, break_down


@pytest.fixture
def town(database_url):
    with faulty.found() as town:
        yield town


@pytest.fixture
def filed(town):
    return faulty.file(town)


def test_only_state_version_and_the_events_have_changed(town, filed):
    claim(town, "li", filed.case, "intake/accept")
    before, told = everything(), len(types(filed.number))

    break_down(town, filed)

    after = everything()
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"case_", "event", "chain"}
    (old,), (new,) = before["case_"], after["case_"]
    assert {name for name in old._mapping if old._mapping[name] != new._mapping[name]} == {
        "state",
        "version",
        "fault_json",
    }
    assert (new.state, new.version) == ("fault", old.version + 1)
    assert types(filed.number)[told:] == ["refused", "case.faulted"]


def test_the_case_says_what_was_done_where_it_broke_and_since_when(town, filed):
    break_down(town, filed)

    fault = faults.parse(row(filed.case).fault_json)
    event = events(filed.number)[-1]

    assert fault is not None
    assert (fault.verb, fault.step, fault.since) == ("complete", "intake/accept", MONDAY)
    assert "ZeroDivisionError" in fault.why
    assert fault.at == faulty.PLACE
    assert event["facts"] == {"verb": "complete", "why": fault.why, "at": fault.at}
    assert (event["step"], event["person"]) == ("intake/accept", events(filed.number)[-2]["person"])
    assert event["person"] not in (None, "system")
    with reading() as conn:
        assert commands.check(conn).faults == []


def test_the_clerk_is_told_who_repairs_it_and_still_holds_the_step(town, filed):
    with pytest.raises(CaseFaulted) as refusal:
        accept(town, filed.case)

    assert "flow manager" in str(refusal.value)
    assert "Nothing was lost" in str(refusal.value)
    assert isinstance(refusal.value.__cause__, EngineFault)
    assert step(filed.case, "intake/accept").claimed_by == town.li.person
    assert step(filed.case, "intake/accept").closed_at is None


def test_a_fault_at_filing_makes_no_case(town, monkeypatch):
    monkeypatch.setattr(budget, "ELEMENTS", 0)
    before = everything()

    with pytest.raises(EngineFault) as refusal:
        faulty.file(town)

    assert not isinstance(refusal.value, CaseFaulted)
    assert {name for name, rows in everything().items() if rows != before[name]} <= {"event", "chain"}


@pytest.mark.parametrize("verb", ["claim", "release", "complete", "take_back"])
def test_nobody_acts_on_a_step_of_a_case_in_fault(town, filed, verb):
    break_down(town, filed)
    key = step(filed.case, "intake/accept").id
    acts: dict[str, Callable[[Any], Any]] = {
        "claim": lambda ctx: commands.claim(ctx, key),
        "release": lambda ctx: commands.release(ctx, key),
        "complete": lambda ctx: commands.complete(ctx, key, outcome="not_ours", form={}, opinion=""),
        "take_back": lambda ctx: commands.take_back(ctx, key),
    }
    before = everything()

    with pytest.raises(CaseInFault) as refusal, begin(town.li) as ctx:
        acts[verb](ctx)

    assert "flow manager" in str(refusal.value)
    assert everything() == before


def test_what_was_typed_on_a_step_is_kept_in_fault_too(town, filed):
    break_down(town, filed)
    key = step(filed.case, "intake/accept").id

    with begin(town.li) as ctx:
        commands.save_draft(ctx, item=None, step=key, body={"opinion": "同意"})

    with reading() as conn:
        assert conn.scalar(sa.select(t.draft.c.step)) == key


@pytest.mark.parametrize("by", ["applicant", "desk"])
def test_an_application_can_be_taken_back_in_fault(town, filed, by):
    break_down(town, filed)
    who = town.li if by == "desk" else Actor(person=row(filed.case).applicant, channel="portal")

    with begin(who) as ctx:
        commands.withdraw(ctx, filed.case, reason="不开店了")

    after = row(filed.case)
    assert (after.state, after.fault_json) == ("withdrawn", None)
    assert armed(filed.case).cancelled_at is not None


def test_a_lost_receipt_is_replaced_in_fault(town, filed):
    break_down(town, filed)

    with begin(town.li) as ctx:
        assert commands.reissue_code(ctx, filed.case)


def test_clocks_run_on_and_their_overruns_are_recorded_but_no_timer_fires(town, filed):
    break_down(town, filed)
    other = county.file(town)

    with clock.at(LATER):
        done, failed = commands.catch_up()

    assert failed == 0
    assert done > 0
    assert "clock.overrun" in types(filed.number)
    assert "timer.fired" not in types(filed.number)
    assert "timer.fired" in types(other.number)
    assert row(filed.case).state == "fault"
    with reading() as conn:
        assert due.work(conn, LATER, papers=0) == []
        assert due.oldest(conn, LATER) is None
        due_next = due.upcoming(conn)
    assert due_next is None or due_next > LATER


def test_a_fault_of_a_timer_is_the_cases_alone_and_holds_up_none_of_its_clocks(town, filed, caplog):
    other = county.file(town)

    with clock.at(LATER), caplog.at_level(logging.WARNING):
        _, failed = commands.catch_up()
        again = commands.catch_up()

    assert (failed, again) == (1, (0, 0))
    assert len([r for r in caplog.records if "in fault" in r.message]) == 1
    assert row(filed.case).state == "fault"
    assert row(other.case).state == "open"
    told = types(filed.number)
    assert told.count("case.faulted") == 1
    assert "clock.overrun" in told
    assert armed(filed.case).fired_at is None
    fault = faults.parse(row(filed.case).fault_json)
    assert fault is not None
    assert (fault.verb, fault.step) == ("fire_timer", "intake/silent")
    assert events(filed.number)[told.index("case.faulted")]["person"] == system()


def system() -> str:
    with reading() as conn:
        return str(conn.scalar(sa.select(t.person.c.pseudonym).where(t.person.c.id == 0)))


def test_overruns_after_a_timer_broke_are_recorded_in_the_same_run(town, filed):
    faulty.slower_step(filed.case)

    with clock.at(LATER):
        commands.catch_up()

    told = types(filed.number)
    assert told.count("clock.overrun") == 2
    assert told[-1] == "clock.overrun"
    assert told.index("case.faulted") < len(told) - 1


def test_a_case_that_has_moved_on_meanwhile_is_left_alone(town, filed):
    key = claim(town, "li", filed.case, "intake/accept")
    moving = (filed.case, row(filed.case).version)
    with begin(town.li) as ctx:
        commands.release(ctx, key)
    before = row(filed.case)

    def break_too_late() -> None:
        with begin(town.li) as ctx:
            ctx.subject.verb, ctx.subject.chain, ctx.subject.moving = "complete", filed.number, moving
            raise EngineFault(why="for a test")

    with pytest.raises(EngineFault) as refusal:
        break_too_late()

    assert not isinstance(refusal.value, CaseFaulted)
    assert row(filed.case) == before
    assert types(filed.number)[-1] == "refused"


def test_of_two_who_break_it_at_once_one_says_so_and_the_other_sees_it(town, filed):
    key = claim(town, "li", filed.case, "intake/accept")

    def completing() -> Any:
        with begin(town.li) as ctx:
            return commands.complete(ctx, key, outcome="accept", form={}, opinion="同意")

    results = race(completing, completing)

    kinds = sorted(type(result).__name__ for result in results)
    assert kinds in (["CaseFaulted", "CaseInFault"], ["CaseFaulted", "Fault"]), results
    assert types(filed.number).count("case.faulted") == 1
    assert row(filed.case).state == "fault"
    with reading() as conn:
        assert commands.check(conn).faults == []


def test_a_fault_that_cannot_be_noted_leaves_the_case_open(town, filed):
    """Broken off between the roll-back and the second transaction: as if nobody had tried."""
    key = claim(town, "li", filed.case, "intake/accept")
    before = everything()

    class Broken(Exception):
        pass

    def note(conn, cursor, statement, parameters, context, executemany):
        if "fault_json=" in statement:
            raise Broken

    sa.event.listen(engine(settings().database_url), "before_cursor_execute", note)
    try:
        with pytest.raises(Broken), begin(town.li) as ctx:
            commands.complete(ctx, key, outcome="accept", form={}, opinion="同意")
    finally:
        sa.event.remove(engine(settings().database_url), "before_cursor_execute", note)

    assert everything() == before
    assert row(filed.case).state == "open"


def test_firing_by_hand_does_nothing_in_fault(town, filed):
    break_down(town, filed)
    with clock.at(LATER), begin(SYSTEM_ACTOR) as ctx:
        assert commands.fire_timer(ctx, armed(filed.case).id) is False
