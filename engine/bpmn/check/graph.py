"""The whole flow of an item as one graph: called flows and sub-processes laid out in place, each step with its days."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from engine.bpmn import items, timers, tree
from engine.bpmn.tree import Element, children, ident, local, tag, text
from engine.rules import expressions


@dataclass(frozen=True)
class Way:
    """A flow out of a gateway. `prefix`: of the flow whose names it uses; no condition: the default flow."""

    prefix: str
    condition: str
    others: tuple[str, ...]

    def open(self, path: str, outcome: str) -> bool:
        """Return False when the outcome of the step at `path` surely rules it out."""
        if not path.startswith(self.prefix):
            return True
        scope = {path[len(self.prefix) :].replace("/", "_"): outcome}
        if self.condition:
            return _may(self.condition, scope, True)
        return all(_may(other, scope, False) for other in self.others)


@dataclass
class Graph:
    """`days` by path; `next` by path. A scope is entered at `<path>#in` and left at `<path>`."""

    days: dict[str, int] = field(default_factory=dict)
    next: dict[str, list[str]] = field(default_factory=dict)
    ways: dict[tuple[str, str], list[Way]] = field(default_factory=dict)
    entries: list[str] = field(default_factory=list)

    def add(self, path: str, days: int = 0) -> str:
        self.days.setdefault(path, days)
        self.next.setdefault(path, [])
        return path

    def join(self, one: str, other: str) -> None:
        if one in self.next and other in self.next:
            self.next[one].append(other)

    def open(self, one: str, other: str, given: Mapping[str, Sequence[str]]) -> bool:
        """Can a token go from one to the other, when the steps of `given` have one of those outcomes?"""
        ways = self.ways.get((one, other))
        if not ways:
            return True
        return all(any(w.open(path, o) for w in ways for o in outcomes) for path, outcomes in given.items() if outcomes)


def graph(flow: items.Flow) -> Graph:
    """Return the whole flow of an item as a graph."""
    laid = Graph()
    laid.entries, _ = _lay(laid, flow, flow.process, "")
    return laid


def _may(condition: str, scope: Mapping[str, object], wanted: bool) -> bool:
    try:
        return expressions.truth(condition, scope) is wanted
    except expressions.BadExpression:
        return True  # it depends on more than this step


def _lay(laid: Graph, flow: items.Flow, scope: Element, prefix: str) -> tuple[list[str], list[str]]:
    """Lay out a scope; return where it is entered and where it is left."""
    enter: dict[str, str] = {}
    days: dict[str, int] = {}
    for el in tree.nodes(scope):
        name, path = ident(el), prefix + ident(el)
        days[name] = _days(el)
        enter[name] = laid.add(path, days[name])
        called = flow.called.get(local(el.get("calledElement"))) if tag(el) == "callActivity" else None
        inside: tuple[list[str], list[str]] = ([], [])
        if called is not None:
            inside = _lay(laid, called, called.process, f"{path}/")
        elif tag(el) in ("subProcess", "transaction"):
            inside = _lay(laid, flow, el, prefix)
        if inside[0]:
            enter[name] = laid.add(f"{path}#in")
            _connect(laid, [enter[name]], inside[0])
            _connect(laid, inside[1], [path])
    _flows(laid, scope, prefix, enter)
    targets = {t.get("targetRef") for t in children(scope, "sequenceFlow")}
    for el in tree.nodes(scope):
        host = el.get("attachedToRef") or ""
        if tag(el) == "boundaryEvent" and host in days:
            laid.days[prefix + ident(el)] = max(0, days[ident(el)] - days[host])
            laid.join(prefix + host, prefix + ident(el))
    attached = {ident(el) for el in children(scope, "boundaryEvent")}
    targets |= _links(laid, scope, prefix)
    entries = [enter[n] for n in enter if n not in targets and n not in attached]
    exits = [prefix + n for n in enter if not laid.next[prefix + n]]
    return entries, exits


def _flows(laid: Graph, scope: Element, prefix: str, enter: Mapping[str, str]) -> None:
    found = [(f.get("sourceRef") or "", f, text(f, "conditionExpression")) for f in children(scope, "sequenceFlow")]
    asked: dict[str, tuple[str, ...]] = {}
    for source, _, condition in found:
        if condition:
            asked[source] = (*asked.get(source, ()), condition)
    for source, f, condition in found:
        target = enter.get(f.get("targetRef") or "", "")
        laid.join(prefix + source, target)
        if others := asked.get(source):
            way = Way(prefix=prefix, condition=condition, others=others)
            laid.ways.setdefault((prefix + source, target), []).append(way)


def _connect(laid: Graph, ones: Iterable[str], others: Iterable[str]) -> None:
    others = list(others)
    for one in ones:
        for other in others:
            laid.join(one, other)


def _links(laid: Graph, scope: Element, prefix: str) -> set[str]:
    """Lay the leaps of links; return where they lead to."""
    caught: dict[str | None, list[str]] = {}
    for el in children(scope, "intermediateCatchEvent"):
        for d in children(el, "linkEventDefinition"):
            caught.setdefault(d.get("name"), []).append(ident(el))
    for el in children(scope, "intermediateThrowEvent"):
        for d in children(el, "linkEventDefinition"):
            _connect(laid, [prefix + ident(el)], [prefix + other for other in caught.get(d.get("name"), ())])
    return {other for others in caught.values() for other in others}


def _days(el: Element) -> int:
    if tag(el) == "userTask":
        return items.step(el, "").days or 0
    if tag(el) in ("intermediateCatchEvent", "boundaryEvent"):
        shapes = [s for d in children(el, "timerEventDefinition") for s in d if tag(s).startswith("time")]
        return max((timers.days((s.text or "").split("/")[-1]) for s in shapes), default=0)
    return 0
