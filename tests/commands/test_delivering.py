"""Bringing a message into a case: who may, when, and what stands in the trace."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from engine import clock, commands
from engine.db import tables as t
from engine.db.store import begin, reading
from engine.errors import (
    CaseClosed,
    ExcludedPosts,
    NotFound,
    NotWaiting,
    NotYourPost,
    OwnCase,
    SamePerson,
    TimeFirst,
)
from engine.model import Actor
from engine.rules import separation
from engine.rules.separation import Bar
from tests import county
from tests.county import at, deliver, do, events, file, open_paths, row

MONDAY = at("2026-03-02 10:00")


@pytest.fixture
def town(database_url):
    with clock.at(MONDAY):
        yield county.found()


@pytest.fixture
def accepted(town):
    filed = file(town)
    do(town, "li", filed.case, "intake/accept", "accept")
    return filed


def test_the_step_opens_and_the_trace_says_who_asked_by_which_post(town, accepted):
    before = row(accepted.case).version
    assert deliver(town, "wang", accepted.case, "special") == accepted.case

    assert open_paths(accepted.case) == ["review", "site_inspection/inspect", "special/ask"]
    assert row(accepted.case).version == before + 1
    told = next(e for e in events(accepted.number) if e["type"] == "message.delivered")
    opened = events(accepted.number)[-2:]
    assert (told["step"], told["post"], told["facts"]) == ("special_wanted", "reviewer", {"message": "special"})
    assert told["person"] not in ("system", None)
    assert next(e for e in opened if e["type"] == "step.opened")["facts"]["opened_by"] == told["id"]


@pytest.mark.parametrize("who", ["li", "zhao", "qin", "zhou"])
def test_only_the_post_that_the_event_names_may(town, accepted, who):
    with pytest.raises(NotYourPost):
        deliver(town, who, accepted.case, "special")

    assert events(accepted.number)[-1]["facts"]["error"] == "NotYourPost"


def test_nobody_asks_in_his_own_case(town, accepted):
    with begin(town.ma) as ctx:
        ctx.conn.execute(sa.update(t.case_).where(t.case_.c.id == accepted.case).values(applicant=town.wang.person))

    with pytest.raises(OwnCase):
        deliver(town, "wang", accepted.case, "special")


def test_a_separation_that_names_the_event_is_kept(town, accepted, monkeypatch):
    def bar(person, path, acts, separations):
        return Bar("SOD-03", "intake/accept", person) if path == "special_wanted" else None

    monkeypatch.setattr(separation, "conflict", bar)
    with pytest.raises(SamePerson):
        deliver(town, "wang", accepted.case, "special")


def test_posts_that_exclude_each_other_may_not(town, accepted):
    with reading() as conn:
        county_organ = conn.scalar(sa.select(t.organ.c.id).where(t.organ.c.code == "yl"))
        held = conn.execute(sa.select(t.assignment).where(t.assignment.c.person == town.wang.person)).one()
    with begin(town.ma) as ctx:
        values = dict(held._mapping) | {"post": "monitor", "organ": county_organ}
        values.pop("id")
        ctx.conn.execute(sa.insert(t.assignment).values(**values))

    with pytest.raises(ExcludedPosts):
        deliver(town, "wang", accepted.case, "special")


@pytest.mark.parametrize("message", ["holiday", "special_wanted", ""])
def test_a_message_that_no_event_waits_for_is_refused(town, accepted, message):
    with pytest.raises(NotWaiting):
        deliver(town, "wang", accepted.case, message)


def test_time_comes_first(town):
    filed = file(town)
    with clock.at(at("2026-03-12 09:00")):  # accepted by silence; nobody has looked
        with pytest.raises(TimeFirst):
            deliver(town, "wang", filed.case, "special")
        commands.catch_up()
        deliver(town, "wang", filed.case, "special")

    assert "special/ask" in open_paths(filed.case)


def test_a_closed_or_unknown_case_takes_no_message(town, accepted):
    with begin(Actor(person=row(accepted.case).applicant, channel="portal")) as ctx:
        commands.withdraw(ctx, accepted.case, reason="不开店了")

    with pytest.raises(CaseClosed):
        deliver(town, "wang", accepted.case, "special")
    with pytest.raises(NotFound):
        deliver(town, "wang", 4711, "special")


def test_a_stop_and_an_extension_may_be_asked_for_side_by_side(town, accepted):
    deliver(town, "wang", accepted.case, "special")
    deliver(town, "wang", accepted.case, "extension")

    assert open_paths(accepted.case) == ["extension/ask", "review", "site_inspection/inspect", "special/ask"]


def test_what_a_case_waits_for_follows_its_flow(town, accepted):
    def waits():
        found = row(accepted.case)
        with reading() as conn:
            sha256 = conn.scalar(sa.select(t.definition.c.sha256).where(t.definition.c.id == found.definition))
            return {r.message for r in commands.awaited(conn, found.definition, sha256, found.engine_state)}

    assert waits() == {"special", "extension"}
    deliver(town, "wang", accepted.case, "special")
    assert waits() == {"extension"}
    do(town, "wang", accepted.case, "special/ask", "drop", {})
    assert waits() == {"special", "extension"}


def test_the_result_of_the_case_is_that_of_the_flow_not_of_what_ran_beside(town):
    filed = file(town, kind="change")
    do(town, "li", filed.case, "intake/accept", "accept")
    deliver(town, "wang", filed.case, "extension")
    for who, path, outcome in (
        ("wang", "review", "pass"),
        ("he", "recheck", "agree"),
        ("zhao", "decide", "grant"),
        ("wu", "issue/make", "done"),
        ("wu", "issue/deliver", "done"),
    ):
        do(town, who, filed.case, path, outcome)
    assert row(filed.case).state == "open"  # the request waits for its end
    do(town, "wang", filed.case, "extension/ask", "drop", {})

    assert (row(filed.case).state, row(filed.case).result) == ("closed", "issued")
