"""Item rules on the drawing: everything is reached, everything can come to an end event. One finding for one cause."""

from __future__ import annotations

from collections.abc import Iterator

from engine.bpmn.check.view import Found, Scope, View
from engine.bpmn.tree import ident, kinds, tag


def unreachable(view: View) -> Iterator[Found]:
    for scope in _drawn(view):
        told = scope.follow([*scope.begins, *scope.implicit])  # what nothing leads to has its finding
        for name, el in scope.nodes.items():
            if name not in told and scope.into.get(name):
                told |= scope.follow([name])
                yield el, "flow.unreachable", f"No path leads from the start to '{name}'."


def dead_ends(view: View) -> Iterator[Found]:
    for scope in _drawn(view):
        for name, el in scope.nodes.items():
            if tag(el) != "endEvent" and not scope.out.get(name) and not _leaves_otherwise(scope, name):
                yield el, "flow.dead_end", f"Nothing follows '{name}'; lead it to an end event."


def endless(view: View) -> Iterator[Found]:
    for scope in _drawn(view):
        ends = [n for n, el in scope.nodes.items() if tag(el) == "endEvent" or not scope.out.get(n)]
        told = scope.follow(ends, backwards=True)
        for name, el in scope.nodes.items():
            if name not in told:
                told |= scope.follow([name]) | scope.follow([name], backwards=True)
                yield el, "flow.no_end", f"From '{name}' no path leads to an end event."


def _drawn(view: View) -> list[Scope]:
    """Scopes whose flows all connect; a flow that does not has its finding, and would have many more here."""
    return [s for s in view.scopes if all(s.connects(f) for f in s.flows)]


def _leaves_otherwise(scope: Scope, name: str) -> bool:
    el = scope.nodes[name]
    link = tag(el) == "intermediateThrowEvent" and "link" in kinds(el)
    undoes = tag(el) == "boundaryEvent" and "compensate" in kinds(el)
    return link or undoes or el.get("triggeredByEvent") == "true" or ident(el) in scope.handlers


RULES = (unreachable, dead_ends, endless)
