"""Files that break the standard where it matters to execution: each refused with its rule and line."""

import pytest

from engine.bpmn.check import check
from engine.bpmn.read import read
from engine.bpmn.run import start
from engine.model import Source

WHOLE = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="t">
  <message id="m" name="m"/>
  <signal id="n" name="n"/>
  <error id="e" errorCode="e"/>
  <escalation id="c" escalationCode="c"/>
  <collaboration id="pools">
    <participant id="office" processRef="p"/>
    <participant id="public"/>
    <messageFlow id="asks" sourceRef="public" targetRef="start"/>
  </collaboration>
  <process id="p" isExecutable="true">
    <laneSet id="lanes"><lane id="lane">
      <flowNodeRef>review</flowNodeRef>
    </lane></laneSet>
    <startEvent id="start"/>
    <userTask id="review">
      <incoming>a</incoming>
      <outgoing>b</outgoing>
    </userTask>
    <exclusiveGateway id="gate" default="d"/>
    <subProcess id="inner">
      <startEvent id="inner_start"/>
      <userTask id="inner_step"/>
      <endEvent id="inner_end"/>
      <sequenceFlow id="i" sourceRef="inner_start" targetRef="inner_step"/>
      <sequenceFlow id="j" sourceRef="inner_step" targetRef="inner_end"/>
    </subProcess>
    <endEvent id="end"/>
    <sequenceFlow id="a" sourceRef="start" targetRef="review"/>
    <sequenceFlow id="b" sourceRef="review" targetRef="gate"/>
  <sequenceFlow id="k" sourceRef="gate" targetRef="inner"><conditionExpression>true</conditionExpression></sequenceFlow>
    <sequenceFlow id="d" sourceRef="gate" targetRef="end"/>
    <sequenceFlow id="l" sourceRef="inner" targetRef="end"/>
  </process>
</definitions>
"""
END = '<endEvent id="end"/>'
LAST = '<sequenceFlow id="l" sourceRef="inner" targetRef="end"/>'
PROCESS = '<process id="p" isExecutable="true">'
THROW = f'{END}<intermediateThrowEvent id="t">%s</intermediateThrowEvent>'
THROW += '<sequenceFlow id="u" sourceRef="review" targetRef="t"/>'
GUARD = f'{END}<boundaryEvent id="g" attachedToRef="review">%s</boundaryEvent>'
GUARD += '<sequenceFlow id="u" sourceRef="g" targetRef="end"/>'
SECOND = '<boundaryEvent id="h" attachedToRef="review">%s</boundaryEvent>'
SECOND += '<sequenceFlow id="w" sourceRef="h" targetRef="end"/>'
HANDLER = '<subProcess id="h{0}" triggeredByEvent="true"><startEvent id="hs{0}"><errorEventDefinition errorRef="e"/>'
HANDLER += "</startEvent></subProcess>"
LINKED = THROW % '<linkEventDefinition name="k"/>'
LINKED += '<intermediateCatchEvent id="v"><linkEventDefinition name="k"/></intermediateCatchEvent>'
LINKED += '<sequenceFlow id="x" sourceRef="v" targetRef="end"/>'
CHOICE = f'{END}<eventBasedGateway id="t"/><intermediateCatchEvent id="v"><signalEventDefinition signalRef="n"/>'
CHOICE += '</intermediateCatchEvent><intermediateCatchEvent id="y"><messageEventDefinition messageRef="m"/>'
CHOICE += '</intermediateCatchEvent><sequenceFlow id="u" sourceRef="review" targetRef="t"/>'
CHOICE += '<sequenceFlow id="u1" sourceRef="t" targetRef="v"/><sequenceFlow id="u2" sourceRef="t" targetRef="y"/>'


def findings(old: str, new: str, text: str = WHOLE) -> list[tuple[str, int]]:
    assert text.count(old) == 1
    source = Source(item="p", file="p.bpmn", xml=text.replace(old, new).encode(), forms={}, facts={})
    return [(f.rule, f.line) for f in check(source, level="model")]


def test_the_whole_file_is_clean_and_runs():
    source = Source(item="p", file="p.bpmn", xml=WHOLE.encode(), forms={}, facts={})

    assert check(source, level="model") == ()
    assert [o.path for o in start(read(source), {}).opened] == ["review"]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        # ids
        ('<signal id="n"', '<signal id="1n"', [("schema", 4)]),
        (END, "<endEvent/>", [("gateway.default", 21), ("flow.unreached", 29), ("id.missing", 29),
         ("flow.dangling", 33), ("flow.dangling", 34)]),
        # flows
        (LAST, LAST.replace('"end"', '"nowhere"'), [("flow.dangling", 34)]),
        (LAST, LAST.replace('"inner"', '"nowhere"'), [("flow.dangling", 34)]),
        (LAST, LAST.replace(' targetRef="end"', ""), [("flow.dangling", 34), ("schema", 34)]),
        (LAST, LAST.replace('"inner"', '"inner_step"'), [("flow.dangling", 34)]),
        (LAST, LAST.replace('"end"', '"lane"'), [("flow.dangling", 34)]),
        (LAST, LAST.replace('"end"', '"p"'), [("flow.dangling", 34)]),
        (LAST, LAST.replace('"end"', '"public"'), [("flow.dangling", 34)]),
        (LAST, LAST.replace('"end"', '"start"'), [("event.place", 16)]),
        (LAST, LAST.replace('"inner"', '"end"'), [("event.place", 29)]),
        (LAST, LAST + '<sequenceFlow id="more" sourceRef="a" targetRef="end"/>', [("flow.dangling", 34)]),
        ("<incoming>a</incoming>", "<incoming>b</incoming>", [("flow.contradiction", 18)]),
        ("<incoming>a</incoming>", "<incoming>gone</incoming>", [("flow.contradiction", 18)]),
        ("<outgoing>b</outgoing>", "<outgoing>a</outgoing>", [("flow.contradiction", 19)]),
        ('default="d"', 'default="a"', [("gateway", 33), ("gateway.default", 21)]),
        ('default="d"', 'default="gone"', [("gateway", 33), ("gateway.default", 21)]),
        ('sourceRef="inner_start" targetRef="inner_step"', 'sourceRef="inner_start" targetRef="review"',
         [("flow.dangling", 26), ("flow.unreached", 24)]),
        # scopes and pools
        ('<startEvent id="inner_start"/>',
         '<startEvent id="inner_start"><messageEventDefinition messageRef="m"/></startEvent>',
         [("start.event", 23)]),
        ('<subProcess id="inner">', '<subProcess id="inner" triggeredByEvent=" 1 ">',
         [("flow.dangling", 22), ("start.event", 22)]),
        ('<flowNodeRef>review</flowNodeRef>', "<flowNodeRef>gone</flowNodeRef>", [("reference", 14)]),
        ('<flowNodeRef>review</flowNodeRef>', "<flowNodeRef>a</flowNodeRef>", [("reference", 14)]),
        ('processRef="p"', 'processRef="gone"', [("reference", 8)]),
        ('processRef="p"', 'processRef="review"', [("reference", 8)]),
        ('sourceRef="public" targetRef="start"', 'sourceRef="public" targetRef="gone"', [("reference", 10)]),
        ('sourceRef="public" targetRef="start"', 'sourceRef="review" targetRef="inner_step"', [("message.pool", 10)]),
        ('sourceRef="public" targetRef="start"', 'sourceRef="office" targetRef="start"', [("message.pool", 10)]),
        ('<participant id="public"/>', '<participant id="public" processRef="q"/>', [("reference", 9)]),
        (PROCESS, PROCESS.replace("true", "false"), [("process.none", 12)]),
        (PROCESS, PROCESS.replace("true", "0"), [("process.none", 12)]),
        (PROCESS, PROCESS.replace("true", "yes"), [("process.none", 12), ("schema", 12)]),
        # events
        (END, GUARD % "", [("event.missing", 29)]),
        (END, GUARD.replace('"review"', '"gate"') % '<signalEventDefinition signalRef="n"/>', [("boundary", 29)]),
        (END, GUARD.replace('"review"', '"inner_step"') % '<signalEventDefinition signalRef="n"/>', [("boundary", 29)]),
        (END, GUARD.replace('"review"', '"gone"') % '<signalEventDefinition signalRef="n"/>', [("boundary", 29)]),
        (END, GUARD % '<signalEventDefinition signalRef="gone"/>', [("event.reference", 29)]),
        (END, GUARD % "<signalEventDefinition/>", [("event.reference", 29)]),
        (END, GUARD % '<signalEventDefinition signalRef="m"/>', [("reference", 29)]),
        (END, GUARD % '<messageEventDefinition messageRef="review"/>', [("reference", 29)]),
        (END,
         GUARD % '<messageEventDefinition messageRef="m"><operationRef>gone</operationRef></messageEventDefinition>',
         [("reference", 29)]),
        (END, GUARD % '<escalationEventDefinition escalationRef="e"/>', [("reference", 29)]),
        (END, GUARD % '<errorEventDefinition errorRef="review"/>', [("reference", 29)]),
        (END, GUARD % "<eventDefinitionRef>gone</eventDefinitionRef>", [("event.missing", 29), ("reference", 29)]),
        (END, END.replace("/>", "><eventDefinitionRef>n</eventDefinitionRef></endEvent>"), [("reference", 29)]),
        (END, GUARD % "<timerEventDefinition/>", [("timer", 29)]),
        (END, GUARD % '<errorEventDefinition errorRef="e"/>' + SECOND % '<errorEventDefinition errorRef="e"/>',
         [("event.twice", 29)]),
        (END, GUARD % '<escalationEventDefinition/>' + SECOND % '<escalationEventDefinition/>', [("event.twice", 29)]),
        (END, END + HANDLER.format("1") + HANDLER.format("2"), [("event.twice", 29)]),
        (END, GUARD.replace('id="g"', 'id="g" parallelMultiple="true"')
         % '<signalEventDefinition signalRef="n"/><errorEventDefinition errorRef="e"/>', [("event.place", 29)]),
        (END, GUARD % '<errorEventDefinition xmlns:o="other" errorRef="o:e"/>', [("reference", 29)]),
        (END, GUARD % "<timerEventDefinition><timeDuration>-PT1H</timeDuration></timerEventDefinition>",
         [("timer", 29)]),
        (END, LINKED + '<sequenceFlow id="w" sourceRef="t" targetRef="end"/>', [("event.place", 29)]),
        (END, LINKED + '<sequenceFlow id="w" sourceRef="review" targetRef="v"/>', [("event.place", 29)]),
        (END, f'{END}<subProcess id="h" triggeredByEvent="true"><standardLoopCharacteristics loopMaximum="2"/>'
              '<startEvent id="hs"><signalEventDefinition signalRef="n"/></startEvent></subProcess>',
         [("unsupported", 29)]),
        (END, CHOICE + '<sequenceFlow id="w" sourceRef="review" targetRef="v"/>', [("gateway", 29)]),
        ('<message id="m" name="m"/>', '<message id="m" name="m-${case_no}"/>', [("event.name", 3)]),
        ('<signal id="n" name="n"/>', '<signal id="n" name="#{case_no}"/>', [("event.name", 4)]),
        ('errorCode="e"', 'errorCode="${code}"', [("event.name", 5)]),
        (END, GUARD % "<conditionalEventDefinition><condition/></conditionalEventDefinition>", [("expression", 29)]),
        (END, THROW % '<compensateEventDefinition activityRef="gone"/>', [("event.reference", 29), ("reference", 29)]),
        (END, THROW % '<compensateEventDefinition activityRef="gate"/>', [("reference", 29)]),
        (END, THROW % '<linkEventDefinition name="gone"/>', [("link", 29)]),
        (END, END + '<dataObjectReference id="r" dataObjectRef="gone"/>', [("reference", 29)]),
        (END, END + '<userTask id="lost"/>', [("flow.unreached", 29)]),
        ("</definitions>", "</definitions2>", [("xml", 36)]),
    ],
)  # fmt: skip
def test_a_broken_file_is_refused_with_rule_and_line(old, new, expected):
    assert sorted(findings(old, new)) == sorted(expected)


def test_two_pools_that_would_be_begun_together_are_refused():
    other = '<process id="q" isExecutable="true"><startEvent id="qs"/></process>'
    pool = '<participant id="public" processRef="q"/>'
    text = WHOLE.replace(PROCESS, other + PROCESS).replace('<participant id="public"/>', pool)

    assert findings("</definitions>", "</definitions>", text) == [("process.pools", 12)]


def test_of_several_pools_the_executable_one_runs():
    other = '<process id="q" isExecutable="false"><startEvent id="qs"/><userTask id="lost"/></process>'
    pool = '<participant id="public" processRef="q"/>'
    text = WHOLE.replace(PROCESS, other + PROCESS).replace('<participant id="public"/>', pool)

    assert findings("</definitions>", "</definitions>", text) == []


@pytest.mark.parametrize(
    "new",
    [
        LINKED,
        CHOICE,
        END + HANDLER.format("1"),
        GUARD % '<errorEventDefinition errorRef="e"/>' + SECOND % "<errorEventDefinition/>",
        GUARD % '<errorEventDefinition xmlns:o="t" errorRef="o:e"/>',
    ],
)
def test_what_the_standard_allows_is_let_pass(new):
    assert findings(END, new) == []


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        (END, '<endEvent id="review"/>', 29),
        (LAST, LAST.replace('"l"', '"a"'), 34),
        (LAST, LAST.replace('"l"', '"lane"'), 34),
        ('<message id="m"', '<message id="p"', 12),
        ('id="inner_start"/>', 'id="start"/>', 23),
    ],
)
def test_an_id_is_given_once_in_the_whole_file(old, new, line):
    assert ("id.twice", line) in findings(old, new)
