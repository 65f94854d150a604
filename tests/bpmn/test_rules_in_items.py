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
LIMIT = '<sun:limit rule="L03" promise="5" from="received" until="decided"/>'
VERIFIED = {id: rule for id, rule in REAL.limits.items() if rule.verified}
WITHIN = [id for id, rule in VERIFIED.items() if rule.amount and rule.direction is Direction.WITHIN]


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
    wrong = rules(f'<sun:limit rule="{id}" from="received" until="decided"/>')

    assert ("limit.unverified" in wrong) == (not REAL.limits[id].verified)


@pytest.mark.parametrize("id", VERIFIED)
def test_an_items_clock_counts_within_a_time_only(id):
    wrong = rules(f'<sun:limit rule="{id}" from="received" until="decided"/>')

    assert ("limit.direction" in wrong) == (REAL.limits[id].direction is not Direction.WITHIN)


@pytest.mark.parametrize("id", WITHIN)
def test_an_item_promises_no_more_than_the_law(id):
    statute = most(REAL.limits[id].unit, REAL.limits[id].amount)
    promise = '<sun:limit rule="{}" promise="{}" from="received" until="decided"/>'

    assert "clock.promise" not in rules(promise.format(id, statute))
    assert "clock.promise" in rules(promise.format(id, statute + 1))


def test_a_rule_that_loses_its_evidence_is_refused_in_items():
    lost = replace(REAL, limits={**REAL.limits, "L03": replace(REAL.limits["L03"], verified=False)})
    source = Source(item="sample", file="sample.bpmn", xml=GOOD.encode(), forms={}, facts={})

    assert "limit.unverified" in {finding.rule for finding in check(source, level="item", book=lost)}
