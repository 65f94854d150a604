"""Which steps may be done while something is at a node: those in other branches that no join has brought together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from engine.bpmn.check.soundness.net import JOINS, Net, interrupting

Branches = list[set[str]]


def beside(net: Net, done: Mapping[str, frozenset[str]]) -> dict[str, frozenset[str]]:
    """Return node -> steps that may be done beside it, by the drawing alone; `done`: node -> steps in it.

    An event sub-process has everything of its scope beside it, and so has what compensates.
    """
    other: dict[str, set[str]] = {name: set() for name in net.nodes}
    for branches in _forks(net):
        near = _near(net, branches)
        for i, own in enumerate(near):
            for name in own:
                other[name] |= set().union(*(n for j, n in enumerate(near) if j != i))
    for name in {*net.listeners, *net.undoes}:
        other[name] = set(net.nodes) - {name}
        for each in net.nodes.keys() - {name}:
            other[each].add(name)
    return {name: frozenset().union(*(done.get(n, frozenset()) for n in found)) for name, found in other.items()}


def _forks(net: Net) -> Iterator[Branches]:
    for starts in net.starts:
        yield [{s} for s in starts]
    for name, node in net.nodes.items():
        targets = [{w.target} for w in node.ways]
        if node.split == "one" or node.kind == "events":
            targets = [set().union(*targets)]
        aside = [g for g in node.guards if not interrupting(net.nodes[g].el)]
        if len(targets) > 1:
            yield targets
        if aside:
            yield [{name}, *({g} for g in aside)]


def _near(net: Net, branches: Branches) -> list[set[str]]:
    """Return what is reached in each branch up to the joins in which branches meet."""
    far = [_reached(net, b, ()) for b in branches]
    joins = {n for n, x in net.nodes.items() if x.kind in JOINS.values() and sum(n in f for f in far) > 1}
    return [_reached(net, b, joins) - joins for b in branches]


def _reached(net: Net, sources: Iterable[str], stop: Iterable[str]) -> set[str]:
    seen, todo, over = set[str](), list(sources), set(stop)
    while todo:
        name = todo.pop()
        if name not in seen:
            seen.add(name)
            todo += net.after(name) if name not in over else ()
    return seen
