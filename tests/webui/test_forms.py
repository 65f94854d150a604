"""Forms from JSON Schema: what is drawn, which values come out, and the words for what is wrong."""

from __future__ import annotations

import pytest
from werkzeug.datastructures import MultiDict

from engine.errors import Finding
from webui import forms

SCHEMA = {
    "type": "object",
    "additionalProperties": False,
    "x-groups": {"shop": {"title": "店铺", "title_en": "Shop"}},
    "properties": {
        "name": {"title": "字号", "title_en": "Name", "type": "string", "minLength": 2, "x-group": "shop"},
        "kind": {"type": "string", "oneOf": [{"const": "new", "title": "新办"}, {"const": "change", "title": "变更"}]},
        "items": {"type": "array", "minItems": 1, "items": {"enum": ["hot", "cold"]}},
        "open": {"title": "露天", "type": "boolean"},
        "area": {"title": "面积（㎡）", "type": "integer", "minimum": 1},
        "price": {"type": "number"},
        "since": {"type": "string", "format": "date"},
        "defects": {"type": "array", "items": {"type": "string"}, "x-widget": "lines", "x-on": ["supplement"]},
        "phone": {"type": "string", "x-widget": "tel", "x-personal": True},
    },
    "required": ["name", "area"],
}


@pytest.fixture(autouse=True)
def chinese(app):
    with app.test_request_context("/?lang=zh"):
        yield


def kinds() -> dict[str, str]:
    return {field.name: field.kind for field in forms.form(SCHEMA, {}).fields}


def test_each_type_has_its_field():
    assert kinds() == {
        "name": "text",
        "kind": "choice",
        "items": "choices",
        "open": "yesno",
        "area": "number",
        "price": "number",
        "since": "date",
        "defects": "lines",
        "phone": "tel",
    }


def test_groups_titles_and_marks_are_drawn():
    drawn = forms.form(SCHEMA, {})
    named = {field.name: field for field in drawn.fields}

    assert [group.title for group in drawn.groups] == ["店铺", ""]
    assert (named["name"].title, named["name"].required, named["area"].required) == ("字号", True, True)
    assert named["phone"].personal
    assert named["defects"].on == ("supplement",)
    assert [choice.title for choice in named["kind"].choices] == ["新办", "变更"]


def test_values_have_the_types_of_the_schema():
    sent = MultiDict(
        [("name", " 小面 "), ("kind", "new"), ("items", "hot"), ("items", "cold"), ("open", "false"), ("area", "84"),
         ("price", "1.5"), ("since", ""), ("defects", "缺图\n\n 没签名 ")]
    )  # fmt: skip

    assert forms.values(SCHEMA, forms.raw(SCHEMA, sent)) == {
        "name": "小面",
        "kind": "new",
        "items": ["hot", "cold"],
        "open": False,
        "area": 84,
        "price": 1.5,
        "defects": ["缺图", "没签名"],
    }


def test_a_field_of_another_outcome_is_left_out():
    typed = {"defects": "缺图"}

    assert forms.values(SCHEMA, typed, "accept") == {}
    assert forms.values(SCHEMA, typed, "supplement") == {"defects": ["缺图"]}


@pytest.mark.parametrize(
    ("given", "name", "words"),
    [
        ({"area": 3}, "name", "还没填。"),
        ({"name": "x", "area": 3}, "name", "至少 2 个字。"),
        ({"name": "小面", "area": 0}, "area", "不能小于 1。"),
        ({"name": "小面", "area": "many"}, "area", "请填整数。"),
        ({"name": "小面", "area": 3, "kind": "old"}, "kind", "请从列出的里面选。"),
    ],
)
def test_faults_are_told_in_words(given, name, words):
    assert forms.faults(SCHEMA, given) == (forms.Fault(name=name, message=words),)


def test_a_right_form_has_no_fault():
    assert forms.faults(SCHEMA, {"name": "小面", "area": 3}) == ()


def test_faults_stand_in_the_order_of_the_fields():
    assert [fault.name for fault in forms.faults(SCHEMA, {"items": []})] == ["name", "items", "area"]


def test_an_outcome_asks_for_its_own_fields():
    right = {"name": "小面", "area": 3}

    assert forms.faults(SCHEMA, right, "accept") == ()
    assert [fault.name for fault in forms.faults(SCHEMA, right, "supplement")] == ["defects"]


def test_what_was_typed_stands_in_the_form_again_with_its_fault():
    drawn = forms.form(SCHEMA, {"area": "many", "open": "true"}, forms.faults(SCHEMA, {"name": "小面", "area": "many"}))
    named = {field.name: field for field in drawn.fields}

    assert (named["area"].typed, named["area"].fault) == ("many", "请填整数。")
    assert named["open"].typed == "true"


def test_findings_of_a_command_are_told_in_the_same_words():
    found = Finding(file="f", line=0, level="form", rule="minimum", message="0 is less than 1", where="area")

    assert forms.from_findings(SCHEMA, [found]) == (forms.Fault(name="area", message="不能小于 1。"),)


def test_values_are_shown_in_words():
    rules = SCHEMA["properties"]

    assert forms.shown(rules["open"], True) == "是"
    assert forms.shown(rules["kind"], "change") == "变更"
    assert forms.shown(rules["items"], ["hot", "cold"]) == "hot、cold"
    assert forms.shown(rules["area"], 84) == "84"


def test_no_schema_is_an_empty_form():
    assert forms.form(None, {}).fields == ()
    assert forms.faults(None, {}) == ()
    assert forms.values(None, {}) == {}
