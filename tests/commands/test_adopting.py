"""Adopting a yearly notice: in one pass every open clock exactly where the law puts it, all traced."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest
import sqlalchemy as sa

from engine import clock, commands
from engine.db import tables as t
from engine.db.store import reading
from tests import county
from tests.commands.adoptions import NOW, adopt, approve, clocks, in_force, moves, propose, rows_follow, running_cases
from tests.commands.test_statements import counted
from tests.commands.versions import Files
from tests.county import at, file
from tests.notices import OFF, calendar, drawn, notice


@pytest.fixture
def town(database_url):
    yield from running_cases()


def test_a_clock_of_twenty_working_days_crosses_into_the_year_as_the_notice_says(town):
    before = clocks()[1, "statute:L03"]
    assert (before.due_on, before.provisional) == (date(2027, 1, 12), True)

    adopt(town, notice())

    after = clocks()[1, "statute:L03"]
    assert (after.due_on, after.provisional) == (date(2027, 1, 13), False)
    (told,) = moves()[1, "statute:L03"]
    assert (told["from"], told["to"]) == ("2027-01-12", "2027-01-13")
    assert (told["was_provisional"], told["provisional"]) == (True, False)


@pytest.mark.parametrize("seed", range(4))
def test_all_open_clocks_stand_where_the_pure_function_puts_them_and_each_change_is_told_once(town, seed):
    before = clocks()

    result = adopt(town, drawn(seed))

    assert result == f"2027: clocks moved {in_force(drawn(seed), before)}"


def test_no_date_that_was_provisional_is_left_so_and_none_before_the_year_moves(town):
    before = clocks()
    crossing = {key for key, each in before.items() if each.provisional and each.ended_on is None}
    assert {key[0] for key in crossing} == {1, 2, 5, 6}  # 2 is in fault: its time runs; 3 is due this year; 4 is closed

    adopt(town, notice())

    assert any(key.startswith("step:") for _, key in crossing)
    assert moves().keys() == crossing
    assert not any(each.provisional for each in clocks().values() if each.ended_on is None)


def test_a_day_that_stays_is_told_too_when_it_ceases_to_be_provisional(town):
    adopt(town, notice(["2027-01-01"], ["2027-01-16"]))

    (told,) = moves()[1, "statute:L03"]
    assert told["from"] == told["to"] == "2027-01-12"


def test_the_timer_of_silence_follows_its_clock_and_is_told(town):
    adopt(town, notice())

    (told,) = moves("timer.moved").values()
    assert [(each["from"][:16], each["to"][:16]) for each in told] == [("2027-01-07T16:00", "2027-01-08T16:00")]


def test_a_timer_in_working_days_counts_from_the_day_it_was_armed(database_url, tmp_path):
    with clock.at(at("2026-12-01 10:00")):
        town = county.found()
        no_law = [('<sun:limit rule="L01" from="received" until="answered"/>', ""), ('<sun:effect rule="L01"/>', "")]
        files = Files(tmp_path).edit("_shared/intake", ('limit("L01")', "workdays(5)"), *no_law)
        files.edit(county.ITEM, ('promise="7"', 'promise="15"')).deploy(town)
    with clock.at(NOW):
        file(town)
        with reading() as conn:
            armed = conn.execute(sa.select(t.timer)).one()
        assert (armed.armed_on, armed.fires_at) == (date(2026, 12, 30), at("2027-01-08 00:00"))

        adopt(town, notice())

        with reading() as conn:
            assert conn.execute(sa.select(t.timer.c.fires_at)).scalar_one() == at("2027-01-09 00:00")
        assert len(moves("timer.moved")) == 1


def test_the_adoption_is_told_in_the_chain_of_the_organ(town):
    proposal = propose(town, notice())
    approve(town, proposal)

    made, adopted, approved = county.events("organ:1")[-3:]
    assert [e["type"] for e in (made, adopted, approved)] == ["proposal.made", "calendar.adopted", "proposal.approved"]
    assert adopted["facts"] == {
        "proposal": proposal,
        "year": 2027,
        "amends": False,
        "days": 365,
        "digest": made["facts"]["digest"],
        "clocks": len(moves()),
    }


def test_what_is_filed_afterwards_is_counted_by_the_new_calendar(town):
    adopt(town, notice())

    filed = file(town)

    assert clocks()[filed.case, "statute:L01"].due_on == calendar(notice()).add(date(2026, 12, 30), 5)
    assert not clocks()[filed.case, "statute:L01"].provisional


def test_an_amendment_moves_what_it_touches_and_nothing_else(town):
    adopt(town, notice())
    before, told = clocks(), Counter({key: len(each) for key, each in moves().items()})
    amended = notice(makeup=["2027-01-09", "2027-02-20"])  # the Saturday before, not 16 January

    adopt(town, amended, amends=True)

    after = clocks()
    assert after[1, "statute:L03"].due_on == date(2027, 1, 12)
    moved = {key for key in before if before[key].due_on != after[key].due_on}
    assert Counter({key: len(each) for key, each in moves().items()}) == told + Counter(moved)
    rows_follow(calendar(amended))
    assert county.events("organ:1")[-2]["facts"]["days"] == 2


def test_a_clock_whose_last_day_becomes_a_day_off_moves(town):
    adopt(town, notice())
    assert clocks()[1, "statute:L03"].due_on == date(2027, 1, 13)

    adopt(town, notice([*OFF, "2027-01-13"]), amends=True)

    assert clocks()[1, "statute:L03"].due_on == date(2027, 1, 14)


def test_an_overrun_that_was_none_by_the_notice_is_void_and_comes_again_on_its_day(town):
    with clock.at(at("2027-01-13 10:00")):
        commands.catch_up()
        assert clocks()[1, "statute:L03"].overrun_at is not None
        adopt(town, notice())
        assert clocks()[1, "statute:L03"].overrun_at is None
        commands.catch_up()
        assert clocks()[1, "statute:L03"].overrun_at is None
    with clock.at(at("2027-01-14 00:00")):
        commands.catch_up()

    late = [e["facts"]["overrun_on"] for e in county.events("2026-YL-000001") if e["type"] == "clock.overrun"]
    assert late.count("2027-01-13") == late.count("2027-01-14") == 1


def test_a_day_that_moves_before_today_is_overrun_at_the_next_tick(town):
    with clock.at(at("2027-01-12 10:00")):
        commands.catch_up()
        adopt(town, notice(["2027-01-01"], ["2027-01-02"]))
        assert clocks()[1, "statute:L03"].due_on == date(2027, 1, 11)
        assert clocks()[1, "statute:L03"].overrun_at is None
        commands.catch_up()

    assert clocks()[1, "statute:L03"].overrun_at == at("2027-01-12 10:00")


def test_it_takes_as_many_statements_for_many_cases_as_for_few(town):
    first, second = propose(town, notice()), notice(["2027-01-01"])
    with counted() as few:
        approve(town, first)
    for _ in range(20):
        file(town)
    proposal = propose(town, second, amends=True)
    with counted() as many:
        approve(town, proposal)

    assert len(moves()) > 20
    assert len(many) <= len(few) <= 26
