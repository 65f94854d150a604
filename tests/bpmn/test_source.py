from itertools import pairwise

import pytest
from lxml import etree

from engine.bpmn import source
from engine.bpmn.check import check
from engine.bpmn.source import load
from engine.bpmn.tree import MAX_BYTES, normalise, parse
from engine.bpmn.tree import processes as processes_of
from engine.errors import Invalid
from engine.model import Source
from tests.bpmn.flows import HEAD, MESSAGE, Play, file, flows, program

BODY = '<startEvent id="s"/><userTask id="t"/><endEvent id="z"/>' + flows("s>t t>z")


@pytest.fixture
def processes(tmp_path):
    call = '<startEvent id="s"/><callActivity id="first" calledElement="desk"/><endEvent id="z"/>' + flows(
        "s>first first>z"
    )
    (tmp_path / "_shared/desk").mkdir(parents=True)
    (tmp_path / "_shared/desk/flow.bpmn").write_bytes(file(BODY, "desk"))
    (tmp_path / "_shared/desk/form.json").write_text('{"t": {"type": "object"}}')
    (tmp_path / "licence").mkdir()
    (tmp_path / "licence/flow.bpmn").write_bytes(file(call, "licence"))
    (tmp_path / "licence/form.json").write_text('{"case": {"type": "object"}}')
    (tmp_path / "licence/item.toml").write_text('name = "许可"')
    return tmp_path


def test_an_item_comes_with_its_forms_its_facts_and_the_flows_it_calls(processes):
    source = load(processes / "licence", processes)

    assert source.item == "licence"
    assert source.xml == (processes / "licence/flow.bpmn").read_bytes()
    assert source.forms == {"case": {"type": "object"}, "first/t": {"type": "object"}}
    assert source.facts == {"name": "许可"}
    assert list(source.called) == ["desk"]
    assert source.called["desk"].forms == {"t": {"type": "object"}}


def test_files_that_call_each_other_too_deep_are_not_said_to_be_missing(processes):
    names = ["licence", *(f"d{i}" for i in range(source.MAX_NESTING + 2))]
    for name, called in pairwise(names):
        folder = processes if name == "licence" else processes / "_shared"
        (folder / name).mkdir(exist_ok=True)
        body = f'<startEvent id="s"/><callActivity id="c" calledElement="{called}"/><endEvent id="z"/>'
        (folder / name / "flow.bpmn").write_bytes(file(body + flows("s>c c>z"), name))
    (processes / "_shared" / names[-1]).mkdir()
    (processes / "_shared" / names[-1] / "flow.bpmn").write_bytes(file(BODY, names[-1]))

    (found,) = check(load(processes / "licence", processes), level="model")

    assert (found.rule, found.file) == ("call.deep", str(processes / "_shared" / names[-2] / "flow.bpmn"))
    assert found.message == "Files call each other more than 10 deep; draw a flatter flow."
    assert check(load(processes / "_shared" / names[1], processes), level="model") == ()


def test_a_file_alone_is_called_like_its_process(processes):
    assert load(processes / "_shared/desk/flow.bpmn", processes).item == "desk"


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ('{\n"t": {},\n"t": {}}', 3, "stands twice"),
        ('{"t": NaN}', 1, "NaN is not a number"),
        ('{"t": -Infinity}', 1, "-Infinity is not a number"),
        ("{\n\n'", 3, "not JSON"),
        ("[]", 1, "must be one object"),
        ("[" * 100_000, 1, "nested too deep"),
        ('{"t": 1' + "0" * 5000 + "}", 1, "4300"),
    ],
)
def test_a_form_file_is_read_strictly(processes, text, line, message):
    (processes / "licence/form.json").write_text(text)

    with pytest.raises(Invalid) as refusal:
        load(processes / "licence", processes)

    (finding,) = refusal.value.findings
    assert (finding.rule, finding.line) == ("form.json", line)
    assert message in finding.message


@pytest.mark.parametrize(
    "text", ["=", "a = 1" + "0" * 5000, "a = " + "[" * 5000, "a = '" + "x" * MAX_BYTES, 'a = "\\ud800"']
)
def test_a_facts_file_is_read_strictly(processes, text):
    (processes / "licence/item.toml").write_text(text)

    with pytest.raises(Invalid) as refusal:
        load(processes / "licence", processes)

    assert [f.rule for f in refusal.value.findings] == ["item.toml"]


def test_of_a_file_that_is_too_long_only_the_beginning_is_read(processes):
    (processes / "licence/flow.bpmn").write_bytes(file(BODY) + b" " * 20_000_000)

    with pytest.raises(Invalid, match="larger than"):
        load(processes / "licence", processes)


def test_all_files_that_cannot_be_read_are_named_together(processes):
    (processes / "licence/form.json").write_text("[]")
    (processes / "licence/item.toml").write_text("=")
    (processes / "_shared/desk/form.json").write_bytes(b"\xff")

    with pytest.raises(Invalid) as refusal:
        load(processes / "licence", processes)

    assert [f.rule for f in refusal.value.findings] == ["form.json", "item.toml", "form.json"]


def test_a_missing_flow_is_refused(tmp_path):
    with pytest.raises(Invalid, match="no such file"):
        load(tmp_path, tmp_path)


def test_flows_that_call_each_other_are_read_once(processes):
    call = '<startEvent id="s"/><callActivity id="c" calledElement="{}"/>' + flows("s>c")
    (processes / "_shared/other").mkdir()
    (processes / "_shared/desk/flow.bpmn").write_bytes(file(call.format("other"), "desk"))
    (processes / "_shared/other/flow.bpmn").write_bytes(file(call.format("desk"), "other"))

    source = load(processes / "licence", processes)

    assert not source.called["desk"].called["other"].called


@pytest.mark.parametrize("element", ["../../secret", "/etc", ".", ""])
def test_a_called_flow_is_a_name_and_never_a_path(processes, element):
    body = f'<startEvent id="s"/><callActivity id="c" calledElement="{element}"/>' + flows("s>c")
    (processes / "licence/flow.bpmn").write_bytes(file(body, "licence"))

    assert not load(processes / "licence", processes).called


@pytest.mark.parametrize(
    ("data", "rule"),
    [
        (b"<!-- x -->\n<!DOCTYPE a [<!ENTITY x 'y'>]>" + HEAD.encode() + b"</definitions>", "doctype"),
        (b"<?php echo 1 ?>" + HEAD.encode() + b"</definitions>", "instruction"),
        (HEAD.encode() + b"<?php echo 1 ?></definitions>", "instruction"),
        (HEAD.encode() + b"</definitions><?php echo 1 ?>", "instruction"),
        (HEAD.encode(), "xml"),
        (b"", "xml"),
        (b"<a/>", "root"),
        (b"\xff\xfe<\x00a\x00/\x00>\x00", "encoding"),
        (b"<\x00a\x00/\x00>\x00", "encoding"),
        (b'<?xml version="1.0" encoding="ISO-8859-1"?><a/>', "encoding"),
        (b" " * (MAX_BYTES + 1), "size"),
        (b"<a>" * 70 + b"</a>" * 70, "bounds"),
        (b"<a>" + b"<b/>" * 40_001 + b"</a>", "bounds"),
        (b"<a " + b" ".join(b'a%d=""' % i for i in range(50)) + b"/>", "bounds"),
    ],
    ids=lambda v: v if isinstance(v, str) else "",
)
def test_dangerous_xml_is_refused(data, rule):
    with pytest.raises(Invalid) as refusal:
        parse(data, "x.bpmn")

    assert [f.rule for f in refusal.value.findings] == [rule]


def test_the_original_is_kept_byte_for_byte(processes):
    written = b"\xef\xbb\xbf<?xml version='1.0'?>\r\n<!-- kept -->" + file(BODY, "licence") + b"\r\n\r\n"
    (processes / "licence/flow.bpmn").write_bytes(written)

    source = load(processes / "licence", processes)

    assert source.xml == written
    assert check(source, level="model") == ()


def test_flows_that_call_many_flows_are_counted(processes):
    names = [f"f{i}" for i in range(14)]
    for i, name in enumerate(names):
        calls = "".join(f'<callActivity id="c{j}" calledElement="{other}"/>' for j, other in enumerate(names[i + 1 :]))
        (processes / "_shared" / name).mkdir()
        (processes / "_shared" / name / "flow.bpmn").write_bytes(file(BODY + calls, name))

    with pytest.raises(Invalid) as refusal:
        load(processes / "_shared/f0", processes)

    assert {f.rule for f in refusal.value.findings} == {"call.many"}


@pytest.mark.parametrize(
    ("spelt", "plain"),
    [
        ('<boundaryEvent id=" b " attachedToRef=" t " cancelActivity="0">', 'attachedToRef="t" cancelActivity="false"'),
        ('<boundaryEvent id="b" attachedToRef="t" cancelActivity=" 1 ">', 'attachedToRef="t" cancelActivity="true"'),
        ('<boundaryEvent id="b" attachedToRef="t" cancelActivity="\n false">', 'cancelActivity="false"'),
    ],
)
def test_truth_values_and_references_are_read_as_the_schema_reads_them(spelt, plain):
    body = BODY + f'{spelt}{MESSAGE}</boundaryEvent><endEvent id="y"/>{flows("b>y")}'
    root = normalise(parse(file(body), "p.bpmn"))

    assert plain in etree.tostring(root).decode()
    assert check(Source(item="p", file="p.bpmn", xml=file(body), forms={}, facts={}), level="model") == ()


@pytest.mark.parametrize(("value", "interrupts"), [("true", True), ("1", True), ("false", False), ("0", False)])
def test_an_event_interrupts_as_its_truth_value_says(value, interrupts):
    body = BODY + (
        f'<boundaryEvent id="b" attachedToRef="t" cancelActivity="{value}">{MESSAGE}</boundaryEvent>'
        f'<userTask id="u"/><endEvent id="y"/>{flows("b>u u>y")}'
    )

    case = Play(program(body)).bring("message", "m")

    assert case.steps == (["u"] if interrupts else ["t", "u"])


def test_an_event_definition_of_the_root_keeps_its_line():
    shared = '<timerEventDefinition id="d"><timeDuration>\n\nsoon enough</timeDuration></timerEventDefinition>'
    body = '<boundaryEvent id="b" attachedToRef="t"><eventDefinitionRef>d</eventDefinitionRef></boundaryEvent>'
    xml = file(BODY + body + '<endEvent id="y"/>' + flows("b>y")).replace(b"<process", f"\n{shared}<process".encode())

    (finding,) = check(Source(item="p", file="p.bpmn", xml=xml, forms={}, facts={}), level="model")

    assert (finding.rule, finding.line) == ("timer", 2)


def test_of_many_processes_the_executable_one_that_nobody_calls_is_the_flow():
    called = '<process id="desk" isExecutable="true"><startEvent id="a"/><task id="b"/>' + flows("a>b") + "</process>"
    black = '<process id="public" isExecutable="0"><task id="lost"/></process>'
    black += '<process id="silent"><task id="said"/></process>'
    calls = '<startEvent id="s"/><callActivity id="c" calledElement="desk"/>' + flows("s>c")
    xml = file(calls).replace(b"<process", f"{called}{black}<process".encode(), 1)

    assert [p.get("id") for p in processes_of(parse(xml, "p.bpmn"))] == ["p", "desk", "silent"]
    assert check(Source(item="p", file="p.bpmn", xml=xml, forms={}, facts={}), level="model") == ()
