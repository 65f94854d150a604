"""Whatever else an element of the file says, as facts by path: attributes, events, loops, scripts, vendors' words.

Nothing is chosen here, so nothing can be forgotten: only ids, layout and what others tell is left out.
"""

from __future__ import annotations

from engine.bpmn import tree
from engine.bpmn.diff.things import Name, Value
from engine.bpmn.tree import Element, children, local, tag

TOLD = frozenset({"isExecutable", "id", "name", "default", "attachedToRef", "sourceRef", "targetRef"})
LEFT_OUT = frozenset(
    {"incoming", "outgoing", "sequenceFlow", "laneSet", "association", "messageFlow", "dataObject",
     "dataObjectReference", "dataStoreReference", "property", "textAnnotation", "group"}
)  # fmt: skip
DEFAULTS = {
    "cancelActivity": "true", "isInterrupting": "true", "parallelMultiple": "false", "triggeredByEvent": "false",
    "isForCompensation": "false", "isSequential": "false", "testBefore": "false", "startQuantity": "1",
    "completionQuantity": "1", "instantiate": "false", "waitForCompletion": "true", "gatewayDirection": "Unspecified",
}  # fmt: skip
REFERS = {"messageRef": "name", "signalRef": "name", "errorRef": "errorCode", "escalationRef": "escalationCode"}


def content(el: Element, root: Element) -> dict[str, Value]:
    """Return what an element says beyond its names, flows and our extension elements; a fact that comes often, listed.

    Messages, signals, errors and escalations are told by what the engine knows them by, not by their ids.
    """
    found: dict[str, list[Value]] = {}
    _attributes(el, root, "", found)
    if el.text and el.text.strip() and tag(el) not in ("sequenceFlow",):
        found["text"] = [el.text.strip()]
    for child in el:
        _child(child, root, "", found)
    return {k: v[0] if len(v) == 1 else tuple(v) for k, v in found.items()}


def _child(el: Element, root: Element, above: str, found: dict[str, list[Value]]) -> None:
    name = tag(el) or _spoken(str(el.tag))
    if tag(el) in LEFT_OUT or tag(el) in tree.NODES or str(el.tag).startswith(tree.SUN):
        return
    if not above and name == "conditionExpression":
        _attributes(el, root, "conditionExpression", found)
        return
    path = above if name == "extensionElements" else f"{above}/{name}".lstrip("/")
    if name == "timerEventDefinition":
        found.setdefault("timer", []).extend(_timer(el))
        return
    before = len(found)
    if el.text and el.text.strip():
        found.setdefault(path, []).append(el.text.strip())
    _attributes(el, root, path, found)
    for child in el:
        _child(child, root, path, found)
    if len(found) == before and name != "extensionElements" and path not in found:
        found.setdefault(path, []).append(True)


def _timer(el: Element) -> list[Value]:
    return [f"{tag(s)[len('time'):].lower()} {(s.text or '').strip()}" for s in el
            if tag(s) in ("timeDate", "timeDuration", "timeCycle")]  # fmt: skip


def _attributes(el: Element, root: Element, path: str, found: dict[str, list[Value]]) -> None:
    for raw, value in el.attrib.items():
        key, text = str(raw), str(value)
        if key.startswith(tree.XSI) or (key in TOLD and not path) or (key == "id" and not _is_data(el)):
            continue
        if DEFAULTS.get(key) == text:
            continue
        name = f"{path}@{_spoken(key)}" if path else _spoken(key)
        if key in REFERS:
            found.setdefault(name, []).append(_referred(root, text, REFERS[key]))
        elif key == "calledElement":
            found.setdefault(name, []).append(Name(local(text)))
        else:
            found.setdefault(name, []).append(text.strip())


def _referred(root: Element, ref: str, by: str) -> str:
    kind = by.removesuffix("Code")
    kinds = (kind,) if kind != "name" else ("message", "signal")
    return next((e.get(by) or local(ref) for e in children(root, *kinds) if e.get("id") == local(ref)), local(ref))


def _is_data(el: Element) -> bool:
    return tag(el).lower().startswith(("data", "input", "output"))


def _spoken(name: str) -> str:
    """Return a name with the prefix that its vendor is known by."""
    if not name.startswith("{"):
        return name
    space, word = name[1:].split("}")
    return f"{tree.VENDORS.get('{' + space + '}', space)}:{word}"
