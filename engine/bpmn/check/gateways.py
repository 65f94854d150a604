"""Model rules on gateways, and on default flows."""

from __future__ import annotations

from collections.abc import Iterator

from engine.bpmn import tree
from engine.bpmn.check.view import Found, Scope, View
from engine.bpmn.tree import Element, children, ident, tag, text


def outgoing(view: View) -> Iterator[Found]:
    for scope, el in _gateways(view):
        out, into = scope.out.get(ident(el), []), scope.into.get(ident(el), [])
        if not out:
            yield el, "gateway", f"The gateway '{ident(el)}' needs an outgoing flow."
        if tag(el) in ("exclusiveGateway", "inclusiveGateway", "complexGateway") and len(out) > 1:
            for f in out:
                if not text(f, "conditionExpression") and ident(f) != el.get("default"):
                    yield f, "gateway", f"The flow '{ident(f)}' needs a condition, or has to be the default flow."
        direction = el.get("gatewayDirection")
        if (direction == "Diverging" and len(into) > 1) or (direction == "Converging" and len(out) > 1):
            counts = f"{len(into)} incoming and {len(out)} outgoing flows"
            yield el, "gateway", f"The gateway '{ident(el)}' is called {direction}, but has {counts}."


def complex_gateways(view: View) -> Iterator[Found]:
    for scope, el in _gateways(view):
        if tag(el) != "complexGateway":
            continue
        if len(scope.into.get(ident(el), [])) > 1:
            yield el, "unsupported", "A complex gateway that joins: its reset is not defined well enough to be right."
        if children(el, "activationCondition"):
            yield el, "unsupported", "activationCondition is not supported; use an inclusive gateway."


def event_based(view: View) -> Iterator[Found]:
    for scope, el in _gateways(view):
        if tag(el) != "eventBasedGateway":
            continue
        out = scope.out.get(ident(el), [])
        if el.get("instantiate") == "true" or el.get("eventGatewayType") == "Parallel":
            yield el, "unsupported", "An event-based gateway that starts the process is not supported."
        if len(out) < 2:
            yield el, "gateway", "An event-based gateway needs two outgoing flows."
        for f in out:
            target = scope.nodes.get(f.get("targetRef") or "")
            if target is None or tag(target) not in ("intermediateCatchEvent", "receiveTask"):
                yield f, "gateway", "An event-based gateway leads to catch events and receive tasks only."
            elif len(scope.into[ident(target)]) > 1:
                yield target, "gateway", f"Behind an event-based gateway '{ident(target)}' has no other incoming flow."
            elif tag(target) == "receiveTask" and (why := _more(scope, target)):
                yield (
                    target,
                    "gateway",
                    f"Behind an event-based gateway the receive task '{ident(target)}' has no {why}.",
                )


def _more(scope: Scope, task: Element) -> str:
    """Return what a receive task has that it may not have behind an event-based gateway (BPMN 2.0.2, 10.6.6)."""
    if any(el.get("attachedToRef") == ident(task) for el in scope.nodes.values()):
        return "boundary events"
    if children(task, "standardLoopCharacteristics", "multiInstanceLoopCharacteristics"):
        return "loop"
    return "startQuantity" if task.get("startQuantity", "1") != "1" else ""


def defaults(view: View) -> Iterator[Found]:
    for scope in view.scopes:
        for name, el in scope.nodes.items():
            default = el.get("default")
            none = tag(el) in ("parallelGateway", "eventBasedGateway")
            if default and (none or default not in {ident(f) for f in scope.out.get(name, ())}):
                yield el, "gateway.default", f"The default flow '{default}' does not leave '{name}', or cannot."


def _gateways(view: View) -> Iterator[tuple[Scope, Element]]:
    for scope in view.scopes:
        for el in scope.nodes.values():
            if tag(el) in tree.GATEWAYS:
                yield scope, el


RULES = (outgoing, complex_gateways, event_based, defaults)
