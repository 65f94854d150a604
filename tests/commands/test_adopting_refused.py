"""Adopting a yearly notice: two persons, years in order, the past left alone, nobody counting by the older calendar."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from threading import Barrier, Thread
from typing import Any

import pytest
import sqlalchemy as sa

from engine import clock, commands
from engine.db import store
from engine.db import tables as t
from engine.db.store import begin, reading
from engine.errors import AlreadyDecided, CaseMoved, Invalid, NotYourRole, SameProposer
from engine.rules import limits
from tests import county
from tests.commands.adoptions import NOW, adopt, approve, clocks, moves, propose, running_cases, verified
from tests.county import at, do, file
from tests.notices import calendar, notice
from tests.samples import FORMS


@pytest.fixture
def town(database_url):
    yield from running_cases()


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


def test_an_amendment_of_a_day_that_has_passed_meanwhile_is_not_carried_out(town):
    adopt(town, notice())
    proposal = propose(town, notice(makeup=["2027-01-09"]), amends=True)

    with clock.at(at("2027-01-10 10:00")), pytest.raises(Invalid, match="2027-01-09 has passed"):
        approve(town, proposal)


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
