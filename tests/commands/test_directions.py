"""What must last, and what must come early enough before a day: refused on the wrong day, never late, never a lamp."""

from __future__ import annotations

from datetime import date

import pytest

from engine import clock, commands
from engine.clock import local_date
from engine.db import due
from engine.db.store import begin, reading
from engine.errors import NoticeTooLate, TooEarly
from engine.model import SYSTEM_ACTOR, Actor
from tests import county
from tests.commands import adoptions, small
from tests.commands.small import begins, day, form, item, mark, step, timer
from tests.county import at, open_paths
from tests.notices import notice

MONDAY = at("2026-03-02 10:00")
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
END = '<endEvent id="z"/>'
POSTED = item(
    "T05b", "s>put put>close close>z", begins(), step("put", mark("notice_posted")),
    step("close", mark("notice_ended")), END,
)  # fmt: skip
WAITED = item(
    "T05b", "s>put put>wait wait>close close>z", begins(), step("put", mark("notice_posted")),
    timer("wait", "T05b", mark("notice_ended")), step("close"), END,
)  # fmt: skip
HEARING = item(
    "L09", 's>arrange arrange>notify notify>g g>arrange>notify=="again" g>z', begins(),
    step("arrange", mark("hearing_day", date="hearing_on")),
    step("notify", mark("hearing_notified", on="told"), outcomes="told again"),
    '<exclusiveGateway id="g" default="g-z"/>', END,
    forms={"arrange": form(hearing_on=day())},
)  # fmt: skip


@pytest.fixture
def town(database_url):
    with clock.at(MONDAY):
        yield county.found()


def quiet(case: int) -> None:
    """Check that nothing runs late in a case and no lamp can turn by what it counts."""
    row = county.row(case)
    assert "clock.overrun" not in [e["type"] for e in county.events(row.number) if e["rule"] != "L15"]


def test_a_notice_stands_as_long_as_it_must_and_is_never_late(town):
    small.deploy(town, POSTED)
    filed = small.file(town)
    small.do(town, filed.case, "put")  # Monday; three days end on Thursday the 5th
    assert (small.clock(filed.case, "statute:T05b").due_on, small.clock(filed.case, "statute:T05b").direction) == (
        date(2026, 3, 5), "at_least",
    )  # fmt: skip

    with clock.at(at("2026-03-05 23:59")), pytest.raises(TooEarly) as refused:
        small.do(town, filed.case, "close")
    assert (refused.value.from_on, refused.value.basis) == (date(2026, 3, 6), "T05b")
    assert open_paths(filed.case) == ["close"]

    with clock.at(at("2026-03-26 09:00")):
        commands.catch_up()
        small.do(town, filed.case, "close")
    ended = [e["facts"] for e in small.told(filed.number, "clock.ended") if e["facts"]["key"] == "statute:T05b"]
    assert [(facts["in_time"], facts["used"]) for facts in ended] == [(True, 24)]
    quiet(filed.case)


def test_on_the_first_day_on_which_it_has_lasted_it_may_end(town):
    small.deploy(town, POSTED)
    filed = small.file(town)
    small.do(town, filed.case, "put")

    with clock.at(at("2026-03-06 00:00")):
        small.do(town, filed.case, "close")

    assert county.row(filed.case).state == "closed"


def test_what_must_last_gives_the_case_no_last_day_and_no_lamp(town):
    small.deploy(town, POSTED)
    filed = small.file(town)
    small.do(town, filed.case, "put")

    row = county.row(filed.case)
    assert row.due_on is None
    assert row.red_on == date(2026, 3, 4)  # of the open step alone
    with reading() as conn, clock.at(at("2026-03-31 09:00")):
        work = due.work(conn, clock.now(), papers=0)
        kinds = {kind for kind, _ in work}
    assert kinds == {"clock"}
    with clock.at(at("2026-03-31 09:00")):
        assert commands.catch_up() == (1, 0)  # the step's limit, and nothing else
        with reading() as conn:
            assert due.oldest(conn, clock.now()) is None
    quiet(filed.case)
    with clock.at(at("2026-03-31 09:00")), begin(SYSTEM_ACTOR) as ctx:
        assert commands.record_overrun(ctx, small.clock(filed.case, "statute:T05b").id or 0) is False


def test_a_timer_ends_what_has_lasted_at_the_first_instant_after_it(town):
    small.deploy(town, WAITED)
    filed = small.file(town)
    small.do(town, filed.case, "put")

    with clock.at(at("2026-03-20 09:00")):
        commands.catch_up()

    reached = [e["facts"] for e in small.told(filed.number, "mark.reached") if e["facts"]["mark"] == "notice_ended"]
    assert [facts["on"] for facts in reached] == ["2026-03-06"]
    assert local_date(county.step(filed.case, "close").opened_at) == date(2026, 3, 6)


def test_withdrawing_ends_what_must_last_without_a_fault(town):
    small.deploy(town, POSTED)
    filed = small.file(town)
    small.do(town, filed.case, "put")

    with begin(Actor(person=county.row(filed.case).applicant, channel="portal")) as ctx:
        commands.withdraw(ctx, filed.case, reason="不办了")

    assert small.clock(filed.case, "statute:T05b").ended_on == date(2026, 3, 2)
    quiet(filed.case)


def arranged(town, on: str) -> commands.Filed:
    small.deploy(town, HEARING)
    filed = small.file(town)
    small.do(town, filed.case, "arrange", hearing_on=on)
    return filed


def test_a_hearing_is_told_seven_working_days_before(town):
    filed = arranged(town, "2026-03-20")  # Friday; the 11th is the latest day

    told = small.clock(filed.case, "statute:L09")
    assert (told.started_on, told.due_on, told.direction) == (date(2026, 3, 20), date(2026, 3, 11), "before")
    with clock.at(at("2026-03-12 00:00")):
        with pytest.raises(NoticeTooLate) as refused:
            small.do(town, filed.case, "notify", "told")
        assert (refused.value.latest, refused.value.basis) == (date(2026, 3, 11), "L09")
    assert open_paths(filed.case) == ["notify"]


def test_told_on_the_latest_day_it_is_early_enough(town):
    filed = arranged(town, "2026-03-20")

    with clock.at(at("2026-03-11 23:59")):
        small.do(town, filed.case, "notify", "told")

    ended = [e["facts"] for e in small.told(filed.number, "clock.ended") if e["facts"]["key"] == "statute:L09"]
    assert [(facts["in_time"], facts["used"], facts["started_on"]) for facts in ended] == [(True, 7, "2026-03-20")]


def test_too_late_for_one_day_another_day_is_set_and_told(town):
    filed = arranged(town, "2026-03-20")

    with clock.at(at("2026-03-12 09:00")):
        small.do(town, filed.case, "notify", "again")
        small.do(town, filed.case, "arrange", hearing_on="2026-03-23")
        assert small.clock(filed.case, "statute:L09").due_on == date(2026, 3, 12)
        small.do(town, filed.case, "notify", "told")

    days = [e["facts"]["on"] for e in small.told(filed.number, "mark.reached") if e["facts"]["mark"] == "hearing_day"]
    assert days == ["2026-03-20", "2026-03-23"]


def test_a_day_that_is_set_when_the_notice_was_given_must_be_far_enough(town):
    """The notice is given first; the day is known only afterwards."""
    small.deploy(town, item(
        "L09", "s>notify notify>arrange arrange>z", begins(), step("notify", mark("hearing_notified")),
        step("arrange", mark("hearing_day", date="hearing_on")), END, forms={"arrange": form(hearing_on=day())},
    ))  # fmt: skip
    filed = small.file(town)
    small.do(town, filed.case, "notify")

    with pytest.raises(NoticeTooLate):
        small.do(town, filed.case, "arrange", hearing_on="2026-03-10")
    small.do(town, filed.case, "arrange", hearing_on="2026-03-11")

    assert small.clock(filed.case, "statute:L09").ended_on == date(2026, 3, 2)


def test_the_latest_day_of_a_notice_gives_no_lamp_and_passes_unrecorded(town):
    filed = arranged(town, "2026-03-20")

    assert county.row(filed.case).due_on is None
    with clock.at(at("2026-03-30 09:00")):
        assert commands.catch_up() == (1, 0)  # the step's limit
    quiet(filed.case)


def test_a_latest_day_this_year_follows_the_calendar_of_the_next(town):
    with clock.at(at("2026-12-21 10:00")):
        filed = arranged(town, "2027-01-08")
        before = small.clock(filed.case, "statute:L09")
        adoptions.adopt(town, notice())  # 4 January is off
        after = small.clock(filed.case, "statute:L09")

    assert (before.due_on, before.provisional) == (date(2026, 12, 29), True)
    assert (after.due_on, after.provisional) == (date(2026, 12, 28), False)
    assert [(e["facts"]["key"], e["facts"]["to"]) for e in small.told(filed.number, "clock.moved")] == [
        ("statute:L09", "2026-12-28")
    ]
