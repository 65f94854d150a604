"""What changed between two definitions, in words: each kind of change, nothing for what does not run, nothing lost."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from lxml import etree

from engine.__main__ import main
from engine.bpmn import items, tree
from engine.bpmn.check import check
from engine.bpmn.diff import Change, diff
from engine.bpmn.diff_words import sentence
from engine.model import Source
from tests import county
from tests.bpmn.flows import flows, source

GOOD = (Path(__file__).parent / "samples/good.bpmn").read_text()
PROCESSES = Path(__file__).parents[2] / "processes"
FORMS = {
    "review": {
        "properties": {"area": {"type": "integer", "title": "面积", "title_en": "Area", "x-decides": True}},
        "required": ["area"],
    }
}
FACTS = {"place": "大厅", "material": [{"code": "plan", "name": "平面图", "copies": 1}]}


def good(xml: str = GOOD, **more: object) -> Source:
    found = Source(item="sample", file="sample.bpmn", xml=xml.encode(), forms=FORMS, facts=FACTS, called={})
    return replace(found, **more)  # type: ignore[arg-type] # what a test changes


def said(one: Source, other: Source, lang: str = "zh") -> list[str]:
    return [sentence(c, lang) for c in diff(one, other)]


LATE = (
    '<bpmn:boundaryEvent id="late" attachedToRef="review" cancelActivity="false"><bpmn:timerEventDefinition>'
    "<bpmn:timeDuration>{}</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:boundaryEvent>"
    '<bpmn:endEvent id="told"/><bpmn:sequenceFlow id="l" sourceRef="late" targetRef="told"/></bpmn:process>'
)
AT_TWO, AT_FOUR = (GOOD.replace("</bpmn:process>", LATE.format(f"workdays({n})")) for n in (2, 4))
MULTI = "<bpmn:multiInstanceLoopCharacteristics><bpmn:loopCardinality>{}</bpmn:loopCardinality></bpmn:multiInstance"
MULTI += "LoopCharacteristics></bpmn:userTask>"


@pytest.mark.parametrize(
    ("old", "new", "sentences"),
    [
        ('name="审查">', 'name="审核">', ["步骤“review”（审核）：名称由“审查”改为“审核”。"]),
        ('<sun:name lang="en">Review<', '<sun:name lang="en">Check<',
         ["步骤“review”（审查）：英文名称由“Review”改为“Check”。"]),
        ('code="reviewer"', 'code="decider"', ["步骤“review”（审查）：岗位由“reviewer”改为“decider”。"]),
        ('organ="county"', 'organ="township"', ["步骤“review”（审查）：机关层级由“county”改为“township”。"]),
        ('days="2"', 'days="3"', ["步骤“review”（审查）：步骤时限（工作日）由“2”改为“3”。"]),
        ('<sun:limit days="2"/>', "", ["步骤“review”（审查）：去掉步骤时限（工作日）“2”。"]),
        ('values="pass refuse"', 'values="pass"', ["步骤“review”（审查）：结论由“pass, refuse”改为“pass”。"]),
        ('<sun:returns to="review"/>', "", ["步骤“decide”（决定）：去掉可退回的步骤“review”。"]),
        ('<sun:limit days="2"/>', '<sun:limit days="2"/><sun:persons min="2"/>',
         ["步骤“review”（审查）：办理人数由“1 all”改为“2 all”。"]),
        ('on="grant refuse"', 'on="grant"',
         ["步骤“decide”（决定）：节点由“decided grant, refuse”改为“decided grant”。"]),
        ('<sun:limit days="2"/>', '<sun:limit days="2"/><sun:document kind="grant" on="pass"/>',
         ["步骤“review”（审查）：增加文书“grant pass”。"]),
        ('<sun:limit days="2"/>', '<sun:limit days="2"/><sun:risk id="R1" level="high">走过场</sun:risk>',
         ["步骤“review”（审查）：增加廉政风险“R1 high 走过场”。"]),
        ('promise="5"', 'promise="4"', ["办件时限“L03”：承诺（工作日）由“5”改为“4”。"]),
        ('rule="L03"', 'rule="L01"', ["新增办件时限“L01”。", "删除办件时限“L03”。"]),
        ('from="received"', 'from="decided"', ["办件时限“L03”：起点由“received”改为“decided”。"]),
        ('<sun:separate steps="review decide" rule="SOD-03"/>', "", ["删除岗位分离“SOD-03: review decide”。"]),
        ('name="样例事项"', 'name="事项"', ["事项“sample”（事项）：名称由“样例事项”改为“事项”。"]),
        ('decide == "refuse"', 'decide != "grant"',
         ["走向“decision → refused”：条件由“decide == \"refuse\"”改为“decide != \"grant\"”。"]),
        ('<bpmn:exclusiveGateway id="decision"/>', '<bpmn:exclusiveGateway id="decision" default="back"/>',
         ["走向“decision → review”：增加是否默认“是”。"]),
        ('id="granted" name="准予"', 'id="granted" name="许可"', ["元素“granted”（许可）：名称由“准予”改为“许可”。"]),
        ('id="back" sourceRef="decision" targetRef="review"', 'id="back" sourceRef="decision" targetRef="decide"',
         ["步骤“decide”（决定）：前一步由“review”改为“decide, review”。",
          "步骤“review”（审查）：前一步由“decide”改为“-”。", "新增走向“decision → decide”。",
          "删除走向“decision → review”。"]),
        ("</bpmn:userTask>", MULTI.format(2),
         ["步骤“review”（审查）：增加重复办理“multiInstanceLoopCharacteristics loopCardinality 2”。"]),
    ],
)  # fmt: skip
def test_a_change_is_one_sentence(old, new, sentences):
    assert old in GOOD

    found = said(good(), good(GOOD.replace(old, new, 1)))

    assert sorted(found) == sorted(sentences)


def test_a_timer_is_compared_by_its_text():
    assert said(good(AT_TWO), good(AT_FOUR)) == [
        "元素“late”：事件由“timer workdays(2) duration”改为“timer workdays(4) duration”。"
    ]
    assert "新增元素“late”。" in said(good(), good(AT_TWO))


@pytest.mark.parametrize(
    ("forms", "sentences"),
    [
        ({}, ["删除表单字段“review.area”（面积）。", "删除表单“review”。"]),
        ({"required": []}, ["表单字段“review.area”（面积）：去掉是否必填“是”。"]),
        ({"type": "string"}, ["表单字段“review.area”（面积）：类型由“integer”改为“string”。"]),
        ({"x-decides": False}, ["表单字段“review.area”（面积）：去掉是否影响走向“是”。"]),
        ({"minimum": 3}, ["表单字段“review.area”（面积）：增加其他“{\"minimum\": 3}”。"]),
    ],
)  # fmt: skip
def test_forms_are_compared_field_by_field(forms, sentences):
    form = FORMS["review"]
    changed = {"review": {**form, "required": forms["required"]}} if "required" in forms else {
        "review": {**form, "properties": {"area": {**form["properties"]["area"], **forms}}}}  # fmt: skip

    assert said(good(), good(forms=changed if forms else {})) == sentences


def test_facts_and_materials_are_compared_by_their_code():
    changed = {
        "place": "窗口",
        "material": [{"code": "plan", "name": "平面图", "copies": 2}, {"code": "id", "name": "证件"}],
    }

    assert said(good(), good(facts=changed)) == [
        "新增事项要素“material[id]”（证件）。",
        "事项要素“material[plan]”（平面图）：copies由“1”改为“2”。",
        "事项要素“place”：内容由“大厅”改为“窗口”。",
    ]


def test_a_step_moved_to_another_place_is_told_once_by_what_is_before_it():
    steps = '<startEvent id="s"/><endEvent id="e"/>' + "".join(f'<userTask id="{n}"/>' for n in "abc")
    one, other = source(steps + flows("s>a a>b b>c c>e")), source(steps + flows("s>b b>a a>c c>e"))

    assert [x for x in said(one, other, "en") if "step before" in x] == [
        "Step 'a' (a): the step before it was '-', is now 'b'.",
        "Step 'b' (b): the step before it was 'a', is now '-'.",
        "Step 'c' (c): the step before it was 'b', is now 'a'.",
    ]


def test_a_step_put_between_two_others_does_not_move_them():
    ends = '<startEvent id="s"/><endEvent id="e"/><userTask id="a"/><userTask id="c"/>'
    one, other = source(ends + flows("s>a a>c c>e")), source(ends + '<userTask id="b"/>' + flows("s>a a>b b>c c>e"))

    assert {(c.what, c.where) for c in diff(one, other)} == {
        ("step", "b"), ("way", "a → b"), ("way", "b → c"), ("way", "a → c"),
    }  # fmt: skip


def test_what_changed_in_a_called_flow_is_told_by_its_path():
    body = '<startEvent id="s"/><callActivity id="c" calledElement="q"/><endEvent id="e"/>' + flows("s>c c>e")
    inner = '<startEvent id="s"/><userTask id="t" name="{}"/><endEvent id="e"/>' + flows("s>t t>e")
    one, other = (source(body, called={"q": source(inner.format(n), "q")}) for n in ("甲", "乙"))

    assert said(one, other) == ["步骤“c/t”（乙）：名称由“甲”改为“乙”。"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('id="to_review"', 'id="first"'),
        ("<bpmn:flowNodeRef>start</bpmn:flowNodeRef>", ""),
        ('id="lane_reviewer"', 'id="lane_one"'),
        ("  <bpmn:userTask", "\n\n      <bpmn:userTask"),
        ('id="sample_definitions"', 'id="other"'),
        ("<bpmn:startEvent", "<!-- begins --><bpmn:startEvent"),
    ],
)
def test_layout_and_ids_of_flows_do_not_count(old, new):
    assert old in GOOD
    assert diff(good(), good(GOOD.replace(old, new, 1))) == ()


def mirrored(change: Change) -> Change:
    return replace(change, before=change.after, after=change.before)


PAIRS = [
    (good(), good(AT_TWO)),
    (good(AT_TWO), good(AT_FOUR, forms={}, facts={"place": "x"})),
    (good(), good(GOOD.replace('targetRef="review"', 'targetRef="decide"'))),
]


@pytest.mark.parametrize(("one", "other"), [p for p in PAIRS if not check(p[1], level="model")])
def test_backwards_added_is_removed_and_the_same_is_nothing(one, other):
    assert diff(one, one) == diff(other, other) == ()
    assert diff(one, other)
    assert set(map(mirrored, diff(one, other))) == set(diff(other, one))


def mutations() -> list[bytes]:
    """Every attribute changed, every text changed, every element removed, one at a time."""
    found = []
    count = len(list(etree.fromstring(GOOD.encode()).iter("{*}*")))
    for i in range(count):
        for kind in ("remove", "text", *list(etree.fromstring(GOOD.encode()).iter("{*}*"))[i].attrib):
            root = etree.fromstring(GOOD.encode())
            el = list(root.iter("{*}*"))[i]
            if kind == "remove" and el.getparent() is not None:
                el.getparent().remove(el)
            elif kind == "text" and (el.text or "").strip():
                el.text = "changed" if " " not in el.text else el.text.replace("==", "!=")
            elif kind in el.attrib:
                el.set(kind, "3" if el.get(kind).isdecimal() else "changed")
            found.append(etree.tostring(root))
    return found


def test_no_mutation_that_changes_what_runs_goes_unnoticed():
    base, runs = good(), 0
    for xml in mutations():
        other = replace(base, xml=xml)
        if check(other, level="model"):
            continue
        runs += 1
        assert bool(diff(base, other)) == (_canonical(base) != _canonical(other)), xml.decode()
    assert runs > 25


def _canonical(source: Source) -> object:
    """What runs, spelt apart from diff: the item without lines, and the elements and ways of the process."""
    flow = items.flow(source)
    item = items.item(flow)
    steps = {p: replace(s, line=0) for p, s in item.steps.items()}
    limits = [replace(x, line=0) for x in item.limits]
    separations = [replace(x, line=0) for x in item.separations]
    ways = {f.get("id"): f for f in tree.children(flow.process, "sequenceFlow")}
    drawn = sorted((f.get("sourceRef"), f.get("targetRef"), tree.text(f, "conditionExpression")) for f in ways.values())
    nodes = [(tree.tag(e), e.get("id"), e.get("name"), e.get("default")) for e in tree.nodes(flow.process)]
    return (
        replace(item, steps=steps, limits=tuple(limits), separations=tuple(separations)),
        drawn,
        sorted(map(str, nodes)),
    )


def test_the_command_says_same_different_and_unreadable(tmp_path, capsys):
    template = str(PROCESSES / "_template")
    (tmp_path / "bad.bpmn").write_text("<a/>")

    assert main(["diff", template, template]) == 0
    assert capsys.readouterr().out == "运行的内容没有变化。\n"
    assert main(["diff", template, str(PROCESSES / "food_operation_licence"), "--en"]) == 1
    assert "New element 'site_inspection' (现场勘验)." in capsys.readouterr().out
    assert main(["diff", template, str(tmp_path / "bad.bpmn")]) == 2
    assert main(["diff", template, str(tmp_path / "none")]) == 2
    assert main(["diff", template]) == 2


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_is_proposed_is_compared_with_what_is_in_force(database_url, capsys):
    folder = PROCESSES / "food_operation_licence"
    county.deploy(county.found(), folder)

    assert main(["diff", "food_operation_licence@1", str(folder)]) == 0
    assert main(["diff", str(PROCESSES / "_template"), "food_operation_licence@latest"]) == 1
    assert main(["diff", "food_operation_licence@2", str(folder)]) == 2
    assert "food_operation_licence@2" in capsys.readouterr().err
