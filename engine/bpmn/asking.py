"""What a case may be asked ahead that it cannot answer: conditions, loops and timers that ask for variables.

A name is answered when the case has it, or when every way from the live tokens to the question passes the step or call
that gives it. A new case may meet such questions too; a move must not bring any that the case did not have before.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import lru_cache
from typing import NamedTuple

from engine.bpmn import timers
from engine.bpmn.activities import Activity
from engine.bpmn.blocks import inside, reached
from engine.bpmn.multi import Loop, Multi
from engine.bpmn.names import CASE
from engine.bpmn.nodes import Diagram, Node
from engine.bpmn.scopes import Scope
from engine.bpmn.tokens import Scoped
from engine.model import Item
from engine.rules import expressions


class Question(NamedTuple):
    """That the element at `path` may ask for `name` in this `text` and find nothing."""

    path: str
    name: str
    text: str


class Asking(NamedTuple):
    """An expression of an element or of one inside it, by the path from here; `flow`: of the called flow it is in."""

    flow: str
    path: str
    text: str
    names: frozenset[str]
    inside: bool


def unanswered(item: Item, scope: Scoped, diagram: Diagram) -> set[Question]:
    """Return the questions ahead of a live scope, in one version's diagram of it, that may find no answer."""
    live = {t.task_spec.name for t in scope.live()} & diagram.task_specs.keys()
    open_ones = {t.task_spec.name for t in scope.live() if t.id in scope.case.inner}
    found, all_asking = set(), _asking(diagram)
    for anchor in reached(diagram, live) & all_asking.keys():
        for asking in all_asking[anchor]:
            if asking.inside and anchor in open_ones:
                continue
            for name in asking.names:
                if not _answered(item, scope, diagram, live, anchor, asking, name):
                    found.add(Question(scope.prefix + asking.path, name, asking.text))
    return found


def asked(diagram: Diagram, nodes: Collection[str]) -> set[str]:
    """Return the names that these nodes of a diagram, or what is inside them, ask for."""
    asking = _asking(diagram)
    return {name for node in nodes for each in asking.get(node, ()) for name in each.names}


@lru_cache(maxsize=512)
def _asking(diagram: Diagram) -> Mapping[str, tuple[Asking, ...]]:
    """Return what each node of a diagram asks, with what is asked inside it."""
    found: dict[str, list[Asking]] = {}
    for anchor in diagram.task_specs.values():
        for flow, node in (("", anchor), *inside(anchor)):
            for text in asks(node):
                names = frozenset(expressions.names(text))
                asking = Asking(flow, flow + node.bpmn_id, text, names, node is not anchor)
                found.setdefault(anchor.name, []).append(asking)
    return {anchor: tuple(asking) for anchor, asking in found.items()}


def _answered(
    item: Item, scope: Scoped, diagram: Diagram, live: set[str], anchor: str, asking: Asking, name: str
) -> bool:
    if _has(scope.variables, name):
        return True
    if name.startswith(f"{CASE}_"):
        return False
    giver = _giver(item, scope.prefix + asking.flow, name)
    if giver is None or asking.flow:  # of a loop; or of a called flow that is still to begin
        return True
    by = next((n.name for n in diagram.task_specs.values() if _holds(n, giver)), None)
    return by == anchor or (by is not None and anchor not in reached(diagram, live, {by}))


def _has(scope: Scope | None, name: str) -> bool:
    return scope is not None and (dict.__contains__(scope, name) or _has(scope.outer, name))


def _giver(item: Item, prefix: str, name: str) -> str | None:
    """Return the id of the step or call of this flow whose outcome, field or result a name is."""
    paths = {path for path in (*item.steps, *item.calls) if path.rpartition("/")[0] == prefix.removesuffix("/")}
    ids = {path.removeprefix(prefix) for path in paths}
    return max((i for i in ids if name == i or name.startswith(f"{i}_")), key=len, default=None)


def _holds(node: Node, giver: str) -> bool:
    """Whether a node is this step or call, or an embedded sub-process with it inside."""
    own = node.bpmn_id == giver and "#" not in node.name
    return own or any(child.bpmn_id == giver and not below and "#" not in child.name for below, child in inside(node))


def asks(node: Node) -> set[str]:
    """Return the expressions of an element."""
    return {f.condition for f in node.flows if f.condition} | of_itself(node)


def of_itself(node: Node) -> set[str]:
    """Return the expressions of an element but for the conditions of the flows that leave it."""
    found = set[str | None]()
    for trigger in node.triggers:
        if trigger.kind == "conditional" or (trigger.kind == "timer" and not timers.read(trigger.text, trigger.shape)):
            found.add(trigger.text)
    loop = node.loop if isinstance(node, Activity) else None
    if isinstance(loop, Multi):
        found |= {loop.cardinality, loop.collection, loop.until}
    elif isinstance(loop, Loop):
        found.add(loop.condition)
    return {text for text in found if text}
