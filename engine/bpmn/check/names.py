"""Item rules on names: each name of an expression is declared, none is given twice, none hides another."""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.bpmn import multi, tree
from engine.bpmn.check.view import Found, View, texts
from engine.bpmn.names import case_names, deciding, declared, origins
from engine.bpmn.tree import Element, children, ident, vendor
from engine.rules import expressions

NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,59}")


def known(view: View) -> Iterator[Found]:
    names, around = declared(view.flow) | _case(view), dict[Element, set[str]]()
    for el, condition in expressions_of(view.root):
        try:
            asked = expressions.names(condition)
        except expressions.BadExpression:
            continue  # the level `model` says so
        for name in sorted(asked - names - _instance(el, around)):
            if name.startswith("case_") and view.alone:
                continue  # a called flow on its own: its callers' forms are not known
            yield (
                el,
                "name.unknown",
                (f"'{name}' is no step, no call and no x-decides field of this flow; it would never have a value."),
            )


def expressions_of(root: Element) -> Iterator[tuple[Element, str]]:
    """Yield each expression of a file with the element it stands in: conditions, timers, quantities, collections."""
    yield from texts(root)
    for loop in root.iter(tree.MODEL + "multiInstanceLoopCharacteristics"):
        if collection := vendor(loop, "collection") or tree.text(loop, "loopDataInputRef"):
            yield loop, collection


def clashes(view: View) -> Iterator[Found]:
    seen: dict[str, Element] = {}
    for name, el in origins(view.flow):
        if name in seen:
            yield (
                el,
                "name.clash",
                f"The name '{name}' of '{ident(el)}' is given by '{ident(seen[name])}' too; rename one.",
            )
        seen.setdefault(name, el)


def spelling(view: View) -> Iterator[Found]:
    for el in view.elements("userTask", "callActivity"):
        name = ident(el)
        if not NAME.fullmatch(name):
            yield el, "name.spelling", f"'{name}' is used as a name; write at most 60 letters, digits and _."
        elif name in expressions.RESERVED or name in multi.COUNTERS or name == "case" or name.startswith("case_"):
            yield el, "name.reserved", f"'{name}' means something else in expressions; give the step another id."


def process(view: View) -> Iterator[Found]:
    found = tree.processes(view.root)
    if len(found) > 1:
        yield found[1], "process.many", "A flow is one process; put the other into processes/_shared and call it."
    shared = view.called or view.alone
    if found and shared and ident(found[0]) != view.source.item:
        called = f"The process is called '{ident(found[0])}', the flow '{view.source.item}'"
        yield found[0], "process.id", f"{called}; callers name both alike."
    for p in found[:1]:
        if all(tree.kinds(s) for s in children(p, "startEvent")):
            yield p, "start.none", "A flow has exactly one start event without an event: filing begins it."


def _case(view: View) -> frozenset[str]:
    """The filing form belongs to the item, and called flows see its fields."""
    forms = view.above[0].forms if view.above else view.source.forms
    return case_names(view.flow) | {f"case_{field}" for field in deciding(forms, "case")}


def _instance(el: Element, known: dict[Element, set[str]]) -> set[str]:
    """Names that exist inside loops and multi-instance only. `known`: what was found around other elements."""
    if el not in known:
        parent = el.getparent()
        found = set(_instance(parent, known)) if parent is not None else set()
        for loop in children(el, "multiInstanceLoopCharacteristics", "standardLoopCharacteristics"):
            items = children(loop, "inputDataItem")
            element = vendor(loop, "elementVariable") or (items[0].get("name") or ident(items[0]) if items else "")
            found |= multi.COUNTERS | {element}
        known[el] = found
    return known[el]


RULES = (known, clashes, spelling, process)
