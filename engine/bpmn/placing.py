"""Continuing a case at a declared step: how a case in trouble is repaired. Nothing here decides who may.

The live tokens of the block that the step stands in end and one token opens the step; variables stay, and so do the
listeners of event sub-processes. A block that is not open is entered like any activity: its boundary events and its
event sub-processes are armed, and it supersedes the live tokens of the block around it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.bpmn.activities import Activity, CallActivity, SubProcess, UserTask
from engine.bpmn.core import FUTURE, WAITING
from engine.bpmn.events import Listener, arm
from engine.bpmn.faults import Stuck
from engine.bpmn.joins import ParallelJoin, reaching

if TYPE_CHECKING:
    from engine.bpmn.case import Case
    from engine.bpmn.nodes import Diagram
    from engine.bpmn.tokens import Scoped, Token

Way = tuple[str, ...]  # names of nodes: the activities around a step, outermost first, then the step


def way(diagram: Diagram, path: str, prefix: str = "") -> Way | None:
    """Return how to get to the step `path`; None when there is none, or it lies inside a loop or a compensation."""
    nodes = [n for n in diagram.task_specs.values() if isinstance(n, Activity) and "#" not in n.name]
    undoing = {diagram.undo, *(n.handler for n in nodes)}
    for node in nodes:
        if node.name in undoing:
            continue
        if isinstance(node, UserTask) and prefix + node.bpmn_id == path:
            return (node.name,)
        if isinstance(node, SubProcess) and node.inside is not None and node.loop is None:
            below = f"{prefix}{node.bpmn_id}/" if isinstance(node, CallActivity) else prefix
            if (rest := way(node.inside, path, below)) is not None:
                return (node.name, *rest)
    return None


def place(case: Case, to: Way) -> None:
    """Open the step at the end of `to`; the activities around it that are open are used as they are.

    Raises:
        Stuck: the step lies on a branch whose parallel join would wait for ever for the branches that end.
    """
    scope: Scoped = case
    while len(to) > 1:
        held = [t for t in scope.live() if t.task_spec.name == to[0] and t.id in case.inner]
        if not held:
            break
        scope, to = case.inner[held[0].id], to[1:]
    if stuck := joins_again(scope.spec, to):
        raise Stuck(why=f"continued at {to[-1]}, {stuck} would wait for ever; go back to before the branches")
    token = scope.task_tree.born(scope.spec.task_specs[to[0]])
    _supersede(token)
    opened(token, to[1:])


def joins_again(diagram: Diagram, to: Way) -> str:
    """Return the name of a parallel join that would wait for ever behind the step alone; empty when there is none."""
    for join in [n for n in diagram.task_specs.values() if isinstance(n, ParallelJoin)]:
        reached = [to[0] in reaching(diagram, join, (flow,)) for flow in join.incoming]
        if any(reached) and not all(reached):
            return join.name
    node = diagram.task_specs[to[0]]
    if isinstance(node, SubProcess) and node.inside is not None and len(to) > 1:
        return joins_again(node.inside, to[1:])
    return ""


def _supersede(token: Token) -> None:
    """End what else is live in the scope of `token`: for a body of an event sub-process, what its event would end."""
    scope, listener = token.workflow, _listener(token)
    if listener is not None and not listener.interrupts:
        token.internal_data["aside"] = True
    elif listener is not None:
        scope.kill(but=token)
    else:
        silent = False
        for t in scope.live():
            listens = t._state == WAITING and t.task_spec.listens and "host" not in t.internal_data
            if t is not token and not listens:
                body = _listener(t)
                silent = silent or (body is not None and body.interrupts)
                t.cancel()
        if silent:  # an interruption had disarmed the event sub-processes, and it is over
            scope.enter(())


def _listener(token: Token) -> Listener | None:
    """Return the start event of the event sub-process whose body `token` is."""
    found = token.workflow.spec.task_specs.get(f"{token.task_spec.name}#on")
    return found if isinstance(found, Listener) else None


def opened(token: Token, rest: Way) -> None:
    """Open the step at the end of `rest`, in the activity that `token` has come to; it alone when there is no rest."""
    node = token.task_spec
    assert isinstance(node, Activity)
    if not rest:
        if token._state == FUTURE and node.enter(token):
            token._ready()
    elif token._state == FUTURE and arm(token):
        assert isinstance(node, SubProcess)
        inner = node.inner(token)
        child = inner.task_tree.born(inner.spec.task_specs[rest[0]])
        inner.enter(())
        if child._state == FUTURE and (listener := _listener(child)) is not None:
            child.internal_data.update({"aside": True} if not listener.interrupts else {})
            if listener.interrupts:
                inner.kill(but=child)
        opened(child, rest[1:])
