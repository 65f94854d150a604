"""Fields of a vendor's forms to JSON Schema, as our forms are; English titles are left to a person."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from engine.bpmn import tree
from engine.bpmn.adopt.notes import Notes
from engine.bpmn.tree import Element, children, ident, tag

DRAFT = "https://json-schema.org/draft/2020-12/schema"
FIELD = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
TYPES: dict[str, dict[str, Any]] = {
    "string": {"type": "string"},
    "text": {"type": "string", "x-widget": "textarea"},
    "long": {"type": "integer"},
    "integer": {"type": "integer"},
    "boolean": {"type": "boolean"},
    "date": {"type": "string", "format": "date"},
    "enum": {"type": "string"},
}
BOUNDS = {"min": "minimum", "max": "maximum", "minlength": "minLength", "maxlength": "maxLength"}
Forms = dict[str, dict[str, Any]]


def of(root: Element, there: Mapping[str, Any], notes: Notes) -> Forms:
    """Return a form for each step, and `case` for the start event, that has fields or a form's key.

    `there`: the forms that lie beside the file already; they stay as they are.
    """
    made: Forms = dict(there)
    for el in root.iter(tree.MODEL + "userTask", tree.MODEL + "startEvent"):
        fields = list(_fields(el))
        external = tree.vendor(el, "formKey") or tree.vendor(el, "formRef")
        key = "case" if tag(el) == "startEvent" else ident(el)
        if key in made or (not fields and not external):
            continue
        form: dict[str, Any] = {"$schema": DRAFT, "type": "object", "additionalProperties": False, "properties": {}}
        required = [f.get("id") for f in fields if _plain(f, notes, el) and _required(f)]
        form["properties"] = {str(f.get("id")): _schema(f, notes) for f in fields if FIELD.fullmatch(f.get("id") or "")}
        made[key] = {**form, "required": required}
        notes.done(el, f"the form of '{ident(el)}' is '{key}' in form.json, with {len(form['properties'])} fields")
        if external:
            notes.left(
                el, f"the fields of the form '{external}' are not in the file; write them into '{key}' of form.json"
            )
        if form["properties"]:
            notes.left(el, f"'{key}' of form.json: write title_en, and check the titles")
    return made


def _fields(el: Element) -> Iterator[Element]:
    for part in (c for x in children(el, "extensionElements") for c in x.iter()):
        name = str(part.tag).split("}")[-1]
        if name in ("formField", "formProperty") and str(part.tag).startswith(tuple(tree.VENDORS)):
            yield part


def _plain(field: Element, notes: Notes, el: Element) -> bool:
    name = field.get("id") or ""
    if FIELD.fullmatch(name):
        return True
    notes.left(field, f"the field '{name}' of '{ident(el)}' has no plain name; add it to form.json under another")
    return False


def _schema(field: Element, notes: Notes) -> dict[str, Any]:
    name, kind = field.get("id") or "", field.get("type") or "string"
    title = field.get("label") or field.get("name") or name
    schema: dict[str, Any] = {"title": title, "title_en": "", **TYPES.get(kind, TYPES["string"])}
    if kind not in TYPES:
        notes.left(field, f"the type '{kind}' of the field '{name}' is not known here; it became a text")
    if choices := [e for e in field if str(e.tag).endswith("}value")]:
        schema["oneOf"] = [
            {"const": c.get("id"), "title": c.get("name") or c.get("id"), "title_en": ""} for c in choices
        ]
    for constraint, value in _constraints(field):
        if constraint in BOUNDS and re.fullmatch(r"-?\d{1,9}", value, re.A):
            schema[BOUNDS[constraint]] = int(value)
        elif constraint not in ("required", "readonly"):
            notes.left(field, f"'{constraint}' of the field '{name}' is not known here; write what it asks for")
    if default := field.get("defaultValue") or field.get("default") or field.get("expression"):
        notes.left(field, f"the field '{name}' began with '{default}'; here a field begins empty")
    return schema


def _constraints(field: Element) -> Iterator[tuple[str, str]]:
    for e in field.iter():
        if str(e.tag).endswith("}constraint"):
            yield e.get("name") or "", (e.get("config") or "").strip()


def _required(field: Element) -> bool:
    return field.get("required") == "true" or any(name == "required" for name, _ in _constraints(field))
