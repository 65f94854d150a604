"""What a corrected day of a mark does to the marks around it and to the clocks that count by it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import NotCorrectable, NoticeTooLate, TooEarly
from engine.model import CaseLimit, Clock, ClockKind, Unit
from engine.rules import mending, recounting
from engine.rules.limits import Stop
from engine.rules.mending import Planned, Reached, bounds, plan
from tests.rules.values import CHINA

TODAY = date(2026, 3, 20)  # Friday
LIMITS = (
    CaseLimit(rule="L01", promise=None, start="received", until="answered"),
    CaseLimit(rule="L03", promise=7, start="accepted", until="decided"),
)
MARKS = (
    Reached(mark="received", on=date(2026, 3, 9)),
    Reached(mark="answered", on=date(2026, 3, 11)),
    Reached(mark="accepted", on=date(2026, 3, 11)),
)


def clock(key: str, days: int, started: date, until: str, **more: object) -> Clock:
    kind = ClockKind(key.partition(":")[0])
    base = Clock(
        key=key, kind=kind, rule=key.partition(":")[2], unit=Unit.WORKING_DAY, amount=days, started_on=started,
        due_on=started, provisional=False, until=until,
    )  # fmt: skip
    last = recounting.due(replace(base, **more), [], CHINA)  # type: ignore[arg-type]
    return replace(base, due_on=last.on, provisional=last.provisional, **more)  # type: ignore[arg-type]


ANSWER = clock("statute:L01", 5, date(2026, 3, 9), "answered", ended_on=date(2026, 3, 11))
DECIDE = clock("statute:L03", 20, date(2026, 3, 11), "decided")
PROMISE = clock("promise:L03", 7, date(2026, 3, 11), "decided")
STEP = clock("step:t1", 1, date(2026, 3, 11), "")


def planned(
    mark: str,
    on: date,
    clocks: Sequence[Clock] = (ANSWER, DECIDE, PROMISE, STEP),
    marks: Sequence[Reached] = MARKS,
    *,
    today: date = TODAY,
    stops: Sequence[Stop] = (),
    closed: bool = False,
) -> Planned:
    return plan(
        reached=marks, mark=mark, on=on, clocks=clocks, limits=LIMITS, stops=lambda _: stops, calendar=CHINA,
        today=today, closed=closed,
    )  # fmt: skip


def test_what_starts_by_the_mark_is_counted_from_the_new_day():
    found = planned("accepted", date(2026, 3, 13))

    assert [(new.key, old.due_on, new.started_on, new.due_on) for old, new in found.due] == [
        ("statute:L03", date(2026, 4, 9), date(2026, 3, 13), date(2026, 4, 13)),  # 6 April is off
        ("promise:L03", date(2026, 3, 20), date(2026, 3, 13), date(2026, 3, 24)),
    ]
    assert found.marks == {"accepted": (date(2026, 3, 11), date(2026, 3, 13))}


def test_what_ended_by_the_mark_ends_on_the_new_day_and_keeps_its_last_day():
    found = planned("answered", date(2026, 3, 9))

    assert [(new.key, new.due_on, new.ended_on) for _, new in found.clocks] == [
        ("statute:L01", date(2026, 3, 16), date(2026, 3, 9))
    ]
    assert found.due == ()


def test_step_clocks_are_not_touched():
    assert "step:t1" not in [new.key for _, new in planned("accepted", date(2026, 3, 13)).clocks]


def test_a_mark_dated_on_anothers_day_follows_it_and_its_clocks_do():
    marks = (*MARKS[:2], Reached(mark="accepted", on=date(2026, 3, 9), taken_from="received"))
    decide = replace(DECIDE, started_on=date(2026, 3, 9), due_on=date(2026, 4, 7))

    found = planned("received", date(2026, 3, 6), [ANSWER, decide], marks)

    assert found.marks["accepted"] == (date(2026, 3, 9), date(2026, 3, 6))
    assert [(new.key, new.due_on) for _, new in found.due] == [
        ("statute:L01", date(2026, 3, 13)),
        ("statute:L03", date(2026, 4, 3)),
    ]
    with pytest.raises(NotCorrectable) as refusal:
        planned("accepted", date(2026, 3, 10), [ANSWER, decide], marks)
    assert (refusal.value.why, refusal.value.more) == (mending.FOLLOWS, " (received)")


@pytest.mark.parametrize(
    ("mark", "on", "why"),
    [
        ("decided", date(2026, 3, 12), mending.NOT_REACHED),
        ("received", date(2026, 3, 12), mending.ORDER),  # after the answer
        ("accepted", date(2026, 3, 6), mending.ORDER),  # before the receipt
        ("accepted", date(2026, 3, 10), mending.ORDER),  # before the answer that it followed
        ("accepted", date(2026, 3, 21), mending.FUTURE),
        ("received", date(2026, 3, 9), mending.SAME),
        ("received", date(2004, 7, 1), mending.NO_CALENDAR),
    ],
)
def test_a_day_that_cannot_have_been_is_refused(mark, on, why):
    with pytest.raises(NotCorrectable) as refusal:
        planned(mark, on)

    assert (refusal.value.why, refusal.value.basis) == (why, "SOD-19")


def test_the_days_on_both_ends_of_what_is_possible_are_taken():
    assert bounds(MARKS, "received", TODAY) == (None, date(2026, 3, 11))
    assert bounds(MARKS, "accepted", TODAY) == (date(2026, 3, 11), TODAY)
    assert planned("received", date(2026, 3, 11)).marks["received"][1] == date(2026, 3, 11)
    assert planned("accepted", TODAY).marks["accepted"][1] == TODAY


def test_a_day_ahead_is_set_by_the_step_that_named_it():
    with pytest.raises(NotCorrectable) as refusal:
        planned("hearing_day", TODAY, marks=[*MARKS, Reached(mark="hearing_day", on=date(2026, 4, 1))])

    assert refusal.value.why == mending.AHEAD


def test_an_ended_clock_that_is_late_by_the_new_day_is_said_to_be():
    found = planned("received", date(2026, 3, 3))

    assert (found.late, found.void) == (("statute:L01",), ())


def test_an_overrun_that_was_none_is_void():
    late = replace(ANSWER, ended_on=date(2026, 3, 19), overrun_at=datetime(2026, 3, 17, tzinfo=UTC))
    marks = (MARKS[0], Reached(mark="answered", on=date(2026, 3, 19)))

    assert planned("answered", date(2026, 3, 17), [late], marks).void == ()  # a day late all the same
    found = planned("answered", date(2026, 3, 16), [late], marks)

    assert (found.void, found.late, found.clocks[0][1].overrun_at) == (("statute:L01",), (), None)


def test_a_running_clock_that_is_late_by_the_new_day_is_left_to_the_due_work():
    running = clock("statute:L01", 5, date(2026, 3, 16), "answered")

    found = planned("received", date(2026, 3, 9), [running], [Reached(mark="received", on=date(2026, 3, 16))])

    assert (found.late, found.clocks[0][1].due_on) == ((), date(2026, 3, 16))


def test_stops_are_counted_but_not_those_after_a_clock_had_ended():
    stop = Stop("hearing", date(2026, 3, 12), date(2026, 3, 13))

    found = planned("received", date(2026, 3, 10), stops=[stop])
    running = planned("accepted", date(2026, 3, 12), [DECIDE], stops=[stop])

    assert found.clocks[0][1].due_on == date(2026, 3, 17)
    assert running.clocks[0][1].due_on == date(2026, 4, 13)  # the 13th is stopped


def test_in_a_case_that_has_ended_only_the_marks_move():
    found = planned("received", date(2026, 3, 3), closed=True)

    assert (list(found.marks), found.clocks, found.late) == (["received"], (), ())


def test_what_must_last_is_not_made_shorter_and_a_notice_not_later():
    posted = replace(
        clock("statute:T05b", 3, date(2026, 3, 9), "notice_ended", ended_on=date(2026, 3, 13)), direction="at_least"
    )
    limits = (CaseLimit(rule="T05b", promise=None, start="notice_posted", until="notice_ended"),)
    marks = [
        Reached(mark="notice_posted", on=date(2026, 3, 9)),
        Reached(mark="notice_ended", on=date(2026, 3, 13)),
    ]

    def to(mark: str, on: date) -> Planned:
        return plan(
            reached=marks, mark=mark, on=on, clocks=[posted], limits=limits, stops=lambda _: (), calendar=CHINA,
            today=TODAY,
        )  # fmt: skip

    assert to("notice_ended", date(2026, 3, 16)).clocks[0][1].ended_on == date(2026, 3, 16)
    for mark, on in (("notice_posted", date(2026, 3, 10)), ("notice_ended", date(2026, 3, 12))):
        with pytest.raises(TooEarly):
            to(mark, on)
    told = replace(posted, direction="before", started_on=date(2026, 3, 30), due_on=date(2026, 3, 13))
    with pytest.raises(NoticeTooLate):
        plan(
            reached=marks, mark="notice_ended", on=date(2026, 3, 30), clocks=[told], limits=(), stops=lambda _: (),
            calendar=CHINA, today=date(2026, 3, 30),
        )  # fmt: skip


@st.composite
def histories(draw: st.DrawFn) -> tuple[tuple[Reached, ...], tuple[Clock, ...], list[Stop], str, date]:
    """Marks in order, the clocks of them, stops, a mark and a day to which it may be corrected."""
    days = sorted(draw(st.lists(st.dates(date(2026, 1, 5), TODAY), min_size=3, max_size=3)))
    names = ("received", "answered", "accepted")
    marks = tuple(Reached(mark=name, on=on) for name, on in zip(names, days, strict=True))
    begins = draw(st.integers(-5, 30))
    halts = [Stop("hearing", days[0] + timedelta(begins), days[0] + timedelta(begins + draw(st.integers(0, 20))))]
    stops = halts if draw(st.booleans()) else []
    units = st.sampled_from([Unit.WORKING_DAY, Unit.CALENDAR_DAY, Unit.MONTH])
    answer = replace(
        clock("statute:L01", draw(st.integers(0, 9)), days[0], "answered", unit=draw(units)), ended_on=days[1]
    )
    decide = clock("statute:L03", draw(st.integers(0, 9)), days[2], "decided", unit=draw(units))
    known = [
        replace(each, due_on=(last := recounting.due(each, _of(each, stops), CHINA)).on, provisional=last.provisional)
        for each in (answer, decide)
    ]
    mark = draw(st.sampled_from(names))
    first, last = bounds(marks, mark, TODAY)
    on = draw(st.dates(first or days[0] - timedelta(40), last))
    return marks, tuple(known), stops, mark, on


def _of(clock: Clock, stops: Sequence[Stop]) -> list[Stop]:
    return [stop for stop in stops if clock.ended_on is None or stop.from_on <= clock.ended_on]


@given(histories())
@settings(max_examples=200, deadline=None)
def test_corrected_there_and_back_everything_is_as_it_was(history):
    marks, clocks, stops, mark, on = history
    was = {each.mark: each.on for each in marks}[mark]
    if on == was:
        return
    there = planned(mark, on, clocks, marks, stops=stops)
    moved = tuple(replace(each, on=there.marks[each.mark][1]) if each.mark in there.marks else each for each in marks)
    after = {old.key: new for old, new in there.clocks}
    between = [after.get(each.key, each) for each in clocks]

    back = planned(mark, was, between, moved, stops=stops)

    restored = {old.key: new for old, new in back.clocks}
    assert [restored.get(each.key, each) for each in between] == list(clocks)
    assert back.marks[mark] == (on, was)


@given(histories())
@settings(max_examples=200, deadline=None)
def test_no_clock_changes_that_does_not_count_by_the_mark(history):
    marks, clocks, stops, mark, on = history
    if on == {each.mark: each.on for each in marks}[mark]:
        return

    found = planned(mark, on, clocks, marks, stops=stops)

    by = {"statute:L01": ("received", "answered"), "statute:L03": ("accepted", "decided")}
    assert all(mark in by[old.key] for old, _ in found.clocks)
    assert all(new.amount == old.amount and new.unit == old.unit for old, new in found.clocks)
