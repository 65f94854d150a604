"""Forms against their JSON Schema (2020-12), as the definition keeps them. The pages only render and parse."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import jsonschema

from engine.errors import Finding, Invalid
from engine.model import Source

MAX_BYTES = 200_000


def check(source: Source, path: str, form: Mapping[str, Any], outcome: str | None = None) -> None:
    """Make sure that a form fits its schema, and what the outcome demands.

    A field with "x-on": [outcomes] is required with these outcomes and out of place with others (the defects of a
    supplement notice: Administrative Licensing Law art. 32(1)(4); the reasons of a refusal: art. 38).

    Raises:
        Invalid: one finding per fault, `where` the field.
    """
    schema = source.forms.get(path)
    if schema is None:
        if form:
            raise Invalid(findings=(finding(source.file, "", f"'{path}' has no form"),))
        return
    if len(text(dict(form)).encode()) > MAX_BYTES:
        raise Invalid(findings=(finding(source.file, "", f"the form is larger than {MAX_BYTES} bytes"),))
    found = [
        finding(source.file, _where(error), error.message, str(error.validator))
        for error in jsonschema.Draft202012Validator(schema).iter_errors(dict(form))
    ]
    for name, field in schema.get("properties", {}).items():
        if "x-on" in field and (outcome in field["x-on"]) != (name in form):
            words = "is required with" if outcome in field["x-on"] else "is out of place with"
            found.append(finding(source.file, name, f"'{name}' {words} the outcome '{outcome}'", "x-on"))
    if found:
        raise Invalid(findings=tuple(sorted(found, key=lambda each: (each.where, each.rule))))


def decides(source: Source, path: str, form: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields marked x-decides: they may steer the flow."""
    properties = source.forms.get(path, {}).get("properties", {})
    return {name: form[name] for name, field in properties.items() if field.get("x-decides") and name in form}


def amount(source: Source, form: Mapping[str, Any]) -> int | None:
    """Return the yuan that a filing is about: its field marked x-amount; None where the item has no such field."""
    properties = source.forms.get("case", {}).get("properties", {})
    return next((form[name] for name, field in properties.items() if field.get("x-amount") and name in form), None)


def address(source: Source, form: Mapping[str, Any]) -> str:
    """Return the field of the filing form marked x-address: the applicant's address; empty where there is none."""
    properties = source.forms.get("case", {}).get("properties", {})
    return next((str(form[name]) for name, field in properties.items() if field.get("x-address") and name in form), "")


def about(source: Source, form: Mapping[str, Any]) -> dict[str, tuple[str, str]]:
    """Return whom a complaint is about: officer, post, organ -> (field, value), of the fields marked x-about."""
    properties = source.forms.get("case", {}).get("properties", {})
    marked = {name: field["x-about"] for name, field in properties.items() if "x-about" in field and name in form}
    return {kind: (name, str(form[name])) for name, kind in marked.items()}


def text(value: Any) -> str:
    """Return JSON with sorted keys: what commitments are made over."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def _where(error: jsonschema.ValidationError) -> str:
    if error.validator == "required":
        return error.message.split("'")[1]
    return str(error.absolute_path[0]) if error.absolute_path else ""


def finding(file: str, where: str, message: str, rule: str = "form") -> Finding:
    """Return a finding about a field."""
    return Finding(file=file, line=0, level="form", rule=rule, message=message, where=where)
