"""One bad flow for each rule on stops, extensions and messages, made from the shared flows and the food licence."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from engine.bpmn.check import check
from engine.bpmn.source import load
from engine.model import Source
from engine.rules import book

PROCESSES = Path(__file__).parents[2] / "processes"
REAL = book.load(PROCESSES / "_rules")
UNVERIFIED = next(id for id, rule in REAL.limits.items() if rule.extension and not rule.verified)
SEPARATE = '<sun:separate steps="ask approve" rule="SOD-18"/>'


def shared(name: str) -> Source:
    return load(PROCESSES / "_shared" / name, PROCESSES)


def found(source: Source, old: str = "", new: str = "", forms: Any = None) -> set[str]:
    text = source.xml.decode()
    assert old in text
    changed = replace(source, xml=text.replace(old, new, 1).encode(), forms=forms or source.forms)
    return {f.rule for f in check(changed, level="item", book=REAL)}


def form(name: str, field: str, **changes: Any) -> dict[str, Any]:
    """Return the forms of a shared flow with a field of `ask` changed; None takes a word away."""
    forms = json.loads(json.dumps(dict(shared(name).forms)))
    rule = forms["ask"]["properties"].setdefault(field, {})
    for word, value in changes.items():
        rule.pop(word, None) if value is None else rule.update({word: value})
    return forms


def without(name: str, field: str) -> dict[str, Any]:
    forms = json.loads(json.dumps(dict(shared(name).forms)))
    del forms["ask"]["properties"][field]
    return forms


TO_ASKED = '<bpmn:sequenceFlow id="to_asked" '
LATE = (
    '<bpmn:boundaryEvent id="late" attachedToRef="ask"><bpmn:timerEventDefinition><bpmn:timeDuration>P1D'
    "</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:boundaryEvent>"
    '<bpmn:sequenceFlow id="to_late" sourceRef="late" targetRef="approve"/>'
)


@pytest.mark.parametrize("name", ["special", "extension"])
def test_the_shared_flows_are_good(name):
    assert found(shared(name)) == set()


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ('<sun:stop request="ask"/>', '<sun:stop request="asks"/>', "stop.request"),
        ('<sun:stop request="ask"/>', '<sun:stop request="asked"/>', "stop.request"),  # a gateway
        ('sourceRef="start" targetRef="ask"', 'sourceRef="start" targetRef="approve"', "stop.request"),
        (TO_ASKED, LATE + TO_ASKED, "stop.request"),  # nobody asked in time
        (SEPARATE, "", "stop.separate"),
        (SEPARATE, SEPARATE.replace("SOD-18", "SOD-03"), "stop.separate"),
        (SEPARATE, SEPARATE.replace("approve", "serve"), "stop.separate"),
        (SEPARATE, SEPARATE.replace("approve", "receive"), "stop.separate"),  # too late
        ('<sun:document kind="special_procedure"/>', '<sun:document kind="extension"/>', "stop.document"),
        ('<sun:stop request="ask"/>', "", "resume.early"),
        ('<sun:stop request="ask"/>', "", "timer.stop"),
        ('attachedToRef="receive"', 'attachedToRef="approve"', "timer.stop"),
    ],
)
def test_a_stop_that_two_persons_do_not_agree_on_is_refused(old, new, expected):
    assert expected in found(shared("special"), old, new)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ('request="ask"', 'request="nobody"', "extend.request"),
        ('sourceRef="start" targetRef="ask"', 'sourceRef="start" targetRef="approve"', "extend.request"),
        (SEPARATE, "", "extend.separate"),
        (SEPARATE, SEPARATE.replace("approve", "serve"), "extend.separate"),
        ('<sun:document kind="extension" on="agree"/>', "", "extend.document"),
        ('<sun:extend rule="L03"', '<sun:extend rule="L99"', "limit.unknown"),
        ('<sun:extend rule="L03"', f'<sun:extend rule="{UNVERIFIED}"', "limit.unverified"),
        ('<sun:extend rule="L03"', '<sun:extend rule="L06"', "extend.rule"),  # knows no extension
        ('<sun:extend rule="L03"', '<sun:extend rule="L04"', "extend.rule"),  # the government's, no post of ours
        ('<sun:post code="chief"', '<sun:post code="decider"', "extend.post"),
    ],
)
def test_an_extension_that_the_law_does_not_know_is_refused(old, new, expected):
    assert expected in found(shared("extension"), old, new)


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("stop_kind", {"oneOf": [{"const": "site_inspection", "title": "现场勘验", "title_en": "On the spot"}]}),
        ("stop_kind", {"oneOf": None}),
        ("stop_kind", {"x-on": None}),
        ("stop_days", {"minimum": 0}),
        ("stop_days", {"maximum": 367}),
        ("stop_days", {"maximum": None}),
        ("stop_days", {"type": "string"}),
        ("stop_evidence", {"minLength": 0}),
        ("stop_evidence", {"x-on": None}),
    ],
)
def test_the_form_that_asks_for_a_stop_says_all_that_is_needed(field, changes):
    assert "stop.form" in found(shared("special"), forms=form("special", field, **changes))


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("special", "stop_kind"),
        ("special", "stop_days"),
        ("special", "stop_evidence"),
        ("extension", "extend_days"),
        ("extension", "extend_reason"),
    ],
)
def test_no_field_may_be_missing(name, field):
    rule = "stop.form" if name == "special" else "extend.form"

    assert rule in found(shared(name), forms=without(name, field))


def test_no_more_days_are_asked_for_than_the_law_allows():
    assert "extend.form" in found(shared("extension"), forms=form("extension", "extend_days", maximum=11))


def item(old: str = "", new: str = "") -> set[str]:
    return found(load(PROCESSES / "food_operation_licence", PROCESSES), old, new)


MESSAGE = '<bpmn:messageEventDefinition messageRef="message_special"/>'
POST = (
    '<sun:name lang="en">Ask for a special procedure</sun:name>\n          <sun:post code="reviewer" organ="county"/>'
)
BEGIN = (
    '<sun:name lang="en">Application received</sun:name>\n      </bpmn:extensionElements>\n'
    "      <bpmn:outgoing>to_intake</bpmn:outgoing>"
)
BEGUN = (
    '<sun:name lang="en">Application received</sun:name><sun:post code="acceptance"/></bpmn:extensionElements>'
    '<bpmn:outgoing>to_intake</bpmn:outgoing><bpmn:messageEventDefinition messageRef="message_special"/>'
)
START = '<sun:name lang="en">Application received</sun:name>'


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("", "", set()),
        (MESSAGE, MESSAGE.replace("special", "extension"), {"raised"}),  # two events, one message
        (MESSAGE, '<bpmn:signalEventDefinition signalRef="message_special"/>', {"raised"}),
        (POST, POST.replace("reviewer", "wizard"), {"raised"}),
        (POST, POST.partition("\n")[2], {"raised"}),  # no English name for the button
        (START, f'{START}<sun:post code="acceptance"/>', {"raised"}),
        ('<sun:limit rule="L03" promise="7" from="accepted" until="decided"/>', "", {"extend.rule"}),
    ],
)
def test_what_an_officer_brings_in_has_a_post_a_name_and_a_message_of_its_own(old, new, expected):
    assert item(old, new) >= expected
    assert bool(item(old, new)) == bool(expected)


def test_a_message_that_is_brought_into_a_case_does_not_begin_the_flow():
    source = load(PROCESSES / "food_operation_licence", PROCESSES)
    text = source.xml.decode()
    assert BEGIN in text
    changed = replace(source, xml=text.replace(BEGIN, BEGUN).encode())

    said = [f.message for f in check(changed, level="item", book=REAL) if f.rule == "raised"]

    assert any(message.startswith("'start' begins the flow") for message in said)
