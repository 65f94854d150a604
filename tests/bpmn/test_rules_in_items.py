"""No item names a rule that is not verified, or promises more than the law: for each rule of the real book."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from engine.bpmn.check import check
from engine.model import Source, Unit
from engine.rules import book
from engine.rules.rule import Direction

REAL = book.load(Path(__file__).parents[2] / "processes" / "_rules")
GOOD = (Path(__file__).parent / "samples/good.bpmn").read_text()
LIMIT = '<sun:limit rule="L03" promise="5" from="accepted" until="decided"/>'
VERIFIED = {id: rule for id, rule in REAL.limits.items() if rule.verified}
WITHIN = [id for id, rule in VERIFIED.items() if rule.amount and rule.direction is Direction.WITHIN]


def named(id: str, promise: str = "", start: str = "", until: str = "") -> str:
    """Return the element that names a rule, between the rule's own marks if nothing else is said."""
    rule = REAL.limits[id]
    return f'<sun:limit rule="{id}" {promise} from="{start or rule.start}" until="{until or rule.until}"/>'


def rules(limit: str) -> set[str]:
    """Return what is wrong with the limits of an item that has this one."""
    assert LIMIT in GOOD
    xml = GOOD.replace(LIMIT, limit).encode()
    found = check(Source(item="sample", file="sample.bpmn", xml=xml, forms={}, facts={}), level="item", book=REAL)
    return {finding.rule for finding in found if finding.rule.startswith(("limit.", "clock."))}


def most(unit: Unit, amount: int) -> int:
    """Return the most working days of ordinary weeks that fit: 30 days hold 22, a month at most 23."""
    weeks, rest = divmod(amount, 7)
    return {Unit.WORKING_DAY: amount, Unit.CALENDAR_DAY: 5 * weeks + rest, Unit.MONTH: 23 * amount}[unit]


@pytest.mark.parametrize("id", REAL.limits)
def test_an_item_names_verified_rules_only(id):
    wrong = rules(named(id))

    assert ("limit.unverified" in wrong) == (not REAL.limits[id].verified)


@pytest.mark.parametrize("id", VERIFIED)
def test_an_item_counts_between_the_marks_of_the_rule(id):
    assert "limit.marks" not in rules(named(id))
    assert "limit.marks" in rules(named(id, start="elsewhere"))
    assert "limit.marks" in rules(named(id, until="elsewhere"))


@pytest.mark.parametrize("id", VERIFIED)
def test_nothing_is_promised_of_what_must_last_or_precede_a_day(id):
    wrong = rules(named(id, 'promise="1"'))

    assert ("limit.promise" in wrong) == (REAL.limits[id].direction is not Direction.WITHIN)


@pytest.mark.parametrize("id", VERIFIED)
def test_what_counts_back_needs_a_day_from_a_form(id):
    assert ("limit.date" in rules(named(id))) == (REAL.limits[id].direction is Direction.BEFORE)


@pytest.mark.parametrize("id", WITHIN)
def test_an_item_promises_no_more_than_the_law(id):
    statute = most(REAL.limits[id].unit, REAL.limits[id].amount)

    assert "clock.promise" not in rules(named(id, f'promise="{statute}"'))
    assert "clock.promise" in rules(named(id, f'promise="{statute + 1}"'))


def test_a_rule_that_loses_its_evidence_is_refused_in_items():
    lost = replace(REAL, limits={**REAL.limits, "L03": replace(REAL.limits["L03"], verified=False)})
    source = Source(item="sample", file="sample.bpmn", xml=GOOD.encode(), forms={}, facts={})

    assert "limit.unverified" in {finding.rule for finding in check(source, level="item", book=lost)}
