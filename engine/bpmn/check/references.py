"""Model rules on references: what a file names is in it, is of the right kind, and says the same from both ends."""

from __future__ import annotations

from collections.abc import Iterator

from engine.bpmn import tree
from engine.bpmn.check.view import Found, View
from engine.bpmn.tree import MODEL, Element, children, ident, local, tag

KINDS = {
    "messageRef": ("message",),
    "signalRef": ("signal",),
    "errorRef": ("error",),
    "escalationRef": ("escalation",),
    "operationRef": ("operation",),
    "dataObjectRef": ("dataObject",),
    "activityRef": tuple(sorted(tree.TASKS)),
    "processRef": ("process",),
}
ELSEWHERE = ("messageRef", "signalRef", "escalationRef")  # that these exist is asked of each event by another rule
HOLDERS = (
    "messageEventDefinition", "signalEventDefinition", "errorEventDefinition", "escalationEventDefinition",
    "compensateEventDefinition", "sendTask", "receiveTask", "serviceTask", "dataObjectReference", "participant",
)  # fmt: skip


def kinds(view: View) -> Iterator[Found]:
    """An id of the wrong kind is worse than none: it would be taken for nothing named."""
    for el in view.root.iter(*(MODEL + name for name in HOLDERS)):
        refs = [(str(k), local(str(v))) for k, v in el.attrib.items() if k in KINDS]
        refs += [(tag(c), local(c.text)) for c in children(el, "operationRef")]
        for name, ref in refs:
            found = view.ids.get(ref)
            if (prefix := _prefix(el, name)) and el.nsmap.get(prefix) != view.raw.get("targetNamespace"):
                yield (
                    el,
                    "reference",
                    f"'{_near(el)}' refers to '{prefix}:{ref}' of another file; define it here.",
                )
            if found is None and name in ELSEWHERE:
                continue
            if found is None or tag(found) not in KINDS[name]:
                is_now = "does not exist" if found is None else f"is a {tag(found)}"
                yield el, "reference", f"'{_near(el)}' refers to '{ref}', which {is_now}; name a {KINDS[name][0]}."


def _prefix(el: Element, name: str) -> str:
    """Return the namespace prefix of a reference, empty when it has none."""
    spelt = el.get(name) or next((c.text or "" for c in children(el, name)), "")
    return spelt.strip().rpartition(":")[0]


def definitions(view: View) -> Iterator[Found]:
    """A reference to an event definition that is not there would leave an event that waits for, or throws, nothing."""
    for ref in view.root.iter(MODEL + "eventDefinitionRef"):
        yield (
            ref,
            "reference",
            f"'{_near(ref)}' refers to the event definition '{local(ref.text)}', which does not exist.",
        )


def lanes(view: View) -> Iterator[Found]:
    for p in tree.running(view.root):
        here = {ident(el) for el in p.iter(MODEL + "*") if tag(el) in tree.NODES}
        for ref in p.iter(MODEL + "flowNodeRef"):
            if local(ref.text) not in here:
                yield (
                    ref,
                    "reference",
                    f"The lane '{_near(ref)}' holds '{local(ref.text)}', which is no step of this process.",
                )


def ends(view: View) -> Iterator[Found]:
    """`incoming` and `outgoing` of an element repeat the flows; where they contradict them, one of the two is wrong."""
    for scope in view.scopes:
        flows = {ident(f): f for f in scope.flows}
        for name, el in scope.nodes.items():
            for c in children(el, "incoming", "outgoing"):
                end = "targetRef" if tag(c) == "incoming" else "sourceRef"
                flow = flows.get(local(c.text))
                if flow is None:
                    yield (
                        c,
                        "flow.contradiction",
                        f"'{name}' names the {tag(c)} flow '{local(c.text)}', which does not exist in its scope.",
                    )
                elif flow.get(end) != name:
                    yield (
                        c,
                        "flow.contradiction",
                        f"'{name}' names '{ident(flow)}' as {tag(c)}, but its {end} is '{flow.get(end)}'.",
                    )


def messages(view: View) -> Iterator[Found]:
    """Message flows connect pools; inside a pool there are sequence flows."""
    pools = {ident(p): p for p in view.root.iter(MODEL + "participant")}
    home = {ident(el): ident(p) for p in children(view.root, "process") for el in p.iter(MODEL + "*") if el.get("id")}
    for f in view.root.iter(MODEL + "messageFlow"):
        names = [local(f.get(end)) for end in ("sourceRef", "targetRef")]
        for name in names:
            if name not in pools and name not in home:
                yield f, "reference", f"The message flow '{ident(f)}' leads to or from '{name}', which does not exist."
        where = [home.get(n) or local(pools[n].get("processRef")) if n in home or n in pools else n for n in names]
        if where[0] and where[0] == where[1]:
            yield f, "message.pool", f"The message flow '{ident(f)}' stays inside one pool; draw a sequence flow."


def pools(view: View) -> Iterator[Found]:
    """Of several executable pools one may be begun by filing; the others would have to be begun by its events."""
    executable = {ident(p): p for p in tree.processes(view.root)}
    begun = []
    for pool in view.root.iter(MODEL + "participant"):
        p = executable.get(local(pool.get("processRef")))
        if p is not None and p not in begun and any(not tree.kinds(s) for s in children(p, "startEvent")):
            begun.append(p)
    for p in begun[1:]:
        says = f"'{ident(begun[0])}' and '{ident(p)}' are pools that would have to be begun together"
        yield p, "process.pools", f'{says}; set isExecutable="false" on those that others run.'


def _near(el: Element) -> str:
    return next((ident(e) for e in (el, *el.iterancestors()) if e.get("id")), tag(el))


RULES = (kinds, definitions, lanes, ends, messages, pools)
