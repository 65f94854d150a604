"""What gives a card, who answers for it, what it costs: known answers and properties."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.model import ClockKind
from engine.rules import book
from engine.rules.cards import (
    Cause,
    Level,
    Span,
    Yellow,
    fact_of,
    level_of,
    points,
    quarter,
    quarter_begins,
    repeated,
    responsible,
)
from engine.settings import ROOT

SETTINGS = book.load(ROOT / "processes" / "_rules").cards
MONDAY = date(2026, 3, 2)


def yellow(case: int = 1, fact: str = "review", post: str = "reviewer", on: date = MONDAY, **more) -> Yellow:
    return Yellow(case=case, fact=fact, post=post, organ=more.pop("organ", "yl"), on=on, **more)


@pytest.mark.parametrize(
    ("kind", "rule", "level"),
    [
        (ClockKind.STEP, "L15", Level.YELLOW),  # also when the case is in time
        (ClockKind.PROMISE, "L15", Level.YELLOW),
        (ClockKind.STATUTE, "L03", Level.RED),
        (ClockKind.STATUTE, "L01", Level.YELLOW),  # the one-time notice was late
    ],
)
def test_a_statute_overrun_gives_a_red_card_and_any_other_a_yellow_one(kind, rule, level):
    assert level_of(kind, rule, SETTINGS) is level


def span(path: str, opened: int, closed: int | None = None, applicant: bool = False) -> Span:
    """A step open from one day of March to another, from noon to noon."""

    def day(number: int) -> datetime:
        return datetime(2026, 3, number, 4, tzinfo=UTC)

    end = None if closed is None else day(closed)
    return Span(path=path, post=path, organ=1, opened_at=day(opened), closed_at=end, applicant=applicant)


@pytest.mark.parametrize(
    ("spans", "found"),
    [
        ([span("a", 1, 3), span("b", 3)], "b"),
        ([span("a", 1, 3), span("b", 4), span("c", 4)], "b"),  # of those open the first opened
        ([span("a", 1, 3), span("b", 20)], "a"),  # none open: the last one before
        ([span("a", 1, 10)], "a"),  # done late
        ([span("a", 1, 3), span("b", 3, None, True)], "a"),  # the applicant's own time
        ([span("b", 20)], None),
        ([], None),
    ],
)
def test_the_step_on_which_time_ran_out_answers_for_it(spans, found):
    late = responsible(spans, datetime(2026, 3, 9, 16, tzinfo=UTC))

    assert (late.path if late else None) == found


def test_a_step_answers_until_the_very_instant_at_which_silence_ends_it():
    at = datetime(2026, 3, 9, 16, tzinfo=UTC)
    deemed = Span(path="accept", post="a", organ=1, opened_at=at - timedelta(days=7), closed_at=at)
    after = Span(path="review", post="r", organ=1, opened_at=at, closed_at=None)

    assert responsible([deemed, after], at) is deemed


def test_a_late_step_and_the_promise_that_ran_out_on_it_are_one_lateness():
    step = yellow(fact=fact_of(Cause.OVERRUN, "review", "step:4"))
    promise = yellow(fact=fact_of(Cause.OVERRUN, "review", "promise:L03"), on=MONDAY + timedelta(7))

    assert repeated(promise, [step], SETTINGS) == []


def test_a_second_correction_on_a_late_step_is_another_fact():
    late = yellow(fact=fact_of(Cause.OVERRUN, "intake/accept", "step:4"))
    asked = yellow(fact=fact_of(Cause.CORRECTION, "intake/accept", "correction:2"))

    assert repeated(asked, [late], SETTINGS) == ["repeated"]


def test_two_late_steps_of_one_case_give_a_red_card():
    assert repeated(yellow(fact="decide", post="decider"), [yellow()], SETTINGS) == ["repeated"]
    assert repeated(yellow(case=2, fact="decide", post="decider"), [yellow()], SETTINGS) == []


@pytest.mark.parametrize(
    ("second", "third", "keys"),
    [
        (yellow(case=2), yellow(case=3), ["quarter:2026Q1:reviewer@yl"]),
        (yellow(case=2), yellow(case=2, on=MONDAY + timedelta(1)), []),  # the same step of the same case
        (yellow(case=2), yellow(case=3, post="decider"), []),
        (yellow(case=2), yellow(case=3, organ="shimen"), []),
        (yellow(case=2), yellow(case=3, on=date(2026, 4, 1)), []),  # another quarter
        (yellow(case=2), yellow(case=3, on=date(2026, 3, 31)), ["quarter:2026Q1:reviewer@yl"]),
        (yellow(case=2, rescinded_on=date(2026, 3, 2)), yellow(case=3), []),
        (yellow(case=2, rescinded_on=date(2026, 3, 3)), yellow(case=3), ["quarter:2026Q1:reviewer@yl"]),
    ],
)
def test_three_yellow_cards_of_one_post_in_a_quarter_give_a_red_one(second, third, keys):
    assert repeated(third, [yellow(), second], SETTINGS) == keys


@given(st.dates(date(2020, 1, 1), date(2030, 12, 31)))
def test_a_quarter_has_three_months(day):
    begins = quarter_begins(day)

    assert begins <= day < begins + timedelta(92)
    assert (begins.day, begins.month % 3) == (1, 1)
    assert quarter(begins) == quarter(day) != quarter(begins - timedelta(1))


@pytest.mark.parametrize(
    ("level", "marks", "cost"),
    [
        (Level.YELLOW, {"served"}, 0),  # nothing before it takes effect
        (Level.YELLOW, {"served", "effective"}, -5),
        (Level.YELLOW, {"served", "effective", "downgraded"}, 0),
        (Level.YELLOW, {"served", "downgraded"}, 0),
        (Level.YELLOW, {"served", "effective", "rescinded"}, 0),
        (Level.RED, {"effective"}, -10),
        (Level.RED, {"effective", "downgraded"}, -5),
        (Level.RED, {"effective", "downgraded", "rescinded"}, 0),
    ],
)
def test_a_card_costs_what_it_stands_at(level, marks, cost):
    assert points(level, marks, SETTINGS) == cost


@given(st.sampled_from(Level), st.sets(st.sampled_from(["effective", "downgraded", "rescinded"])))
def test_nothing_that_happens_later_makes_a_card_cost_more(level, marks):
    for more in ("downgraded", "rescinded"):
        assert points(level, {*marks, more}, SETTINGS) >= points(level, marks, SETTINGS)
