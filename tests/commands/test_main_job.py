"""One application from the window to the licence, and the ways it can end otherwise."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from engine import clock, commands
from engine.db.store import begin, reading
from engine.errors import Invalid, TooLateToWithdraw, UnknownOutcome
from engine.model import Actor
from tests import county
from tests.county import at, do, file, open_paths, row, types

MONDAY = at("2026-03-02 10:00")


@pytest.fixture
def town(database_url):
    with clock.at(MONDAY):
        yield county.found()


def to_decision(town, case):
    do(town, "li", case, "intake/accept", "accept")
    do(town, "wang", case, "review", "pass")
    do(town, "chen", case, "site_inspection/inspect", "pass")
    do(town, "liu", case, "site_inspection/inspect", "pass")
    do(town, "he", case, "recheck", "agree")


def test_an_application_goes_from_the_window_to_the_licence(town):
    filed = file(town)
    to_decision(town, filed.case)
    do(town, "zhao", filed.case, "decide", "grant")
    do(town, "wu", filed.case, "issue/make", "done")
    do(town, "wu", filed.case, "issue/deliver", "done")

    ended = row(filed.case)

    assert filed.number == "2026-YL-000001"
    assert (ended.state, ended.result) == ("closed", "issued")
    assert ended.red_on is None
    assert types(filed.number)[0] == "case.filed"
    assert types(filed.number)[-2:] == ["case.closed", "document.made"]
    assert types(filed.number).count("step.completed") == 7
    with reading() as conn:
        assert commands.check(conn).faults == []


def test_review_and_inspection_run_side_by_side_after_acceptance(town):
    filed = file(town)

    do(town, "li", filed.case, "intake/accept", "accept")

    assert open_paths(filed.case) == ["review", "site_inspection/inspect"]


def test_a_change_of_a_licence_without_change_of_layout_is_not_inspected(town):
    filed = file(town, kind="change", layout_changed=False)

    do(town, "li", filed.case, "intake/accept", "accept")

    assert open_paths(filed.case) == ["review"]


@pytest.mark.parametrize(
    ("outcome", "result"),
    [("not_needed", "not_needed"), ("not_ours", "not_ours")],  # art. 32(1)(1), art. 32(1)(2)
)
def test_the_window_may_end_a_case_that_is_not_for_it(town, outcome, result):
    filed = file(town)

    done = do(town, "li", filed.case, "intake/accept", outcome)

    assert done.closed
    assert row(filed.case).result == result


def test_a_supplement_notice_must_list_the_defects(town):
    filed = file(town)
    step = county.claim(town, "li", filed.case, "intake/accept")

    with pytest.raises(Invalid) as refusal, begin(town.li) as ctx:
        commands.complete(ctx, step, outcome="supplement", form={}, opinion="")

    assert [finding.where for finding in refusal.value.findings] == ["cure", "defects"]
    assert open_paths(filed.case) == ["intake/accept"]


def test_supplemented_papers_are_examined_once_more(town):
    filed = file(town)
    do(town, "li", filed.case, "intake/accept", "supplement")
    do(town, "li", filed.case, "intake/supplement", "supplied")

    do(town, "li", filed.case, "intake/accept_again", "accept")

    assert open_paths(filed.case) == ["review", "site_inspection/inspect"]


def test_silence_of_five_working_days_is_acceptance_from_the_day_of_receipt(town):
    filed = file(town)  # Monday 2 March: days 3, 4, 5, 6, 9; accepted as from 2 March on the 10th
    with clock.at(at("2026-03-09 23:59")):
        commands.catch_up()
    assert open_paths(filed.case) == ["intake/accept"]

    with clock.at(at("2026-03-25 08:00")):  # the worker was down for a fortnight
        commands.catch_up()

    assert open_paths(filed.case) == ["review", "site_inspection/inspect"]
    accepted = [
        e for e in county.events(filed.number) if e["type"] == "mark.reached" and e["facts"]["mark"] == "accepted"
    ]
    assert accepted[0]["facts"] == {"mark": "accepted", "on": "2026-03-02", "taken_from": "received"}
    started = {e["facts"]["key"]: e for e in county.events(filed.number) if e["type"] == "clock.started"}
    assert started["statute:L03"]["due_on"] == "2026-03-30"
    assert started["promise:L03"]["due_on"] == "2026-03-11"
    assert county.step(filed.case, "review").due_on == date(2026, 3, 12)  # opened on the 10th, by legal time


def test_what_is_due_is_done_once(town):
    filed = file(town)

    with clock.at(at("2026-03-25 08:00")):
        commands.catch_up()
        before = types(filed.number)
        assert commands.catch_up() == (0, 0)

    assert types(filed.number) == before
    assert before.count("timer.fired") == 1
    assert before.count("clock.overrun") == len(
        {e["facts"]["key"] for e in county.events(filed.number) if e["type"] == "clock.overrun"}
    )


def test_an_overrun_turns_the_lamp_red_and_the_trace_says_why(town):
    filed = file(town)
    do(town, "li", filed.case, "intake/accept", "accept")

    assert row(filed.case).red_on == date(2026, 3, 5)  # review has 2 days: 3 and 4 March
    with clock.at(MONDAY + timedelta(days=3)):
        commands.catch_up()

    overrun = [e for e in county.events(filed.number) if e["type"] == "clock.overrun"]
    assert [(e["step"], e["due_on"], e["facts"]["overrun_on"]) for e in overrun] == [
        ("review", "2026-03-04", "2026-03-05")
    ]


def test_the_applicant_may_withdraw_before_the_decision(town):
    filed = file(town)
    do(town, "li", filed.case, "intake/accept", "accept")
    applicant = Actor(person=row(filed.case).applicant, channel="portal")

    with begin(applicant) as ctx:
        commands.withdraw(ctx, filed.case, reason="不开店了")

    assert row(filed.case).state == "withdrawn"
    assert open_paths(filed.case) == []
    assert row(filed.case).yellow_on is None
    with clock.at(MONDAY + timedelta(days=60)):
        assert commands.catch_up() == (0, 0)


def test_after_the_decision_nobody_withdraws(town):
    filed = file(town)
    to_decision(town, filed.case)
    do(town, "zhao", filed.case, "decide", "grant")
    applicant = Actor(person=row(filed.case).applicant, channel="portal")

    with pytest.raises(TooLateToWithdraw), begin(applicant) as ctx:
        commands.withdraw(ctx, filed.case, reason="不开店了")

    assert types(filed.number)[-1] == "refused"


def test_an_unknown_outcome_changes_nothing(town):
    filed = file(town)
    step = county.claim(town, "li", filed.case, "intake/accept")
    before = row(filed.case).version

    with pytest.raises(UnknownOutcome, match="possible: accept"), begin(town.li) as ctx:
        commands.complete(ctx, step, outcome="grant", form={}, opinion="")

    assert row(filed.case).version == before
