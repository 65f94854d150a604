"""The engine's arithmetic agrees with a walk day by day, on random calendars, stops, extensions, units, directions.

SUNLIT_TEST_WALKS is the number of cases; SUNLIT_TEST_SEED another throw of the dice.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import partial
from random import Random

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.model import Lamp, Unit
from engine.rules import lamps, limits, reckoning
from engine.rules.hours import OfficeHours
from engine.rules.lamps import Thresholds
from engine.rules.limits import DayKind, Stop
from engine.rules.natural_time import ZONE
from engine.rules.rule import Direction
from engine.rules.workdays import WorkCalendar
from tests.rules import walker
from tests.rules.values import CHINA as PUBLISHED_CALENDAR
from tests.rules.values import clocks

WALKS = int(os.environ.get("SUNLIT_TEST_WALKS", "3000"))
SEED = os.environ.get("SUNLIT_TEST_SEED", "1")
FROM, TO = date(2023, 1, 1), date(2026, 12, 31)
PUBLISHED = [FROM + timedelta(days=n) for n in range((TO - FROM).days + 1)]
OFFICE = ((510, 720), (870, 1050))


def calendar(flips: float) -> dict[date, bool]:
    """A calendar in which so many days are not what their weekday says; now and then whole weeks are off."""
    dice = Random(f"{SEED} {flips}")
    days = {day: walker.regular(day) != (dice.random() < flips) for day in PUBLISHED}
    for _ in range(round(40 * flips)):
        first = dice.randrange(len(PUBLISHED))
        days.update(dict.fromkeys(PUBLISHED[first : first + dice.randint(3, 15)], False))
    return days


CHINA = {day: chinese_calendar.is_workday(day) for day in PUBLISHED}
CALENDARS = [(days, WorkCalendar.of(days)) for days in (CHINA, CHINA, *(calendar(f) for f in (0.02, 0.1, 0.3, 0.6)))]


def works(days: Mapping[date, bool], day: date) -> bool:
    return days[day] if day in days else walker.regular(day)


def spans(dice: Random, start: date) -> list[tuple[date, date]]:
    """Up to four stops: before the start, over it, after it, overlapping, one day long or long."""
    found = []
    for _ in range(dice.choice((0, 0, 1, 1, 2, 3, 4))):
        first = start + timedelta(days=dice.randint(-20, 60))
        found.append((first, first + timedelta(days=dice.choice((0, 0, 1, 4, 11, 40)))))
    return found


@pytest.mark.parametrize("hundred", range((WALKS + 99) // 100))
def test_days_and_months_agree_with_a_walk(hundred):
    dice = Random(f"{SEED} days {hundred}")
    for _ in range(100):
        days, known = dice.choice(CALENDARS)
        is_working = partial(works, days)
        unit = dice.choice((Unit.WORKING_DAY, Unit.WORKING_DAY, Unit.CALENDAR_DAY, Unit.MONTH))
        amount = dice.choice((0, 1, 2, 5, 12) if unit is Unit.MONTH else (0, 1, 2, 5, 20, dice.randint(0, 100)))
        amount += dice.choice((0, 0, 3, 10))  # an extension
        start, between = dice.choice(PUBLISHED), dice.choice((30, 120))
        stops = spans(dice, start)
        today = start + timedelta(days=dice.randint(-5, between))
        said = f"{unit} {amount} from {start} without {stops} as of {today} in {CALENDARS.index((days, known))}"
        _, due = walker.last_days(unit, amount, start, stops, is_working)
        used = walker.used(unit, amount, start, stops, is_working, today)
        over = used > amount if unit is Unit.WORKING_DAY else today > due
        halts = [Stop("hearing", first, last) for first, last in stops]

        found = reckoning.days(unit, amount, start, halts, known, today, today)

        assert (found.due_on, found.used, found.remaining, found.overdue) == (due, used, amount - used, over), said
        assert limits.due_on(unit, amount, start, halts, known).provisional == (due > TO), said
        beyond = unit is Unit.WORKING_DAY and today > TO and today > due
        assert found.provisional == (due > TO or beyond), said
        assert [line.on for line in found.ledger] == [start, *walker.between(start, max(due, today))], said
        assert [line.over for line in found.ledger] == [line.on > due for line in found.ledger], said
        _explains(found.ledger[1:], unit, amount, start, stops, is_working, said)


def _explains(lines, unit, amount, start, stops, is_working, said):
    """The ledger names each day and its last total is what a walk has used."""
    full, due = walker.last_days(unit, amount, start, stops, is_working)
    total = 0
    for line in lines:
        off = unit is Unit.WORKING_DAY or full < line.on <= due
        stopped = walker.stopped(line.on, stops)
        counts = not stopped and (is_working(line.on) if unit is Unit.WORKING_DAY else not off)
        weekend = line.on.isoweekday() > 5
        total += counts
        expected = DayKind.STOP if stopped else DayKind.DAY
        if off and not stopped:
            expected = ((DayKind.MAKEUP if weekend else DayKind.DAY) if is_working(line.on)
                        else DayKind.WEEKEND if weekend else DayKind.HOLIDAY)  # fmt: skip
        assert (line.kind, line.counted, line.provisional) == (expected, total, line.on > TO), f"{said}: {line}"


@pytest.mark.parametrize("hundred", range((WALKS + 999) // 1000))
def test_limits_before_a_day_agree_with_a_walk(hundred):
    dice = Random(f"{SEED} before {hundred}")
    for _ in range(100):
        days, known = dice.choice(CALENDARS)
        is_working = partial(works, days)
        unit = dice.choice((Unit.WORKING_DAY, Unit.WORKING_DAY, Unit.CALENDAR_DAY, Unit.MONTH))
        amount = dice.randint(0, 6 if unit is Unit.MONTH else 60)
        day = dice.choice(PUBLISHED[400:])
        latest = walker.latest_before(unit, amount, day, is_working)
        today = latest + timedelta(days=dice.randint(-30, 30))
        later, sign = (walker.between(latest, today), -1) if today > latest else (walker.between(today, latest), 1)
        passed = [d for d in later if unit is not Unit.WORKING_DAY or is_working(d)]

        found = reckoning.days(unit, amount, day, (), known, today, day, Direction.BEFORE)

        said = f"{amount} {unit} before {day} as of {today}"
        assert (found.due_on, found.overdue) == (latest, today > latest), said
        if unit is not Unit.MONTH:
            assert (found.remaining, found.used) == (sign * len(passed), amount + sign * len(passed)), said
        assert [line.on for line in found.ledger] == [day - timedelta(days=n) for n in range((day - latest).days + 1)]
        assert found.ledger[-1].counted == walker.whole(unit, amount, day) or unit is Unit.MONTH, said


@pytest.mark.parametrize("hundred", range((WALKS + 999) // 1000))
def test_what_must_last_agrees_with_a_walk_and_is_never_overdue(hundred):
    dice = Random(f"{SEED} at least {hundred}")
    for _ in range(100):
        days, known = dice.choice(CALENDARS)
        unit = dice.choice((Unit.WORKING_DAY, Unit.CALENDAR_DAY))
        amount, start = dice.randint(0, 30), dice.choice(PUBLISHED)
        stops = spans(dice, start)
        halts = [Stop("objection", first, last) for first, last in stops]
        today = start + timedelta(days=dice.randint(0, 60))

        found = reckoning.days(unit, amount, start, halts, known, today, start, Direction.AT_LEAST)

        assert found.due_on == walker.last_days(unit, amount, start, stops, partial(works, days))[1]
        assert not found.overdue


@pytest.mark.parametrize("hundred", range((WALKS + 999) // 1000))
def test_hours_agree_with_a_walk_by_quarters(hundred):
    dice = Random(f"{SEED} hours {hundred}")
    for _ in range(100):
        days, known = dice.choice(CALENDARS)
        is_working = partial(works, days)
        office = dice.choice(((), (), OFFICE, ((540, 1020),), ((0, 720), (735, 1440))))
        amount = dice.choice((1, 2, 4, 8, 24, dice.randint(1, 60)))
        start = datetime.combine(dice.choice(PUBLISHED), datetime.min.time()) + dice.randrange(96) * walker.QUARTER
        stops = spans(dice, start.date())[:2]
        halts = [Stop("hearing", first, last) for first, last in stops]
        due = walker.last_quarter(amount, start, stops, is_working, office)
        as_of = start + dice.randint(0, 600) * walker.QUARTER
        quarters = sum(
            walker.is_open(start + n * walker.QUARTER, stops, is_working, office)
            for n in range((as_of - start) // walker.QUARTER)
        )
        hall = OfficeHours(office) if office else None

        found = reckoning.in_hours(amount, start.replace(tzinfo=ZONE), halts, known, as_of.replace(tzinfo=ZONE),
                                   as_of.replace(tzinfo=ZONE), hall)  # fmt: skip

        said = f"{amount} hours of {office} from {start} without {stops} as of {as_of}"
        assert found.due_at == due.replace(tzinfo=ZONE), said
        assert (found.due_on, found.used, found.overdue) == (due.date(), quarters / 4, as_of > due), said
        assert found.remaining == amount - quarters / 4
        assert found.provisional == (bool(office) and max(due, as_of).date() > TO), said
        full = [line.counted for line in found.ledger if line.on < as_of.date()]
        assert full == sorted(full)
        assert not full or full[-1] <= found.used


@given(clocks(), st.integers(-5, 150))
def test_the_smallest_disagreement_with_a_walk_would_be_shown(clock, passed):
    unit, amount, start, halts = clock
    stops, today = [(stop.from_on, stop.to_on) for stop in halts], start + timedelta(days=passed)
    is_working = partial(works, CHINA)
    due = walker.last_days(unit, amount, start, stops, is_working)[1]

    assert limits.due_on(unit, amount, start, halts, PUBLISHED_CALENDAR).on == due
    if unit is not Unit.HOUR:
        left = amount - walker.used(unit, amount, start, stops, is_working, today)
        assert limits.left(unit, amount, start, halts, PUBLISHED_CALENDAR, today) == left


THRESHOLDS = Thresholds(blue_percent=50, yellow_percent=80, yellow_left=1, short=2)


@pytest.mark.parametrize("hundred", range((WALKS + 999) // 1000))
def test_lamps_agree_with_a_walk(hundred):
    """Red after the last day; yellow with 1 working day left or 80 % used, if short on the last; blue with 50 %."""
    dice = Random(f"{SEED} lamps {hundred}")
    seen = Counter()
    for _ in range(100):
        days, known = dice.choice(CALENDARS)
        is_working = partial(works, days)
        unit = dice.choice((*Unit, Unit.WORKING_DAY))
        amount = dice.randint(0, 4) if unit is Unit.MONTH else dice.choice((1, 2, 3, 5, 7, dice.randint(0, 60)))
        start = dice.choice(PUBLISHED)
        stops = spans(dice, start)
        _, due = walker.last_days(unit, amount, start, stops, is_working)
        today = start + timedelta(days=dice.randint(0, (due - start).days + 2))
        total = walker.whole(unit, amount, start)
        free = [d for d in walker.between(start, today) if not walker.stopped(d, stops)]
        counted = sum(is_working(d) for d in free) if unit is Unit.WORKING_DAY else len(free)
        left = sum(is_working(d) and not walker.stopped(d, stops) for d in walker.between(today, due))
        yellow = today == due if total <= 2 else left <= 1 or counted * 5 >= total * 4
        expected = (Lamp.RED if today > due else Lamp.YELLOW if yellow
                    else Lamp.BLUE if counted * 2 >= total else Lamp.GREEN)  # fmt: skip
        halts = [Stop("hearing", first, last) for first, last in stops]

        shown = lamps.lamp(lamps.turns(unit, amount, start, halts, known, THRESHOLDS), today)

        assert shown is expected, f"{unit} {amount} from {start} without {stops} as of {today}"
        seen[shown] += 1
    assert len(seen) == 4


def test_the_walk_agrees_with_what_was_counted_by_hand():
    china = partial(works, CHINA)
    review = [(date(2026, 3, 9), date(2026, 3, 20))]

    assert walker.last_days("working_day", 20, date(2026, 3, 30), (), china)[1] == date(2026, 4, 28)
    assert walker.last_days("working_day", 5, date(2026, 2, 12), (), china)[1] == date(2026, 2, 26)
    assert walker.last_days("working_day", 20, date(2026, 3, 2), review, china)[1] == date(2026, 4, 14)
    assert walker.last_days("calendar_day", 3, date(2026, 9, 29), (), china) == (date(2026, 10, 2), date(2026, 10, 8))
    assert walker.latest_before("working_day", 7, date(2026, 10, 15), china) == date(2026, 9, 30)
