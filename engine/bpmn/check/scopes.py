"""Model rules on processes and sub-processes: what connects, what starts, what is never reached."""

from __future__ import annotations

from collections.abc import Iterator

from engine.bpmn import source, tree
from engine.bpmn.check.view import Found, Scope, View, unreadable
from engine.bpmn.tree import MODEL, Element, children, ident, kinds, local, tag, text


def dangling(view: View) -> Iterator[Found]:
    for scope in view.scopes:
        for f in scope.flows:
            if not scope.connects(f):
                ends = f"{f.get('sourceRef')} to {f.get('targetRef')}"
                yield f, "flow.dangling", f"The flow '{ident(f)}' ({ends}) does not connect two elements of one scope."


def conditions(view: View) -> Iterator[Found]:
    for scope in view.scopes:
        for f in scope.flows:
            condition = text(f, "conditionExpression")
            if condition and (why := unreadable(condition)):
                yield f, "expression", f"The condition of '{ident(f)}' is not allowed: {why}"
            source = scope.nodes.get(f.get("sourceRef") or "")
            if condition and source is not None and tag(source) in ("parallelGateway", "eventBasedGateway"):
                yield f, "flow.condition", f"A flow out of a {tag(source)} has no condition; delete it."


def starts(view: View) -> Iterator[Found]:
    for scope in view.scopes:
        found = children(scope.el, "startEvent")
        if not scope.nodes:
            yield scope.el, "scope.empty", f"'{ident(scope.el)}' is empty; draw its flow."
        elif not found and not scope.implicit:
            yield scope.el, "start.none", f"'{ident(scope.el)}' has no start event; draw one."
        if scope.by_event:
            yield from _event_sub_process(scope, found)
        elif tag(scope.el) == "process":
            plain = [s for s in found if not kinds(s)]
            for s in plain[1:]:
                yield s, "start.many", "Which start event begins the process? Keep one that has no event."
            for s in found:
                if s.findall(f".//{MODEL}timeCycle"):
                    yield s, "unsupported", "No timer starts a process again and again; whoever files begins it."
                if s.get("parallelMultiple") == "true":
                    yield s, "unsupported", "A process cannot wait for several events to start; use one event."
        else:
            if len(found) > 1:
                yield scope.el, "start.many", f"The sub-process '{ident(scope.el)}' has more than one start event."
            for s in found:
                if kinds(s):
                    yield s, "start.event", "The start event of a sub-process has no event; take it away."


def _event_sub_process(scope: Scope, found: list[Element]) -> Iterator[Found]:
    if len(found) != 1 or not kinds(found[0]):
        yield scope.el, "start.event", "An event sub-process has exactly one start event, with an event."
    for loop in children(scope.el, "standardLoopCharacteristics", "multiInstanceLoopCharacteristics"):
        yield loop, "unsupported", "An event sub-process is begun by its event, not by a loop; take the loop away."
    parent = scope.el.getparent()
    around = children(parent, "sequenceFlow") if parent is not None else []
    if any(ident(scope.el) in (f.get("sourceRef"), f.get("targetRef")) for f in around):
        yield scope.el, "flow.dangling", "An event sub-process has no flows; its start event begins it."


def unreached(view: View) -> Iterator[Found]:
    for scope in view.scopes:
        if children(scope.el, "startEvent"):
            for name in scope.implicit:
                yield scope.nodes[name], "flow.unreached", f"Nothing leads to '{name}'; connect it or delete it."


def links(view: View) -> Iterator[Found]:
    for scope in view.scopes:
        targets: set[str] = set()
        for el in _linking(scope, "intermediateCatchEvent"):
            name = children(el, "linkEventDefinition")[0].get("name") or ""
            if name in targets:
                yield el, "link", f"The link '{name}' has two targets in this scope."
            targets.add(name)
        for el in _linking(scope, "intermediateThrowEvent"):
            name = children(el, "linkEventDefinition")[0].get("name") or ""
            if name not in targets:
                yield el, "link", f"The link '{name}' leads nowhere in this scope."


def _linking(scope: Scope, kind: str) -> list[Element]:
    return [el for el in scope.nodes.values() if tag(el) == kind and "link" in kinds(el)]


def called(view: View) -> Iterator[Found]:
    """A call begins at the start event that has no event."""
    named = {local(el.get("calledElement")) for el in view.elements("callActivity")}
    for p in children(view.root, "process"):
        first = view.called and p in tree.processes(view.root)[:1]
        found = children(p, "startEvent")
        if (first or ident(p) in named) and found and all(kinds(s) for s in found):
            yield p, "start.none", f"'{ident(p)}' is called, but each of its start events waits for an event."


def calls(view: View) -> Iterator[Found]:
    own = {ident(p): p for p in children(view.root, "process")}
    above = {s.item for s in view.above} | {view.source.item}
    for el in view.elements("callActivity"):
        flow = local(el.get("calledElement"))
        if flow in own:
            if flow in _callers(view, el):
                yield el, "call.cycle", f"'{flow}' calls itself; a flow may not come back to itself."
        elif flow in above:
            yield el, "call.cycle", f"'{flow}' calls itself; a flow may not come back to itself."
        elif flow not in view.source.called and len(view.above) > source.MAX_NESTING:
            yield el, "call.deep", f"Files call each other more than {source.MAX_NESTING} deep; draw a flatter flow."
        elif flow not in view.source.called:
            yield (
                el,
                "call.unknown",
                f"There is no flow '{flow}' to call; it would be processes/_shared/{flow}/flow.bpmn.",
            )


def _callers(view: View, call: Element) -> set[str]:
    """Return the processes of this file from which the process that holds `call` can be reached, itself included."""
    holds: dict[str, set[str]] = {}
    for p in children(view.root, "process"):
        holds[ident(p)] = {local(c.get("calledElement")) for c in p.iter(MODEL + "callActivity")}
    home = next(ident(p) for p in call.iterancestors() if tag(p) == "process")
    found, size = {home}, 0
    while size != len(found):
        size = len(found)
        found |= {p for p, called in holds.items() if called & found}
    return found


RULES = (dangling, conditions, starts, unreached, links, called, calls)
