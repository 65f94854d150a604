"""One bad item for each rule on constraints: wrong element, one lane, too few persons, chairs, tiers, certificates."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from engine.bpmn.check import check
from engine.errors import Finding
from engine.model import Source
from engine.rules.tiers import Tiers
from tests.bpmn.book import REAL

GOOD = (Path(__file__).parent / "samples/good.bpmn").read_text()
SEPARATE = '<sun:separate steps="review decide" rule="SOD-03"/>'
OUTCOMES = '<sun:outcomes values="pass refuse"/>'
POST = '<sun:post code="reviewer" organ="county"/>'
AMOUNT = {"type": "integer", "title": "金额", "title_en": "Amount", "minimum": 0, "maximum": 10**9, "x-amount": True}


def filing(required: bool = True, **more: Any) -> dict[str, Any]:
    names = ["amount"] if required else []
    return {"case": {"type": "object", "properties": {"amount": AMOUNT | more}, "required": names}}


def found(*changes: tuple[str, str], forms: Any = None, facts: Any = None, book: Any = REAL) -> list[Finding]:
    xml = GOOD
    for old, new in changes:
        assert old in xml
        xml = xml.replace(old, new, 1)
    source = Source(item="sample", file="sample.bpmn", xml=xml.encode(), forms=forms or {}, facts=facts or {})
    return list(check(source, level="item", book=book))


def rules(*changes: tuple[str, str], **how: Any) -> list[str]:
    return [finding.rule for finding in found(*changes, **how)]


def line(finding: Finding, xml_of: str) -> bool:
    return xml_of in GOOD.splitlines()[finding.line - 1]


@pytest.mark.parametrize("rule", ["SOD-03", "SOD-18", "SOD-27"])
def test_a_constraint_that_keeps_steps_apart_stands_in_separate(rule):
    assert rules((SEPARATE, SEPARATE.replace("SOD-03", rule))) == []


@pytest.mark.parametrize("rule", ["SOD-01", "SOD-08", "SOD-14", "SOD-15", "SOD-16", "SOD-28", "SOD-29", "DES-01"])
def test_a_constraint_of_another_kind_does_not(rule):
    wrong = found((SEPARATE, SEPARATE.replace("SOD-03", rule)))

    assert [f.rule for f in wrong] == ["separation.element"]
    assert line(wrong[0], "sun:separate")
    assert rule in wrong[0].message


def test_one_person_is_asked_for_by_a_binding_constraint_only():
    one_person = '<sun:bind steps="review decide" rule="{}"/>'

    assert rules((SEPARATE, one_person.format("DES-01"))) == []
    assert rules((SEPARATE, one_person.format("SOD-03"))) == ["separation.element"]
    assert rules((SEPARATE, one_person.format("SOD-99"))) == ["separation.unknown"]
    assert rules((SEPARATE, '<sun:bind steps="case review" rule="DES-01"/>')) == ["separation.step"]


def test_what_one_person_does_is_not_kept_apart_too():
    assert rules((SEPARATE, SEPARATE + '<sun:bind steps="review decide" rule="DES-01"/>')) == ["bind.apart"]


SAME_POST = (('<sun:post code="decider"/>', '<sun:post code="reviewer"/>'), ('name="决定岗"', 'name="审查岗"'))


def test_two_steps_of_a_set_lie_in_different_lanes():
    wrong = found(*SAME_POST)

    assert [f.rule for f in wrong] == ["separation.lane"]
    assert line(wrong[0], "sun:separate")
    assert rules(*SAME_POST, (SEPARATE, SEPARATE.replace("SOD-03", "SOD-20"))) == []  # a second one of the same post


def test_levels_of_government_are_told_apart_by_the_organ():
    township = (POST, POST.replace("county", "township"))
    two_levels = (SEPARATE, SEPARATE.replace("SOD-03", "SOD-30"))
    county = ('<sun:post code="decider"/>', '<sun:post code="decider" organ="county"/>')

    assert rules(two_levels, township, county) == []
    assert rules(two_levels, county) == ["separation.level"]
    assert rules(two_levels, township) == ["separation.level"]  # the decider where the case was filed


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"risk": "low", "distinct_persons": 2}, []),
        ({"risk": "low"}, []),
        ({}, []),
        ({"risk": "medium", "distinct_persons": 3}, ["persons.few"]),  # two steps, two persons
        ({"risk": "medium"}, ["persons.few"]),
        ({"risk": "low", "distinct_persons": 3}, ["persons.few"]),
        ({"risk": "low", "distinct_persons": 1}, ["persons.risk"]),
        ({"risk": "grave"}, ["persons.risk"]),
    ],
)
def test_the_flow_can_have_as_many_persons_as_the_risk_takes(facts, expected):
    assert rules(facts=facts) == expected


def test_a_step_that_several_sign_counts_for_several():
    assert rules((OUTCOMES, OUTCOMES + '<sun:persons min="2"/>'), facts={"risk": "medium"}) == []


@pytest.mark.parametrize(
    ("inside", "expected"),
    [
        ('<sun:persons min="2" rule="ratio:2/3"/>', []),
        ('<sun:persons min="2" rule="all" certified="yes"/>', []),
        ('<sun:persons min="1" certified="yes"/>', ["persons.certified"]),
        ('<sun:collective chair="chief"/>', []),
        ('<sun:collective chair="wizard"/>', ["collective.chair"]),
        ('<sun:collective chair="reviewer"/>', ["collective.chair"]),
        ('<sun:collective chair="chief" quorum="3/4"/>', []),
        ('<sun:collective chair="chief" quorum="1/2"/>', ["collective.quorum"]),
        ('<sun:collective chair="chief"/><sun:persons min="2"/>', ["collective.persons"]),
    ],
)
def test_what_is_asked_of_several_can_be_done(inside, expected):
    wrong = found((OUTCOMES, OUTCOMES + inside))

    assert [f.rule for f in wrong] == expected
    assert all("sun:outcomes" in GOOD.splitlines()[f.line - 1] for f in wrong)


def test_a_share_decides_between_two_outcomes():
    three = OUTCOMES.replace("refuse", "refuse wait")
    inside = '<sun:persons min="3" rule="ratio:2/3"/>'

    assert "persons.ratio" in rules((OUTCOMES, three + inside))


TIER = (OUTCOMES, OUTCOMES + "<sun:tier/>")


def test_a_tier_needs_an_amount_and_tiers():
    assert rules(TIER, forms=filing()) == []
    assert rules(TIER) == ["tier.amount"]
    assert rules(TIER, forms=filing(), book=replace(REAL, tiers=Tiers())) == ["tier.none"]


@pytest.mark.parametrize(
    "forms",
    [
        filing(required=False),
        filing(type="number"),
        filing(minimum=-1),
        filing(maximum=10**16),
        filing(maximum="9"),
        {"case": {"type": "object", "properties": {"amount": {k: v for k, v in AMOUNT.items() if k != "maximum"}},
                  "required": ["amount"]}},
        filing(**{"x-amount": "yes"}),
        {"review": filing()["case"]},
        {"case": {"type": "object", "properties": {"amount": AMOUNT, "more": AMOUNT}, "required": ["amount", "more"]}},
    ],
)  # fmt: skip
def test_an_amount_is_one_required_field_of_whole_yuan_at_filing(forms):
    assert "form.amount" in rules(forms=forms)


def test_sod_15_passes_a_collective_of_which_two_thirds_attend():
    assert rules((OUTCOMES, OUTCOMES + '<sun:collective chair="chief" quorum="2/3"/>')) == []


def test_sod_15_refuses_a_lower_quorum_and_a_chair_who_is_a_member():
    assert rules((OUTCOMES, OUTCOMES + '<sun:collective chair="chief" quorum="3/5"/>')) == ["collective.quorum"]
    assert rules((OUTCOMES, OUTCOMES + '<sun:collective chair="reviewer"/>')) == ["collective.chair"]
