"""Gateways that wait. A token waiting here is a token on an incoming flow; firing consumes it, so rounds cannot mix.

Mends: the parallel join counts arrivals of an earlier round and fires early, so that a joint review is skipped in the
second round; the inclusive join does not see the second round; excess tokens are lost; both merge data of older rounds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.bpmn.core import WAITING
from engine.bpmn.nodes import Diagram, Node

if TYPE_CHECKING:
    from engine.bpmn.tokens import Token


class Join(Node):
    """A gateway with several incoming flows, by id."""

    counts = True
    incoming: tuple[str, ...] = ()

    def first(self, token: Token) -> dict[str, Token]:
        """Return the oldest waiting token of each incoming flow that holds one."""
        found: dict[str, Token] = {}
        for t in token.workflow.tasks.values():
            if t.task_spec is self and t._state == WAITING:
                found.setdefault(t.internal_data["by"], t)
        return found


class ParallelJoin(Join):
    """Fires when each incoming flow holds a token; one of each is consumed, more stay for the next round."""

    def _update_hook(self, token: Token) -> bool:
        token.turn(WAITING)
        first = self.first(token)
        if len(first) < len(self.incoming):
            return False
        consume(token, first)
        return True


class InclusiveJoin(Join):
    """Decided at rest: waits while some token can reach an empty incoming flow but none that already holds a token.

    Source: BPMN 2.0.2, table 13.3 (both clauses).
    """

    def _update_hook(self, token: Token) -> bool:
        token.turn(WAITING)
        return False

    def recheck(self, token: Token) -> bool:
        first = self.first(token)
        if token is not next(iter(first.values())):
            return False
        reach = reachable(token.workflow.spec, self)
        full = [f for f in self.incoming if f in first]
        empty = [f for f in self.incoming if f not in first]
        for t in token.workflow.live():
            if t.task_spec is self or (t.task_spec.listens and t._state == WAITING):
                continue
            name = t.task_spec.name
            if any(name in reach[f] for f in empty) and not any(name in reach[f] for f in full):
                return False
        consume(token, first)
        token._ready()
        return True


def consume(token: Token, first: dict[str, Token]) -> None:
    if not all(t.internal_data.get("aside") for t in first.values()):
        token.internal_data.pop("aside", None)
    for t in first.values():
        if t is not token:
            t.cancel()


def reachable(diagram: Diagram, join: Join) -> dict[str, set[str]]:
    """Return per incoming flow the nodes from which a token can get onto it without passing the join."""
    if join.name not in diagram.joins:
        before: dict[str, list[tuple[str, str]]] = {}
        for spec in diagram.task_specs.values():
            for f in spec.flows:
                before.setdefault(f.target, []).append((spec.name, f.id))
            for b in getattr(spec, "boundary", ()):
                before.setdefault(b, []).append((spec.name, ""))
        result: dict[str, set[str]] = {}
        for flow in join.incoming:
            seen: set[str] = set()
            todo = [next(source for source, f in before[join.name] if f == flow)]
            while todo:
                name = todo.pop()
                if name not in seen and name != join.name:
                    seen.add(name)
                    todo += [source for source, _ in before.get(name, ())]
            result[flow] = seen
        diagram.joins[join.name] = result  # complete before it is seen: threads share a diagram
    return diagram.joins[join.name]
