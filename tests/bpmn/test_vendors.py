"""Every word of another engine is mapped or named; what would run otherwise keeps the file from running."""

from html import escape

import pytest

from engine.bpmn.check import check
from engine.bpmn.tree import VENDORS
from engine.bpmn.vendors import ATTRIBUTES, ELEMENTS, ENGINES, Kind
from engine.model import Source
from tests.bpmn.attacks import VENDOR, extended, step, vendor_file
from tests.bpmn.book import BOOK
from tests.bpmn.flows import flows

LEVELS = {Kind.HARMLESS: "item", Kind.PERSONS: "item", Kind.WRITES: "item", Kind.CODE: "model", Kind.CHANGES: "model"}


def found(xml: bytes, called: dict[str, bytes] | None = None) -> dict[str, str]:
    """Return rule -> level of the findings about vendors."""
    other = {k: Source(item=k, file=f"{k}.bpmn", xml=v, forms={}, facts={}) for k, v in (called or {}).items()}
    source = Source(item="p", file="p.bpmn", xml=xml, forms={}, facts={}, called=other)
    return {f.rule: f.level for f in check(source, level="item", book=BOOK) if f.rule.startswith("vendor")}


@pytest.mark.parametrize("prefix", VENDORS.values())
@pytest.mark.parametrize("word", ATTRIBUTES)
def test_each_attribute_is_named_and_only_what_changes_the_flow_stops_it(prefix, word):
    kind = ATTRIBUTES[word]
    levels = found(step("", f'{prefix}:{word}="x"')).values()

    assert set(levels) == {LEVELS.get(kind, "model")}


@pytest.mark.parametrize("prefix", VENDORS.values())
@pytest.mark.parametrize("word", ELEMENTS)
def test_each_element_is_named_and_only_what_changes_the_flow_stops_it(prefix, word):
    assert set(found(extended(f"<{prefix}:{word}/>")).values()) == {LEVELS[ELEMENTS[word]]}


@pytest.mark.parametrize(
    ("xml", "expected"),
    [
        (step("", 'camunda:newWord="x"'), {"vendor.unknown": "model"}),
        (extended("<camunda:newWord/>"), {"vendor.unknown": "model"}),
        (step("", 'camunda:Assignee="x"'), {"vendor.unknown": "model"}),
        (step("", 'camunda:assignee="demo"'), {"vendor.persons": "item"}),
        (extended('<camunda:formData><camunda:formField id="x"/></camunda:formData>'), {"vendor.persons": "item"}),
        (extended('<camunda:formData><camunda:script/></camunda:formData>'), {"vendor.code": "model"}),
        (extended('<q:a xmlns:q="urn:q"/><q:b xmlns:q="urn:q"/>'), {"vendor.idle": "item"}),
        (step("", 'flowable:triggerable="false"'), {"vendor.idle": "item"}),
        (step("", 'flowable:triggerable="true"'), {"vendor.meaning": "model"}),
        (step("", 'camunda:calledElementBinding="latest"'), {"vendor.idle": "item"}),
        (step("", 'camunda:calledElementBinding="version"'), {"vendor.meaning": "model"}),
        (step("", 'camunda:class="x" implementation="y"', "serviceTask"), {}),  # the rule on service tasks says it
        (step("<potentialOwner/>"), {"vendor.persons": "item"}),
        (step("", before='<extension mustUnderstand="false" definition="x"/>'), {}),
    ],
)  # fmt: skip
def test_a_word_is_judged_where_it_stands(xml, expected):
    assert found(xml) == expected


@pytest.mark.parametrize("space", ENGINES)
def test_words_of_engines_that_are_not_read_stop_the_file(space):
    assert found(extended(f'<q:a xmlns:q="{space}"/>')) == {"vendor.meaning": "model"}
    assert found(step("", f'xmlns:q="{space}" q:a="1"')) == {"vendor.meaning": "model"}


def asking(condition: str, attributes: str = "", inside: str = "") -> bytes:
    return vendor_file(
        f'<startEvent id="s"/><userTask id="t" {attributes}>{inside}</userTask><exclusiveGateway id="g" default="g-z"/>'
        f'<endEvent id="z"/><endEvent id="y"/>{flows("s>t t>g g>z")}<sequenceFlow id="g-y" sourceRef="g" targetRef="y">'
        f"<conditionExpression>{escape(condition)}</conditionExpression></sequenceFlow>"
    )


@pytest.mark.parametrize(("condition", "rule"), [("result == 1", "vendor.variable"), ("t == 'done'", "vendor.idle")])
def test_a_variable_that_is_set_matters_where_it_is_asked_for(condition, rule):
    put = '<extensionElements><camunda:inputOutput><camunda:outputParameter name="result"/></camunda:inputOutput>'

    assert list(found(asking(condition, 'camunda:resultVariable="result"'))) == [rule]
    assert list(found(asking(condition, inside=f"{put}</extensionElements>"))) == [rule]


@pytest.mark.parametrize(
    ("mapping", "condition", "rule"),
    [
        ('<camunda:in source="a" target="amount"/>', "amount == 1", "vendor.variable"),
        ('<camunda:in source="a" target="amount"/>', "t == 'done'", "vendor.idle"),
        ('<camunda:in variables="all"/>', "amount == 1", "vendor.variable"),
        ('<camunda:in variables="all"/>', "t == 'done'", "vendor.idle"),
        ('<camunda:in businessKey="#{execution.processBusinessKey}"/>', "amount == 1", "vendor.idle"),
    ],
)
def test_a_mapping_into_a_called_flow_matters_where_that_flow_asks_for_it(mapping, condition, rule):
    call = step(f"<extensionElements>{mapping}</extensionElements>", 'calledElement="desk"', "callActivity")
    desk = asking(condition).replace(b'process id="p"', b'process id="desk"')

    assert rule in found(call, {"desk": desk})


def test_the_diagram_is_not_looked_at():
    shape = '<bpmndi:BPMNDiagram xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:q="urn:q" q:a="1"/>'
    xml = step("").replace(b"</definitions>", shape.encode() + b"</definitions>")

    assert found(xml) == {}
    assert VENDOR.encode() in xml


@pytest.mark.parametrize(
    ("condition", "attributes", "expected"),
    [
        ("x == 1", 'camunda:variableName="x"', {"vendor.idle": "item"}),
        ("t_x == 1", 'camunda:variableName="x"', {"vendor.idle": "item"}),
        ("x == y", 'camunda:variableName="x"', {"vendor.meaning": "model"}),
        ("x == 1", 'camunda:variableName="y"', {"vendor.meaning": "model"}),
        ("x == 1", 'camunda:variableName="x" camunda:variableEvents="delete"',
         {"vendor.idle": "item", "vendor.meaning": "model"}),
    ],
)  # fmt: skip
def test_a_conditional_event_may_name_the_one_variable_that_it_asks_for(condition, attributes, expected):
    definition = f"<conditionalEventDefinition {attributes}><condition>{condition}</condition>"
    assert found(step(f"{definition}</conditionalEventDefinition>", "", "intermediateCatchEvent")) == expected


def test_what_the_host_binds_sets_its_own_variables():
    task = '<serviceTask id="w" camunda:class="pay" camunda:resultVariable="result"/>'
    xml = asking("result == 1").replace(b'<exclusiveGateway id="g"', task.encode() + b'<exclusiveGateway id="g"')
    xml = xml.replace(b'targetRef="g"', b'targetRef="w"').replace(b"<endEvent", flows("w>g").encode() + b"<endEvent", 1)
    source = Source(item="p", file="p.bpmn", xml=xml, forms={}, facts={})

    assert {f.rule for f in check(source, level="model")} == {"service", "vendor.variable"}
    assert check(source, level="model", host={"pay"}) == ()


def test_a_name_that_only_another_engine_would_evaluate_is_named():
    assert found(step("", 'name="Task ${loopCounter}"')) == {"vendor.name": "item"}
    assert found(step("", 'name="Costs of $5 {net}"')) == {}
