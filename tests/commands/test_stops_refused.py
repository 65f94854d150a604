"""Stops that are refused: by the law's list, by the calendar of the case, by who asked and who approved."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from engine import clock, commands
from engine.clock import local_date
from engine.db import tables as t
from engine.db.store import begin, book, reading
from engine.errors import AlreadyStopped, Invalid, NotApproved, SamePerson, StopNotAllowed
from engine.model import Act, ActKind
from engine.rules import separation
from engine.rules.separation import latest
from tests import county
from tests.county import at, claim, deliver, do, events, file, open_paths
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


def stored(case: int):
    with reading() as conn:
        return conn.execute(sa.select(t.stop).where(t.stop.c.case_ == case)).all()


@pytest.mark.parametrize("kind", ["third_party_opinion", "supplement", "suspension"])
def test_a_kind_that_the_rule_does_not_list_is_refused_as_it_is_asked_for(town, accepted, kind, monkeypatch):
    deliver(town, "wang", accepted.case, "special")
    key = claim(town, "wang", accepted.case, "special/ask")
    monkeypatch.setattr("engine.commands.forms.check", lambda *_: None)  # the form does not offer it at all

    with pytest.raises(StopNotAllowed) as refusal, begin(town.wang) as ctx:
        commands.complete(ctx, key, outcome="ask", form=ASKED | {"stop_kind": kind}, opinion="申请")

    assert refusal.value.kind == book().stops[kind].name
    assert refusal.value.possible == "听证、招标、拍卖、检验、检测、检疫、鉴定、专家评审"
    assert [e for e in events(accepted.number) if e["type"] == "refused"][-1]["facts"]["error"] == "StopNotAllowed"


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

    def forged(acts, paths, after=0, real=separation.latest):
        found = real(acts, paths, after)
        if found is None or found.path != "special/approve":
            return found
        return None if approver is None else replace(found, person=town.people[approver].person)

    monkeypatch.setattr("engine.commands.agreed.latest", forged)

    with pytest.raises(error) as refusal:
        do(town, "li", accepted.case, "special/serve", "done")

    assert refusal.value.basis == "SOD-18"
    assert stored(accepted.case) == []


def test_an_approval_of_an_earlier_request_does_not_count_for_a_later_one():
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
