"""Every rule of time that has a number, on the day before its last day, on it and on the day after: from the table.

The days come from the independent walk; the answers from the function, the lamp's turn and the command.
"""

from __future__ import annotations

import json
from datetime import date, timedelta

import chinese_calendar
import pytest

from engine import clock
from engine.__main__ import main
from engine.model import Unit
from engine.rules import book, lamps, limits, reckoning
from engine.rules.rule import Direction, Rule
from tests.county import at
from tests.rules import walker
from tests.rules.values import CHINA, RULES

BOOK = book.load(RULES)
ONE = timedelta(days=1)
PUBLISHED = (date(2004, 1, 1), date(2026, 12, 31))
STARTS = {  # what lies ahead
    "nothing": date(2024, 3, 4),
    "Spring Festival": date(2024, 2, 7),
    "National Day, from a Friday": date(2023, 9, 22),
    "a make-up Saturday": date(2025, 9, 26),
    "the month's end": date(2024, 1, 31),
    "from a Sunday": date(2024, 6, 2),
}
NUMBERS = {id: rule for id, rule in BOOK.limits.items() if rule.amount}
TOTALS = [(id, extended) for id, rule in NUMBERS.items() for extended in ((0, 1) if rule.extension else (0,))]


def works(day: date) -> bool:
    if PUBLISHED[0] <= day <= PUBLISHED[1]:
        return chinese_calendar.is_workday(day)
    return walker.regular(day)


def named(direction: Direction) -> list[tuple[str, int]]:
    return [(id, extended) for id, extended in TOTALS if BOOK.limits[id].direction is direction]


def ask(rule: Rule, extended: int, start: date, today: date) -> reckoning.Reckoning:
    amount = rule.amount + (rule.extension.amount if rule.extension and extended else 0)
    return reckoning.days(rule.unit, amount, start, (), CHINA, today, start, rule.direction)


def counted_after(rule: Rule, day: date) -> date:
    days = (day + n * ONE for n in range(1, 30))
    return next(on for on in days if rule.unit is not Unit.WORKING_DAY or works(on))


def test_every_rule_with_a_number_is_asked():
    asked = [id for direction in Direction for id, extended in named(direction) if not extended]

    assert sorted(asked) == sorted(NUMBERS)
    assert len(asked) == 95
    assert not [id for id in asked if BOOK.limits[id].unit is Unit.HOUR]


@pytest.mark.parametrize("start", STARTS.values(), ids=STARTS)
@pytest.mark.parametrize(("id", "extended"), named(Direction.WITHIN))
def test_within_the_last_day_is_in_time_and_the_next_is_not(id, extended, start):
    rule = BOOK.limits[id]
    amount = rule.amount + (rule.extension.amount if extended else 0)
    full, due = walker.last_days(rule.unit, amount, start, (), works)
    after = counted_after(rule, due)
    on_due, before, later = (ask(rule, extended, start, day) for day in (due, due - ONE, after))

    assert (on_due.due_on, on_due.remaining, on_due.overdue) == (due, 0, False)
    assert (before.remaining, before.overdue) == (1 if full == due else 0, False)
    assert (later.remaining, later.overdue) == (0 if rule.unit is Unit.MONTH else -1, True)
    assert lamps.turns(rule.unit, amount, start, (), CHINA, BOOK.thresholds).red_on == due + ONE


@pytest.mark.parametrize("start", STARTS.values(), ids=STARTS)
@pytest.mark.parametrize(("id", "extended"), named(Direction.AT_LEAST))
def test_at_least_the_last_day_must_have_passed(id, extended, start):
    rule = BOOK.limits[id]
    full, due = walker.last_days(rule.unit, rule.amount, start, (), works)
    days = [ask(rule, extended, start, due + n * ONE) for n in (-1, 0, 1)]

    assert {day.due_on for day in days} == {due}
    assert [day.remaining for day in days[:2]] == [1 if full == due else 0, 0]
    assert [line.on for line in days[1].ledger if not line.over][-1] == due
    assert not any(day.overdue for day in days)


@pytest.mark.parametrize("start", STARTS.values(), ids=STARTS)
@pytest.mark.parametrize(("id", "extended"), named(Direction.BEFORE))
def test_before_the_latest_day_is_early_enough_and_the_next_is_not(id, extended, start):
    rule = BOOK.limits[id]
    latest = walker.latest_before(rule.unit, rule.amount, start, works)
    after = next(
        day for day in (latest + n * ONE for n in range(1, 30)) if rule.unit is not Unit.WORKING_DAY or works(day)
    )
    days = [ask(rule, extended, start, day) for day in (latest - ONE, latest, after)]

    assert {day.due_on for day in days} == {latest}
    assert [day.remaining for day in days] == [1, 0, -1]
    assert [day.overdue for day in days] == [False, False, True]
    assert ask(rule, extended, start, latest + ONE).overdue


@pytest.mark.parametrize(("id", "extended"), TOTALS)
def test_the_command_says_the_same(id, extended, capsys):
    rule, start = BOOK.limits[id], STARTS["Spring Festival"]
    within = rule.direction is not Direction.BEFORE
    more = rule.extension.amount if rule.extension and extended else 0
    last = (walker.last_days(rule.unit, rule.amount + more, start, (), works)[1] if within
            else walker.latest_before(rule.unit, rule.amount, start, works))  # fmt: skip
    words = ["due", "--start", str(start), "--limit", str(rule.amount), "--unit", rule.unit, "--json"]
    words += ["--direction", rule.direction, *(["--extend", str(more)] if more else [])]

    with clock.at(at(f"{last} 12:00")):
        assert main(words) == 0

    found = json.loads(capsys.readouterr().out)
    assert (found["due_on"], found["remaining"], found["overdue"]) == (str(last), 0, False)


@pytest.mark.parametrize("id", [id for id, rule in BOOK.limits.items() if not rule.amount])
def test_a_rule_without_a_number_is_due_at_once(id):
    rule, start = BOOK.limits[id], STARTS["from a Sunday"]

    assert limits.due_on(rule.unit, 0, start, (), CHINA, rule.direction).on == start
    assert lamps.turns(rule.unit, 0, start, (), CHINA, BOOK.thresholds).red_on == start + ONE
