"""Inclusive joins: which of them may fire now, and whether the order in which tokens move matters to one.

Source: BPMN 2.0.2, table 13.3 (both clauses).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from engine.bpmn.check.soundness.net import Net

NOWHERE: frozenset[str] = frozenset()


class Token(NamedTuple):
    """`at`: `>flow` on its way to the node, `flow` waiting there by that flow, empty: open there.

    `last`: the steps that may have been done last on its way; followed by engine/bpmn/runs only.
    """

    node: str
    at: str
    aside: bool = False
    fired: tuple[str, ...] = ()
    last: tuple[str, ...] = ()


class Inclusive:
    """The inclusive joins of a net."""

    def __init__(self, net: Net) -> None:
        self.net = net
        self.joins = [n for n, x in net.nodes.items() if x.kind == "inclusive"]
        self._reach = cache(self._reachable)

    def ready(self, tokens: Sequence[Token], waiting: Token) -> bool:
        """Does no token come to an empty incoming flow, unless it can come to one that holds a token, too?"""
        join = waiting.node
        if join not in self.joins:
            return False
        full = {t.at for t in tokens if t.node == join}
        for t in tokens:
            if t.node != join:
                onto = self._reach(join).get(t.node, NOWHERE)
                if onto and not onto & full:
                    return False
        return True

    def apart(self, tokens: Sequence[Token]) -> bool:
        """Does each join get at most one token by each flow, whatever the order in which the tokens move?"""
        for join in self.joins:
            onto = [{t.at} if t.node == join else self._reach(join).get(t.node, NOWHERE) for t in tokens]
            several = sum(1 for flows in onto if flows) > 1
            if several and (any(len(f) > 1 for f in onto) or len(set().union(*onto)) < sum(map(len, onto))):
                return False
        return True

    def _reachable(self, join: str) -> dict[str, frozenset[str]]:
        """Return per node the incoming flows of the join that a token there can get onto without passing the join."""
        before: dict[str, list[str]] = {}
        for n in self.net.nodes:
            for m in self.net.after(n):
                before.setdefault(m, []).append(n)
        found: dict[str, set[str]] = {}
        for n, x in self.net.nodes.items():
            for w in x.ways:
                seen, todo = {join}, [n] if w.target == join else []
                while todo:
                    m = todo.pop()
                    if m not in seen:
                        seen.add(m)
                        found.setdefault(m, set()).add(w.id)
                        todo += before.get(m, ())
        return {n: frozenset(flows) for n, flows in found.items()}
