"""What time does to a case when people, the worker or the calendar are late or odd: legal dates, in legal order."""

from __future__ import annotations

import re
import shutil
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from engine import clock, commands
from engine.bpmn.source import load
from engine.clock import local_date
from engine.db import due
from engine.db import tables as t
from engine.db.engines import engine
from engine.db.store import begin, reading
from engine.errors import TimeFirst
from engine.model import SYSTEM_ACTOR, Actor
from engine.settings import settings
from tests import county
from tests.county import at, do, events, file, open_paths, row, step

MONDAY = at("2026-03-02 10:00")
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def town(database_url):
    with clock.at(MONDAY):
        yield county.found()


def overruns(number: str) -> list[tuple[str, str]]:
    late = [e for e in events(number) if e["type"] == "clock.overrun"]
    return [(e["step"] or e["facts"]["key"], e["facts"]["overrun_on"]) for e in late]


def clocks(number: str) -> dict[str, tuple[str, str]]:
    """Return start and last day of the clocks of rules."""
    started = [e for e in events(number) if e["type"] == "clock.started" and not e["facts"]["key"].startswith("step:")]
    return {e["facts"]["key"]: (e["facts"]["from"], e["due_on"]) for e in started}


def test_nobody_overtakes_what_silence_has_brought_about_while_the_worker_was_down(town):
    filed = file(town)
    key = county.claim(town, "li", filed.case, "intake/accept")

    with clock.at(at("2026-03-10 00:00")):  # accepted by silence at this instant, but nobody has looked yet
        with pytest.raises(TimeFirst), begin(town.li) as ctx:
            commands.complete(ctx, key, outcome="not_ours", form={"competent_organ": "县城管局"}, opinion="不属本机关")
        commands.catch_up()

    assert open_paths(filed.case) == ["review", "site_inspection/inspect"]
    assert [e["type"] for e in events(filed.number)].count("refused") == 0


def test_until_the_last_instant_of_the_last_day_the_clerk_may_answer(town):
    filed = file(town)

    with clock.at(at("2026-03-09 23:59")):
        do(town, "li", filed.case, "intake/accept", "accept")

    assert clocks(filed.number)["statute:L03"] == ("2026-03-09", "2026-04-07")  # 6 April is Qingming's day off


def test_what_ends_late_before_the_worker_looks_is_an_overrun_all_the_same(town):
    filed = file(town)
    do(town, "li", filed.case, "intake/accept", "accept")

    with clock.at(at("2026-03-05 00:00")):  # review had the 3rd and the 4th
        do(town, "wang", filed.case, "review", "pass")
        assert commands.catch_up() == (0, 0)

    assert overruns(filed.number) == [("review", "2026-03-05")]
    kinds = [(e["type"], e["step"]) for e in events(filed.number)]
    assert kinds.index(("clock.overrun", "review")) < kinds.index(("clock.ended", "review"))


def test_withdrawing_hides_no_overrun(town):
    filed = file(town)
    do(town, "li", filed.case, "intake/accept", "accept")

    with clock.at(at("2026-03-12 00:01")), begin(Actor(person=row(filed.case).applicant, channel="portal")) as ctx:
        commands.withdraw(ctx, filed.case, reason="不开店了")

    assert {what for what, _ in overruns(filed.number)} == {"promise:L03", "review", "site_inspection/inspect"}


def test_a_worker_that_was_down_for_two_months_records_everything_in_legal_order(town):
    filed = file(town)

    with clock.at(at("2026-05-06 08:00")):
        commands.catch_up()

    assert overruns(filed.number) == [
        ("intake/accept", "2026-03-04"),
        ("statute:L01", "2026-03-10"),
        ("promise:L03", "2026-03-12"),  # of 7 days from 2 March on: known only on the 10th, by silence
        ("review", "2026-03-13"),
        ("site_inspection/inspect", "2026-03-14"),
        ("statute:L03", "2026-03-31"),
    ]
    fired = next(e for e in events(filed.number) if e["type"] == "timer.fired")
    assert fired["facts"]["legal_at"] == "2026-03-09T16:00:00.000000Z"
    assert local_date(step(filed.case, "review").opened_at) == date(2026, 3, 10)
    assert [e["at"] for e in events(filed.number)] == sorted(e["at"] for e in events(filed.number))


@pytest.mark.parametrize(
    ("filed_at", "received", "l01"),
    [
        ("2026-09-18 23:59", "2026-09-18", "2026-09-24"),  # Friday; Sunday the 20th is a make-up working day
        ("2026-09-19 00:01", "2026-09-19", "2026-09-24"),  # Saturday: the day of receipt is not counted anyway
        ("2026-09-20 10:00", "2026-09-20", "2026-09-28"),  # the make-up Sunday; the 25th is Mid-Autumn
        ("2026-10-01 10:00", "2026-10-01", "2026-10-13"),  # National Day; Saturday the 10th is made up
        ("2026-12-31 23:59", "2026-12-31", "2027-01-08"),  # beyond the published calendar
        ("2027-01-01 00:00", "2027-01-01", "2027-01-08"),
    ],
)
def test_the_first_clock_counts_from_the_local_day_of_filing(town, filed_at, received, l01):
    with clock.at(at(filed_at)):
        filed = file(town)

    assert clocks(filed.number)["statute:L01"] == (received, l01)
    started = [e for e in events(filed.number) if e["type"] == "clock.started"]
    assert {e["facts"]["provisional"] for e in started if e["due_on"] > "2026-12-31"} <= {True}
    assert {e["facts"]["provisional"] for e in started if e["due_on"] <= "2026-12-31"} <= {False}
    with reading() as conn:
        armed = conn.scalars(sa.select(t.timer.c.fires_at)).one()
    assert armed.astimezone(clock.ZONE) == datetime.fromisoformat(l01).replace(tzinfo=clock.ZONE) + timedelta(days=1)


def variant(tmp_path: Path, *changes: tuple[str, str]) -> Path:
    """Return a copy of the processes in which the flow of intake is changed."""
    copied = Path(shutil.copytree(settings().processes, tmp_path / "processes"))
    flow = copied / "_shared" / "intake" / "flow.bpmn"
    text = flow.read_text(encoding="utf-8")
    for pattern, new in changes:
        text, found = re.subn(pattern, new, text)
        assert found, pattern
    flow.write_text(text, encoding="utf-8")
    return copied


def deploy(town, processes: Path) -> None:
    with begin(town.ma) as ctx:
        proposal = commands.propose_definition(ctx, load(processes / county.ITEM, processes))
    with begin(town.feng) as ctx:
        commands.approve(ctx, proposal)


def test_a_timer_takes_effect_at_the_earliest_when_it_is_armed(town, tmp_path):
    timer = ("<bpmn:timeDuration[^>]*>.*</bpmn:timeDuration>", "<bpmn:timeDate>2026-02-01</bpmn:timeDate>")
    no_law = [('<sun:effect rule="L01"/>', ""), ('<sun:limit rule="L01"[^>]*/>', "")]
    deploy(town, variant(tmp_path, timer, *no_law))
    filed = file(town)

    with clock.at(MONDAY + timedelta(hours=1)):
        commands.catch_up()

    assert step(filed.case, "intake/accept").closed_at == MONDAY  # not on 1 February, before there was a case
    assert step(filed.case, "review").opened_at == MONDAY
    assert overruns(filed.number) == []


def test_due_work_that_fails_neither_loops_nor_holds_up_other_cases(town, monkeypatch):
    filed = [file(town, contact_name=f"罗{n}") for n in range(4)]
    with engine(settings().database_url).begin() as conn:  # two cases whose flow cannot go on
        poisoned = t.case_.c.id.in_([filed[0].case, filed[1].case])
        conn.execute(sa.update(t.case_).where(poisoned).values(engine_state=file_state(conn, filed[0].case)[:-3]))
    real = due.work
    monkeypatch.setattr(due, "work", lambda conn, now, **more: real(conn, now, limit=2, **more))

    with clock.at(at("2026-03-10 08:00")):
        _, failed = commands.catch_up()

    assert failed == 2
    assert [open_paths(each.case) for each in filed] == [["intake/accept"]] * 2 + [
        ["review", "site_inspection/inspect"]
    ] * 2


def file_state(conn, case: int) -> bytes:
    return conn.scalar(sa.select(t.case_.c.engine_state).where(t.case_.c.id == case))


def test_due_work_that_turns_out_not_to_be_due_does_not_loop(town):
    filed = file(town)
    with engine(settings().database_url).begin() as conn:  # a stored last day that is out of date
        conn.execute(sa.update(t.clock).where(t.clock.c.case_ == filed.case).values(due_on=date(2026, 2, 27)))

    assert commands.catch_up() == (0, 0)


def test_firing_twice_and_after_the_end_does_nothing(town):
    filed = file(town)
    with reading() as conn:
        timer, clock_ = conn.scalar(sa.select(t.timer.c.id)), conn.scalar(sa.select(t.clock.c.id))
    with clock.at(at("2026-03-12 08:00")):
        with begin(Actor(person=row(filed.case).applicant, channel="portal")) as ctx:
            commands.withdraw(ctx, filed.case, reason="不开店了")
        before = [events(filed.number), row(filed.case)]
        for _ in range(2):
            with begin(SYSTEM_ACTOR) as ctx:
                assert commands.fire_timer(ctx, timer) is False
                assert commands.record_overrun(ctx, clock_) is False

    assert [events(filed.number), row(filed.case)] == before
