"""A small item in which one thing of every kind can be changed: `BODY`, `FORMS`, `FACTS`."""

from __future__ import annotations

import json
import tomllib
from typing import Any

from engine.model import Source
from tests.bpmn.flows import file

BODY = """
<extensionElements>
  <sun:name lang="en">Licence</sun:name>
  <sun:limit rule="L03" promise="7" from="accepted" until="decided"/>
  <sun:separate steps="accept review" rule="SOD-03"/>
</extensionElements>
<laneSet id="lanes"><lane id="desk" name="窗口"><flowNodeRef>accept</flowNodeRef></lane></laneSet>
<startEvent id="start" name="收到"><extensionElements><sun:name lang="en">Received</sun:name></extensionElements>
</startEvent>
<userTask id="accept" name="受理"><extensionElements><sun:name lang="en">Accept</sun:name>
  <sun:post code="acceptance" organ="case"/><sun:limit days="1"/><sun:outcomes values="pass refuse"/>
  <sun:persons min="2" rule="all"/><sun:mark name="accepted" on="pass"/><sun:risk id="R1" level="low">收中介</sun:risk>
  <sun:document kind="acceptance" on="pass"/></extensionElements></userTask>
<exclusiveGateway id="which" default="which-done"/>
<userTask id="review" name="审查"><extensionElements><sun:name lang="en">Review</sun:name>
  <sun:post code="reviewer" organ="county"/><sun:limit days="2"/><sun:returns to="accept"/></extensionElements>
</userTask>
<boundaryEvent id="late" name="超时" attachedToRef="review" cancelActivity="false"><extensionElements>
  <sun:name lang="en">Late</sun:name></extensionElements>
  <timerEventDefinition><timeDuration>workdays(5)</timeDuration></timerEventDefinition></boundaryEvent>
<callActivity id="issue" name="发证" calledElement="issue"><extensionElements><sun:name lang="en">Issue</sun:name>
</extensionElements></callActivity>
<endEvent id="done" name="办结"><extensionElements><sun:name lang="en">Closed</sun:name></extensionElements></endEvent>
<sequenceFlow id="a" sourceRef="start" targetRef="accept"/>
<sequenceFlow id="b" sourceRef="accept" targetRef="which"/>
<sequenceFlow id="c" sourceRef="which" targetRef="review">
  <conditionExpression>accept == "pass"</conditionExpression></sequenceFlow>
<sequenceFlow id="which-done" sourceRef="which" targetRef="done"/>
<sequenceFlow id="d" sourceRef="review" targetRef="issue"/>
<sequenceFlow id="e" sourceRef="issue" targetRef="done"/>
<sequenceFlow id="f" sourceRef="late" targetRef="done"/>
"""
ISSUE = """
<startEvent id="start"/>
<userTask id="make" name="制证"><extensionElements><sun:name lang="en">Make</sun:name><sun:limit days="3"/>
</extensionElements></userTask><endEvent id="made"/>
<sequenceFlow id="a" sourceRef="start" targetRef="make"/><sequenceFlow id="b" sourceRef="make" targetRef="made"/>
"""
FORMS = """{"case": {"type": "object", "required": ["shop"], "properties": {
"shop": {"title": "字号", "title_en": "Shop", "type": "string"},
"kind": {"title": "类型", "title_en": "Kind", "type": "string", "x-decides": true,
"oneOf": [{"const": "new", "title": "新办", "title_en": "New"}, {"const": "old", "title": "变更", "title_en": "Old"}]},
"size": {"title": "人数", "title_en": "Size", "enum": ["small", "large"]}}}}"""
FACTS = """visits = 1
[[material]]
code = "plan"
name = "平面图"
name_en = "Floor plan"
required = true
[[basis]]
id = "ALL-32"
law = "许可法"
law_en = "Licensing Law"
verified = true
"""


def sample(*edits: tuple[str, str]) -> Source:
    """Return the item with texts replaced, wherever they stand in its files; a text that stands nowhere is an error."""
    files = [BODY, ISSUE, FORMS, FACTS]
    for old, new in edits:
        assert sum(f.count(old) for f in files) >= 1, old
        files = [f.replace(old, new) for f in files]
    body, issue, forms, facts = files
    called = _source("issue", issue, {}, {}, {})
    return _source("licence", body, json.loads(forms), tomllib.loads(facts), {"issue": called})


def _source(name: str, body: str, forms: Any, facts: Any, called: dict[str, Source]) -> Source:
    return Source(item=name, file=f"{name}.bpmn", xml=file(body, name), forms=forms, facts=facts, called=called)
