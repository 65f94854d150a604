"""What a token is sure to do before its scope ends: whether it has been done before makes no difference to the run."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache

from engine.bpmn.check.soundness import may_be_none
from engine.bpmn.check.soundness.inclusive import Token
from engine.bpmn.check.soundness.net import Net, Node
from engine.bpmn.returning import Back
from engine.bpmn.runs.walk import CUT, ONCE, OTHER, Inside, Walk
from engine.bpmn.tree import ident

Steps = frozenset[str]


def sure(walk: Walk) -> Callable[[Token], Steps]:
    """Return what says of a token which steps it does on every way to the end; nothing, if tokens may be cut off."""
    if walk.cuts_off:
        return lambda _: frozenset()
    ahead = _ahead(walk.net, walk.inside)
    plans = [plan for node in walk.net.nodes.values() for plan in node.backs]

    @cache
    def of(token: Token) -> Steps:
        if token.at[:1] == ">":
            return frozenset()
        found = ahead[token.node]
        if ONCE in token.fired:
            found -= _own(walk.net.nodes[token.node], walk.inside)
        if CUT in token.fired or any(f[:1] == OTHER for f in token.fired):
            return frozenset()
        for plan in plans:
            if plan.ends(token.node, token.at or None):
                found &= _anew(plan, ahead)
        return found

    return of


def _ahead(net: Net, inside: Mapping[str, Inside]) -> dict[str, Steps]:
    """Return node -> the steps on every way from there: of several ways at once all, of a choice what is common."""
    own = {name: _own(node, inside) for name, node in net.nodes.items()}
    every = frozenset().union(*own.values())
    ahead = dict.fromkeys(net.nodes, every)
    changed = True
    while changed:
        changed = False
        for name in sorted(net.nodes, key=lambda n: -net.nodes[n].order):
            node = net.nodes[name]
            after = [ahead[w.target] for w in node.ways]
            at_once = node.split == "all" and node.kind != "events" and not any(w.condition for w in node.ways)
            found = own[name] | (frozenset().union(*after) if at_once or not after else after[0].intersection(*after))
            for other in (*(ahead[g] for g in node.guards), *(_anew(plan, ahead) for plan in node.backs)):
                found &= other
            if found != ahead[name]:
                ahead[name], changed = found, True
    return ahead


def _own(node: Node, inside: Mapping[str, Inside]) -> Steps:
    done = [t.done for t in inside.get(ident(node.el), Inside()).trails if t.exit.kind == "end"]
    return done[0].intersection(*done) if done and not may_be_none(node.el) else frozenset()


def _anew(plan: Back, ahead: Mapping[str, Steps]) -> Steps:
    """Return what is sure after a return; one that begins within an activity says nothing of it."""
    return ahead[plan.to[0]] if len(plan.to) == 1 else frozenset()
