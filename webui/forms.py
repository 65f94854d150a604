"""Forms from JSON Schema (2020-12): fields to draw, typed values from what was typed, faults in words under the field.

What a property may hold beyond the standard: title_en, description_en, x-personal, x-group, x-widget (textarea, lines,
tel, time, moment), x-on (the outcomes that ask for it), x-each (lines to answer one by one: what was asked, what was
supplied), default (stands there until something is typed). Nothing here decides whether a form is taken: the command
checks again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date
from types import MappingProxyType
from typing import Any

import jsonschema
from werkzeug.datastructures import MultiDict

from engine import clock
from engine.errors import Finding
from webui.faults import words
from webui.language import day, gettext, pick


@dataclass(frozen=True, kw_only=True)
class Choice:
    value: str
    title: str


@dataclass(frozen=True, kw_only=True)
class Line:
    """A line to answer, and what was typed about it."""

    text: str
    typed: str


@dataclass(frozen=True, kw_only=True)
class Field:
    """A field. `kind`: text textarea lines each number date time moment tel choice choices yesno.

    `typed`: as it was left; `each`: of kind each, the lines to answer one by one.
    """

    name: str
    title: str
    hint: str
    kind: str
    required: bool
    personal: bool
    on: tuple[str, ...]
    choices: tuple[Choice, ...] = ()
    each: tuple[Line, ...] = ()
    typed: Any = ""
    fault: str = ""
    longest: int | None = None

    @property
    def wide(self) -> bool:
        """Whether it takes the whole width."""
        return self.kind in ("textarea", "lines", "choices", "each") or (
            self.kind == "text" and (self.longest or 0) > 80
        )


@dataclass(frozen=True, kw_only=True)
class Group:
    title: str
    fields: tuple[Field, ...]


@dataclass(frozen=True, kw_only=True)
class Fault:
    """Something wrong with a field."""

    name: str
    message: str


@dataclass(frozen=True, kw_only=True)
class Form:
    """A form to draw, in the order of the schema. `faults`: of the form as a whole, too."""

    groups: tuple[Group, ...]
    faults: tuple[Fault, ...] = field(default_factory=tuple)

    @property
    def fields(self) -> tuple[Field, ...]:
        return tuple(field for group in self.groups for field in group.fields)


def form(
    schema: Mapping[str, Any] | None,
    typed: Mapping[str, Any],
    faults: Iterable[Fault] = (),
    lines: Mapping[str, Sequence[str]] = MappingProxyType({}),
) -> Form:
    """Return the form of a schema, with what was typed and what is wrong with it. `lines`: by the word of x-each."""
    schema, faults = schema or {}, tuple(faults)
    said: dict[str, str] = {}
    for fault in faults:
        said.setdefault(fault.name, fault.message)
    titles = schema.get("x-groups", {})
    members: dict[str, list[Field]] = {name: [] for name in titles}
    for name, rule in schema.get("properties", {}).items():
        left = typed.get(name, _default(rule))
        drawn = _field(name, rule, name in schema.get("required", ()), left, said.get(name, ""))
        drawn = _one_by_one(drawn, lines.get(rule.get("x-each", ""), ()))
        members.setdefault(rule.get("x-group", ""), []).append(drawn)
    groups = [
        Group(title=_title(titles[name]) if name in titles else "", fields=tuple(fields))
        for name, fields in members.items()
        if fields
    ]
    return Form(groups=tuple(groups), faults=faults)


def raw(schema: Mapping[str, Any] | None, sent: MultiDict[str, str]) -> dict[str, Any]:
    """Return what was typed into the fields of a schema, as typed: texts, and lists where several can be chosen."""
    found: dict[str, Any] = {}
    for name, rule in (schema or {}).get("properties", {}).items():
        if _kind(rule) == "choices":
            found[name] = sent.getlist(name)
        elif asked := sent.getlist(f"{name}_line"):
            found[name] = [about(*pair) for pair in zip(asked, sent.getlist(name), strict=False) if pair[1].strip()]
        elif name in sent:
            found[name] = sent[name]
    return found


def values(schema: Mapping[str, Any] | None, typed: Mapping[str, Any], outcome: str | None = None) -> dict[str, Any]:
    """Return typed JSON values. Empty fields are left out; so are those that another outcome asks for."""
    found: dict[str, Any] = {}
    for name, rule in (schema or {}).get("properties", {}).items():
        if outcome is not None and rule.get("x-on") and outcome not in rule["x-on"]:
            continue
        value = _value(rule, typed.get(name, ""))
        if value not in ("", [], None):
            found[name] = value
    return found


def faults(schema: Mapping[str, Any] | None, given: Mapping[str, Any], outcome: str | None = None) -> tuple[Fault, ...]:
    """Return what is wrong with values, in words, in the order of the fields."""
    if schema is None:
        return ()
    rules = schema.get("properties", {})
    found = {
        name: Fault(name=name, message=words("required", rules.get(name, {})))
        for name, rule in rules.items()
        if outcome is not None and outcome in rule.get("x-on", ()) and name not in given
    }
    for each in (schema, schema.get("x-on", {}).get(outcome, {})):
        for error in jsonschema.Draft202012Validator(each).iter_errors(dict(given)):
            name = where(error)
            found.setdefault(name, Fault(name=name, message=words(str(error.validator), rules.get(name, {}))))
    order = list(rules)
    return tuple(sorted(found.values(), key=lambda f: order.index(f.name) if f.name in order else len(order)))


def from_findings(schema: Mapping[str, Any] | None, findings: Iterable[Finding]) -> tuple[Fault, ...]:
    """Return the findings of a command in words."""
    rules = (schema or {}).get("properties", {})
    return tuple(
        Fault(name=f.where, message=words(f.rule, rules[f.where]) if f.where in rules else f.message) for f in findings
    )


def where(error: jsonschema.ValidationError) -> str:
    """Return the field that an error is about."""
    if error.validator == "required":
        return error.message.split("'")[1]
    return str(error.absolute_path[0]) if error.absolute_path else ""


def shown(rule: Mapping[str, Any], value: Any) -> str:
    """Return a value in words."""
    titles = {c.value: c.title for c in _choices(rule)}
    if isinstance(value, bool):
        return gettext("是") if value else gettext("否")
    if isinstance(value, list):
        return gettext("、").join(titles.get(str(v), str(v)) for v in value)
    if rule.get("format") == "date":
        with suppress(ValueError):
            return day(date.fromisoformat(value))
    if rule.get("x-widget") == "moment":
        return str(value).replace("T", " ")
    return titles.get(str(value), str(value))


def about(line: str, text: str) -> str:
    """Return what was typed about a line, as it is kept: the line, a colon, the text."""
    return f"{line.strip()}：{' '.join(text.split())}"


def _one_by_one(drawn: Field, lines: Sequence[str]) -> Field:
    """Ask a field of lines line by line, unless something stands in it that is about none of these."""
    typed = [text for text in str(drawn.typed).splitlines() if text.strip()]
    found = [Line(text=line, typed=_about(line, typed)) for line in lines]
    if not lines or sum(bool(each.typed) for each in found) != len(typed):
        return drawn
    return replace(drawn, kind="each", each=tuple(found))


def _about(line: str, typed: Sequence[str]) -> str:
    return next((text.removeprefix(f"{line}：") for text in typed if text.startswith(f"{line}：")), "")


def _field(name: str, rule: Mapping[str, Any], required: bool, typed: Any, fault: str) -> Field:
    kind = _kind(rule)
    if kind == "yesno" and isinstance(typed, bool):
        typed = "true" if typed else "false"
    if kind == "lines" and isinstance(typed, list):
        typed = "\n".join(str(line) for line in typed)
    return Field(
        name=name,
        title=_title(rule) or name,
        hint=pick(rule.get("description", ""), rule.get("description_en")),
        kind=kind,
        required=required,
        personal=bool(rule.get("x-personal")),
        on=tuple(rule.get("x-on", ())),
        choices=_choices(rule),
        typed=typed,
        fault=fault,
        longest=rule.get("maxLength"),
    )


def _default(rule: Mapping[str, Any]) -> Any:
    """Return what a field holds before anybody typed: its default, @now being this minute, @today this day."""
    now = clock.now().astimezone(clock.ZONE)
    filled = {"@now": now.strftime("%Y-%m-%dT%H:%M"), "@today": now.date().isoformat()}
    given = rule.get("default", "")
    return filled.get(given, given) if isinstance(given, str) else given


def _kind(rule: Mapping[str, Any]) -> str:
    of = rule.get("type")
    if of == "array":
        return "choices" if _choices(rule) else "lines"
    if of == "boolean":
        return "yesno"
    if of in ("number", "integer"):
        return "number"
    if _choices(rule):
        return "choice"
    if rule.get("format") == "date":
        return "date"
    return rule["x-widget"] if rule.get("x-widget") in ("textarea", "tel", "time", "moment") else "text"


def _choices(rule: Mapping[str, Any]) -> tuple[Choice, ...]:
    rule = rule.get("items", {}) if rule.get("type") == "array" else rule
    if "oneOf" in rule:
        return tuple(Choice(value=str(o["const"]), title=_title(o) or str(o["const"])) for o in rule["oneOf"])
    return tuple(Choice(value=str(v), title=str(v)) for v in rule.get("enum", ()))


def _title(rule: Mapping[str, Any]) -> str:
    return pick(rule.get("title", ""), rule.get("title_en"))


def _value(rule: Mapping[str, Any], typed: Any) -> Any:
    kind = _kind(rule)
    if kind == "choices":
        return [value for value in ([typed] if isinstance(typed, str) else typed) if value]
    if kind == "lines":
        lines = typed if isinstance(typed, list) else str(typed).splitlines()
        return [line.strip() for line in lines if line.strip()]
    if kind == "yesno":
        return {"true": True, "false": False, True: True, False: False}.get(typed, "")
    text = str(typed).strip()
    return _number(text, rule["type"]) if kind == "number" else text


def _number(text: str, of: str) -> Any:
    """Return the number, or the text when it is none: the schema then says so."""
    try:
        number = float(text)
    except ValueError:
        return text
    return int(number) if of == "integer" and number.is_integer() else number


def asked(drawn: Form, outcomes: Collection[str]) -> Form:
    """Return the form without the fields that none of the outcomes asks for."""
    groups = tuple(
        Group(title=g.title, fields=tuple(f for f in g.fields if not f.on or set(f.on) & set(outcomes)))
        for g in drawn.groups
    )
    return Form(groups=tuple(g for g in groups if g.fields), faults=drawn.faults)
