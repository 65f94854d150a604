"""Extensions in a case: once, in time, by the post that the law names, and not by who asked."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from engine import clock, commands
from engine.commands import extending as command
from engine.db import find
from engine.db.store import begin, calendar, reading
from engine.errors import Invalid, NotApproved, NotExtendable, NotWaiting, NotYourPost, SamePerson, TooLateToExtend
from engine.rules import extending, separation
from tests import county
from tests.county import at, claim, deliver, do, events, file, open_paths, row
from tests.samples import FORMS

MONDAY = at("2026-03-02 10:00")
ASKED = FORMS["extension/ask:ask"]


@pytest.fixture
def town(database_url):
    with clock.at(MONDAY):
        yield county.found()


@pytest.fixture
def accepted(town):
    filed = file(town)
    do(town, "li", filed.case, "intake/accept", "accept")
    return filed


def asked(town, filed, **form):
    deliver(town, "wang", filed.case, "extension")
    do(town, "wang", filed.case, "extension/ask", "ask", ASKED | form)


def clocks(case: int):
    with reading() as conn:
        return find.time_of(conn, case).clocks


def of(filed, *types: str):
    return [e for e in events(filed.number) if e["type"] in types]


def test_the_statute_is_longer_and_the_promise_stays(town, accepted):
    before = clocks(accepted.case)
    asked(town, accepted)
    do(town, "qin", accepted.case, "extension/approve", "agree")

    after = clocks(accepted.case)
    assert before["statute:L03"].due_on == date(2026, 3, 30)  # the 20th working day after 2 March
    assert after["statute:L03"].due_on == date(2026, 4, 14)  # ten more; Monday 6 April is a holiday
    assert after["statute:L03"].extended == 10
    assert after["promise:L03"] == before["promise:L03"]
    (told,) = of(accepted, "clock.extended")
    assert told["facts"] == {
        "key": "statute:L03",
        "amount": 10,
        "unit": "working_day",
        "document": "云岭审延〔2026〕1号",
    }
    assert (told["rule"], told["due_on"], told["step"]) == ("L03", "2026-04-14", "extension/approve")
    (moved,) = of(accepted, "clock.recounted")
    assert (moved["facts"]["from"], moved["facts"]["to"], moved["facts"]["why"]) == (
        "2026-03-30",
        "2026-04-14",
        "extension",
    )
    assert open_paths(accepted.case) == ["extension/serve", "review", "site_inspection/inspect"]
    do(town, "li", accepted.case, "extension/serve", "done")
    assert row(accepted.case).state == "open"


def test_it_is_given_once(town, accepted):
    asked(town, accepted, extend_days=3)
    do(town, "qin", accepted.case, "extension/approve", "agree")
    do(town, "li", accepted.case, "extension/serve", "done")

    with pytest.raises(NotExtendable) as refusal:
        deliver(town, "wang", accepted.case, "extension")

    assert refusal.value.why == extending.GIVEN


def test_a_refused_request_may_be_made_again(town, accepted):
    asked(town, accepted)
    do(town, "qin", accepted.case, "extension/approve", "disagree")
    assert of(accepted, "clock.extended") == []
    asked(town, accepted)
    do(town, "qin", accepted.case, "extension/approve", "agree")

    assert clocks(accepted.case)["statute:L03"].extended == 10


def test_on_the_last_day_it_is_in_time_and_on_the_next_too_late(town, accepted):
    asked(town, accepted)
    key = claim(town, "qin", accepted.case, "extension/approve")
    for moment in ("2026-03-31 00:00", "2026-03-31 09:00"):
        with clock.at(at(moment)), pytest.raises(TooLateToExtend) as refusal, begin(town.qin) as ctx:
            commands.complete(ctx, key, outcome="agree", form={}, opinion="同意")
        assert refusal.value.due_on == date(2026, 3, 30)
    assert of(accepted, "clock.extended") == []

    with clock.at(at("2026-03-30 23:59")), begin(town.qin) as ctx:
        commands.complete(ctx, key, outcome="agree", form={}, opinion="同意")

    assert clocks(accepted.case)["statute:L03"].due_on == date(2026, 4, 14)
    assert clocks(accepted.case)["statute:L03"].overrun_at is None


def test_it_cannot_be_asked_for_before_acceptance_or_when_it_is_too_late(town):
    filed = file(town)
    with pytest.raises(NotExtendable) as early:
        deliver(town, "wang", filed.case, "extension")
    do(town, "li", filed.case, "intake/accept", "accept")
    with clock.at(at("2026-04-01 09:00")):
        commands.catch_up()
        with pytest.raises(TooLateToExtend):
            deliver(town, "wang", filed.case, "extension")

    assert early.value.why == extending.NOT_RUNNING


@pytest.mark.parametrize("days", [0, 11])
def test_no_more_than_the_law_allows(town, accepted, days, monkeypatch):
    deliver(town, "wang", accepted.case, "extension")
    with pytest.raises(Invalid):
        do(town, "wang", accepted.case, "extension/ask", "ask", ASKED | {"extend_days": days})
    monkeypatch.setattr("engine.commands.forms.check", lambda *_: None)  # the rule says no by itself, too

    key = county.step(accepted.case, "extension/ask").id
    with pytest.raises(NotExtendable) as refusal, begin(town.wang) as ctx:
        commands.complete(ctx, key, outcome="ask", form=ASKED | {"extend_days": days}, opinion="申请")

    assert refusal.value.why == extending.TOO_MUCH


def test_who_asked_may_not_approve_whatever_posts_he_holds(town, accepted, monkeypatch):
    asked(town, accepted)
    with pytest.raises(NotYourPost):
        claim(town, "wang", accepted.case, "extension/approve")

    def forged(acts, paths, after=0, real=separation.latest):
        found = real(acts, paths, after)
        return found and replace(found, person=town.qin.person)

    monkeypatch.setattr("engine.commands.agreed.latest", forged)
    with pytest.raises(SamePerson) as refusal:
        do(town, "qin", accepted.case, "extension/approve", "agree")

    assert refusal.value.basis == "SOD-18"
    assert of(accepted, "clock.extended") == []


def test_nobody_approves_what_nobody_asked_for(town, accepted, monkeypatch):
    asked(town, accepted)
    monkeypatch.setattr("engine.commands.agreed.latest", lambda *_: None)

    with pytest.raises(NotApproved):
        do(town, "qin", accepted.case, "extension/approve", "agree")


def test_another_post_cannot_approve_even_if_a_flow_let_it(town, accepted, monkeypatch):
    asked(town, accepted)
    claim(town, "qin", accepted.case, "extension/approve")
    real = command._extend
    monkeypatch.setattr(command, "_extend", lambda now, step, rule: real(now, replace(step, post="decider"), rule))

    with pytest.raises(NotExtendable) as refusal, begin(town.qin) as ctx:
        commands.complete(
            ctx, county.step(accepted.case, "extension/approve").id, outcome="agree", form={}, opinion="同意"
        )

    assert refusal.value.why == extending.OTHER_POST


def test_a_stop_and_an_extension_add_up(town, accepted):
    asked(town, accepted)
    do(town, "qin", accepted.case, "extension/approve", "agree")
    deliver(town, "wang", accepted.case, "special")
    do(town, "wang", accepted.case, "special/ask", "ask")
    do(town, "zhao", accepted.case, "special/approve", "agree")
    do(town, "li", accepted.case, "special/serve", "done")

    with reading() as conn:
        days = calendar(conn)
    assert clocks(accepted.case)["statute:L03"].due_on == days.add(date(2026, 3, 16), 30)


def test_one_request_at_a_time(town, accepted):
    deliver(town, "wang", accepted.case, "extension")

    with pytest.raises(NotWaiting):
        deliver(town, "wang", accepted.case, "extension")

    assert open_paths(accepted.case).count("extension/ask") == 1
