"""Another engine's file becomes an item folder that a designer can finish; nothing is lost without a word."""

import json
import os
import re
import subprocess
import sys
from html import escape
from pathlib import Path

import pytest

from engine.bpmn.adopt import adopt
from engine.bpmn.check import check
from engine.cli.check import run
from engine.model import Source
from tests.bpmn.attacks import END, extended, many, step, vendor_file
from tests.bpmn.book import BOOK
from tests.bpmn.flows import flows

HERE = Path(__file__).parent
SAMPLE = HERE / "samples/camunda.bpmn"
ROOT = HERE.parents[1]
POSTS = {"reviewer": "审查岗", "decider": "决定岗"}


def flow(xml: bytes, forms: dict[str, object] | None = None) -> str:
    return adopt(xml, "p.bpmn", POSTS, forms).flow.decode()


def left(xml: bytes) -> str:
    return "\n".join(text for _, text in adopt(xml, "p.bpmn", POSTS).left)


def decided(*conditions: str, inside: str = "", default: bool = False) -> bytes:
    """A step, a gateway behind it, and a flow for each condition."""
    out = "".join(
        f'<sequenceFlow id="f{i}" sourceRef="g" targetRef="z"><conditionExpression>{escape(c)}</conditionExpression>'
        "</sequenceFlow>"
        for i, c in enumerate(conditions)
    )
    gateway = '<exclusiveGateway id="g" default="g-y"/>' if default else '<exclusiveGateway id="g"/>'
    drawn = flows("s>t t>g", "g>y" if default else "")
    return vendor_file(f'<startEvent id="s"/><userTask id="t">{inside}</userTask>{gateway}{END}{drawn}{out}')


def spelt(xml: bytes) -> list[str]:
    return re.findall(r"<conditionExpression>(.*?)</conditionExpression>", flow(xml))


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        ('camunda:candidateGroups="reviewer"', 'code="reviewer"'),
        ('flowable:candidateGroups="sales, 决定岗"', 'code="decider"'),
        ('activiti:assignee="审查岗"', 'code="reviewer"'),
        ('camunda:candidateUsers="kermit"', 'code="to_be_named"/><!-- there: kermit -->'),
        ('camunda:assignee="${a}--b--"', 'code="to_be_named"/><!-- there: ${a}- -b- - -->'),
    ],
)
def test_who_works_becomes_a_post_or_a_place_for_one(attributes, expected):
    assert f"<sun:post {expected}" in flow(step("", attributes))


def test_who_is_named_twice_is_told_once():
    owner = "<resourceAssignmentExpression><formalExpression>kermit</formalExpression></resourceAssignmentExpression>"

    told = left(step(f"<humanPerformer>{owner}</humanPerformer>", 'camunda:assignee="kermit"'))

    assert told.count("kermit") == 1


def test_the_standards_own_owners_are_read_too():
    owner = "<potentialOwner><resourceAssignmentExpression><formalExpression>user(kermit), group(reviewer)"
    owner += "</formalExpression></resourceAssignmentExpression></potentialOwner>"

    assert '<sun:post code="reviewer"/>' in flow(step(owner))
    assert "potentialOwner" not in flow(step(owner))


@pytest.mark.parametrize(
    ("due", "days"), [("P5D", "5"), ("P2W", "14"), ("PT5H", None), ("${now()}", None), ("2026-01-01", None)]
)
def test_a_due_date_of_whole_days_becomes_a_limit_and_working_days_are_pointed_out(due, days):
    xml = step("", f'camunda:dueDate="{due}"')

    assert (f'<sun:limit days="{days}"/>' in flow(xml)) is (days is not None)
    assert "dueDate" not in flow(xml)
    assert ("natural days" if days else f"due '{due}'") in left(xml)


def test_fields_become_a_form():
    fields = """<camunda:formData><camunda:formField id="a" label="甲" type="long"><camunda:validation>
      <camunda:constraint name="required"/><camunda:constraint name="max" config="9"/>
      </camunda:validation></camunda:formField>
      <camunda:formField id="b" type="enum"><camunda:value id="x" name="子"/></camunda:formField>
      <camunda:formField id="c" type="date"/><camunda:formField id="d" type="money"/>
      <camunda:formField id="e e" type="string"/></camunda:formData>"""
    made = adopt(extended(fields), "p.bpmn", POSTS)

    form = made.forms["t"]
    assert form["required"] == ["a"]
    assert form["properties"] == {
        "a": {"title": "甲", "title_en": "", "type": "integer", "maximum": 9},
        "b": {"title": "b", "title_en": "", "type": "string", "oneOf": [{"const": "x", "title": "子", "title_en": ""}]},
        "c": {"title": "c", "title_en": "", "type": "string", "format": "date"},
        "d": {"title": "d", "title_en": "", "type": "string"},
    }
    assert {"'money'" in t or "'e e'" in t for _, t in made.left} == {True, False}


def test_the_fields_of_a_form_elsewhere_are_asked_for():
    xml = step("", 'camunda:formKey="app:review.html"')

    assert adopt(xml, "p.bpmn", POSTS).forms["t"]["properties"] == {}
    assert "'app:review.html' are not in the file" in left(xml)


@pytest.mark.parametrize(
    ("conditions", "default", "expected", "outcomes"),
    [
        (["${ok == 'a'}", "${ok != 'a'}"], False, ['t == "a"', 't != "a"'], "a"),
        (["${ok eq 'a'}", "#{ok == 'b'}"], True, ['t == "a"', 't == "b"'], "a b other"),
        (["${ok}", "${!ok}"], False, ['t == "yes"', 't == "no"'], "yes no"),
        (["${ok == true}", "${ok == false}"], False, ['t == "yes"', 't == "no"'], "yes no"),
        (["${ok}"], True, ['t == "yes"'], "yes no"),
        (["${t == 'a'}"], True, ['t == "a"'], None),  # named as the step: nobody has to be told
        (["${ok == 'a b'}"], True, ['ok == "a b"'], None),
        (["${n > 3}"], True, ["n &gt; 3"], None),
        (["${ok == 'a'}", "${other == 'a'}"], True, ['t == "a"', 'other == "a"'], "a other"),
        (["${bean.ok()}"], True, ["${bean.ok()}"], None),
    ],
)
def test_what_a_gateway_asks_of_the_step_before_becomes_its_outcome(conditions, default, expected, outcomes):
    xml = decided(*conditions, default=default)

    assert spelt(xml) == expected
    assert re.findall(r'sun:outcomes values="(.*?)"', flow(xml)) == ([outcomes] if outcomes else [])


def test_what_a_form_holds_becomes_a_field_that_decides():
    fields = '<camunda:formData><camunda:formField id="ok" type="boolean"/></camunda:formData>'
    xml = decided("${ok && n > 3}", inside=f"<extensionElements>{fields}</extensionElements>", default=True)
    made = adopt(xml, "p.bpmn", POSTS)

    assert spelt(xml) == ["t_ok and n &gt; 3"]
    assert made.forms["t"]["properties"]["ok"]["x-decides"] is True
    assert "who sets 'n'" in left(xml)


def test_a_collection_becomes_the_standards():
    found = flow(many("", 'camunda:collection="${places}" flowable:elementVariable="place"'))

    assert '<loopDataInputRef>places</loopDataInputRef><inputDataItem id="t_item" name="place"/>' in found
    assert "collection=" not in found


def test_what_would_run_otherwise_stays_for_the_check_to_refuse():
    xml = extended('<camunda:taskListener class="x"/><camunda:properties/>', 'camunda:class="y" camunda:async="true"')
    source = Source(item="p", file="p.bpmn", xml=flow(xml).encode(), forms={}, facts={})

    assert {f.rule for f in check(source, level="model")} == {"vendor.code"}
    assert [t.split("'")[1] for _, t in adopt(xml, "p.bpmn", POSTS).left] == ["camunda:class", "camunda:taskListener"]
    assert "async" not in flow(xml)
    assert "properties" not in flow(xml)


def test_a_file_without_vendors_words_stays_byte_for_byte():
    xml = (HERE / "samples/good.bpmn").read_bytes()
    made = adopt(xml, "p.bpmn", POSTS)

    assert (made.flow, made.done, made.left) == (xml, (), ())


def test_the_command_writes_a_folder_beside_the_file_and_never_over_anything(tmp_path, capsys):
    file = tmp_path / "from_camunda.bpmn"
    file.write_bytes(SAMPLE.read_bytes())

    assert run(["--adopt", str(file)]) == 1
    out = capsys.readouterr().out
    assert file.read_bytes() == SAMPLE.read_bytes()
    assert sorted(p.name for p in (tmp_path / "stall_permit").iterdir()) == ["flow.bpmn", "form.json"]
    assert f"{file}:66: left: 'camunda:executionListener' of 'granted'" in out
    assert re.search(r"stall_permit/flow.bpmn:\d+: item: post.unknown: There is no post 'to_be_named'", out)

    assert run(["--adopt", str(file)]) == 2
    assert "exists already" in capsys.readouterr().err


def test_what_cannot_be_read_is_not_adopted(tmp_path, capsys):
    assert run(["--adopt", str(HERE / "samples/doctype.bpmn"), "--out", str(tmp_path / "out")]) == 1
    assert "model: doctype" in capsys.readouterr().out
    assert list(tmp_path.iterdir()) == []


def test_what_is_too_large_is_not_adopted(tmp_path, capsys):
    file = tmp_path / "large.bpmn"
    file.write_bytes(vendor_file("".join(f'<userTask id="u{i}"/>' for i in range(4000))))

    assert run(["--adopt", str(file)]) == 1
    assert "model: bounds" in capsys.readouterr().out
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.parametrize("name", ["../outside", "/etc", ".", "..", "a b", "许可"])
def test_a_process_that_is_called_like_a_path_is_written_beside_the_file(tmp_path, name):
    (tmp_path / "in").mkdir()
    file = tmp_path / "in/drawn.bpmn"
    file.write_bytes(step("").replace(b'id="p"', f'id="{name}"'.encode()))

    run(["--adopt", str(file)])

    assert sorted(p.name for p in (tmp_path / "in").iterdir()) == ["drawn", "drawn.bpmn"]
    assert [p.name for p in tmp_path.iterdir()] == ["in"]


def test_adopting_twice_changes_nothing_and_keeps_the_diagram(tmp_path):
    run(["--adopt", str(SAMPLE), "--out", str(tmp_path / "one")])
    run(["--adopt", str(tmp_path / "one/flow.bpmn"), "--out", str(tmp_path / "two")])

    one, two = [(tmp_path / n / "flow.bpmn").read_text() for n in ("one", "two")]
    assert one == two
    assert (tmp_path / "one/form.json").read_text() == (tmp_path / "two/form.json").read_text()
    assert 'bioc:stroke="#1e88e5"' in one
    assert "<!-- the desk -->" in one


def finished(folder: Path) -> None:
    """What the command asks the designer for."""
    path = folder / "flow.bpmn"
    text = re.sub(r"\s*<!-- there: .*?-->", "", path.read_text())
    text = text.replace('<sun:post code="to_be_named"/>', '<sun:post code="reviewer"/><sun:limit days="2"/>')
    text = text.replace('days="7"', 'days="5"')
    path.write_text(re.sub(r"\s*<bpmn:extensionElements>\s*<camunda:executionListener.*?</bpmn:extensionElements>", "",
                           text, flags=re.S))  # fmt: skip
    form = folder / "form.json"
    form.write_text(form.read_text().replace('"title_en": ""', '"title_en": "Name"'))


def test_the_adopted_file_is_clean_once_the_designer_has_done_what_was_asked(tmp_path):
    command = [sys.executable, "-m", "engine", "check"]
    env = {**os.environ, "PYTHONPATH": str(ROOT), "SUNLIT_PROCESSES": str(ROOT / "processes")}
    folder = tmp_path / "stall_permit"

    first = subprocess.run([*command, "--adopt", str(SAMPLE), "--out", str(folder)], env=env, capture_output=True)
    finished(folder)
    second = subprocess.run([*command, str(folder)], env=env, capture_output=True, text=True)

    assert first.returncode == 1
    assert (second.returncode, second.stdout, second.stderr) == (0, "", "")
    assert json.loads((folder / "form.json").read_text())["case"]["properties"]["area"]["x-decides"] is True


@pytest.mark.parametrize("argv", [["--out", "x"], ["--adopt", str(HERE)], ["--adopt", str(SAMPLE), "--json"]])
def test_wrong_usage_is_answered_with_2(argv, capsys):
    assert run([*argv, str(SAMPLE)] if argv[0] == "--out" else argv) == 2
    assert capsys.readouterr().err


def shared() -> list[Path]:
    where = Path(os.environ.get("SUNLIT_SHARED") or ROOT.parent / "shared") / "cases/bpmn"
    return sorted([*where.glob("camunda/**/*.bpmn*"), *where.glob("miwg/C.*.bpmn")])


@pytest.mark.parametrize("path", shared(), ids=lambda p: p.name)
def test_files_of_other_engines_are_adopted_and_adopting_twice_changes_nothing(path):
    one = adopt(path.read_bytes(), path.name, POSTS)
    two = adopt(one.flow, path.name, POSTS, one.forms)

    assert two.flow == one.flow
    source = Source(item="p", file="p.bpmn", xml=one.flow, forms={}, facts={})
    rules = {f.rule for f in check(source, level="item", book=BOOK)}
    assert not rules & {"vendor.persons", "vendor.idle", "xml", "schema"}
