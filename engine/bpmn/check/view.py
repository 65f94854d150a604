"""One file under check: its tree, indexed once. Rules ask it and yield (element or line, rule, message)."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from engine.bpmn import items, timers, tree
from engine.bpmn.tree import Element, children, ident, tag
from engine.model import Item, Source
from engine.rules import expressions

if TYPE_CHECKING:
    from engine.rules.book import Book

CONDITIONS = (
    "conditionExpression", "condition", "loopCondition", "completionCondition", "loopCardinality",
    "timeDate", "timeDuration",
)  # fmt: skip
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

    @cached_property
    def handlers(self) -> set[str]:
        """Activities that are reached by compensation only."""
        undo = {i for i, el in self.nodes.items() if tag(el) == "boundaryEvent" and "compensate" in tree.kinds(el)}
        return {a.get("targetRef") or "" for a in children(self.el, "association") if a.get("sourceRef") in undo}

    @property
    def begins(self) -> list[str]:
        """Elements where the scope begins: start events, or what nothing leads to; event sub-processes; handlers."""
        starts = [i for i, el in self.nodes.items() if tag(el) == "startEvent"]
        by_event = [i for i, el in self.nodes.items() if el.get("triggeredByEvent") == "true"]
        return [*(starts or self.implicit), *by_event, *self.handlers]

    @cached_property
    def implicit(self) -> list[str]:
        """Elements that nothing leads to, and that do not begin by themselves."""
        return [i for i, el in self.nodes.items() if i not in self.into and not self._by_itself(i, el)]

    def _by_itself(self, name: str, el: Element) -> bool:
        caught = tag(el) == "intermediateCatchEvent" and "link" in tree.kinds(el)
        event = tag(el) in ("boundaryEvent", "startEvent") or el.get("triggeredByEvent") == "true"
        return event or caught or name in self.handlers

    def connects(self, flow: Element) -> bool:
        known = self.nodes.keys() | self.foreign
        return flow.get("sourceRef") in known and flow.get("targetRef") in known

    def follow(self, starts: Collection[str], backwards: bool = False, but: Collection[str] = ()) -> set[str]:
        """Return the elements reached from `starts` along flows, links and boundary events, not through `but`."""
        seen: set[str] = set()
        todo = list(starts)
        while todo:
            name = todo.pop()
            if name not in seen and name in self.nodes and name not in but:
                seen.add(name)
                todo += self._before(name) if backwards else self._after(name)
        return seen

    def _after(self, name: str) -> Iterator[str]:
        yield from (f.get("targetRef") or "" for f in self.out.get(name, ()))
        yield from self._attached.get(name, ())
        yield from self._linked(name, "intermediateThrowEvent", "intermediateCatchEvent")

    def _before(self, name: str) -> Iterator[str]:
        yield from (f.get("sourceRef") or "" for f in self.into.get(name, ()))
        if host := self.nodes[name].get("attachedToRef"):
            yield host
        yield from self._linked(name, "intermediateCatchEvent", "intermediateThrowEvent")

    @cached_property
    def _attached(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for i, el in self.nodes.items():
            if host := el.get("attachedToRef"):
                found.setdefault(host, []).append(i)
        return found

    @cached_property
    def _links(self) -> dict[tuple[str, str | None], list[str]]:
        found: dict[tuple[str, str | None], list[str]] = {}
        for i, el in self.nodes.items():
            for d in children(el, "linkEventDefinition"):
                found.setdefault((tag(el), d.get("name")), []).append(i)
        return found

    def _linked(self, name: str, one: str, other: str) -> Iterator[str]:
        if tag(self.nodes[name]) == one:
            for link in {d.get("name") for d in children(self.nodes[name], "linkEventDefinition")}:
                yield from self._links.get((other, link), ())


class View:
    """`above`: the sources that call this one, the item first. `host`: words that script and service tasks may use.

    `top`: the item's view, of a flow that is checked as part of it.
    """

    def __init__(
        self, source: Source, above: tuple[Source, ...], host: Collection[str], top: View | None = None
    ) -> None:
        self.source, self.above, self.host, self.top = source, above, host, top
        self.raw = tree.parse(source.xml, source.file)  # as it is written, for the schema
        self.root = tree.normalise(tree.parse(source.xml, source.file))
        self.scopes = [Scope(el) for p in tree.running(self.root) for el in tree.scopes(p)]
        self.ids = {ident(el): el for el in self.root.iter() if tag(el) and el.get("id")}
        self.book: Book | None = None

    @cached_property
    def flow(self) -> items.Flow:
        return items.flow(self.source, root=self.root)

    @cached_property
    def item(self) -> Item:
        """What this flow declares, with the flows it calls."""
        return items.item(self.flow)

    @property
    def whole(self) -> Item:
        """What the item declares that this flow is part of; of a flow checked by itself, its own."""
        return (self.top or self).item

    @property
    def called(self) -> bool:
        """True for a flow that is checked as part of the item that calls it."""
        return bool(self.above)

    @property
    def alone(self) -> bool:
        """True for a shared flow that is checked by itself: what its callers give is not known."""
        return not self.above and "_shared" in Path(self.source.file).parts

    def elements(self, *kinds: str) -> Iterator[Element]:
        for scope in self.scopes:
            for el in scope.nodes.values():
                if tag(el) in kinds:
                    yield el


def conditions(view: View) -> Iterator[tuple[Element, str]]:
    """Yield each expression with the element it stands in."""
    yield from texts(view.root)


def texts(root: Element) -> Iterator[tuple[Element, str]]:
    for el in root.iter(*(tree.MODEL + kind for kind in CONDITIONS)):
        spelt = (el.text or "").strip()
        literal = tag(el).startswith("time") and timers.read(spelt, tag(el)[len("time") :].lower()) is not None
        if spelt and not literal:
            yield el, spelt


def unreadable(text: str) -> str:
    """Return why an expression cannot be read, empty when it can."""
    try:
        expressions.names(text)
    except expressions.BadExpression as e:
        return str(e)
    return ""
