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


REMEMBERED = 200  # answers kept by each diagram


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
        full = reaching(token.workflow.spec, self, tuple(f for f in self.incoming if f in first))
        empty = reaching(token.workflow.spec, self, tuple(f for f in self.incoming if f not in first))
        for t in token.workflow.live():
            waits = not t.task_spec.listens or t._state != WAITING
            if waits and t.task_spec.name in empty and t.task_spec.name not in full:
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


def reaching(diagram: Diagram, join: Join, flows: tuple[str, ...]) -> frozenset[str]:
    """Return the nodes from which a token can get onto one of these incoming flows without passing the join."""
    key = (join.name, *flows)
    found = diagram.reaching.get(key)
    if found is None:
        if len(diagram.reaching) >= REMEMBERED:
            diagram.reaching.clear()
        before = diagram.before()
        seen: set[str] = set()
        todo = [source for source, flow in before.get(join.name, ()) if flow in flows]
        while todo:
            name = todo.pop()
            if name not in seen and name != join.name:
                seen.add(name)
                todo += [source for source, _ in before.get(name, ())]
        found = diagram.reaching[key] = frozenset(seen)
    return found
