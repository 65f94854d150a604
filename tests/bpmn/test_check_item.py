"""One bad item for each rule of level `item`, made from the good sample by one change."""

from pathlib import Path

import pytest

from engine.bpmn.check import check
from engine.model import Source
from tests.bpmn.book import BOOK

GOOD = (Path(__file__).parent / "samples/good.bpmn").read_text()
FORM = {
    "type": "object",
    "properties": {"area": {"type": "number", "title": "面积", "title_en": "Area", "x-decides": True}},
}
GATE = '<bpmn:exclusiveGateway id="decision"/>'
CARDINALITY = "<bpmn:loopCardinality>2</bpmn:loopCardinality>"
MULTI = f"<bpmn:multiInstanceLoopCharacteristics>{CARDINALITY}</bpmn:multiInstanceLoopCharacteristics>"


def rules(old: str = "", new: str = "", forms: object = None) -> list[str]:
    assert old in GOOD
    source = Source(
        item="sample", file="sample.bpmn", xml=GOOD.replace(old, new, 1).encode() if old else GOOD.encode(),
        forms=forms or {}, facts={},
    )  # fmt: skip
    return [f.rule for f in check(source, level="item", book=BOOK)]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("", "", []),
        ('code="reviewer"', 'code="wizard"', ["post.unknown"]),
        ('<sun:limit days="2"/>', "", ["limit.missing"]),
        ('<sun:returns to="review"/>', '<sun:returns to="decide"/>', ["returns.unknown"]),
        ('<sun:outcomes values="pass refuse"/>\n      </bpmn:extensionElements>',
         '<sun:persons min="2"/></bpmn:extensionElements>' + MULTI, ["persons.multi"]),
        ('<sun:outcomes values="pass refuse"/>', '<sun:outcomes values="pass refuse"/><sun:applicant/>', []),
        ('<sun:outcomes values="pass refuse"/>', '<sun:outcomes values="pass refuse"/><sun:applicant/>'
         '<sun:persons min="2"/>', ["applicant.persons"]),
        ('decide == "grant"', 'decide == "maybe"', ["outcome.unrouted", "outcome.unknown"]),
        ('decide == "grant"', 'decide in ("grant", "maybe")', ["outcome.unknown"]),
        ('on="grant refuse"', 'on="grant deny"', ["outcome.unknown"]),
        ('decide == "grant"', 'decide == "grant" and area > 3', ["gateway.open", "name.unknown"]),
        ('decide == "grant"', 'decide == "grant" and case_area > 3', ["gateway.open", "name.unknown"]),
        ('rule="L03"', 'rule="L99"', ["limit.unknown"]),
        ('rule="L03"', 'rule="L09"', ["limit.unverified"]),
        ('until="decided"', 'until="served"', ["limit.marks", "mark.unknown"]),
        ('from="accepted"', 'from="taken"', ["limit.marks", "mark.unknown"]),
        ('<sun:mark name="decided"', '<sun:mark name="decided" at="taken"', ["mark.unknown"]),
        ('<sun:mark name="decided"', '<sun:mark name="received"/><sun:mark name="decided"', ["mark.reserved"]),
        ('promise="5"', 'promise="21"', ["clock.promise"]),
        ('promise="5"', 'promise="2"', ["clock.sum"]),
        ('days="2"', 'days="5"', ["clock.sum"]),
        ('rule="SOD-03"', 'rule="SOD-77"', ["separation.unknown"]),
        ('steps="review decide"', 'steps="review intake/decide"', ["separation.step"]),
        ('steps="review decide"', 'steps="review review"', ["separation.step"]),
        ('<bpmn:startEvent id="start">', '<bpmn:startEvent id="more"/><bpmn:sequenceFlow id="f" sourceRef="more" '
         'targetRef="review"/><bpmn:startEvent id="start">', ["start.many"]),
        ('targetRef="refused"', 'targetRef="review"', ["flow.unreached"]),
        (GATE, GATE + '<bpmn:userTask id="case_x"/><bpmn:sequenceFlow id="f" sourceRef="start" targetRef="case_x"/>',
         ["flow.dead_end", "limit.missing", "name.reserved", "post.missing"]),
        (GATE, GATE + '<bpmn:userTask id="x-y"/><bpmn:sequenceFlow id="f" sourceRef="start" targetRef="x-y"/>',
         ["flow.dead_end", "limit.missing", "name.spelling", "post.missing"]),
        (GATE, GATE + '<bpmn:exclusiveGateway id="one"/><bpmn:exclusiveGateway id="two"/><bpmn:sequenceFlow id="f" '
         'sourceRef="one" targetRef="two"/><bpmn:sequenceFlow id="g" sourceRef="two" targetRef="one"/>',
         ["flow.no_end", "flow.unreachable"]),
        (GATE, GATE + '<bpmn:boundaryEvent id="late" attachedToRef="review"><bpmn:timerEventDefinition>'
         '<bpmn:timeDuration>limit("nothing")</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:boundaryEvent>'
         '<bpmn:sequenceFlow id="f" sourceRef="late" targetRef="decide"/>', ["timer.limit"]),
    ],
)  # fmt: skip
def test_an_item_that_does_not_hold_together_is_refused(old, new, expected):
    assert sorted(rules(old, new)) == sorted(expected)


@pytest.mark.parametrize(
    ("forms", "expected"),
    [
        ({"case": FORM, "review": FORM}, []),
        ({"preview": FORM}, ["form.step"]),
        ({"review": {"type": "array"}}, ["form.schema"]),
        ({"review": {"type": "object", "properties": 3}}, ["form.schema"]),
        ({"review": {"type": "object", "required": [1]}}, ["form.schema"]),
        ({"review": {"type": "object", "$ref": "https://example.org/a"}}, ["form.schema"]),
        ({"review": {"type": "object", "$ref": "#"}}, ["form.schema"]),  # for ever
        ({"review": {"type": "object", "$ref": "#/$defs/a", "$defs": {"a": {"$ref": "#/$defs/a"}}}}, ["form.schema"]),
        ({"review": {"type": "object", "$ref": "#/$defs/a", "$defs": {"a": {"type": "object"}}}}, []),
        ({"review": {"type": "object", "patternProperties": {"^(a+)+$": {}}}}, ["form.schema"]),
        ({"review": {"type": "object", "patternProperties": {"^([a-z]*){9}$": {}}}}, ["form.schema"]),
        ({"review": {"type": "object", "patternProperties": {"^(ab)+[0-9]{2}$": {}}}}, []),
        ({"review": {"type": "object", "properties": {"a": {"type": "string", "title": "甲"}}}}, ["form.title"]),
        ({"review": {"type": "object", "properties": {"a": {"type": "array", "title": "甲", "title_en": "A",
          "x-decides": True}}}}, ["form.decides"]),
        ({"case": {"type": "object", "properties": {"a": {"type": "string", "title": "甲", "title_en": "A",
          "x-address": True}}}}, []),
        ({"review": {"type": "object", "properties": {"a": {"type": "string", "title": "甲", "title_en": "A",
          "x-address": True}}}}, ["form.address"]),
        ({"case": {"type": "object", "properties": {"a": {"type": "number", "title": "甲", "title_en": "A",
          "x-address": True}}}}, ["form.address"]),
        ({"case": {"type": "object", "properties": {n: {"type": "string", "title": "甲", "title_en": "A",
          "x-address": True} for n in "ab"}}}, ["form.address"]),
    ],
)  # fmt: skip
def test_forms_name_steps_and_are_schemas(forms, expected):
    assert rules(forms=forms) == expected


TEXT = {"type": "string", "title": "甲", "title_en": "A"}


def complaint(*marks: object, key: str = "case", required: bool = True, **field: object) -> dict[str, object]:
    """Return forms with one field of each mark x-about."""
    of = {f"f{n}": TEXT | {"x-about": mark} | field for n, mark in enumerate(marks)}
    return {key: {"type": "object", "properties": of, "required": list(of) if required else []}}


@pytest.mark.parametrize(
    ("forms", "wrong"),
    [
        (complaint("officer"), 0),
        (complaint("post", "organ"), 0),
        (complaint("officer", "post", "organ"), 0),
        (complaint(True), 1),
        (complaint("officer", "officer"), 1),
        (complaint("officer", "post"), 1),
        (complaint("organ"), 1),
        (complaint("officer", required=False), 1),
        (complaint("officer", type="integer"), 1),
        (complaint("officer", key="review"), 1),
    ],
)
def test_a_complaint_says_in_required_texts_of_its_filing_form_whom_it_is_about(forms, wrong):
    assert rules(forms=forms) == ["form.about"] * wrong


def test_a_form_is_nested_within_bounds():
    deep: dict[str, object] = {"type": "object"}
    for _ in range(800):
        deep = {"type": "object", "not": deep}

    assert rules(forms={"review": deep}) == ["form.schema"]


def test_a_field_that_decides_is_a_name_and_another_field_is_not():
    condition = 'decide == "grant" and review_area > 3'
    plain = {"type": "object", "properties": {"area": {"type": "number", "title": "面积", "title_en": "Area"}}}

    assert "name.unknown" not in rules('decide == "grant"', condition, {"review": FORM})
    assert "name.unknown" in rules('decide == "grant"', condition, {"review": plain})


@pytest.mark.parametrize(
    ("condition", "required", "expected"),
    [
        ('decide == "grant" and review_ok', ["ok"], ["gateway.open"]),  # granted, but not ok
        ('decide == "grant" and (review_ok or not review_ok)', ["ok"], []),
        ('decide == "grant" and (review_ok == true or review_ok == false)', [], ["gateway.open"]),  # left out
    ],
)
def test_a_gateway_without_default_takes_all_that_can_be(condition, required, expected):
    field = {"type": "boolean", "title": "可", "title_en": "OK", "x-decides": True}
    form = {"type": "object", "properties": {"ok": field}, "required": required}

    assert rules('decide == "grant"', condition, {"review": form}) == expected


def test_a_field_may_not_hide_a_step():
    hiding = GOOD.replace('"decide"', '"review_area"').replace("decide ==", "review_area ==")
    hiding = hiding.replace("flowNodeRef>decide<", "flowNodeRef>review_area<")
    source = Source(
        item="sample", file="s.bpmn", xml=hiding.replace("review decide", "review review_area").encode(),
        forms={"review": FORM}, facts={},
    )  # fmt: skip

    assert [f.rule for f in check(source, level="item", book=BOOK)] == ["name.clash"]
