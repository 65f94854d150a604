"""Stops in a case: from the day after the notice to the result or the planned day, and every due day follows."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from engine import clock, commands
from engine.commands.recounting import Recount
from engine.db import find, stops
from engine.db import tables as t
from engine.db.record import Head
from engine.db.running import Armed, Running
from engine.db.store import begin, book, calendar, reading
from engine.errors import (
    NotWaiting,
    TimeFirst,
)
from engine.rules import limits
from engine.rules.halting import halting
from engine.rules.workdays import WorkCalendar
from tests import county
from tests.county import at, claim, deliver, do, events, file, open_paths, row, step
from tests.rules.walker import last_days
from tests.samples import FORMS

MONDAY = at("2026-03-02 10:00")
ASKED = FORMS["special/ask:ask"]


@pytest.fixture
def town(database_url):
    with clock.at(MONDAY):
        yield county.found()


@pytest.fixture
def accepted(town):
    filed = file(town)
    do(town, "li", filed.case, "intake/accept", "accept")
    return filed


def served(town, filed, **form):
    """Ask for a stop, approve it and serve the notice, all now."""
    deliver(town, "wang", filed.case, "special")
    do(town, "wang", filed.case, "special/ask", "ask", ASKED | form)
    do(town, "zhao", filed.case, "special/approve", "agree")
    do(town, "li", filed.case, "special/serve", "done")


def stored(case: int):
    with reading() as conn:
        return conn.execute(sa.select(t.stop).where(t.stop.c.case_ == case).order_by(t.stop.c.id)).all()


def clocks(case: int):
    with reading() as conn:
        return find.time_of(conn, case).clocks


def of(filed, *types: str):
    return [e for e in events(filed.number) if e["type"] in types]


def test_a_stop_lasts_from_the_day_after_the_notice_for_the_planned_working_days(town, accepted):
    served(town, accepted)

    (stop,) = stored(accepted.case)
    assert (stop.kind, stop.from_on, stop.to_on, stop.planned_to_on) == (
        "inspection",
        date(2026, 3, 3),
        None,
        date(2026, 3, 16),  # Monday; the tenth working day after Monday 2 March
    )
    assert (stop.asked_by, stop.approved_by) == (town.wang.person, town.zhao.person)
    assert (stop.evidence, stop.path) == (ASKED["stop_evidence"], "special/serve")
    assert stop.document == "云岭审特〔2026〕1号"
    (told,) = of(accepted, "clock.stopped")
    assert told["facts"] == {
        "kind": "inspection",
        "from": "2026-03-03",
        "to": "2026-03-16",
        "document": stop.document,
    }


def test_every_halted_clock_is_due_later_by_one_event_and_so_is_its_step(town, accepted):
    before = clocks(accepted.case)
    served(town, accepted)
    after = clocks(accepted.case)

    moved = {e["facts"]["key"]: e["facts"] for e in of(accepted, "clock.recounted")}
    running = [key for key, c in before.items() if c.ended_on is None]
    assert set(moved) == set(running) >= {"statute:L03", "promise:L03"}
    for key in running:
        assert moved[key]["from"] == before[key].due_on.isoformat()
        assert moved[key]["to"] == after[key].due_on.isoformat() > moved[key]["from"]
        assert moved[key]["why"] == "stop"
    assert after["promise:L03"].due_on == date(2026, 3, 25)  # 17 March is its first day
    assert step(accepted.case, "review").due_on == date(2026, 3, 18)


def test_the_due_day_is_what_walking_day_by_day_finds(town, accepted):
    served(town, accepted, stop_days=7)
    statute, (stop,) = clocks(accepted.case)["statute:L03"], stored(accepted.case)

    with reading() as conn:
        days = calendar(conn)
        _, found = last_days(
            "working_day", 20, statute.started_on, [(stop.from_on, stop.planned_to_on)], days.is_working
        )

    assert statute.due_on == found


def test_the_lamp_follows_the_stop(town, accepted):
    before = row(accepted.case)
    served(town, accepted)

    after = row(accepted.case)
    assert after.due_on == date(2026, 3, 25)
    assert before.red_on < after.red_on
    assert before.yellow_on < after.yellow_on


def test_a_step_opened_while_the_clock_stands_still_counts_from_its_end(town, accepted):
    served(town, accepted)

    assert step(accepted.case, "special/receive").due_on == date(2026, 3, 17)


def test_the_result_ends_the_stop_that_day_and_due_days_move_back_by_events(town, accepted):
    served(town, accepted)
    stopped = clocks(accepted.case)
    with clock.at(at("2026-03-05 15:00")):
        do(town, "wang", accepted.case, "special/receive", "done")

    (stop,) = stored(accepted.case)
    assert (stop.to_on, stop.planned_to_on) == (date(2026, 3, 5), date(2026, 3, 16))
    (told,) = of(accepted, "clock.resumed")
    assert told["facts"] == {
        "kind": "inspection",
        "from": "2026-03-03",
        "to": "2026-03-05",
        "planned_to": "2026-03-16",
        "document": stop.document,
    }
    back = {e["facts"]["key"]: e["facts"] for e in of(accepted, "clock.recounted") if e["facts"]["why"] == "resume"}
    assert back["promise:L03"]["from"] == stopped["promise:L03"].due_on.isoformat()
    assert back["promise:L03"]["to"] == "2026-03-16"  # three working days later than 11 March
    assert row(accepted.case).due_on == date(2026, 3, 16)
    assert "special/receive" not in open_paths(accepted.case)


def test_the_day_of_the_result_is_not_counted_and_the_next_is(town, accepted):
    served(town, accepted)
    with clock.at(at("2026-03-05 15:00")):
        do(town, "wang", accepted.case, "special/receive", "done")
    with reading() as conn:
        time, days = find.time_of(conn, accepted.case), calendar(conn)
    promise = time.clocks["promise:L03"]
    stops = halting(promise, time.stops, book().limits)

    def used(on):
        return limits.used(promise.unit, promise.started_on, stops, days, on)

    assert [used(date(2026, 3, n)) for n in (2, 5, 6)] == [0, 0, 1]


def test_a_result_on_the_day_of_the_notice_leaves_nothing_stopped(town, accepted):
    before = {key: c.due_on for key, c in clocks(accepted.case).items()}
    served(town, accepted)
    do(town, "wang", accepted.case, "special/receive", "done")

    assert {key: c.due_on for key, c in clocks(accepted.case).items() if key in before} == before
    with reading() as conn:
        assert find.time_of(conn, accepted.case).stops == ()
    assert stored(accepted.case)[0].to_on == date(2026, 3, 2)


def test_at_the_planned_end_the_flow_goes_on_by_itself_and_nothing_is_recounted(town, accepted):
    served(town, accepted)
    due = {key: c.due_on for key, c in clocks(accepted.case).items() if c.ended_on is None}
    with clock.at(at("2026-03-20 09:00")):  # the worker was down for three days
        commands.catch_up()

    (stop,) = stored(accepted.case)
    assert stop.to_on == stop.planned_to_on
    assert open_paths(accepted.case) == ["review", "site_inspection/inspect"]
    (fired,) = of(accepted, "timer.fired")
    assert fired["facts"]["legal_at"] == "2026-03-16T16:00:00.000000Z"  # 17 March 00:00 in Yunling
    (told,) = of(accepted, "clock.resumed")
    assert told["facts"]["to"] == told["facts"]["planned_to"] == "2026-03-16"
    assert {e["facts"]["why"] for e in of(accepted, "clock.recounted")} == {"stop"}
    after = clocks(accepted.case)
    assert {key: after[key].due_on for key in due} == due


def test_nobody_receives_a_result_before_the_planned_end_that_has_passed_is_recorded(town, accepted):
    served(town, accepted)
    key = claim(town, "wang", accepted.case, "special/receive")

    with clock.at(at("2026-03-17 09:00")), pytest.raises(TimeFirst), begin(town.wang) as ctx:
        commands.complete(ctx, key, outcome="done", form=FORMS["special/receive"], opinion="收到")


def test_a_second_procedure_is_asked_for_after_the_first(town, accepted):
    served(town, accepted, stop_days=2)
    with pytest.raises(NotWaiting):
        deliver(town, "wang", accepted.case, "special")
    with clock.at(at("2026-03-05 09:00")):
        commands.catch_up()
        served(town, accepted, stop_kind="testing", stop_days=1)

    first, second = stored(accepted.case)
    assert (first.planned_to_on, second.from_on, second.planned_to_on) == (
        date(2026, 3, 4),
        date(2026, 3, 6),
        date(2026, 3, 6),
    )
    assert second.document == "云岭审特〔2026〕2号"


def test_another_calendar_moves_the_last_day_but_not_the_planned_end_of_the_stop(town, accepted):
    served(town, accepted)
    before = clocks(accepted.case)["statute:L03"].due_on
    sample = Running(
        id=1, version=1, sha256="", head=Head(id="x", org="x", head="x", seq=1, last_at=None),
        clocks=[clocks(accepted.case)["statute:L03"]], paths={}, timers=[armed(accepted.case)],
        stops=stops.days(stops_of(accepted.case)), days={},
    )  # fmt: skip
    with reading() as conn:
        now = calendar(conn)
    off = date(2026, 3, 11)  # inside the stop, and one after it
    other = WorkCalendar.of({day: now.is_working(day) and day not in (off, date(2026, 3, 20)) for day in days_of(2026)})

    found = Recount(proposal=1, before=now, after=other, book=book(), now=MONDAY).of(sample)

    assert found is not None
    ((_, after),) = found.clocks
    assert (before, after.due_on) == (date(2026, 4, 14), date(2026, 4, 15))  # by the day after the stop alone
    assert found.timers == []


def armed(case: int) -> Armed:
    with reading() as conn:
        row = conn.execute(sa.select(t.timer).where(t.timer.c.case_ == case, t.timer.c.text == "stop()")).one()
    return Armed(**{name: getattr(row, name) for name in Armed.__dataclass_fields__})


def stops_of(case: int):
    with reading() as conn:
        return stops.rows_of(conn.execute(sa.select(*stops.COLUMNS).where(t.stop.c.case_ == case)))


def days_of(year: int):
    return [date(year, 1, 1) + timedelta(days=n) for n in range(365)]
