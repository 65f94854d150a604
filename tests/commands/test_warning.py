"""What is counted over many cases reaches the monitors' inbox: each thing once, with its figures; nobody is stopped."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
import sqlalchemy as sa

from engine import clock, commands
from engine.commands import catching_up
from engine.commands.warning import counted, warn
from engine.db import tables as t
from engine.db.store import begin, book, reading
from engine.model import SYSTEM_ACTOR
from tests import county
from tests.commands import lawful
from tests.commands.lawful import write
from tests.commands.office import memos
from tests.county import at

QUARTER = "2026 年第 1 季度“{}”：Wang审查、Zhao决定，共 2/3 件，超过 50%（SOD-28）。"


@pytest.fixture
def town(database_url, monkeypatch):
    """Three cases decided, two of them by wang and zhao; three are enough for a warning here."""
    with clock.at(at("2026-03-02 10:00")):
        found = lawful.found()
        known = book()
        few = replace(known.constraints["SOD-28"], least=3)
        monkeypatch.setattr(
            catching_up, "book", lambda: replace(known, constraints={**known.constraints, "SOD-28": few})
        )
        decide_three(found)
        yield found


def decide_three(town):
    """Decide three cases, two of them by wang and zhao."""
    for reviewer in ("wang", "yan", "wang"):
        filed = lawful.file(town)
        lawful.do(town, filed.case, "hua:accept", "chen:survey", "liu:survey", f"{reviewer}:review", "zhao:decide")


def told() -> list[str]:
    return [memo.text for memo in memos() if memo.kind == "counted"]


def test_every_monitor_is_told_of_a_pair_once_in_its_quarter(town):
    with reading() as conn:
        name = conn.scalar(sa.select(t.definition.c.name).where(t.definition.c.item == "lawful"))
        events = conn.scalar(sa.select(sa.func.count()).select_from(t.event))

    assert commands.tell_monitors() == 1
    assert commands.tell_monitors() == 0
    with clock.at(at("2026-03-20 10:00")):
        assert commands.tell_monitors() == 0

    found = [memo for memo in memos() if memo.kind == "counted"]
    assert {memo.person for memo in found} == {town.qian.person, town.meng.person}
    assert told() == [QUARTER.format(name)] * 2
    assert {(memo.case_, memo.by, memo.read_at) for memo in found} == {(None, None, None)}
    with reading() as conn:
        assert conn.scalar(sa.select(sa.func.count()).select_from(t.event)) == events  # a memo is no act


def test_the_last_days_of_a_quarter_are_counted_in_the_next_and_not_after_it(town):
    with clock.at(at("2026-07-01 00:10")):
        assert commands.tell_monitors() == 0
    with clock.at(at("2026-04-01 00:10")):
        assert commands.tell_monitors() == 1

    assert "2026 年第 1 季度" in told()[0]


def test_a_pair_is_told_again_for_another_quarter(town):
    commands.tell_monitors()

    with clock.at(at("2026-04-13 10:00")):
        decide_three(town)
        assert commands.tell_monitors() == 1

    assert "2026 年第 2 季度" in told()[-1]


def test_a_long_stay_at_a_window_is_told_once_a_year(town):
    commands.tell_monitors()
    stays = sa.update(t.assignment).where(t.assignment.c.person == town.li.person)
    write(stays.values(from_on=date(2021, 3, 2)))

    assert [commands.tell_monitors(), commands.tell_monitors()] == [1, 0]
    assert told()[-1] == "Li自 2021-03-02 起在1 号窗口，超过 60 个月（SOD-28）。"
    write(stays.values(to_on=date(2027, 12, 31)))
    with clock.at(at("2027-01-01 00:10")):
        commands.tell_monitors()
    assert sum("60 个月" in text and text.startswith("Li") for text in told()) == 2 * 2


def test_who_approved_and_supervises_the_same_applicant_is_told_once_a_year(town):
    commands.tell_monitors()
    supervises = lawful.give(town, "wang", "market_supervisor")
    with reading() as conn:
        case = conn.scalar(sa.select(sa.func.min(t.case_.c.id)))
    row = {"case_": case, "step": county.step(case, "review").id, "path": "look", "person": town.wang.person}
    write(sa.insert(t.act).values(row | {"assignment": supervises, "kind": "complete", "at": clock.now()}))

    assert [commands.tell_monitors(), commands.tell_monitors()] == [1, 0]
    assert told()[-1] == "Wang在 12 个月内对同一申请人既审批又监管，共 2 件（SOD-11）。"


def test_where_nobody_is_monitor_it_waits_for_one(town):
    monitors = t.assignment.c.post == "monitor"
    write(sa.update(t.assignment).where(monitors).values(to_on=date(2026, 2, 27)))
    assert commands.tell_monitors() == 0
    write(sa.update(t.assignment).where(monitors).values(to_on=None))

    assert commands.tell_monitors() == 1


def test_two_workers_that_count_at_one_time_tell_it_once(town):
    with reading() as conn:
        found = counted(conn, catching_up.book(), date(2026, 3, 2))
    done = []
    for _ in range(2):
        with begin(SYSTEM_ACTOR) as ctx:
            done.append(warn(ctx, found))

    assert done == [1, 0]
    with reading() as conn:
        assert counted(conn, catching_up.book(), date(2026, 3, 2)) == []
    assert len(told()) == 2


def test_nothing_counted_says_nothing(town):
    with clock.at(at("2026-12-01 10:00")):
        assert commands.tell_monitors() == 0
    assert told() == []
