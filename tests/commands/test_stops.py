"""Stops in a case: from the day after the notice to the result or the planned day, and every due day follows."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from engine import clock, commands
from engine.clock import local_date
from engine.db import find
from engine.db import tables as t
from engine.db.store import begin, book, calendar, reading
from engine.errors import (
    AlreadyStopped,
    Invalid,
    NotApproved,
    NotWaiting,
    SamePerson,
    StopNotAllowed,
    TimeFirst,
)
from engine.rules import limits
from engine.rules.halting import halting
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
    assert stop.document == f"{accepted.number}-S1"
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
    assert second.document.endswith("-S2")


@pytest.mark.parametrize("kind", ["third_party_opinion", "supplement", "suspension"])
def test_a_kind_that_the_rule_does_not_list_is_refused_as_it_is_asked_for(town, accepted, kind, monkeypatch):
    deliver(town, "wang", accepted.case, "special")
    key = claim(town, "wang", accepted.case, "special/ask")
    monkeypatch.setattr("engine.commands.forms.check", lambda *_: None)  # the form does not offer it at all

    with pytest.raises(StopNotAllowed) as refusal, begin(town.wang) as ctx:
        commands.complete(ctx, key, outcome="ask", form=ASKED | {"stop_kind": kind}, opinion="申请")

    assert refusal.value.kind == book().stops[kind].name
    assert refusal.value.possible == "听证、招标、拍卖、检验、检测、检疫、鉴定、专家评审"
    assert of(accepted, "refused")[-1]["facts"]["error"] == "StopNotAllowed"


@pytest.mark.parametrize("kind", ["site_inspection", "rectification", "countersign"])
def test_inspecting_the_site_rectifying_and_countersigning_are_no_stops_at_all(kind):
    assert kind not in book().stops
    assert all(kind not in rule.stops for rule in book().limits.values())


@pytest.mark.parametrize("days", [0, 367, None])
def test_the_form_asks_for_1_to_366_working_days(town, accepted, days):
    deliver(town, "wang", accepted.case, "special")
    key = claim(town, "wang", accepted.case, "special/ask")

    with pytest.raises(Invalid), begin(town.wang) as ctx:
        commands.complete(ctx, key, outcome="ask", form=ASKED | {"stop_days": days}, opinion="申请")


def test_no_clock_can_be_stopped_before_acceptance_nor_after_the_decision(town):
    filed = file(town, kind="change")
    with pytest.raises(StopNotAllowed) as before:
        deliver(town, "wang", filed.case, "special")
    for who, path, outcome in (
        ("li", "intake/accept", "accept"),
        ("wang", "review", "pass"),
        ("he", "recheck", "agree"),
        ("zhao", "decide", "grant"),
    ):
        do(town, who, filed.case, path, outcome)
    with pytest.raises(StopNotAllowed) as after:
        deliver(town, "wang", filed.case, "special")

    assert before.value.possible == after.value.possible == "—"
    assert "special/ask" not in open_paths(filed.case)


def test_a_decision_made_meanwhile_leaves_no_clock_to_stop_and_the_notice_is_refused(town):
    filed = file(town, kind="change")
    do(town, "li", filed.case, "intake/accept", "accept")
    deliver(town, "wang", filed.case, "special")
    do(town, "wang", filed.case, "special/ask", "ask")
    do(town, "zhao", filed.case, "special/approve", "agree")
    for who, path, outcome in (("wang", "review", "pass"), ("he", "recheck", "agree"), ("zhao", "decide", "grant")):
        do(town, who, filed.case, path, outcome)

    with pytest.raises(StopNotAllowed):
        do(town, "li", filed.case, "special/serve", "done")

    assert stored(filed.case) == []


def test_who_asked_may_not_approve(town, accepted):
    deliver(town, "both", accepted.case, "special")
    do(town, "both", accepted.case, "special/ask", "ask")

    with pytest.raises(SamePerson) as refusal:
        claim(town, "both", accepted.case, "special/approve")

    assert refusal.value.basis == "SOD-18"


@pytest.mark.parametrize(("approver", "error"), [("wang", SamePerson), (None, NotApproved)])
def test_the_notice_is_refused_when_two_persons_did_not_agree(town, accepted, approver, error, monkeypatch):
    """Whatever let it come so far: the acts decide."""
    deliver(town, "wang", accepted.case, "special")
    do(town, "wang", accepted.case, "special/ask", "ask")
    do(town, "zhao", accepted.case, "special/approve", "agree")
    from engine.rules import separation

    def forged(acts, paths, after=0, real=separation.latest):
        found = real(acts, paths, after)
        if found is None or found.path != "special/approve":
            return found
        return None if approver is None else county_act(found, town.people[approver].person)

    monkeypatch.setattr("engine.commands.agreed.latest", forged)

    with pytest.raises(error) as refusal:
        do(town, "li", accepted.case, "special/serve", "done")

    assert refusal.value.basis == "SOD-18"
    assert stored(accepted.case) == []


def county_act(act, person):
    from dataclasses import replace

    return replace(act, person=person)


def test_an_approval_of_an_earlier_request_does_not_count_for_a_later_one(town, accepted):
    from engine.model import Act, ActKind
    from engine.rules.separation import latest

    def act(path, step):
        return Act(person=1, path=path, kind=ActKind.COMPLETE, outcome=None, at=MONDAY, step=step)

    acts = [act("ask", 3), act("approve", 4), act("ask", 7)]

    asked = latest(acts, ("ask",))
    assert asked is not None
    assert asked.step == 7
    assert latest(acts, ("approve",), 7) is None
    assert latest(acts, ("approve",), 3) == acts[1]


def test_a_refused_request_stops_nothing(town, accepted):
    deliver(town, "wang", accepted.case, "special")
    do(town, "wang", accepted.case, "special/ask", "ask")
    do(town, "zhao", accepted.case, "special/approve", "disagree")

    assert stored(accepted.case) == []
    assert open_paths(accepted.case) == ["review", "site_inspection/inspect"]


def test_who_asked_may_give_up_again(town, accepted):
    deliver(town, "wang", accepted.case, "special")
    do(town, "wang", accepted.case, "special/ask", "drop", {})

    assert open_paths(accepted.case) == ["review", "site_inspection/inspect"]
    deliver(town, "wang", accepted.case, "special")
    assert "special/ask" in open_paths(accepted.case)


def test_no_second_stop_while_one_runs(town, accepted):
    deliver(town, "wang", accepted.case, "special")
    do(town, "wang", accepted.case, "special/ask", "ask")
    do(town, "zhao", accepted.case, "special/approve", "agree")
    tomorrow = local_date(MONDAY) + timedelta(days=1)
    with begin(town.ma) as ctx:  # as another flow of the case would have put it
        ctx.conn.execute(
            sa.insert(t.stop).values(
                case_=accepted.case, kind="hearing", from_on=tomorrow, planned_to_on=tomorrow, document="X",
                asked_by=town.wang.person, approved_by=town.zhao.person,
            )
        )  # fmt: skip

    with pytest.raises(AlreadyStopped) as refusal:
        do(town, "li", accepted.case, "special/serve", "done")

    assert refusal.value.to_on == tomorrow
