"""Checked XML to diagrams of our nodes. No library parser.

Mends: the library's parser recurses once per node, looks for events anywhere below an element, drops link events and
ids, and needs a drawing to order parallel branches.
"""

from __future__ import annotations

from engine.bpmn import items, tree
from engine.bpmn.activities import (
    Activity,
    CallActivity,
    ReceiveTask,
    SendTask,
    SubProcess,
    TaskActivity,
    UserTask,
    WordTask,
)
from engine.bpmn.compensation import Throw
from engine.bpmn.events import Catch, EventGateway, Listener
from engine.bpmn.joins import InclusiveJoin, Join, ParallelJoin
from engine.bpmn.multi import Loop, Multi
from engine.bpmn.names import data_names, declared
from engine.bpmn.nodes import Diagram, EndEvent, Flow, Node, Pass, Trigger
from engine.bpmn.tree import Element, children, ident, kinds, local, tag, text, vendor

CLASSES: dict[str, type[Node]] = {
    "userTask": UserTask,
    "scriptTask": WordTask,
    "serviceTask": WordTask,
    "businessRuleTask": WordTask,
    "receiveTask": ReceiveTask,
    "sendTask": SendTask,
    "subProcess": SubProcess,
    "transaction": SubProcess,
    "callActivity": CallActivity,
    "task": TaskActivity,
    "manualTask": TaskActivity,
    "eventBasedGateway": EventGateway,
    "boundaryEvent": Listener,
    "intermediateCatchEvent": Catch,
    "intermediateThrowEvent": Throw,
    "endEvent": Throw,
}
SPLIT = {"exclusiveGateway": "one", "inclusiveGateway": "some", "complexGateway": "some"}
Starting = list[tuple[str, tuple[Trigger, ...]]]


class Drawing:
    """Draws the diagrams of a definition; each called flow once."""

    def __init__(self) -> None:
        self.drawn: dict[tuple[str, str], Diagram] = {}

    def process(self, flow: items.Flow, starting: Starting | None = None) -> Diagram:
        """Return the diagram of a flow. `starting` takes its start events that wait for an event."""
        key = (flow.source.file, ident(flow.process))
        if key not in self.drawn:
            self.drawn[key] = self.scope(flow, flow.process, starting)
        return self.drawn[key]

    def scope(self, flow: items.Flow, scope: Element, starting: Starting | None = None) -> Diagram:
        diagram = Diagram(ident(scope))
        elements = {ident(c): c for c in tree.nodes(scope)}
        into: dict[str, list[str]] = {}
        for f in children(scope, "sequenceFlow"):
            into.setdefault(f.get("targetRef") or "", []).append(ident(f))
        for name, el in elements.items():
            node = self.node(flow, diagram, el, into.get(name, []))
            if "link" in kinds(el) and tag(el) == "intermediateThrowEvent":
                node.flows.append(Flow(f"#link-{name}", _link_target(el, elements)))
        for f in children(scope, "sequenceFlow"):
            diagram.task_specs[f.get("sourceRef") or ""].flows.append(
                Flow(ident(f), f.get("targetRef") or "", text(f, "conditionExpression") or None)
            )
        _guard(diagram, scope, elements)
        _begin(diagram, scope, elements, into, starting)
        if not diagram.undo:
            diagram.undo = "#undo"
            Throw(diagram, diagram.undo).triggers = (Trigger("compensate"),)
        return diagram

    def node(self, flow: items.Flow, diagram: Diagram, el: Element, into: list[str]) -> Node:
        kind, name = tag(el), ident(el)
        node = _class(el, len(into))(diagram, name)
        if isinstance(node, Join):
            node.incoming = tuple(into)
        if isinstance(node, Listener):
            node.interrupts = el.get("cancelActivity") != "false"
        if isinstance(node, Catch):
            node.together = el.get("parallelMultiple") == "true"
        if not (kind == "startEvent" and _by_event(el.getparent())):
            node.triggers = triggers(flow.root, el)
        node.split, node.default = SPLIT.get(kind, "all"), el.get("default")
        node.tokens_in = int(el.get("startQuantity") or 1)
        node.tokens_out = int(el.get("completionQuantity") or 1)
        if isinstance(node, WordTask):
            node.words = tree.words(el)
        if isinstance(node, CallActivity):
            called = flow.called[local(el.get("calledElement"))]
            node.inside, node.declared = self.process(called), declared(called) | data_names(called)
        elif isinstance(node, SubProcess):
            node.inside, node.by_event = self.scope(flow, el), _by_event(el)
        if isinstance(node, Activity):
            _loop(diagram, node, el)
        return node


def _by_event(el: Element | None) -> bool:
    return el is not None and el.get("triggeredByEvent") == "true"


def _class(el: Element, incoming: int) -> type[Node]:
    kind = tag(el)
    if incoming > 1 and kind in ("parallelGateway", "inclusiveGateway"):
        return ParallelJoin if kind == "parallelGateway" else InclusiveJoin
    if kind in ("intermediateCatchEvent", "intermediateThrowEvent") and "link" in kinds(el):
        return Pass
    if kind == "endEvent" and not kinds(el):
        return EndEvent
    return CLASSES.get(kind, Pass)


def _link_target(el: Element, elements: dict[str, Element]) -> str:
    wanted = children(el, "linkEventDefinition")[0].get("name")
    return next(
        i
        for i, e in elements.items()
        if tag(e) == "intermediateCatchEvent"
        and any(d.get("name") == wanted for d in children(e, "linkEventDefinition"))
    )


def triggers(root: Element, el: Element) -> tuple[Trigger, ...]:
    """Return what an event waits for or throws."""
    found = [t for d in el if tag(d).endswith("EventDefinition") and (t := _trigger(root, d)) is not None]
    if tag(el) in ("receiveTask", "sendTask"):
        ref = _referred(root, el.get("messageRef"))
        found.append(Trigger("message", ident(el) if ref is None else ref.get("name") or ident(ref)))
    return tuple(found)


def _trigger(root: Element, definition: Element) -> Trigger | None:
    kind = tag(definition)[: -len("EventDefinition")]
    if kind in ("message", "signal"):
        ref = _referred(root, definition.get(f"{kind}Ref"))
        return Trigger(kind, None if ref is None else ref.get("name") or ident(ref))
    if kind in ("error", "escalation"):
        ref = _referred(root, definition.get(f"{kind}Ref"))
        return Trigger(kind, None if ref is None else ref.get(f"{kind}Code") or ident(ref))
    if kind == "timer":
        shape = children(definition, "timeDate", "timeDuration", "timeCycle")[0]
        return Trigger(kind, None, (shape.text or "").strip(), tag(shape)[len("time") :].lower())
    if kind == "conditional":
        return Trigger(kind, None, text(definition, "condition"))
    if kind == "compensate":
        return Trigger(kind, definition.get("activityRef"))
    return Trigger(kind) if kind in ("terminate", "cancel") else None


def _referred(root: Element, reference: str | None) -> Element | None:
    return next((el for el in root if el.get("id") == local(reference)), None) if reference else None


def _loop(diagram: Diagram, node: Activity, el: Element) -> None:
    found = children(el, "standardLoopCharacteristics", "multiInstanceLoopCharacteristics")
    if not found:
        return
    each, loop = type(node)(diagram, f"{node.name}#each"), found[0]
    each.bpmn_id = node.bpmn_id
    for fact in ("inside", "by_event", "declared", "words", "triggers", "together"):
        if hasattr(node, fact):
            setattr(each, fact, getattr(node, fact))
    node.each, node.guarded = each, True
    if tag(loop) == "standardLoopCharacteristics":
        maximum = loop.get("loopMaximum")
        node.loop = Loop(
            condition=text(loop, "loopCondition") or None,
            maximum=int(maximum) if maximum else None,
            before=loop.get("testBefore") == "true",
        )
        return
    item, out_item = children(loop, "inputDataItem"), children(loop, "outputDataItem")
    element = vendor(loop, "elementVariable") or (item[0].get("name") or ident(item[0]) if item else None)
    out = text(loop, "loopDataOutputRef")
    node.loop = Multi(
        cardinality=text(loop, "loopCardinality") or None,
        collection=vendor(loop, "collection") or text(loop, "loopDataInputRef") or None,
        element=element,
        output=(out, out_item[0].get("name") or ident(out_item[0])) if out and out_item else None,
        until=text(loop, "completionCondition") or None,
        sequential=loop.get("isSequential") == "true",
    )


def _guard(diagram: Diagram, scope: Element, elements: dict[str, Element]) -> None:
    """Tie boundary events and compensation activities to what they guard."""
    undoing = {a.get("sourceRef"): a.get("targetRef") for a in children(scope, "association")}
    for name, el in elements.items():
        if tag(el) != "boundaryEvent":
            continue
        host = diagram.task_specs[el.get("attachedToRef") or ""]
        assert isinstance(host, Activity)
        if "compensate" in kinds(el):
            host.handler = undoing.get(name)
        else:
            host.boundary, host.guarded = (*host.boundary, name), True


def _begin(
    diagram: Diagram,
    scope: Element,
    elements: dict[str, Element],
    into: dict[str, list[str]],
    starting: Starting | None,
) -> None:
    handlers = {spec.handler for spec in diagram.task_specs.values() if isinstance(spec, Activity)}
    implicit = not children(scope, "startEvent")
    for name, el in elements.items():
        if _by_event(el):
            _event_sub_process(diagram, el)
        elif tag(el) == "startEvent":
            if not kinds(el) or _by_event(scope):
                diagram.starts.append(name)
            elif starting is not None:
                starting.append((name, diagram.task_specs[name].triggers))
        elif implicit and name not in into and name not in handlers and not _caught(el):
            diagram.starts.append(name)


def _caught(el: Element) -> bool:
    return tag(el) == "boundaryEvent" or (tag(el) == "intermediateCatchEvent" and "link" in kinds(el))


def _event_sub_process(diagram: Diagram, el: Element) -> None:
    name, start = ident(el), children(el, "startEvent")[0]
    if "compensate" in kinds(start):
        diagram.undo = name
        return
    listener = Listener(diagram, f"{name}#on")
    listener.bpmn_id = ident(start)
    root = el.getroottree().getroot()
    listener.triggers = triggers(root, start)
    listener.together = start.get("parallelMultiple") == "true"
    listener.interrupts = start.get("isInterrupting") != "false"
    listener.flows.append(Flow(f"#go-{name}", name))
    diagram.listeners.append(listener.name)
