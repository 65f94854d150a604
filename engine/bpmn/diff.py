"""What changed between two definitions: two sources in, rows out. Drawing, ids of flows, lanes and blanks do not count.

Each definition becomes facts, (what, where) -> aspect -> text; two sets of facts are compared. Whatever runs is a fact,
what has no aspect of its own is the aspect `other`. Words for people: `bpmn/diff_words.py`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from engine.bpmn import items, tree
from engine.bpmn.check import check
from engine.bpmn.diagrams import triggers
from engine.bpmn.names import deciding
from engine.bpmn.tree import Element, children, ident, tag, text
from engine.errors import Invalid
from engine.model import Source, Step

Facts = dict[tuple[str, str], dict[str, str]]
SAID = {"id", "name", "default", "attachedToRef", "cancelActivity", "calledElement", "gatewayDirection"}
EXISTS = "+"


@dataclass(frozen=True, kw_only=True, order=True)
class Change:
    """`what`: step, element, way, limit, ...; `aspect`: empty when all of it came (`after`) or went (`before`).

    `name`: what people call it, in the second definition where it is in both.
    """

    what: str
    where: str
    aspect: str = ""
    before: str = ""
    after: str = ""
    name: str = field(default="", compare=False)


def diff(one: Source, other: Source) -> tuple[Change, ...]:
    """Return what changed from one definition to another, empty when nothing that runs or is shown did.

    Raises:
        Invalid: one of them does not run: findings of level `model`.
    """
    old, new = _facts(one), _facts(other)
    return tuple(sorted([*_compare(old, new), *_order(one, other, old, new)]))


def _compare(old: Facts, new: Facts) -> Iterator[Change]:
    for what, where in {**old, **new}:
        before, after = old.get((what, where)), new.get((what, where))
        if before is None or after is None:
            yield Change(
                what=what, where=where, before=_whole(before), after=_whole(after), name=_called(before, after)
            )
            continue
        for aspect in {**before, **after}:
            a, b = before.get(aspect, ""), after.get(aspect, "")
            if a != b and not (aspect == "order" and sorted(a.split(", ")) != sorted(b.split(", "))):
                yield Change(what=what, where=where, aspect=aspect, before=a, after=b, name=_called(before, after))


def _whole(facts: Mapping[str, str] | None) -> str:
    return "" if facts is None else facts.get("name") or facts.get("kind") or facts.get("is") or EXISTS


def _called(before: Mapping[str, str] | None, after: Mapping[str, str] | None) -> str:
    return next((found["name"] for found in (after, before) if found and found.get("name")), "")


def _order(one: Source, other: Source, old: Facts, new: Facts) -> Iterator[Change]:
    """Steps of both that follow other steps of both than before."""
    common = {where for what, where in old if what == "step" and (what, where) in new}
    before, after = _preceding(items.flow(one), common), _preceding(items.flow(other), common)
    for path in common:
        if before[path] != after[path]:
            yield Change(what="step", where=path, aspect="place", before=before[path], after=after[path],
                         name=new["step", path]["name"])  # fmt: skip


def _preceding(flow: items.Flow, common: set[str]) -> dict[str, str]:
    from engine.bpmn.check.graph import graph

    laid = graph(flow)
    into: dict[str, list[str]] = {}
    for path, following in laid.next.items():
        for n in following:
            into.setdefault(n, []).append(path)
    found = {}
    for path in common:
        seen, steps, todo = set[str](), set[str](), [*into.get(path, ())]
        while todo:
            p = todo.pop()
            if p not in seen:
                seen.add(p)
                if p in common:
                    steps.add(p)
                else:
                    todo += into.get(p, ())
        found[path] = ", ".join(sorted(steps)) or "-"
    return found


def _facts(source: Source) -> Facts:
    if findings := check(source, level="model"):
        raise Invalid(findings=findings)
    flow = items.flow(source)
    item = items.item(flow)
    found: Facts = {("item", item.id): {"name": item.name, "name_en": item.name_en}}
    for path, step in item.steps.items():
        found["step", path] = _step(step)
    for n, limit in enumerate(item.limits):
        rule = limit.rule if ("limit", limit.rule) not in found else f"{limit.rule}#{n}"
        found["limit", rule] = {
            "is": limit.rule,
            "promise": _text(limit.promise),
            "from": limit.start,
            "until": limit.until,
        }
    for separation in item.separations:
        found["separation", f"{separation.rule}: {' '.join(separation.steps)}"] = {}
    _lay(found, flow, flow.process, "", {path: _text(marks) for path, marks in item.marks.items()})
    for key, form in source.forms.items():
        found["form", key] = _form(form)
        for name, asked in _properties(form).items():
            found["field", f"{key}.{name}"] = _field(source.forms, key, name, asked)
    for key, value in source.facts.items():
        _fact(found, key, value)
    return found


def _step(step: Step) -> dict[str, str]:
    return {
        "name": step.name,
        "name_en": step.name_en,
        "post": step.post,
        "organ": step.organ,
        "days": _text(step.days),
        "outcomes": _text(step.outcomes),
        "returns": _text(step.returns),
        "persons": f"{step.persons.min} {step.persons.rule}",
        "marks": _text(step.marks),
        "risks": _text(step.risks),
        "documents": _text(step.documents),
        "vendor": _text(step.vendor),
    }


def _lay(found: Facts, flow: items.Flow, scope: Element, prefix: str, marks: Mapping[str, str]) -> None:
    """Elements and ways of a scope, of the scopes inside, and of the flows it calls."""
    process = flow.process if scope is flow.process else None
    if process is not None and prefix:
        found["flow", prefix[:-1]] = {"name": process.get("name") or "", "name_en": items.english(process)}
    undone = {a.get("sourceRef"): a.get("targetRef") or "" for a in children(scope, "association")}
    for el in tree.nodes(scope):
        path = prefix + ident(el)
        facts = found.setdefault(("step" if tag(el) == "userTask" else "element", path), {})
        facts |= {"scope": "" if process is not None else ident(scope), "loop": _loop(el), "other": _other(el)}
        if tag(el) != "userTask":
            names = {"name": el.get("name") or "", "name_en": items.english(el)}
            facts |= {"kind": tag(el), "marks": marks.get(path, ""), **names}
        if tag(el) == "boundaryEvent":
            facts |= {"host": el.get("attachedToRef") or "", "interrupts": el.get("cancelActivity") or "true"}
            facts |= {"undo": undone.get(ident(el), "")}
        facts["event"] = "; ".join(" ".join(str(p) for p in t if p) for t in triggers(flow.root, el))
        if tag(el) == "callActivity":
            facts["call"] = tree.local(el.get("calledElement"))
            _lay(found, flow.called[facts["call"]], flow.called[facts["call"]].process, f"{path}/", marks)
        elif tag(el) in ("subProcess", "transaction"):
            _lay(found, flow, el, prefix, marks)
    _ways(found, scope, prefix)


def _ways(found: Facts, scope: Element, prefix: str) -> None:
    elements = {ident(el): el for el in tree.nodes(scope)}
    for f in children(scope, "sequenceFlow"):
        source, target = f.get("sourceRef") or "", f.get("targetRef") or ""
        default = "yes" if elements[source].get("default") == ident(f) else ""
        facts = found.setdefault(("way", f"{prefix}{source} → {prefix}{target}"), {"condition": "", "default": ""})
        condition = text(f, "conditionExpression")
        facts["condition"] = " | ".join(c for c in (facts["condition"], condition) if c)
        facts["default"] = facts["default"] or default
        if tag(elements[source]) == "exclusiveGateway":
            order = found["element", prefix + source]
            order["order"] = ", ".join(x for x in (order.get("order", ""), prefix + target) if x)


def _loop(el: Element) -> str:
    found = children(el, "standardLoopCharacteristics", "multiInstanceLoopCharacteristics")
    return _plain(found[0]) if found else ""


def _other(el: Element) -> str:
    """Attributes, and what hangs on the element, that nothing else tells of."""
    attributes = sorted(f"{_local(k)}={v!s}" for k, v in el.attrib.items() if k not in SAID)
    inside = [c for c in el if tag(c) in ("script", "startEvent") and tag(el) == "scriptTask"]
    return " ".join([*attributes, *(_plain(c) for c in inside)])


def _plain(el: Element) -> str:
    """An element in words: tag, attributes, text, without ids and blanks."""
    attributes = (f"{_local(k)}={v!s}" for k, v in sorted(el.attrib.items()) if k != "id")
    own = [tag(el) or etree.QName(el).localname, *attributes]
    said = [*own, (el.text or "").strip(), *(_plain(c) for c in el if isinstance(c.tag, str))]
    return " ".join(part for part in said if part)


def _properties(form: Any) -> Mapping[str, Any]:
    found = form.get("properties") if isinstance(form, dict) else None
    return found if isinstance(found, dict) else {}


def _form(form: Any) -> dict[str, str]:
    rest = {k: v for k, v in form.items() if k not in ("properties", "required")} if isinstance(form, dict) else form
    return {"other": _json(rest), "order": ", ".join(_properties(form))}


def _field(forms: Mapping[str, Any], key: str, name: str, asked: Any) -> dict[str, str]:
    form, known = forms[key], asked if isinstance(asked, dict) else {}
    told = ("title", "title_en", "type")
    rest = {k: v for k, v in known.items() if k not in (*told, "x-decides")} if known else asked
    return {
        "name": _text(known.get("title")),
        "name_en": _text(known.get("title_en")),
        "type": _json(known.get("type", "")).strip('"'),
        "required": "yes" if name in form.get("required", ()) else "",
        "decides": "yes" if name in deciding(forms, key) else "",
        "other": _json(rest) if rest else "",
    }


def _fact(found: Facts, key: str, value: Any) -> None:
    """A fact of item.toml; of a list of tables each table by its code, id or number."""
    if isinstance(value, dict):
        for k, v in value.items():
            _fact(found, f"{key}.{k}", v)
    elif isinstance(value, list) and value and all(isinstance(v, dict) for v in value):
        for n, row in enumerate(value, 1):
            where = f"{key}[{row.get('code') or row.get('id') or n}]"
            where = where if ("fact", where) not in found else f"{where}#{n}"
            found["fact", where] = {k: _json(v).strip('"') for k, v in row.items()}
    else:
        found["fact", key] = {"is": _json(value).strip('"')}


def _local(name: object) -> str:
    return str(name).split("}")[-1]


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)


def _text(value: object) -> str:
    """A value in words; of a frozen fact what is set."""
    if value is None or value == ():
        return ""
    if isinstance(value, tuple):
        return ", ".join(_text(v) for v in value)
    if hasattr(value, "__dataclass_fields__"):
        parts: Iterable[str] = (_text(v) for v in vars(value).values())
        return " ".join(p for p in parts if p)
    return str(value)
