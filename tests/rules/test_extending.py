"""Extensions: the day before, the day, the day after, and every other way to be refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from engine.errors import NotExtendable, TooLateToExtend
from engine.model import Act, ActKind, Clock, ClockKind, ExtendRule, Item, Step, Unit
from engine.rules import book, extending, raising
from tests.rules.values import RULES
from webui import messages

LAW = book.load(RULES).limits
DUE = date(2026, 3, 30)
RUNNING = Clock(
    key="statute:L03",
    kind=ClockKind.STATUTE,
    rule="L03",
    unit=Unit.WORKING_DAY,
    amount=20,
    started_on=date(2026, 3, 2),
    due_on=DUE,
    provisional=False,
)
GOOD = extending.Asked(amount=10, reason="涉及多个部门")
EXTENDABLE = [id for id, rule in LAW.items() if rule.extension is not None and rule.extension.post]


def bar(rule: str = "L03", clock: Clock | None = RUNNING, given: int = 0, today: date = DUE, **asked: Any):
    return extending.bar(LAW[rule], clock, given, today, replace(GOOD, **asked))


@pytest.mark.parametrize(("today", "refused"), [(date(2026, 3, 29), False), (DUE, False), (date(2026, 3, 31), True)])
def test_until_the_end_of_the_last_day_it_is_in_time(today, refused):
    assert isinstance(bar(today=today), TooLateToExtend) is refused


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"rule": "L06"}, extending.NOT_KNOWN),
        ({"rule": "L04"}, extending.NOT_KNOWN),  # the government's head: no post of ours
        ({"clock": None}, extending.NOT_RUNNING),
        ({"clock": replace(RUNNING, ended_on=DUE)}, extending.NOT_RUNNING),
        ({"given": 1}, extending.GIVEN),
        ({"amount": 0}, extending.TOO_MUCH),
        ({"amount": -3}, extending.TOO_MUCH),
        ({"amount": 11}, extending.TOO_MUCH),
        ({"reason": ""}, extending.NO_REASON),
    ],
)
def test_what_the_law_does_not_know_is_refused_and_says_why(changes, why):
    refusal = bar(**changes)

    assert isinstance(refusal, NotExtendable)
    assert refusal.why == why


@pytest.mark.parametrize("id", EXTENDABLE)
def test_each_rule_gives_what_it_says_and_no_more(id):
    allowed = LAW[id].extension
    assert allowed is not None

    assert bar(id, amount=allowed.amount) is None
    assert bar(id, amount=1, given=allowed.times - 1) is None
    assert isinstance(bar(id, amount=allowed.amount + 1), NotExtendable)
    assert isinstance(bar(id, amount=1, given=allowed.times), NotExtendable)


def test_whether_it_could_be_at_all_is_asked_without_an_amount():
    assert extending.bar(LAW["L03"], RUNNING, 0, DUE) is None
    assert extending.bar(LAW["L03"], RUNNING, 1, DUE) is not None


@pytest.mark.parametrize(
    ("form", "asked"),
    [
        ({"extend_days": 10, "extend_reason": " 复杂 "}, extending.Asked(amount=10, reason="复杂")),
        ({"extend_days": "10", "extend_reason": None}, extending.Asked(amount=0, reason="")),
        ({"extend_days": True}, extending.Asked(amount=0, reason="")),
        ({}, extending.Asked(amount=0, reason="")),
    ],
)
def test_what_a_form_lacks_is_nothing_and_refused_later(form, asked):
    assert extending.asked(form) == asked


def test_every_reason_has_chinese_words():
    assert set(messages.NOT_EXTENDABLE) == set(extending.WHYS)


def test_extensions_given_are_counted_from_the_acts_of_the_approving_steps():
    def step(path: str, rule: str, on: tuple[str, ...] = ("agree",)) -> Step:
        extend = ExtendRule(rule=rule, request="ask", on=on)
        return Step(
            path=path, name=path, name_en=path, post="chief", organ="county", days=1, outcomes=("agree", "no"),
            extend=extend,
        )  # fmt: skip

    steps = {s.path: s for s in (step("a", "L03"), step("b", "L03", ()), step("c", "I02"))}
    item = Item(
        id="x", name="x", name_en="x", steps=steps,
        limits=(), separations=(), marks={}, calls={}, ends={}, ends_en={},
    )  # fmt: skip

    def act(path: str, outcome: str, kind: ActKind = ActKind.COMPLETE) -> Act:
        return Act(person=1, path=path, kind=kind, outcome=outcome, at=None)  # type: ignore[arg-type]

    acts = [
        act("a", "agree"),
        act("a", "no"),
        act("a", "agree", ActKind.SIGN),
        act("b", "no"),
        act("c", "agree"),
        act("d", "agree"),
    ]

    assert raising.given(item, acts, "L03") == 2
    assert raising.given(item, acts, "I02") == 1
