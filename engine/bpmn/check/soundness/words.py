"""What is said about an unsound flow: the element, a shortest example, what to do."""

from __future__ import annotations

from collections.abc import Sequence

from engine.bpmn.check.soundness.data import spelt
from engine.bpmn.check.soundness.net import Net
from engine.bpmn.tree import Element, tag

__all__ = ["echo", "fault", "never", "never_taken", "spelt", "tangled", "uncaught", "undoing"]
MOST = 8  # choices told of an example


def fault(net: Net, rule: str, name: str, flow: str, way: Sequence[str]) -> tuple[str, str]:
    """Return the rule's name and the message."""
    after, source = _after(way), next((n for n, x in net.nodes.items() if any(w.id == flow for w in x.ways)), "")
    match rule:
        case "stuck":
            return (
                "deadlock",
                f"{after} the join '{name}' waits for ever for the branch from '{source}'; join with the kind of "
                "gateway that split, and let no way or event by-pass a branch.",
            )
        case "twice":
            where = f"two tokens come to '{name}' by '{flow}'" if _joins(net, name) else f"'{name}' is open twice"
            return (
                "twice",
                f"{after} {where} at once; bring branches that run at once together by a parallel or inclusive join, "
                "and lead no way from inside them back out.",
            )
        case "no_way":
            return "no_way", f"{after} no flow out of '{name}' can be taken; add a condition or a default flow."
        case "no_value":
            condition = next(w.condition for w in net.nodes[name].ways if w.id == flow)
            return (
                "no_value",
                f"{after} '{name}' asks for \"{condition}\" and no step has given that value yet; ask for it only "
                "behind the step that gives it, or ask first whether the way led there.",
            )
        case "automatic":
            return "automatic", f"{after} more than 1000 automatic elements follow each other at '{name}'; add a step."
    return "no_end", f"{after} no outcome leads from '{name}' to an end event; add a way out of the loop."


def uncaught(name: str, code: str | None, way: Sequence[str]) -> str:
    error = f"the error '{code}'" if code else "the error"
    return (
        f"{_after(way)} {error} of '{name}' is caught by nobody; add an error boundary event around it, or use a plain "
        "or terminate end event."
    )


def undoing(name: str, code: str | None, handler: str, way: Sequence[str]) -> str:
    error = f"the error '{code}'" if code else "the error"
    return (
        f"{_after(way)} {error} of '{name}' leaves '{handler}', which undoes; add an error boundary event in it, or "
        "use a plain end event."
    )


def echo(name: str) -> str:
    return f"The event sub-process '{name}' throws the escalation that begins it, again and again; throw another code."


def tangled(name: str, crowd: Sequence[str]) -> str:
    at = ", ".join(f"'{n}'" for n in crowd)
    return f"'{name}' is too tangled to be proven sound, most at {at}; draw it simpler, or put parts in sub-processes."


def quantity(name: str) -> str:
    return f"'{name}' takes or gives several tokens at once, which is not proven sound; draw a gateway instead."


def never(name: str, el: Element) -> str:
    if tag(el) == "boundaryEvent":
        return f"Nothing ever sets off '{name}' on '{el.get('attachedToRef')}'; delete it, or let its event be thrown."
    if tag(el) == "subProcess" and el.get("triggeredByEvent") == "true":
        return f"Nothing ever sets off the event sub-process '{name}'; delete it, or let its event be thrown."
    return f"'{name}' is never reached, whatever the outcomes; mend the conditions before it, or delete it."


def never_taken(source: str, target: str) -> str:
    return f"No outcome ever leads from '{source}' to '{target}' here; mend the condition or delete the flow."


def _after(way: Sequence[str]) -> str:
    told = [*way[:1], "...", *way[-MOST + 1 :]] if len(way) > MOST else way
    return f"After {', '.join(told)}:" if way else "In every case"


def _joins(net: Net, name: str) -> bool:
    return net.nodes[name].kind in ("parallel", "inclusive")
