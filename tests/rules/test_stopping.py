"""Stops and extensions: what the law allows, over which days; random histories against a walk day by day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import AlreadyStopped, Invalid, StopNotAllowed
from engine.model import Clock, ClockKind, Unit
from engine.rules import book, recounting, stopping
from engine.rules.halting import halting
from engine.rules.limits import Stop
from tests.rules import walker
from tests.rules.values import CHINA, RULES

BOOK = book.load(RULES)
LAW = BOOK.limits
NAMES = {code: kind.name for code, kind in BOOK.stops.items()}
MONDAY = date(2026, 3, 2)
GOOD: dict[str, Any] = {"stop_kind": "inspection", "stop_days": 10, "stop_evidence": "县检验所 17 号"}


def clock(rule: str = "L03", kind: ClockKind = ClockKind.STATUTE, **changes: Any) -> Clock:
    return replace(
        Clock(
            key=f"{kind.value}:{rule}",
            kind=kind,
            rule=rule if kind is ClockKind.STATUTE else "L15",
            unit=Unit.WORKING_DAY,
            amount=20,
            started_on=MONDAY,
            due_on=MONDAY,
            provisional=False,
        ),
        **changes,
    )


STATUTE, PROMISE, STEP = clock(), clock(kind=ClockKind.PROMISE), clock("7", ClockKind.STEP)


def test_the_kinds_of_a_licence_are_those_of_article_45():
    assert stopping.possible([STATUTE], LAW) == (
        "hearing", "tender", "auction", "inspection", "testing", "quarantine", "appraisal", "expert_review",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("clocks", "kind", "allowed"),
    [
        ([STATUTE], "inspection", True),
        ([STATUTE, PROMISE, STEP], "inspection", True),
        ([STATUTE], None, True),
        ([STATUTE], "third_party_opinion", False),  # of government information, not of licences
        ([clock("I02")], "third_party_opinion", True),
        ([clock("I02")], "inspection", False),
        ([clock("L06")], "inspection", False),  # its rule lists none
        ([clock("L06")], None, False),
        ([PROMISE, STEP], "inspection", False),  # they follow a statute; none runs
        ([clock(ended_on=MONDAY)], "inspection", False),
        ([], "inspection", False),
        ([STATUTE], "site_inspection", False),
        ([STATUTE], "rectification", False),
        ([STATUTE], "countersign", False),
        ([STATUTE], "", False),
    ],
)
def test_only_what_the_rule_of_a_running_statute_lists_stops(clocks, kind, allowed):
    refusal = stopping.bar(kind, MONDAY, clocks, (), LAW, NAMES)

    assert (refusal is None) is allowed
    assert allowed or isinstance(refusal, StopNotAllowed)


def test_a_refusal_names_what_is_possible():
    refusal = stopping.bar("supplement", MONDAY, [STATUTE], (), LAW, NAMES)
    nothing = stopping.bar("inspection", MONDAY, [], (), LAW, NAMES)

    assert isinstance(refusal, StopNotAllowed)
    assert isinstance(nothing, StopNotAllowed)
    assert (refusal.kind, refusal.possible) == ("投诉补正", "听证、招标、拍卖、检验、检测、检疫、鉴定、专家评审")
    assert (nothing.kind, nothing.possible) == ("检验", "—")


@pytest.mark.parametrize(
    ("served_on", "refused"),
    [(date(2026, 3, 8), True), (date(2026, 3, 9), True), (date(2026, 3, 10), False), (date(2026, 3, 11), False)],
)
def test_a_second_stop_waits_until_the_first_has_its_last_day(served_on, refused):
    stops = [Stop("hearing", date(2026, 3, 3), date(2026, 3, 10))]

    refusal = stopping.bar("inspection", served_on, [STATUTE], stops, LAW, NAMES)

    assert isinstance(refusal, AlreadyStopped) is refused
    assert not isinstance(refusal, AlreadyStopped) or refusal.to_on == date(2026, 3, 10)


@pytest.mark.parametrize(
    ("served_on", "days", "last"),
    [
        ("2026-03-02", 1, "2026-03-03"),
        ("2026-03-02", 10, "2026-03-16"),
        ("2026-03-06", 1, "2026-03-09"),  # a Friday: the weekend stands still too
        ("2026-02-13", 1, "2026-02-14"),  # a Saturday that is worked
        ("2026-09-30", 1, "2026-10-08"),  # the National Day holiday
        ("2026-03-07", 2, "2026-03-10"),  # served on a Saturday
    ],
)
def test_a_stop_begins_the_day_after_the_notice_and_lasts_the_planned_working_days(served_on, days, last):
    served = date.fromisoformat(served_on)

    assert stopping.span(served, days, CHINA) == (served + timedelta(days=1), date.fromisoformat(last))


@pytest.mark.parametrize("days", [1, 366])
def test_a_form_that_says_all_is_read(days):
    assert stopping.asked(GOOD | {"stop_days": days}) == stopping.Asked(
        kind="inspection", days=days, evidence="县检验所 17 号"
    )


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("stop_kind", ""),
        ("stop_kind", None),
        ("stop_kind", 3),
        ("stop_days", 0),
        ("stop_days", -1),
        ("stop_days", 367),
        ("stop_days", "10"),
        ("stop_days", True),
        ("stop_days", None),
        ("stop_evidence", ""),
        ("stop_evidence", "   "),
        ("stop_evidence", None),
    ],
)
def test_a_form_that_lacks_something_is_refused_at_its_field(field, value):
    with pytest.raises(Invalid) as refusal:
        stopping.asked(GOOD | {field: value})

    assert [finding.where for finding in refusal.value.findings] == [field]


def test_a_stop_that_ends_before_its_first_day_never_was():
    stop, other = Stop("hearing", date(2026, 3, 3), date(2026, 3, 10), "1"), Stop("testing", MONDAY, MONDAY, "0")

    assert stopping.without([other, stop], stop, date(2026, 3, 2)) == [other]
    assert stopping.without([other, stop], stop, date(2026, 3, 3)) == [
        other,
        Stop("hearing", date(2026, 3, 3), date(2026, 3, 3), "1"),
    ]


def planned(served: date, days: int) -> date:
    """The last planned day, by counting."""
    while days:
        served += timedelta(days=1)
        days -= CHINA.is_working(served)
    return served


@given(
    start=st.dates(date(2023, 1, 1), date(2026, 6, 30)),
    asked=st.lists(st.tuples(st.integers(0, 40), st.integers(1, 30), st.integers(0, 60)), max_size=3),
    extended=st.integers(0, 10),
    unit=st.sampled_from([Unit.WORKING_DAY, Unit.CALENDAR_DAY]),
)
def test_whatever_happens_the_last_day_is_what_a_walk_finds(start, asked, extended, unit):
    """`asked`: days until the notice, planned working days, days until the result (more than planned: none came)."""
    running = clock(started_on=start, unit=unit)
    stops: list[Stop] = []
    walked: list[tuple[date, date]] = []
    today = start
    for wait, days, result in asked:
        today += timedelta(days=wait)
        if stopping.bar("inspection", today, [running], stops, LAW, NAMES):
            assert walked[-1][1] > today
            continue
        before = recounting.recount(running, halting(running, stops, LAW), CHINA, today)
        first, last = stopping.span(today, days, CHINA)
        stop = Stop("inspection", first, last)
        stops.append(stop)
        stopped = recounting.recount(running, halting(running, stops, LAW), CHINA, today)
        assert stopped.due_on >= before.due_on
        assert before.due_on > today or stopped.due_on == before.due_on  # what is over is not revived
        end = min(planned(today, days), today + timedelta(days=result))
        if end < last:
            stops[:] = stopping.without(stops, stop, end)
            resumed = recounting.recount(running, halting(running, stops, LAW), CHINA, end)
            assert before.due_on <= resumed.due_on <= stopped.due_on
            assert before.due_on <= today or resumed.due_on >= end  # never over at once
        if end > today:
            walked.append((today + timedelta(days=1), end))
        today = end
    final = recounting.recount(replace(running, extended=extended), halting(running, stops, LAW), CHINA, today)

    assert final.due_on == walker.last_days(unit.value, 20 + extended, start, walked, CHINA.is_working)[1]
