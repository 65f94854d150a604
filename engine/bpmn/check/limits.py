"""How large a flow may be: one table, rules of level `model`. What bytes and XML may be: `bpmn/tree.py`."""

from __future__ import annotations

from collections.abc import Iterator

from engine.bpmn import multi, tokens, tree
from engine.bpmn.check.view import Found, View
from engine.bpmn.tree import MODEL, Element, children, ident, local, tag, text
from engine.errors import Invalid
from engine.model import Source

LIMITS = {
    "elements": 3000,  # of a flow, with those of the flows it calls, at each call
    "nesting": tokens.MAX_NESTING,  # sub-processes and calls in each other
    "instances": multi.LIMIT,  # of a multi-instance activity
    "rounds": multi.LIMIT * 2,  # of a standard loop
    "flows": 100,  # into one element, and out of it
    "id": 100,  # characters
    "name": 500,
    "text": 10_000,  # any other text or attribute
}
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
    measure = _Measure()
    elements, nesting = measure.of(source, "", LIMITS["nesting"] + 1)
    said = []
    if elements > LIMITS["elements"]:
        said.append(f"With the flows it calls it has more than {LIMITS['elements']} elements; draw a smaller flow.")
    if nesting > LIMITS["nesting"]:
        said.append(f"Sub-processes and calls are nested more than {LIMITS['nesting']} deep; draw a flatter flow.")
    return said


class _Measure:
    """Each process is looked at once, however often it is called; `open` and `left` bound one that comes back."""

    def __init__(self) -> None:
        self.known: dict[tuple[int, str, int], Extent] = {}
        self.roots: dict[int, Element | None] = {}
        self.open: set[Element] = set()

    def of(self, source: Source, process: str, left: int) -> Extent:
        """`process`: empty for the main one, which counts all others of its file at least once."""
        key = (id(source), process, left)
        if key not in self.known:
            self.known[key] = self._of(source, process, left)
        return self.known[key]

    def _of(self, source: Source, process: str, left: int) -> Extent:
        root = self._root(source)
        if root is None or left < 0:
            return 0, 0
        own = {ident(p): p for p in children(root, "process")}
        main = next(iter(tree.processes(root) or own.values()), None)
        el = own.get(process, main)
        if el is None or el in self.open:
            return 0, 0
        self.open.add(el)
        elements, nesting = sum(1 for e in el.iter() if tag(e) in tree.NODES), 0
        for e in el.iter(*(MODEL + t for t in ("subProcess", "transaction", "callActivity"))):
            deep = sum(1 for a in e.iterancestors() if tag(a) in ("subProcess", "transaction")) + 1
            more = (0, 0)
            called = local(e.get("calledElement")) if tag(e) == "callActivity" else ""
            if called in own:
                more = self.of(source, called, left - deep)
            elif called in source.called:
                more = self.of(source.called[called], "", left - deep)
            elements, nesting = elements + more[0], max(nesting, deep + more[1])
        if not process:
            elements = max(elements, sum(1 for e in root.iter() if tag(e) in tree.NODES))
        self.open.remove(el)
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
