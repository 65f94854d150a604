"""What the law makes of silence: taken once, by itself, and dated at its legal day however late the worker is."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from engine import clock, commands
from engine.clock import day_start, local_date
from engine.db import tables as t
from engine.db.engines import engine
from engine.db.store import begin
from engine.errors import Invalid
from engine.model import SYSTEM_ACTOR
from engine.settings import settings
from tests import county
from tests.commands import small
from tests.commands.small import begins, day, effect, form, item, mark, step, timer
from tests.county import at, open_paths

MONDAY = at("2026-03-02 10:00")
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
END = '<endEvent id="z"/>'


@pytest.fixture
def town(database_url):
    with clock.at(MONDAY):
        yield county.found()


def taken(number: str) -> list[tuple[str, str, str, str]]:
    found = small.told(number, "effect.taken")
    assert {event["person"] for event in found} <= {"system"}
    return [(e["rule"], e["facts"]["effect"], e["due_on"], e["facts"]["on"]) for e in found]


RENEWAL = item(
    "L12", "s>decide decide>z silent>keep keep>z",
    begins(mark("expires", date="expires_on")),
    step("decide", mark("decided"), post="decider"), step("keep", post="issuer"),
    timer("silent", "L12", mark("decided"), effect("L12"), at="decide"), END,
    forms={"case": form(expires_on=day())},
)  # fmt: skip
CONSENT = item(
    "I04", "s>consult consult>opine opine>z silent>answer answer>z",
    begins(), step("consult", mark("consulted")), step("opine", mark("opinion_given")), step("answer"),
    timer("silent", "I04", mark("opinion_given"), effect("I04"), at="opine"), END,
)  # fmt: skip
LAPSE = item(
    "X05", "s>serve serve>wait wait>z silent>y",
    begins(), step("serve", mark("delivered")), step("wait", mark("review_requested"), post="acceptance"),
    timer("silent", "X05", effect("X05"), at="wait"), END, '<endEvent id="y" name="信访人放弃复查"/>',
)  # fmt: skip
RECEIVED = item(
    "F02", "s>accept accept>z silent>hear hear>z",
    begins(), step("accept", mark("answered"), post="acceptance"), step("hear"),
    timer("silent", "F02", mark("answered"), effect("F02"), at="accept"), END,
)  # fmt: skip


@pytest.mark.parametrize("late", ["2026-03-10 00:00", "2026-03-10 09:00", "2026-03-20 08:00"])
def test_acceptance_is_back_dated_to_receipt_however_late_the_worker_is(town, late):
    filed = county.file(town)

    with clock.at(at(late)):
        commands.catch_up()
        commands.catch_up()

    assert taken(filed.number) == [("L01", "deemed_acceptance", "2026-03-09", "2026-03-02")]
    assert small.clock(filed.case, "statute:L03").started_on == date(2026, 3, 2)


def test_acceptance_of_a_reconsideration_holds_from_the_last_day(town):
    small.deploy(town, RECEIVED)
    filed = small.file(town)

    with clock.at(at("2026-03-11 08:00")):
        commands.catch_up()

    assert taken(filed.number) == [("F02", "deemed_acceptance", "2026-03-09", "2026-03-09")]
    assert open_paths(filed.case) == ["hear"]


@pytest.mark.parametrize("late", ["2026-05-02 00:00", "2026-05-12 08:00"])
def test_a_licence_is_renewed_on_the_day_it_expires_be_it_a_holiday(town, late):
    small.deploy(town, RENEWAL)
    filed = small.file(town, expires_on="2026-05-01")

    with clock.at(at("2026-05-01 23:59")):
        assert commands.catch_up()[0] == 1  # the step's own limit has run out
        assert taken(filed.number) == []
    with clock.at(at(late)):
        commands.catch_up()

    assert taken(filed.number) == [("L12", "deemed_renewal", "2026-05-01", "2026-05-01")]
    assert local_date(county.step(filed.case, "keep").opened_at) == date(2026, 5, 2)
    assert [e["facts"] for e in small.told(filed.number, "mark.reached")][1] == {
        "mark": "expires", "on": "2026-05-01", "taken_from": None,
    }  # fmt: skip


def test_a_decision_on_the_last_day_leaves_no_silence(town):
    small.deploy(town, RENEWAL)
    filed = small.file(town, expires_on="2026-05-01")

    with clock.at(at("2026-05-01 23:58")):
        small.do(town, filed.case, "decide")
    with clock.at(at("2026-05-10 08:00")):
        commands.catch_up()

    assert taken(filed.number) == []
    assert county.row(filed.case).state == "closed"


@pytest.mark.parametrize(
    ("expires_on", "why"),
    [
        ("2026-03-01", "the limit L12 that counts from this day ended on 2026-03-01"),
        ("1 May 2026", "'expires_on' must be a day such as 2026-03-02, at most 100 years away"),
        ("20260501", "'expires_on' must be a day such as 2026-03-02, at most 100 years away"),
        ("2026-02-30", "'expires_on' must be a day such as 2026-03-02, at most 100 years away"),
        ("2127-01-01", "'expires_on' must be a day such as 2026-03-02, at most 100 years away"),
    ],
)
def test_a_day_that_cannot_be_counted_from_is_refused_at_its_field(town, expires_on, why):
    small.deploy(town, RENEWAL)

    with pytest.raises(Invalid) as refused:
        small.file(town, expires_on=expires_on)

    assert [(f.where, f.message) for f in refused.value.findings] == [("expires_on", why)]


@pytest.mark.parametrize("late", ["2026-03-24 00:00", "2026-04-03 08:00"])
def test_a_department_that_is_silent_for_15_working_days_has_consented(town, late):
    small.deploy(town, CONSENT)
    filed = small.file(town)
    small.do(town, filed.case, "consult")

    with clock.at(at(late)):
        commands.catch_up()

    assert taken(filed.number) == [("I04", "deemed_consent", "2026-03-23", "2026-03-24")]
    assert open_paths(filed.case) == ["answer"]


def test_a_right_lapses_on_the_day_after_its_last(town):
    small.deploy(town, LAPSE)
    filed = small.file(town)
    small.do(town, filed.case, "serve")

    with clock.at(at("2026-04-12 08:00")):
        commands.catch_up()

    assert taken(filed.number) == [("X05", "lapse", "2026-04-01", "2026-04-02")]
    assert county.row(filed.case).result == "y"
    assert local_date(county.row(filed.case).closed_at) == date(2026, 4, 2)


def stored(case: int, **values: object) -> None:
    with engine(settings().database_url).begin() as conn:
        conn.execute(sa.update(t.timer).where(t.timer.c.case_ == case).values(**values))


def test_a_timer_whose_stored_instant_is_too_early_waits_for_the_legal_one(town):
    filed = county.file(town)
    stored(filed.case, fires_at=at("2026-03-04 00:00"))

    with clock.at(at("2026-03-05 09:00")), begin(SYSTEM_ACTOR) as ctx:
        assert commands.fire_timer(ctx, small.timer_of(filed.case).id) is False

    assert small.timer_of(filed.case).fires_at == day_start(date(2026, 3, 10))
    assert taken(filed.number) == []
    with clock.at(at("2026-03-12 09:00")):
        commands.catch_up()
    assert taken(filed.number) == [("L01", "deemed_acceptance", "2026-03-09", "2026-03-02")]


def test_a_timer_that_is_found_late_with_a_stale_instant_fires_at_the_legal_one(town):
    filed = county.file(town)
    stored(filed.case, fires_at=at("2026-03-04 00:00"))

    with clock.at(at("2026-03-12 09:00")), begin(SYSTEM_ACTOR) as ctx:
        assert commands.fire_timer(ctx, small.timer_of(filed.case).id) is True

    assert small.told(filed.number, "timer.fired")[0]["facts"]["legal_at"] == "2026-03-09T16:00:00.000000Z"
    assert county.step(filed.case, "review").opened_at == day_start(date(2026, 3, 10))


def test_what_was_answered_in_time_elsewhere_is_no_silence(town):
    """The mark that ends the limit stands on another step, and the step with the timer is still open."""
    gates = '<parallelGateway id="g"/><exclusiveGateway id="x"/><parallelGateway id="j"/>'
    small.deploy(town, item(
        "F02", "s>g g>accept g>tell accept>x tell>j j>z silent>x x>j",
        begins(), gates, step("accept", post="acceptance"), step("tell", mark("answered"), post="acceptance"),
        timer("silent", "F02", effect("F02"), at="accept"), END,
    ))  # fmt: skip
    filed = small.file(town)
    small.do(town, filed.case, "tell")

    with clock.at(at("2026-03-20 09:00")):
        commands.catch_up()

    assert taken(filed.number) == []
    assert small.told(filed.number, "timer.fired") == []
    with clock.at(at("2026-03-20 10:00")):
        small.do(town, filed.case, "accept")
    assert county.row(filed.case).state == "closed"
