"""The forms and catalogue facts: schemas hold, labels exist in both languages, and the samples fit."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from .data import BPMN, ITEMS, RUNNING, forms, label, own_forms, own_steps, process, steps, toml
from .filled import complete_form

every_folder = pytest.mark.parametrize("folder", [flow.parent for flow in RUNNING], ids=label)
every_item = pytest.mark.parametrize("item", ITEMS, ids=label)


def named(form: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield everything in a form that a person reads."""
    for field in form["properties"].values():
        yield field
        yield from field.get("oneOf", ())
        yield from field.get("items", {}).get("oneOf", ())
    yield from form.get("x-groups", {}).values()
    yield from form.get("x-outcomes", {}).values()


@every_folder
def test_forms_are_valid_json_schema_that_forbids_unknown_fields(folder):
    for form in own_forms(folder).values():
        Draft202012Validator.check_schema(form)
        assert form["additionalProperties"] is False
        assert set(form["required"]) <= set(form["properties"])


@every_folder
def test_a_form_belongs_to_the_filing_or_to_a_step(folder):
    assert set(own_forms(folder)) - {"case"} <= set(own_steps(folder / "flow.bpmn"))


@every_folder
def test_every_outcome_has_a_name(folder):
    for id, step in own_steps(folder / "flow.bpmn").items():
        assert set(own_forms(folder)[id]["x-outcomes"]) == set(step.outcomes)


@every_folder
def test_labels_and_hints_stand_in_both_languages(folder):
    for form in own_forms(folder).values():
        for thing in named(form):
            assert re.search(r"[\u4e00-\u9fff]", thing["title"])
            assert thing["title_en"].isprintable()
            assert ("description" in thing) == ("description_en" in thing)


@every_folder
def test_fields_of_an_outcome_name_real_outcomes_and_are_not_required_otherwise(folder):
    for id, form in own_forms(folder).items():
        for name, field in form["properties"].items():
            if "x-on" in field:
                assert set(field["x-on"]) <= set(own_steps(folder / "flow.bpmn")[id].outcomes)
                assert name not in form["required"]


@every_folder
def test_groups_are_declared(folder):
    for form in own_forms(folder).values():
        assert {f["x-group"] for f in form["properties"].values() if "x-group" in f} == set(form.get("x-groups", {}))


@every_item
def test_conditions_name_only_steps_calls_and_fields_that_decide(item):
    flow = process(item / "flow.bpmn")
    known = {e.get("id") for kind in ("userTask", "callActivity") for e in flow.findall(BPMN + kind)}
    for path, form in forms(item).items():
        known |= {f"{path.replace('/', '_')}_{n}" for n, f in form["properties"].items() if f.get("x-decides")}

    for condition in flow.iter(f"{BPMN}conditionExpression"):
        words = set(re.findall(r"[a-z_]\w*", re.sub(r'"[^"]*"', "", condition.text)))
        assert words - {"and", "or", "not"} <= known


@every_item
def test_usual_forms_hold_on_every_step_with_every_outcome_they_are_used_for(item):
    for usual in toml(item / "scenarios.toml")["usual"]:
        path, outcome = usual["path"], usual["outcome"]
        form = forms(item)[path]
        body = complete_form(item, usual.get("form", {}))

        Draft202012Validator(form, format_checker=Draft202012Validator.FORMAT_CHECKER).validate(body)
        assert outcome in steps(item)[path].outcomes
        for name, field in form["properties"].items():
            if "x-on" in field:
                assert (name in body) == (outcome in field["x-on"])


@every_item
def test_filing_forms_hold_in_every_scenario(item):
    facts = toml(item / "scenarios.toml")
    for scenario in facts["scenario"]:
        body = facts["filing"]["form"] | scenario.get("filing", {}).get("form", {})
        Draft202012Validator(forms(item)["case"]).validate(body)


@every_item
def test_a_wrong_filing_is_refused(item):
    good = toml(item / "scenarios.toml")["filing"]["form"]
    validator = Draft202012Validator(forms(item)["case"])

    for wrong in (good | {"surprise": 1}, {k: v for k, v in good.items() if k != next(iter(good))}):
        assert not validator.is_valid(wrong)


def test_a_new_licence_cannot_change_the_layout_and_a_refused_signature_needs_a_note():
    food = next(item for item in ITEMS if item.name == "food_operation_licence")
    filing = toml(food / "scenarios.toml")["filing"]["form"]
    record = next(u["form"] for u in toml(food / "scenarios.toml")["usual"] if u["path"] == "site_inspection/inspect")
    inspect = Draft202012Validator(forms(food)["site_inspection/inspect"])

    assert not Draft202012Validator(forms(food)["case"]).is_valid(filing | {"layout_changed": True})
    assert inspect.is_valid(complete_form(food, record))
    assert not inspect.is_valid(complete_form(food, record | {"applicant_sign": "refused"}))


def test_a_refusal_cannot_be_written_without_reasons_and_remedies():
    """Licensing Law art. 38(2)."""
    food = next(item for item in ITEMS if item.name == "food_operation_licence")
    notice = next(u["form"] for u in toml(food / "scenarios.toml")["usual"] if u["path"] == "refusal/notice")
    validator = Draft202012Validator(forms(food)["refusal/notice"])

    assert validator.is_valid(notice)
    assert not validator.is_valid(notice | {"reasons": ""})
    assert not validator.is_valid(notice | {"remedies": ""})


@every_item
def test_the_catalogue_is_complete_in_both_languages(item: Path):
    facts = toml(item / "item.toml")
    bases = {b["id"] for b in facts["basis"]}
    used = {m["basis"] for m in facts["material"]} | (
        {facts["result"]["basis"]} if "basis" in facts["result"] else set()
    )

    for table in (facts, facts["fee"], facts["result"], *facts["basis"], *facts["material"]):
        for key, value in table.items():
            if isinstance(value, str) and re.search(r"[\u4e00-\u9fff]", value) and key != "article":
                assert f"{key}_en" in table, key
    assert used <= bases
    assert facts["title_field"] in forms(item)["case"]["properties"]
    assert re.fullmatch(r"\d{17}", facts["code"])
    assert all(re.fullmatch(r"0877-555-\d{4}", facts[k]) for k in ("phone", "complaint_phone"))
    assert {m["source"] for m in facts["material"]} <= {"applicant", "shared"}
    assert {m["form"] for m in facts["material"]} <= {"original", "copy", "electronic"}
