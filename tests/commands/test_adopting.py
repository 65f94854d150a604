"""Adopting a yearly notice: by two persons, in one pass, every open clock exactly where the law puts it, all traced."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
import sqlalchemy as sa

from engine import clock, commands
from engine.calendars.notice import Notice
from engine.clock import day_start
from engine.db import store
from engine.db import tables as t
from engine.db.engines import engine
from engine.db.find import clock as clock_of
from engine.db.running import DAYS
from engine.db.store import begin, reading
from engine.errors import AlreadyDecided, CaseMoved, Invalid, NotYourRole, SameProposer
from engine.model import Clock
from engine.rules import lamps, limits
from engine.settings import settings
from tests import county
from tests.commands.test_statements import counted
from tests.commands.versions import Files
from tests.county import Town, at, do, file
from tests.notices import calendar, drawn, notice
from tests.samples import FORMS

NOW = at("2026-12-30 10:00")


@pytest.fixture
def town(database_url):
    """Cases from December on, before and after acceptance, one of them closed, one faulted, one overdue."""
    with clock.at(at("2026-12-01 10:00")):
        town = county.found()
    for number, day in enumerate(("12-14", "12-21", "12-24", "12-25", "12-30", "12-30"), 1):
        with clock.at(at(f"2026-{day} 10:00")):
            file(town)
            if number in (1, 2, 5):
                do(town, "li", number, "intake/accept", "accept")
            if number == 4:
                do(town, "li", number, "intake/accept", "not_needed")
    with engine(settings().database_url).begin() as conn:
        conn.execute(sa.update(t.case_).where(t.case_.c.id == 2).values(state="fault"))
    with clock.at(NOW):
        yield town


def propose(town: Town, told: Notice, who: str = "feng", **more: Any) -> int:
    with begin(town.people[who]) as ctx:
        return commands.propose_calendar(ctx, told, **more)


def approve(town: Town, proposal: int, who: str = "ma") -> str:
    with begin(town.people[who]) as ctx:
        return commands.approve(ctx, proposal).result


def adopt(town: Town, told: Notice, **more: Any) -> str:
    return approve(town, propose(town, told, **more))


def clocks() -> dict[tuple[int, str], Clock]:
    with reading() as conn:
        rows = conn.execute(sa.select(t.clock, t.case_.c.state).join(t.case_, t.case_.c.id == t.clock.c.case_))
        return {(row.case_, row.key): clock_of(row) for row in rows}


def moves(kind: str = "clock.moved") -> dict[tuple[int, str], list[dict[str, Any]]]:
    """Return the facts of all moves by case and key."""
    found: dict[tuple[int, str], list[dict[str, Any]]] = {}
    with reading() as conn:
        cases = conn.execute(sa.select(t.case_.c.id, t.case_.c.number)).all()
    for case in cases:
        for event in county.events(case.number):
            if event["type"] == kind:
                assert event["person"] == "system"
                found.setdefault((case.id, event["facts"]["key"]), []).append(event["facts"])
    return found


def in_force(told: Notice, before: dict[tuple[int, str], Clock]) -> int:
    """Check that every running clock stands where the pure function puts it, with one event for each change.

    Returns how many have changed.
    """
    days, after, told_of = calendar(told), clocks(), moves()
    for key, old in before.items():
        new = after[key]
        if old.ended_on is not None:
            assert new == old
            continue
        due = limits.due_on(new.unit, new.amount, new.started_on, [], days)
        assert (new.due_on, new.provisional) == (due.on, due.provisional), key
        changed = (old.due_on, old.provisional) != (new.due_on, new.provisional)
        assert len(told_of.get(key, [])) == changed, key
        for facts in told_of.get(key, []):
            assert (facts["from"], facts["to"]) == (str(old.due_on), str(new.due_on))
            assert (facts["was_provisional"], facts["provisional"]) == (old.provisional, new.provisional)
    assert before.keys() == after.keys()
    rows_follow(days)
    assert verified() == 0
    return len(told_of)


def rows_follow(days: Any) -> None:
    """Check that cases, steps and timers say what their clocks say."""
    with reading() as conn:
        cases = conn.execute(sa.select(t.case_).where(t.case_.c.closed_at.is_(None))).all()
        steps = {row.id: row.due_on for row in conn.execute(sa.select(t.step))}
        timers = conn.execute(
            sa.select(t.timer).where(t.timer.c.fired_at.is_(None), t.timer.c.clock.is_not(None))
        ).all()
    running = {key: each for key, each in clocks().items() if each.ended_on is None}
    for case in cases:
        own = [each for (number, _), each in running.items() if number == case.id]
        turns = lamps.earliest(
            lamps.turns(c.unit, c.amount, c.started_on, [], days, store.book().thresholds) for c in own
        )
        due = min((c.due_on for c in own if c.kind != "step"), default=None)
        assert tuple(getattr(case, name) for name in DAYS) == (due, turns.blue_on, turns.yellow_on, turns.red_on)
        for each in own:
            assert each.step is None or steps[each.step] == each.due_on
    for timer in timers:
        if (followed := running.get((timer.case_, timer.clock))) and timer.cancelled_at is None:
            assert timer.fires_at == day_start(followed.due_on + timedelta(days=1))


def verified() -> int:
    with reading() as conn:
        return commands.check(conn).count


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
        files = Files(tmp_path).edit("_shared/intake", ('limit("L01")', "workdays(5)"))
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


def test_nobody_adopts_alone_or_twice_or_without_the_post(town):
    with pytest.raises(NotYourRole):
        propose(town, notice(), "li")
    proposal = propose(town, notice())
    with pytest.raises(SameProposer):
        approve(town, proposal, "feng")
    with pytest.raises(NotYourRole):
        approve(town, proposal, "qian")
    assert not moves()
    approve(town, proposal)
    with pytest.raises(AlreadyDecided):
        approve(town, proposal)
    assert {len(told) for told in moves().values()} == {1}


@pytest.mark.parametrize(
    ("told", "more", "why"),
    [
        (notice(["2028-01-01"], [], 2028), {}, "the next one is 2027, not 2028"),
        (notice(["2022-01-01"], [], 2022), {}, "the next one is 2027, not 2022"),
        (notice(["2026-01-01"], [], 2026), {}, "2026 is adopted already and says otherwise of 2026-01-02"),
        (notice(), {"amends": True}, "2027 is not adopted yet"),
        (notice(["2026-01-01"], [], 2026), {"amends": True}, "2026-01-02 has passed"),
    ],
)
def test_a_year_out_of_order_or_a_day_already_said_is_refused(town, told, more, why):
    with pytest.raises(Invalid) as refused:
        propose(town, told, **more)

    assert why in refused.value.findings[0].message


def test_the_same_notice_again_amends_nothing(town):
    adopt(town, notice())

    with pytest.raises(Invalid, match="what is adopted already"):
        propose(town, notice(), amends=True)
    with pytest.raises(Invalid, match=r"adopted already$"):
        propose(town, notice())


def test_of_two_proposals_of_one_calendar_the_second_has_to_be_made_anew(town):
    first, second = propose(town, notice()), propose(town, notice(["2027-01-01"], []))
    approve(town, first)

    with pytest.raises(Invalid, match="propose it anew"):
        approve(town, second)

    assert {len(told) for told in moves().values()} == {1}


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


def test_an_amendment_of_a_day_that_has_passed_meanwhile_is_not_carried_out(town):
    adopt(town, notice())
    proposal = propose(town, notice(makeup=["2027-01-09"]), amends=True)

    with clock.at(at("2027-01-10 10:00")), pytest.raises(Invalid, match="2027-01-09 has passed"):
        approve(town, proposal)


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


def test_another_process_sees_the_new_calendar_and_an_amended_one(town, monkeypatch):
    def monday() -> bool:
        with reading() as conn:
            return store.calendar(conn).is_working(date(2027, 1, 9))

    assert not monday()
    mine = dict(store._calendars)
    adopt(town, notice())
    monkeypatch.setattr(store, "_calendars", dict(mine))  # what the other one keeps
    assert not monday()
    mine = dict(store._calendars)
    adopt(town, notice(makeup=["2027-01-09"]), amends=True)
    monkeypatch.setattr(store, "_calendars", dict(mine))

    assert monday()


def test_a_command_that_counted_by_the_older_calendar_is_told_to_look_again(town):
    with pytest.raises(CaseMoved), begin(town.li) as ctx:
        commands.file_case(
            replace(ctx, edition=ctx.edition + 1),
            item=county.ITEM,
            applicant=county.applicant(),
            form=FORMS["case"],
            materials=(),
        )


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
@pytest.mark.services
@pytest.mark.parametrize("turn", range(3))
def test_whoever_works_meanwhile_leaves_no_clock_of_the_older_calendar(town, turn):
    proposal, gate = propose(town, notice()), Barrier(5)
    results: list[Any] = []

    def run(what: Any) -> None:
        gate.wait()
        for _ in range(4):
            try:
                with clock.at(NOW):
                    results.append(what())
            except Exception as error:
                results.append(error)

    def once() -> Any:
        return approve(town, proposal)

    works = [once, lambda: file(town), lambda: file(town, "hua"), lambda: do(town, "li", 6, "intake/accept", "accept")]
    works.append(lambda: do(town, "wang", 5, "review", "pass"))
    threads = [Thread(target=run, args=(what,)) for what in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    wrong = [each for each in results if isinstance(each, sa.exc.DBAPIError)]
    assert not wrong, wrong
    assert any(isinstance(each, str) and each.startswith("2027: ") for each in results)
    days = calendar(notice())
    for key, each in clocks().items():
        if each.ended_on is None:
            due = limits.due_on(each.unit, each.amount, each.started_on, [], days)
            assert (each.due_on, each.provisional) == (due.on, due.provisional), key
    assert {len(told) for told in moves().values()} <= {1}
    assert verified() == 0


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


def test_who_looks_is_told_what_would_move_and_why_not(town):
    proposal, other = propose(town, notice()), propose(town, notice(["2027-01-01"], []))

    def look(number: int) -> commands.Adoption:
        with reading() as conn:
            body = conn.execute(sa.select(t.proposal.c.body_json).where(t.proposal.c.id == number)).scalar_one()
            return commands.planned_calendar(conn, body, store.book())

    plan, before = look(proposal), clocks()
    approve(town, proposal)
    after, told = clocks(), moves()

    assert plan.notice == notice()
    assert plan.later == sum(after[key].due_on > before[key].due_on for key in before)
    assert plan.earlier == 0
    assert plan.confirmed == len(told) - plan.later
    assert plan.timers == sum(map(len, moves("timer.moved").values()))
    assert plan.cases == len({case for case, _ in told})
    assert look(other).refused.startswith("the calendar has changed")
