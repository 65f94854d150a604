"""Rules on what other engines wrote into the file: each word is named, none is silently ignored.

Level `model`: what would make the flow run otherwise there than here. Level `item`: persons, forms and data of a
modeller, which have no meaning here until `sunlit check --adopt` has turned them into posts, limits and forms.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial

from engine.bpmn import multi, tree
from engine.bpmn.check.names import expressions_of
from engine.bpmn.check.view import Found, View
from engine.bpmn.tree import Element, ident, tag
from engine.bpmn.vendors import DATA, ELEMENTS, ENGINES, Kind, foreign, kind, runs_code, written
from engine.errors import Invalid
from engine.model import Source
from engine.rules import expressions

ADOPT = "run `sunlit check --adopt`"
SAYS = {
    Kind.CODE: ("model", "vendor.code", "runs code of another engine; nothing here runs it. Draw what it did."),
    Kind.CHANGES: ("model", "vendor.meaning", "changes how another engine runs the flow; draw what it did instead."),
    Kind.PERSONS: ("item", "vendor.persons", f"names persons, dates or forms of another engine; {ADOPT}."),
    Kind.HARMLESS: ("item", "vendor.idle", f"has no meaning here; delete it, or {ADOPT}."),
    None: ("model", "vendor.unknown", "is not known here; delete it if the flow does not need it."),
}
HOLDERS = tree.NODES | {"process", "sequenceFlow", "lane", "participant", "message", "signal", "error", "dataObject"}
PEOPLE = ("potentialOwner", "humanPerformer", "performer", "resourceRole")


def words(view: View, level: str) -> Iterator[Found]:
    """Vendors' attributes and extension elements."""
    asked: set[str] | None = None
    for el, spelt, found, sets in _words(view.root):
        where = f"'{spelt}' of '{_name(el)}'"
        if found is Kind.WRITES:
            asked = _asked(view) if asked is None else asked
            lost = sorted(asked & sets) if sets is not None else _undrawn(view, asked)
            lost = [] if _bound(view, el) else lost
            says = SAYS[Kind.HARMLESS] if not lost else None
            if lost and level == "model":
                yield (
                    el,
                    "vendor.variable",
                    f"{where} sets {', '.join(lost)}, which is asked for; nothing here sets it.",
                )
        else:
            says = SAYS.get(found)
        if says is not None and says[0] == level:
            yield el, says[1], f"{where} {says[2]}"


def engines(view: View) -> Iterator[Found]:
    """Extensions of engines that are not read at all, and those that the file says must be understood."""
    for el, space, name in _extensions(view.root):
        if (prefix := ENGINES.get(space)) and f"{prefix}:{name}" not in DATA:
            yield el, "vendor.meaning", f"'{prefix}:{name}' is for another engine; delete it, and draw what it did."
    for el in view.root.iter(tree.MODEL + "extension"):
        if (el.get("mustUnderstand") or "").strip() in ("true", "1"):
            yield el, "vendor.unknown", f"The extension '{el.get('definition')}' must be understood, and is not."


def modellers(view: View) -> Iterator[Found]:
    """Data of modellers: once for each namespace."""
    seen = set[str]()
    for el, space, name in _extensions(view.root):
        idle = foreign(f"{{{space}}}") or f"{ENGINES.get(space)}:{name}" in DATA
        if idle and space not in seen:
            seen.add(space)
            yield el, "vendor.idle", f"'{name}' and what else is in {space} has no meaning here; delete it, or {ADOPT}."


def names(view: View) -> Iterator[Found]:
    """People read a name as it is written."""
    for el in view.elements(*tree.TASKS):
        if re.search(r"[$#]\{", el.get("name") or ""):
            yield (
                el,
                "vendor.name",
                f"The name of '{ident(el)}' holds an expression, and is shown as it is; write words.",
            )


def people(view: View) -> Iterator[Found]:
    for el in view.root.iter(*(tree.MODEL + name for name in PEOPLE)):
        yield el, "vendor.persons", f"The {tag(el)} of '{_name(el)}' has no meaning here; sun:post says who may act."


def _words(root: Element) -> Iterator[tuple[Element, str, Kind | None, set[str] | None]]:
    """Yield (BPMN element, word, kind, the variables it sets), each MAPPED and SERVICE word left out."""
    for el in _executed(root):
        space, _, name = str(el.tag).rpartition("}")
        parent = el.getparent()
        if (prefix := tree.VENDORS.get(f"{space}}}")) and parent is not None and tag(parent):
            found = ELEMENTS.get(name)
            code = found is not Kind.HARMLESS and found is not None and runs_code(el)
            yield el, f"{prefix}:{name}", Kind.CODE if code else found, written(el)
        for key, value in ((str(k), str(v)) for k, v in el.attrib.items()):
            space, _, name = key.rpartition("}")
            means = kind(el, name)
            if (prefix := tree.VENDORS.get(f"{space}}}")) and means not in (Kind.MAPPED, Kind.SERVICE):
                yield el, f"{prefix}:{name}", means, {value.strip()}


def _extensions(root: Element) -> Iterator[tuple[Element, str, str]]:
    """Yield (element, namespace, name) of all extension elements, and of attributes of BPMN elements."""
    for el in _executed(root):
        parent = el.getparent()
        inside = parent is not None and tag(parent) == "extensionElements"
        for name in [*([str(el.tag)] if inside else []), *(map(str, el.attrib) if tag(el) else [])]:
            space, _, word = name.rpartition("}")
            if space:
                yield el, space[1:], word


def _executed(root: Element) -> Iterator[Element]:
    """Yield all elements but those of the diagram, which nobody executes."""
    todo = [root]
    while todo:
        el = todo.pop()
        if isinstance(el.tag, str) and not el.tag.startswith("{http://www.omg.org/spec/BPMN/20100524/DI}"):
            yield el
            todo += reversed(el)


def _bound(view: View, el: Element) -> bool:
    """Return whether the host does what a service task asks for, and so sets what it sets."""
    task = tag(el) in ("serviceTask", "businessRuleTask")
    return task and bool(tree.words(el)) and all(word in view.host for word in tree.words(el))


def _asked(view: View) -> set[str]:
    """Return the names that expressions of the flow, and of the flows it calls, ask for."""
    found: set[str] = set()
    for root in (view.root, *_called(view.source)):
        for _, text in expressions_of(root):
            try:
                found |= expressions.names(text)
            except expressions.BadExpression:
                continue  # another rule says so
    return found


def _undrawn(view: View, asked: set[str]) -> list[str]:
    """Return the names that no element of the flows gives: a mapping of all variables would have given them there."""
    drawn = {ident(el) for root in (view.root, *_called(view.source)) for el in root.iter(tree.MODEL + "*")}
    return sorted(asked - drawn - multi.COUNTERS)


def _called(source: Source) -> Iterator[Element]:
    for called in source.called.values():
        try:
            yield tree.normalise(tree.parse(called.xml, called.file))
        except Invalid:
            continue  # it has its own findings
        yield from _called(called)


def _name(el: Element) -> str:
    return next((ident(e) for e in (el, *el.iterancestors()) if tag(e) in HOLDERS and e.get("id")), tag(el))


MODEL_RULES = (partial(words, level="model"), engines)
RULES = (partial(words, level="item"), modellers, names, people)
