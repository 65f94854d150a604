"""A wrong day is corrected: what counts by it is counted anew, and the former day stays in the trace."""

from __future__ import annotations

import json
from datetime import date

import pytest
import sqlalchemy as sa

from engine import commands
from engine.db import tables as t
from engine.db.store import reading
from engine.errors import (
    TimeFirst,
)
from engine.model import CaseState
from engine.settings import settings
from tests import cards, county
from tests.commands import office, small
from tests.commands.mended import approve, correct, facts, propose, sound
from tests.commands.office import on
from tests.county import at, events, types


@pytest.fixture
def town(database_url):
    with on("2026-03-09"):  # Monday
        yield office.town()


@pytest.fixture
def filed(town):
    return county.file(town)


def test_nothing_changes_until_the_head_of_the_unit_approves(town, filed):
    before = county.row(filed.case), types(filed.number)

    propose(town.li, filed.case, mark="received", on=date(2026, 3, 5))

    assert (county.row(filed.case), types(filed.number)) == before


def test_back_entry_after_an_outage_counts_from_the_day_the_paper_came_in(town, filed):
    key = correct(town, filed.case, "received", "2026-03-05")  # Thursday

    row = county.row(filed.case)
    assert json.loads(row.marks_json)["received"] == "2026-03-05"
    assert (row.due_on, small.clock(filed.case, "statute:L01").due_on) == (date(2026, 3, 12), date(2026, 3, 12))
    assert small.timer_of(filed.case).fires_at == at("2026-03-13 00:00")
    assert facts(filed.number, "mark.corrected") == [
        {"proposal": key, "mark": "received", "from": "2026-03-09", "to": "2026-03-05"}
    ]
    assert facts(filed.number, "clock.recounted") == [
        {
            "key": "statute:L01", "kind": "statute", "from": "2026-03-16", "to": "2026-03-12", "provisional": False,
            "why": "correction",
        }
    ]  # fmt: skip
    assert events(filed.number)[-1]["at"] == "2026-03-09T02:00:00.000000Z"  # both days are kept
    assert row.filed_at == at("2026-03-09 10:00")
    assert sound()


def test_the_step_clock_that_began_when_it_was_entered_stays(town, filed):
    step = f"step:{county.step(filed.case, 'intake/accept').token}"
    before = small.clock(filed.case, step)

    correct(town, filed.case, "received", "2026-03-05")

    assert small.clock(filed.case, step) == before


def test_there_and_back_all_days_are_as_they_were(town, filed):
    before = county.row(filed.case), small.clock(filed.case, "statute:L01"), small.timer_of(filed.case)

    correct(town, filed.case, "received", "2026-03-05")
    correct(town, filed.case, "received", "2026-03-09")

    row = county.row(filed.case)
    names = ("marks_json", "due_on", "blue_on", "yellow_on", "red_on")
    assert [getattr(row, name) for name in names] == [getattr(before[0], name) for name in names]
    assert (small.clock(filed.case, "statute:L01"), small.timer_of(filed.case)) == before[1:]


def test_where_silence_has_run_out_by_the_new_day_it_takes_effect_at_once(town, filed):
    correct(town, filed.case, "received", "2026-02-27")  # Saturday the 28th works: five end on Thursday

    assert small.timer_of(filed.case).fires_at == at("2026-03-09 10:00")
    commands.catch_up()

    assert "intake/accept" not in county.open_paths(filed.case)
    assert json.loads(county.row(filed.case).marks_json)["accepted"] == "2026-02-27"
    assert [f["overrun_on"] for f in facts(filed.number, "clock.overrun") if f["key"] == "statute:L01"] == [
        "2026-03-06"
    ]
    assert sound()


def test_a_mark_on_anothers_day_follows_it(town, filed):
    with on("2026-03-17"):
        commands.catch_up()  # accepted by silence, on the day of receipt
        correct(town, filed.case, "received", "2026-03-10")

    assert [(f["mark"], f["to"]) for f in facts(filed.number, "mark.corrected")] == [
        ("received", "2026-03-10"),
        ("accepted", "2026-03-10"),
    ]
    assert small.clock(filed.case, "statute:L03").started_on == date(2026, 3, 10)


DECIDED = small.item(
    "L03", "s>take take>judge judge>rest rest>z", small.begins(), small.step("take", small.mark("accepted")),
    small.step("judge", small.mark("decided"), post="decider"), small.step("rest", post="issuer"), '<endEvent id="z"/>',
)  # fmt: skip


@pytest.fixture
def decided_late(town):
    """A decision of 3 April that was entered on Monday 13 April, the day after the last one: 10 April."""
    county.deploy(town, settings().processes / "efficacy_card")
    small.deploy(town, DECIDED)
    filed = small.file(town)
    with on("2026-03-12"):
        small.do(town, filed.case, "take")
    with on("2026-04-13"):
        small.do(town, filed.case, "judge")
    return filed


def test_an_overrun_that_was_none_is_void_its_event_and_its_card_stay(town, decided_late):
    assert small.clock(decided_late.case, "statute:L03").due_on == date(2026, 4, 10)
    with on("2026-04-13"):
        key = propose(town.li, decided_late.case, mark="decided", on=date(2026, 4, 3))
        with pytest.raises(TimeFirst):  # whether a card follows is decided first
            approve(town.qin, key)
        commands.catch_up()
        approve(town.qin, key)
        commands.catch_up()

    clock = small.clock(decided_late.case, "statute:L03")
    assert (clock.ended_on, clock.overrun_at) == (date(2026, 4, 3), None)
    assert [f["key"] for f in facts(decided_late.number, "clock.overrun") if f["key"].startswith("statute")] == [
        "statute:L03"
    ]
    with reading() as conn:
        assert conn.scalars(sa.select(t.card.c.key).where(t.card.c.key == "statute:L03")).all() == ["statute:L03"]
    assert cards.rederived() == cards.in_database()
    assert sound()


def test_an_ended_clock_that_was_late_after_all_is_overrun_and_a_card_follows(town):
    county.deploy(town, settings().processes / "efficacy_card")
    small.deploy(town, DECIDED)
    filed = small.file(town)
    with on("2026-03-12"):
        small.do(town, filed.case, "take")
    with on("2026-04-09"):
        small.do(town, filed.case, "judge")
        correct(town, filed.case, "accepted", "2026-03-09")  # the twentieth working day was 7 April
        late = [f for f in facts(filed.number, "clock.overrun") if f["key"] == "statute:L03"]
        commands.catch_up()

    assert [f["overrun_on"] for f in late] == ["2026-04-08"]
    with reading() as conn:
        drafted = conn.execute(sa.select(t.card).where(t.card.c.key == "statute:L03")).one()
    assert (drafted.on, drafted.path) == (date(2026, 4, 8), "judge")
    assert cards.rederived() == cards.in_database()
    assert sound()


def test_in_a_closed_case_the_mark_is_corrected_and_no_clock(town, decided_late):
    with on("2026-04-14"):
        small.do(town, decided_late.case, "rest")
        commands.catch_up()
        before = small.clock(decided_late.case, "statute:L03")
        correct(town, decided_late.case, "decided", "2026-04-03")

    row = county.row(decided_late.case)
    assert (row.state, json.loads(row.marks_json)["decided"]) == (CaseState.CLOSED, "2026-04-03")
    assert small.clock(decided_late.case, "statute:L03") == before
    assert "clock.recounted" not in types(decided_late.number)
