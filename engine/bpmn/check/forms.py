"""Item rules on form.json: each form belongs to a step, is a JSON Schema (2020-12), and names its fields for people."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

from engine.bpmn.check.view import View
from engine.bpmn.source import key_line

FIELD = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
ENDLESS = re.compile(r"\([^()]*[+*}][^()]*\)\s*[+*{]")
MAX_DEPTH = 40
MOST = 10**15  # yuan; what every database holds exactly
SCALARS = {"string", "number", "integer", "boolean"}
COMPLAINED = ("officer", "post", "organ")  # what x-about may say
META = Draft202012Validator(Draft202012Validator.META_SCHEMA)


def forms(view: View) -> Iterator[tuple[Path, int, str, str]]:
    """Yield (file, line, rule, message); the forms of called flows are checked there."""
    file = Path(view.source.file).with_name("form.json")
    steps = view.item.steps
    for key, form in view.source.forms.items():
        if _of_called(view, key, form):
            continue
        line = key_line(file, key)
        if key == "case" and view.called:
            yield file, line, "form.step", "The filing form belongs to the item, not to a flow that it calls."
        elif key != "case" and key not in steps:
            yield file, line, "form.step", f"There is no step '{key}'; the steps are: {', '.join(steps)}."
        for rule, message, field in (*_schema(key, form), *_address(key, form), *_about(key, form)):
            yield file, key_line(file, field) if field else line, rule, message


def _of_called(view: View, key: str, form: object) -> bool:
    call, _, step = key.partition("/")
    flow_id = view.item.calls.get(call)
    source = view.source.called.get(flow_id or "")
    return bool(step) and source is not None and source.forms.get(step) == form


def _schema(key: str, form: Any) -> Iterator[tuple[str, str, str]]:
    if not isinstance(form, dict) or form.get("type") != "object":
        yield "form.schema", f'The form \'{key}\' must be an object with "type": "object".', ""
        return
    if _depth(form) > MAX_DEPTH:
        yield "form.schema", f"The form '{key}' is nested deeper than {MAX_DEPTH}.", ""
        return
    for error in META.iter_errors(form):
        where = "/".join(str(p) for p in error.absolute_path)
        yield "form.schema", f"The form '{key}' is no JSON Schema at '{where}': {error.message}", ""
    if ref := _foreign(form):
        yield "form.schema", f"The form '{key}' refers to '{ref}'; refer to #/$defs/... only, and not from there.", ""
    for pattern in _patterns(form):
        if ENDLESS.search(pattern):
            yield "form.schema", f"The pattern {pattern} of '{key}' repeats what repeats, which may take for ever.", ""
    properties = form.get("properties", {})
    for name, field in properties.items() if isinstance(properties, dict) else ():
        if not isinstance(field, dict):
            continue
        if not field.get("title") or not field.get("title_en"):
            yield "form.title", f"The field '{name}' of '{key}' needs title (Chinese) and title_en.", name
        choices = field.get("oneOf")
        for choice in choices if isinstance(choices, list) else ():
            if not isinstance(choice, dict) or not choice.get("title") or not choice.get("title_en"):
                yield "form.title", f"Each choice of '{name}' of '{key}' needs title (Chinese) and title_en.", name
                break
        if "x-amount" in field and (told := _amount(key, name, form)):
            yield "form.amount", told, name
        if "x-decides" in field and (field.get("type") not in SCALARS or not FIELD.fullmatch(name)):
            yield (
                "form.decides",
                f"'{name}' of '{key}' decides: one plain value with a plain name.",
                name,
            )


def _amount(key: str, name: str, form: Mapping[str, Any]) -> str:
    """Return what is wrong with a field that says which amount a case is about, empty when nothing is."""
    field, said = form["properties"][name], f"'{name}' of '{key}' is marked x-amount"
    if field["x-amount"] is not True or key != "case":
        return f"{said}: it stands, as true, on a field of the filing form."
    least, most = field.get("minimum"), field.get("maximum")
    whole = field.get("type") == "integer" and type(least) is int and type(most) is int
    if not whole or not 0 <= least <= most <= MOST:
        return f'{said}: whole yuan, "type": "integer", with a "minimum" of 0 or more and a "maximum" up to {MOST}.'
    if name not in form.get("required", ()):
        return f"{said}: it is required, for a post decides by its tier."
    if sum("x-amount" in f for f in form["properties"].values() if isinstance(f, dict)) > 1:
        return f"{said}, and so is another field; a case has one amount."
    return ""


def _address(key: str, form: Any) -> Iterator[tuple[str, str, str]]:
    """The one text field of the filing form that holds the applicant's address (SOD-08: same address)."""
    properties = form.get("properties", {}) if isinstance(form, dict) else {}
    fields = properties.items() if isinstance(properties, dict) else ()
    marked = [(name, field) for name, field in fields if isinstance(field, dict) and "x-address" in field]
    for place, (name, field) in enumerate(marked):
        if key != "case" or place or field["x-address"] is not True or field.get("type") != "string":
            yield "form.address", f"\"x-address\": true marks one text field of the filing form, not '{name}'.", name


def _about(key: str, form: Any) -> Iterator[tuple[str, str, str]]:
    """The required text fields of the filing form that say whom a complaint is about (SOD-21)."""
    properties = form.get("properties", {}) if isinstance(form, dict) else {}
    fields = properties.items() if isinstance(properties, dict) else ()
    marked = [(name, field) for name, field in fields if isinstance(field, dict) and "x-about" in field]
    required = form.get("required") if isinstance(form, dict) else ()
    kinds: list[object] = []
    for name, field in marked:
        said = f"'{name}' of '{key}' is marked x-about"
        if field["x-about"] not in COMPLAINED or field["x-about"] in kinds:
            yield "form.about", f"{said}: one field each says {', '.join(COMPLAINED)}.", name
        elif key != "case" or field.get("type") != "string":
            yield "form.about", f"{said}: it is a text field of the filing form.", name
        elif not isinstance(required, list) or name not in required:
            yield "form.about", f"{said}: it is required, or nobody could be kept out.", name
        kinds.append(field["x-about"])
    if ("post" in kinds) != ("organ" in kinds):
        yield (
            "form.about",
            f"The form '{key}' names a post complained of by post and organ, not by one of them.",
            marked[0][0],
        )


def _depth(part: object) -> int:
    level, inside = 0, [part]
    while inside and level <= MAX_DEPTH:
        level += 1
        inside = [p for x in inside for p in (x.values() if isinstance(x, dict) else x if isinstance(x, list) else ())]
    return level


def _foreign(part: object, defined: bool = False) -> str:
    """Return what a form may not refer to, empty when all is well: nothing from outside, nothing that comes back."""
    if isinstance(part, dict):
        ref = part.get("$ref", part.get("$dynamicRef"))
        if isinstance(ref, str) and (defined or not ref.startswith("#/$defs/")):
            return ref
        within = ((p, defined or k == "$defs") for k, p in part.items())
    else:
        within = ((p, defined) for p in (part if isinstance(part, list) else ()))
    return next((found for p, inside in within if (found := _foreign(p, inside))), "")


def _patterns(part: object) -> Iterator[str]:
    if isinstance(part, dict):
        if isinstance(part.get("pattern"), str):
            yield part["pattern"]
        yield from (k for k in part.get("patternProperties") or () if isinstance(k, str))
    for inside in part.values() if isinstance(part, dict) else part if isinstance(part, list) else ():
        yield from _patterns(inside)
