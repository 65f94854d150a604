"""A scope as a net: what moves by itself, what waits, how it may finish. Nothing is followed here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from engine.bpmn import tree
from engine.bpmn.returning import Back
from engine.bpmn.tree import Element, children, ident, kinds, tag, text

WAITS = ("userTask", "receiveTask", "subProcess", "transaction", "callActivity", "intermediateCatchEvent")
SPLIT = {"exclusiveGateway": "one", "inclusiveGateway": "some", "complexGateway": "some"}
JOINS = {"parallelGateway": "parallel", "inclusiveGateway": "inclusive"}


class Way(NamedTuple):
    """A sequence flow, or the leap of a link."""

    id: str
    target: str
    condition: str = ""


@dataclass(frozen=True)
class Exit:
    """How something that waits may finish: normally, or by an error or cancellation that leaves it."""

    label: str = ""
    writes: tuple[tuple[str, object], ...] = ()
    kind: str = "end"  # end | error | cancel
    code: str | None = None


@dataclass
class Node:
    """`kind`: auto | wait | events (event-based gateway) | parallel | inclusive (joins) | end | by_event."""

    el: Element
    kind: str
    split: str = "all"
    default: str = ""
    ways: list[Way] = field(default_factory=list)
    into: list[str] = field(default_factory=list)
    guards: list[str] = field(default_factory=list)
    exits: list[Exit] = field(default_factory=lambda: [Exit()])
    throws: list[tuple[str, str | None]] = field(default_factory=list)  # terminate, error, cancel, escalation
    inside: frozenset[str | None] = frozenset()  # codes of escalations that come out of it
    backs: list[Back] = field(default_factory=list)  # returns of the steps in it
    order: int = 0

    @property
    def waits(self) -> bool:
        return self.kind in ("wait", "events", "by_event")


@dataclass
class Net:
    """`listeners`: event sub-processes by name. `starts`: alternatives, each a set of elements that begin together."""

    el: Element
    nodes: dict[str, Node]
    starts: list[list[str]]
    listeners: list[str]
    undoes: frozenset[str]  # compensation: not part of the game

    @property
    def ends(self) -> list[str]:
        return [n for n, node in self.nodes.items() if node.kind == "end" or node.kind == "by_event"]

    @property
    def parallel(self) -> bool:
        """May two tokens live at once?"""
        forks = any(len(n.ways) > 1 and n.split != "one" and n.kind != "events" for n in self.nodes.values())
        aside = any(n.el.get("cancelActivity") == "false" for n in self.nodes.values())
        beside = any(not interrupting(self.nodes[n].el) for n in self.listeners)
        return forks or aside or beside or any(len(s) > 1 for s in self.starts)

    @property
    def kills(self) -> bool:
        """May one token end all others?"""
        thrown = {kind for n in self.nodes.values() for kind, _ in n.throws}
        inside = {e.kind for n in self.nodes.values() for e in n.exits}
        return bool((thrown | inside) & {"terminate", "error", "cancel"})

    def after(self, name: str) -> list[str]:
        node = self.nodes[name]
        return [w.target for w in node.ways] + node.guards


def net(root: Element, scope: Element) -> Net:
    """Return the net of a process or sub-process whose level `model` is clean."""
    elements = {ident(el): el for el in tree.nodes(scope)}
    nodes = {name: _node(el) for name, el in elements.items()}
    for f in children(scope, "sequenceFlow"):
        source, target = f.get("sourceRef") or "", f.get("targetRef") or ""
        nodes[source].ways.append(Way(ident(f), target, text(f, "conditionExpression")))
        nodes[target].into.append(ident(f))
    caught = _caught(elements)
    for name, node in nodes.items():
        if node.kind in ("parallel", "inclusive") and len(node.into) < 2:
            node.kind = "auto"
        for link in _links(node.el) if tag(node.el) == "intermediateThrowEvent" else []:
            if link in caught:
                node.ways.append(Way(f"#link-{name}", caught[link]))
                nodes[caught[link]].into.append(f"#link-{name}")
        if tag(node.el) == "boundaryEvent" and "compensate" not in kinds(node.el):
            nodes[node.el.get("attachedToRef") or ""].guards.append(name)
        node.throws = [(k, _code(root, node.el, k)) for k in kinds(node.el)] if _throws(node.el) else []
    undo = {n for n, el in elements.items() if tag(el) == "boundaryEvent" and "compensate" in kinds(el)}
    undo |= {a.get("targetRef") or "" for a in children(scope, "association") if a.get("sourceRef") in undo}
    undo |= {n for n, el in elements.items() if _by_event(el) and "compensate" in kinds(start_of(el))}
    listeners = [n for n, el in elements.items() if _by_event(el) and n not in undo]
    found = Net(scope, nodes, _starts(scope, nodes, undo), listeners, frozenset(undo))
    _number(found)
    return found


def undoing(process: Element) -> Iterator[Element]:
    """Yield the activities of a flow that compensations run."""
    for el in process.iter(*(tree.MODEL + t for t in tree.TASKS)):
        around = [el, *el.iterancestors()]
        if any(
            a.get("isForCompensation") == "true" or (_by_event(a) and "compensate" in kinds(start_of(a)))
            for a in around
        ):
            yield el


def start_of(el: Element) -> Element:
    return children(el, "startEvent")[0]


def interrupting(el: Element) -> bool:
    """Of a boundary event, or of an event sub-process by its start."""
    if tag(el) == "boundaryEvent":
        return el.get("cancelActivity") != "false"
    return start_of(el).get("isInterrupting") != "false"


def codes(root: Element, el: Element, kind: str) -> list[str | None]:
    """Return the codes that an event catches or throws, None: any."""
    refs = [d.get(f"{kind}Ref") for d in children(el, f"{kind}EventDefinition")]
    named = {e.get("id"): e.get(f"{kind}Code") or ident(e) for e in children(root, kind)}
    return [named.get(tree.local(ref)) if ref else None for ref in refs]


def _node(el: Element) -> Node:
    kind = tag(el)
    shape = JOINS.get(kind, "auto")
    if _by_event(el):
        shape = "by_event"
    elif kind == "eventBasedGateway":
        shape = "events"
    elif kind in WAITS and not (kind == "intermediateCatchEvent" and "link" in kinds(el)):
        shape = "wait"
    elif kind == "endEvent":
        shape = "end"
    return Node(el, shape, SPLIT.get(kind, "all"), el.get("default") or "")


def _by_event(el: Element) -> bool:
    return el.get("triggeredByEvent") == "true"


def _throws(el: Element) -> bool:
    return tag(el) in ("endEvent", "intermediateThrowEvent")


def _code(root: Element, el: Element, kind: str) -> str | None:
    return codes(root, el, kind)[0] if kind in ("error", "escalation") else None


def _caught(elements: Mapping[str, Element]) -> dict[str, str]:
    """Return the catching event of each link."""
    return {link: n for n, e in elements.items() if tag(e) == "intermediateCatchEvent" for link in _links(e)}


def _links(el: Element) -> list[str]:
    return [d.get("name") or "" for d in children(el, "linkEventDefinition")]


def _starts(scope: Element, nodes: Mapping[str, Node], undo: set[str]) -> list[list[str]]:
    drawn = children(scope, "startEvent")
    if not drawn:
        guard = {g for n in nodes.values() for g in n.guards}
        return [[n for n, x in nodes.items() if not x.into and x.kind != "by_event" and n not in guard | undo]]
    if tag(scope) != "process":
        return [[ident(e) for e in drawn]]
    plain = [ident(e) for e in drawn if not kinds(e)]
    return [s for s in (plain, *([ident(e)] for e in drawn if kinds(e))) if s]


def _number(found: Net) -> None:
    """Number the nodes so that who is behind another without a loop has the greater number."""
    seen: set[str] = set()
    left: list[str] = []
    begins: Sequence[str] = [n for s in found.starts for n in s] + found.listeners
    for begin in reversed(begins):
        stack = [(begin, iter(found.after(begin)))] if begin not in seen else []
        seen.add(begin)
        while stack:
            name, following = stack[-1]
            step = next((n for n in following if n not in seen), None)
            if step is None:
                left.append(name)
                stack.pop()
            else:
                seen.add(step)
                stack.append((step, iter(found.after(step))))
    for n, name in enumerate(reversed(left)):
        found.nodes[name].order = n
