"""Model rules on events: which may stand where, what they refer to, and the texts of timers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.bpmn import timers, tree
from engine.bpmn.check.view import Found, Scope, View, unreadable
from engine.bpmn.tree import Element, children, ident, kinds, local, tag, text

ALLOWED = {
    "intermediateCatchEvent": {"message", "signal", "timer", "conditional", "link"},
    "boundaryEvent": {
        "message", "signal", "timer", "conditional", "error", "escalation", "cancel", "compensate",
    },
    "startEvent": {"message", "signal", "timer", "conditional"},
    "intermediateThrowEvent": {"message", "signal", "escalation", "link", "compensate"},
    "endEvent": {"message", "signal", "escalation", "error", "cancel", "terminate", "compensate"},
}  # fmt: skip
EVENT_START = {"message", "signal", "timer", "conditional", "error", "escalation", "compensate"}
NAMED = ("message", "signal", "error", "escalation", "linkEventDefinition")
REFERENCES = ("messageRef", "signalRef", "errorRef", "escalationRef")


def places(view: View) -> Iterator[Found]:
    for scope, el in _events(view):
        kind = tag(el)
        allowed = EVENT_START if kind == "startEvent" and scope.by_event else ALLOWED[kind]
        for k in kinds(el):
            if k not in allowed:
                yield el, "event.place", f"A {kind} cannot have a {k} event here."
        if kind in ("intermediateCatchEvent", "boundaryEvent") and not kinds(el):
            yield el, "event.missing", f"A {kind} needs an event: a timer, a message, ..."
        if kind in ("startEvent", "boundaryEvent") and scope.into.get(ident(el)):
            yield el, "event.place", f"A {kind} has no incoming flow."
        if kind == "endEvent" and scope.out.get(ident(el)):
            yield el, "event.place", "An end event has no outgoing flow."
        if "link" in kinds(el) and (scope.into if kind == "intermediateCatchEvent" else scope.out).get(ident(el)):
            yield el, "event.place", f"'{ident(el)}' is joined to its other half by the link's name, not by a flow."
        if kind == "endEvent" and "cancel" in kinds(el) and tag(scope.el) != "transaction":
            yield el, "event.place", "A cancel event belongs to a transaction."
        elif kind == "endEvent" and "cancel" in kinds(el) and not _cancelled(scope):
            yield el, "event.place", f"Nothing follows when '{ident(scope.el)}' is cancelled; draw its cancel event."
        never = scope.by_event and kind == "startEvent" and el.get("isInterrupting") == "false"
        if never and "error" in kinds(el):
            yield el, "event.place", "An error start event always interrupts."


def _cancelled(transaction: Scope) -> bool:
    parent = transaction.el.getparent()
    around = children(parent, "boundaryEvent") if parent is not None else []
    return any("cancel" in kinds(b) and b.get("attachedToRef") == ident(transaction.el) for b in around)


def boundaries(view: View) -> Iterator[Found]:
    for scope, el in _events(view):
        if tag(el) != "boundaryEvent":
            continue
        host = scope.nodes.get(el.get("attachedToRef") or "")
        if host is None or tag(host) not in tree.TASKS or host.get("triggeredByEvent") == "true":
            yield el, "boundary", f"'{ident(el)}' is attached to nothing that can be interrupted."
        if el.get("cancelActivity") == "false" and {"error", "cancel"} & set(kinds(el)):
            yield el, "boundary", "An error or cancel event always interrupts."
        if "cancel" in kinds(el) and host is not None and tag(host) != "transaction":
            yield el, "boundary", "A cancel event belongs to a transaction."
        if "compensate" in kinds(el):
            undoing = [a.get("targetRef") or "" for a in children(scope.el, "association")
                       if a.get("sourceRef") == ident(el)]  # fmt: skip
            if len(undoing) != 1 or undoing[0] not in scope.nodes or tag(scope.nodes[undoing[0]]) not in tree.TASKS:
                yield el, "compensation", "A compensation boundary event is associated with exactly one activity."


def catchers(view: View) -> Iterator[Found]:
    """The standard does not say which of two catchers of the same error at one level catches it."""
    for scope in view.scopes:
        seen = set[tuple[str, str, str]]()
        for el in scope.nodes.values():
            by_event = children(el, "startEvent") if el.get("triggeredByEvent") == "true" else []
            for d in (d for e in ([el] if tag(el) == "boundaryEvent" else by_event) for d in e):
                if (kind := tag(d).removesuffix("EventDefinition")) not in ("error", "escalation", "cancel"):
                    continue
                ref = view.ids.get(local(d.get(f"{kind}Ref")))
                code = "" if ref is None else ref.get(f"{kind}Code") or ident(ref)
                caught = (el.get("attachedToRef") or "", kind, code)
                if caught in seen:
                    yield el, "event.twice", f"'{ident(el)}' catches the {kind} '{code}' that another catches already."
                seen.add(caught)


def together(view: View) -> Iterator[Found]:
    """Only what can be waited for can be waited for together with something else."""
    for _, el in _events(view):
        alone = sorted(set(kinds(el)) - {"message", "signal", "timer", "conditional"})
        if el.get("parallelMultiple") in ("true", "1") and alone:
            yield el, "event.place", f"A {alone[0]} event is not waited for together with others; draw it alone."


def references(view: View) -> Iterator[Found]:
    for _, el in _events(view):
        for d in el:
            ref = next((d.get(a) for a in REFERENCES if d.get(a)), None)
            if ref and local(ref) not in view.ids:
                yield el, "event.reference", f"'{ident(el)}' refers to '{ref}', which does not exist."
            if tag(d) in ("messageEventDefinition", "signalEventDefinition") and not ref:
                yield el, "event.reference", f"'{ident(el)}' names no {tag(d)[: -len('EventDefinition')]}."
            undone = d.get("activityRef") if tag(d) == "compensateEventDefinition" else None
            if undone and undone not in view.ids:
                yield el, "event.reference", f"'{ident(el)}' refers to '{undone}', which does not exist."


def names(view: View) -> Iterator[Found]:
    """What is thrown and caught is compared as it is written: an expression in it would be waited for for ever."""
    for el in view.root.iter(*(tree.MODEL + kind for kind in NAMED)):
        for attribute in ("name", "errorCode", "escalationCode"):
            if re.search(r"[$#]\{", el.get(attribute) or ""):
                yield el, "event.name", f"The {attribute} '{el.get(attribute)}' is not evaluated; write a fixed text."


def conditions(view: View) -> Iterator[Found]:
    for _, el in _events(view):
        for d in children(el, "conditionalEventDefinition"):
            condition = text(d, "condition")
            if not condition:
                yield el, "expression", f"'{ident(el)}' has no condition."
            elif why := unreadable(condition):
                yield el, "expression", f"The condition of '{ident(el)}' is not allowed: {why}"


def times(view: View) -> Iterator[Found]:
    for _, el in _events(view):
        for d in children(el, "timerEventDefinition"):
            found = children(d, "timeDate", "timeDuration", "timeCycle")
            if len(found) != 1 or not (found[0].text or "").strip():
                yield el, "timer", "A timer needs exactly one of timeDate, timeDuration, timeCycle."
            elif why := bad_time((found[0].text or "").strip(), tag(found[0])[len("time") :].lower()):
                yield found[0], "timer", why
            elif tag(found[0]) == "timeCycle" and len(kinds(el)) > 1:
                yield found[0], "timer", "A repeating timer stands alone in its event."


def bad_time(spelt: str, shape: str) -> str:
    """Return why a timer text is not understood, empty when it is."""
    wanted = {
        "duration": 'a duration like P3D, workdays(5), limit("step") or stop()',
        "date": "a date like 2026-09-14 or 2026-09-14T09:00:00+08:00",
        "cycle": "a number of turns and a duration, like R3/P1D or R3/workdays(5)",
    }[shape]
    if timers.read(spelt, shape) is not None:
        return ""
    if shape == "cycle" or unreadable(spelt) or spelt.strip("\"'+-")[:1] in ("P", "R"):
        return f"The timer '{spelt}' is not {wanted}."
    return ""


def _events(view: View) -> Iterator[tuple[Scope, Element]]:
    for scope in view.scopes:
        for el in scope.nodes.values():
            if tag(el) in tree.EVENTS:
                yield scope, el


RULES = (places, boundaries, catchers, together, references, names, conditions, times)
