"""One file under check: its tree, indexed once. Rules ask it and yield (element or line, rule, message)."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

from engine.bpmn import tree
from engine.bpmn.tree import Element, children, ident, tag
from engine.model import Source
from engine.rules import expressions

if TYPE_CHECKING:
    from engine.rules.book import Book

Found = tuple[Element | int, str, str]
NO_MEANING = {
    "adHocSubProcess": "An ad-hoc sub-process has no order that could be checked; draw the flow.",
    "subChoreography": "Choreographies are not executed; draw a process.",
    "choreographyTask": "Choreographies are not executed; draw a process.",
    "globalUserTask": "Global tasks are not executed; draw the task in the process.",
}


class Scope:
    """A process or sub-process: its elements, and the sequence flows that connect two of them."""

    def __init__(self, el: Element) -> None:
        self.el = el
        self.nodes = {ident(c): c for c in tree.nodes(el)}
        self.foreign = {ident(c) for c in el if tag(c) in NO_MEANING}  # found by another rule
        self.flows = children(el, "sequenceFlow")
        self.out: dict[str, list[Element]] = {}
        self.into: dict[str, list[Element]] = {}
        for f in self.flows:
            if self.connects(f):
                self.out.setdefault(f.get("sourceRef") or "", []).append(f)
                self.into.setdefault(f.get("targetRef") or "", []).append(f)

    @property
    def by_event(self) -> bool:
        return self.el.get("triggeredByEvent") == "true"

    @property
    def handlers(self) -> set[str]:
        """Activities that are reached by compensation only."""
        undo = {i for i, el in self.nodes.items() if tag(el) == "boundaryEvent" and "compensate" in tree.kinds(el)}
        return {a.get("targetRef") or "" for a in children(self.el, "association") if a.get("sourceRef") in undo}

    def connects(self, flow: Element) -> bool:
        known = self.nodes.keys() | self.foreign
        return flow.get("sourceRef") in known and flow.get("targetRef") in known

    def follow(self, starts: Collection[str], backwards: bool = False) -> set[str]:
        """Return the elements reached from `starts` along flows, links and boundary events."""
        seen: set[str] = set()
        todo = list(starts)
        while todo:
            name = todo.pop()
            if name not in seen and name in self.nodes:
                seen.add(name)
                todo += self._before(name) if backwards else self._after(name)
        return seen

    def _after(self, name: str) -> Iterator[str]:
        yield from (f.get("targetRef") or "" for f in self.out.get(name, ()))
        yield from (i for i, el in self.nodes.items() if el.get("attachedToRef") == name)
        yield from self._linked(name, "intermediateThrowEvent", "intermediateCatchEvent")

    def _before(self, name: str) -> Iterator[str]:
        yield from (f.get("sourceRef") or "" for f in self.into.get(name, ()))
        if host := self.nodes[name].get("attachedToRef"):
            yield host
        yield from self._linked(name, "intermediateCatchEvent", "intermediateThrowEvent")

    def _linked(self, name: str, one: str, other: str) -> Iterator[str]:
        links = {d.get("name") for d in children(self.nodes[name], "linkEventDefinition")}
        if links and tag(self.nodes[name]) == one:
            for i, el in self.nodes.items():
                if tag(el) == other and links & {d.get("name") for d in children(el, "linkEventDefinition")}:
                    yield i


class View:
    """`above`: the sources that call this one, the item first. `host`: words that script and service tasks may use."""

    def __init__(self, source: Source, above: tuple[Source, ...], host: Collection[str]) -> None:
        self.source, self.above, self.host = source, above, host
        self.raw = tree.parse(source.xml, source.file)  # as it is written, for the schema
        self.root = tree.normalise(tree.parse(source.xml, source.file))
        self.scopes = [Scope(el) for p in children(self.root, "process") for el in tree.scopes(p)]
        self.ids = {ident(el): el for el in self.root.iter() if tag(el) and el.get("id")}
        self.book: Book | None = None

    @property
    def called(self) -> bool:
        """True for a flow that is called, not an item's own."""
        return bool(self.above)

    def elements(self, *kinds: str) -> Iterator[Element]:
        for scope in self.scopes:
            for el in scope.nodes.values():
                if tag(el) in kinds:
                    yield el


def unreadable(text: str) -> str:
    """Return why an expression cannot be read, empty when it can."""
    try:
        expressions.names(text)
    except expressions.BadExpression as e:
        return str(e)
    return ""
