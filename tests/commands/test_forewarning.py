"""The monitors are told of an item that cannot be done on days ahead: once while it lasts, again when it comes back."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from engine import clock, commands
from engine.commands import forewarning
from engine.commands.staffing import shortages
from engine.db import tables as t
from engine.db.store import begin, reading
from engine.model import SYSTEM_ACTOR
from tests.commands import offices
from tests.commands.lawful import write
from tests.commands.office import memos
from tests.commands.offices import TODAY, held, person
from tests.county import Town, at
from tests.staffing.township import deploy, found, item

CAST = {
    "ding": ("acceptance", "shimen"),
    "luo": ("reviewer", "shimen"),
    "bai": ("decider", "shimen"),
    "yu": ("", "yl"),
    "qian": ("monitor", "yl"),
    "meng": ("monitor", "yl"),
}
SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def town(database_url):
    """A township in which everybody is the only one; it is Monday 2026-03-02."""
    with clock.at(at("2026-03-02 10:00")):
        made = found(CAST)
        deploy(made, item())
        yield made


def day(number: int) -> date:
    return TODAY + timedelta(days=number)


def on(number: int):
    """Let it be just after midnight, so many days from the first."""
    return clock.at(at(f"{day(number)} 00:05"))


def leave(town: Town, who: str, first: int, last: int) -> int:
    """Put leave on record; return its id."""
    days = {"from_on": day(first), "to_on": day(last)}
    offices.do(town, commands.propose_absence, officer=person(town, who), kind="leave", **days)
    with reading() as conn:
        return int(conn.scalar(sa.select(sa.func.max(t.absence.c.id))) or 0)


def moved(absence: int, first: int, last: int) -> None:
    write(sa.update(t.absence).where(t.absence.c.id == absence).values(from_on=day(first), to_on=day(last)))


def nightly(times: int = 2) -> list[int]:
    return [commands.tell_shortages("small") for _ in range(times)]


def told() -> list[str]:
    """Return what was told, each once, however many were told."""
    return list(dict.fromkeys(memo.text for memo in memos() if memo.kind == "shortage"))


def keys() -> list[str]:
    with reading() as conn:
        return sorted(conn.scalars(sa.select(t.warned.c.key).where(t.warned.c.rule == "staffing")))


def test_with_everybody_there_nobody_is_told(town):
    assert nightly() == [0, 0]
    assert memos() == []


def test_leave_of_the_only_reviewer_is_told_each_monitor_once_whatever_night(town):
    leave(town, "luo", 7, 11)
    with reading() as conn:
        events = conn.scalar(sa.select(sa.func.count()).select_from(t.event))

    assert nightly() == [1, 0]
    for number in (1, 6, 7, 8, 11):
        with on(number):
            assert nightly() == [0, 0]

    found_ = [memo for memo in memos() if memo.kind == "shortage"]
    assert [memo.person for memo in found_] == [town.qian.person, town.meng.person]
    assert {(memo.case_, memo.by, memo.read_at) for memo in found_} == {(None, None, None)}
    (text,) = told()
    zh, en = text.split(" / ")
    assert zh == (
        "“small”自 2026-03-09 起在石门乡不能办，到 2026-03-13 为止："
        "「审查」没有人可办：石门乡的审查岗无人在岗（Luo外出）。"
    )
    assert "cannot be done in Shimen from 2026-03-09 until 2026-03-13: Review has nobody" in en
    with reading() as conn:
        assert conn.scalar(sa.select(sa.func.count()).select_from(t.event)) == events  # a memo is no act


def test_what_is_over_is_forgotten_and_told_again_when_it_comes_back(town):
    absence = leave(town, "luo", 7, 11)
    assert nightly() == [1, 0]
    moved(absence, 40, 41)
    assert (nightly(), keys()) == ([0, 0], [])
    moved(absence, 7, 9)
    assert nightly() == [1, 0]
    with on(10):
        assert (nightly(), keys()) == ([0, 0], [])

    assert len(told()) == 2
    assert "到 2026-03-11 为止" in told()[1]


@SQLITE
def test_another_first_day_is_told_and_another_last_day_is_not(town):
    absence = leave(town, "luo", 7, 11)
    nightly()
    moved(absence, 7, 20)
    assert nightly() == [0, 0]
    moved(absence, 6, 20)
    assert nightly() == [1, 0]
    moved(absence, 8, 20)
    assert nightly() == [1, 0]

    assert len(keys()) == 1


@SQLITE
def test_an_item_that_cannot_be_done_today_is_told_and_not_every_day_anew(town):
    leave(town, "luo", 0, 20)

    assert nightly() == [1, 0]
    assert "自 2026-03-02 起" in told()[0]
    with on(1):
        assert nightly() == [0, 0]
    with on(20):
        assert nightly() == [0, 0]
    with on(21):
        assert (nightly(), keys()) == ([0, 0], [])


@SQLITE
def test_leave_that_has_begun_and_ended_early_is_forgotten_and_the_next_is_told(town):
    absence = leave(town, "luo", 0, 20)
    nightly()
    with on(3):
        offices.do(town, commands.propose_end_of_absence, absence, to_on=day(2))
        assert (nightly(), keys()) == ([0, 0], [])
        leave(town, "luo", 10, 12)
        assert nightly() == [1, 0]


@SQLITE
def test_a_stand_in_who_is_registered_leaves_nothing_to_tell(town):
    leave(town, "luo", 7, 11)
    terms = {"assignment": held(town, "luo", "reviewer"), "officer": person(town, "yu")}
    offices.do(town, commands.propose_stand_in, **terms, from_on=TODAY, to_on=None)

    assert nightly() == [0, 0]


@SQLITE
def test_a_post_that_ends_in_ten_days_is_told(town):
    offices.do(town, commands.propose_end_of_post, held(town, "bai", "decider"), to_on=day(10), reason="轮岗")

    assert nightly() == [1, 0]
    assert "自 2026-03-13 起在石门乡不能办，到 2026-04-01 还是这样" in told()[0]
    assert "决定岗无人在岗。" in told()[0]


@SQLITE
def test_two_organs_with_the_same_first_day_are_two_things(database_url):
    with clock.at(at("2026-03-02 10:00")):
        both = {f"{login}2": (post, "centre") for login, (post, organ) in CAST.items() if organ == "shimen"}
        town = found(CAST | both)
        deploy(town, item())
        leave(town, "luo", 7, 7)
        second = leave(town, "luo2", 7, 7)

        assert nightly() == [2, 0]
        assert sorted(text.split("自 2026-03-09 起在")[1].split("不能办")[0] for text in told()) == [
            "县政务服务中心",
            "石门乡",
        ]
        moved(second, 8, 8)
        assert nightly() == [1, 0]
        assert "自 2026-03-10 起在县政务服务中心" in told()[-1]
        assert len(keys()) == 2


@SQLITE
def test_two_breaks_of_an_organ_are_two_things(town):
    leave(town, "luo", 7, 7)
    leave(town, "ding", 9, 9)

    assert nightly() == [2, 0]
    with on(8):
        assert (nightly(), len(keys())) == ([0, 0], 1)


@SQLITE
def test_an_item_that_nobody_offers_is_not_told(database_url):
    with clock.at(at("2026-03-02 10:00")):
        deploy(found({"qian": ("monitor", "yl")}), item())

        assert nightly() == [0, 0]


@SQLITE
def test_where_nobody_is_monitor_it_waits_for_one(town):
    leave(town, "luo", 7, 11)
    monitors = t.assignment.c.post == "monitor"
    write(sa.update(t.assignment).where(monitors).values(to_on=date(2026, 2, 27)))
    assert nightly() == [0, 0]
    write(sa.update(t.assignment).where(monitors).values(to_on=None))

    assert nightly() == [1, 0]


def test_two_workers_that_look_at_one_time_tell_it_once(town):
    leave(town, "luo", 7, 11)
    with reading() as conn:
        news = forewarning.news(conn, "small", shortages(conn, TODAY, item="small"))
    done = []
    for _ in range(2):
        with begin(SYSTEM_ACTOR) as ctx:
            done.append(forewarning.forewarn(ctx, news))

    assert done == [1, 0]
    assert len(memos()) == 2


@SQLITE
def test_an_item_whose_ways_are_too_many_keeps_what_was_told(town, monkeypatch):
    leave(town, "luo", 7, 11)
    nightly()
    monkeypatch.setattr("engine.commands.staffing.offered._runs", {})
    monkeypatch.setattr("engine.bpmn.runs.MAX_RUNS", 0)

    assert (nightly(), len(keys())) == ([0, 0], 1)


@SQLITE
def test_nothing_is_written_while_it_is_proven(town, monkeypatch):
    leave(town, "luo", 7, 11)
    kept: list[str] = []
    proven = commands.catching_up.shortages

    def watched(conn, *given, **named):
        sa.event.listen(conn, "before_cursor_execute", lambda *a: kept.append(a[2]))
        return proven(conn, *given, **named)

    monkeypatch.setattr(commands.catching_up, "shortages", watched)
    nightly(1)

    assert kept
    assert {statement.split()[0].upper() for statement in kept} <= {"SELECT", "WITH"}


@SQLITE
def test_a_long_text_ends_where_memos_do(town, monkeypatch):
    leave(town, "luo", 7, 11)
    monkeypatch.setattr("engine.db.memos.MOST", 60)
    nightly()

    (text,) = told()
    assert len(text) == 60
    assert text.endswith("…")
