"""Natural time of flow timers: ISO 8601 durations and dates, by the Civil Code where the library goes wrong."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.rules.natural_time import BadTime, instant
from engine.rules.timer_text import TimerText
from tests.county import at

EARLIEST = datetime(1992, 1, 1)  # noqa: DTZ001 - Asia/Shanghai has kept one offset since then
LATEST = datetime(2900, 1, 1)  # noqa: DTZ001 - hypothesis wants it without a zone
NOON = at("2026-01-31 12:00")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("P1D", "2026-02-01 12:00"),
        ("P2W", "2026-02-14 12:00"),
        ("PT90M", "2026-01-31 13:30"),
        ("P1DT2H3M", "2026-02-01 14:03"),
        ("P1M", "2026-02-28 12:00"),  # no corresponding day: the last of the month (Civil Code art. 202)
        ("P2M", "2026-03-31 12:00"),
        ("P1Y1M", "2027-02-28 12:00"),
        ("2026-03-02", "2026-03-02 00:00"),  # a date alone is local
        ("2026-03-02T10:00:00", "2026-03-02 10:00"),
        ("2026-03-02T02:00:00Z", "2026-03-02 10:00"),
        ("2026-03-02T12:00:00+10:00", "2026-03-02 10:00"),
    ],
)
def test_durations_and_dates(text, expected):
    assert instant(text, NOON) == at(expected)


def test_a_leap_day_plus_a_year_is_the_last_of_february():
    assert instant("P1Y", at("2024-02-29 08:00")) == at("2025-02-28 08:00")


@pytest.mark.parametrize(
    "text", ["", "P", "PT", "P1H", "1D", "P-1D", "P99999D9", "tomorrow", "R3/P1D", "P9999Y", "2026-13-01"]
)
def test_anything_else_is_refused(text):
    with pytest.raises(BadTime, match="no ISO 8601"):
        instant(text, NOON)


@given(st.integers(0, 9999), st.integers(0, 999_999), st.datetimes(EARLIEST, LATEST, timezones=st.just(UTC)))
def test_days_and_seconds_add_up(days, seconds, start):
    assert instant(f"P{days}DT{seconds}S", start) == start + timedelta(days=days, seconds=seconds)


@given(st.text(max_size=20))
def test_no_text_does_anything_but_answer_or_be_refused(text):
    with suppress(BadTime):
        assert instant(text, NOON).tzinfo is UTC


@pytest.mark.parametrize(
    ("text", "limit", "workdays"),
    [
        ('limit("accept")', "accept", None),
        ("limit('L01')", "L01", None),
        ('limit( "site_inspection/inspect" )', "site_inspection/inspect", None),
        ("workdays(5)", None, 5),
        ("P5D", None, None),
        ("limit(accept)", None, None),
    ],
)
def test_a_timer_names_a_clock_or_working_days_or_natural_time(text, limit, workdays):
    found = TimerText.of(text)

    assert (found.limit, found.workdays) == (limit, workdays)
