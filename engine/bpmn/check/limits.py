"""How large a flow may be: one table, rules of level `model`. What bytes and XML may be: `bpmn/tree.py`."""

from __future__ import annotations

from collections.abc import Iterator

from engine.bpmn import multi, tokens, tree
from engine.bpmn.check.view import Found, View
from engine.bpmn.tree import MODEL, Element, children, ident, local, tag, text
from engine.errors import Invalid
from engine.model import Source

LIMITS = {
    "elements": 3000,  # and sequence flows, of a flow, with those of the flows it calls, at each call
    "processes": 100,  # in one file
    "nesting": tokens.MAX_NESTING,  # sub-processes and calls in each other
    "instances": multi.LIMIT,  # of a multi-instance activity
    "rounds": multi.LIMIT * 2,  # of a standard loop
    "flows": 100,  # into one element, and out of it
    "id": 100,  # characters
    "name": 500,
    "text": 10_000,  # any other text or attribute
}
COUNTED = tree.NODES | {"sequenceFlow"}
Extent = tuple[int, int]  # elements, nesting


def long(view: View) -> Iterator[Found]:
    for el in view.root.iter():
        spelt = [(str(k).split("}")[-1], str(v)) for k, v in el.attrib.items()]
        for key, value in [*spelt, ("text", el.text or ""), ("text", el.tail or "")]:
            most = LIMITS.get(key, LIMITS["text"]) if key in ("id", "name") else LIMITS["text"]
            if len(value) > most:
                yield el, "bounds", f"The {key} '{value[:20]}...' has more than {most} characters; shorten it."


def flows(view: View) -> Iterator[Found]:
    for scope in view.scopes:
        for name, el in scope.nodes.items():
            if max(len(scope.out.get(name, ())), len(scope.into.get(name, ()))) > LIMITS["flows"]:
                yield el, "bounds", f"'{name}' has more than {LIMITS['flows']} flows; draw further gateways."


def repeats(view: View) -> Iterator[Found]:
    for el in view.elements(*tree.TASKS):
        for loop in children(el, "multiInstanceLoopCharacteristics"):
            if _above(text(loop, "loopCardinality"), LIMITS["instances"]):
                yield loop, "bounds", f"'{ident(el)}' has more than {LIMITS['instances']} instances; draw fewer."
        for loop in children(el, "standardLoopCharacteristics"):
            if _above(loop.get("loopMaximum") or "", LIMITS["rounds"]):
                yield loop, "bounds", f"'{ident(el)}' has more than {LIMITS['rounds']} rounds; draw fewer."


def extent(source: Source) -> list[str]:
    """Return what is said of a flow that is too large, or nested too deep, with the flows it calls."""
    elements, nesting = _Measure().of(source, "")
    said = []
    if elements > LIMITS["elements"]:
        most = f"{LIMITS['elements']} elements and flows, or {LIMITS['processes']} processes"
        said.append(f"With the flows it calls it has more than {most}; draw a smaller flow.")
    if nesting > LIMITS["nesting"]:
        said.append(f"Sub-processes and calls are nested more than {LIMITS['nesting']} deep; draw a flatter flow.")
    return said


class _Measure:
    """Each process is looked at once, however often it is called; one that comes back to itself has its own finding."""

    def __init__(self) -> None:
        self.known: dict[tuple[int, str], Extent] = {}
        self.roots: dict[int, Element | None] = {}

    def of(self, source: Source, process: str) -> Extent:
        """`process`: empty for the main one, beside which all others of its file are counted."""
        key = (id(source), process)
        if key not in self.known:
            self.known[key] = 0, 0  # while it is measured
            self.known[key] = self._of(source, process)
        return self.known[key]

    def _of(self, source: Source, process: str) -> Extent:
        root = self._root(source)
        if root is None:
            return 0, 0
        own = {ident(p): p for p in children(root, "process")}
        if len(own) > LIMITS["processes"]:
            return LIMITS["elements"] + 1, 0
        main = next(iter(tree.processes(root) or own.values()), None)
        el = own.get(process, main)
        if el is None:
            return 0, 0
        elements, nesting = sum(1 for e in el.iter() if tag(e) in COUNTED), 0
        for e in el.iter(*(MODEL + t for t in ("subProcess", "transaction", "callActivity"))):
            deep = sum(1 for a in e.iterancestors() if tag(a) in ("subProcess", "transaction")) + 1
            more = (0, 0)
            called = local(e.get("calledElement")) if tag(e) == "callActivity" else ""
            if called in own:
                more = self.of(source, called)
            elif called in source.called:
                more = self.of(source.called[called], "")
            elements, nesting = elements + more[0], max(nesting, deep + more[1])
        if not process:
            beside = [self.of(source, name) for name, p in own.items() if p is not el]
            elements += sum(other for other, _ in beside)
        return elements, nesting

    def _root(self, source: Source) -> Element | None:
        if id(source) not in self.roots:
            try:
                self.roots[id(source)] = tree.parse(source.xml, source.file)
            except Invalid:
                self.roots[id(source)] = None
        return self.roots[id(source)]


def _above(spelt: str, most: int) -> bool:
    return spelt.isdecimal() and (len(spelt) > 9 or int(spelt) > most)


RULES = (long, flows, repeats)
