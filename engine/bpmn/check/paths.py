"""The longest way between two marks, in working days: each loop once, parallel branches by the longest.

A way that the outcome of the first mark rules out is not gone. A wait in natural days counts as so many working days,
the most it can hold. An event sub-process counts from the start of its scope.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from engine.bpmn.check.graph import Graph

Chosen = Mapping[str, Sequence[str]]  # path -> outcomes that it may have here, none: any
Edge = tuple[str, str]


def longest(graph: Graph, sources: Chosen, targets: Chosen, others: Chosen, after: bool) -> tuple[int, list[str]]:
    """Return the days and the steps of the longest way.

    `targets`: with the outcomes that reach the mark; `others`: their outcomes that do not, behind which the way goes
    on. `after`: the sources' own days are before the clock's start.
    """
    found = [_from(graph, path, outcomes, targets, others, after) for path, outcomes in sources.items()]
    return max(found, default=(0, []), key=lambda f: f[0])


def _from(
    graph: Graph, source: str, outcomes: Sequence[str], targets: Chosen, others: Chosen, after: bool
) -> tuple[int, list[str]]:
    given = {source: outcomes, **others} if outcomes else dict(others)
    ends = {t for t in targets if t not in others}
    order, back = _forward(graph, source, ends, given)
    ahead = {p: [n for n in _next(graph, p, ends, given) if (p, n) not in back] for p in order}
    best: dict[str, tuple[int, list[str]]] = {}
    before: dict[str, list[str]] = {}
    for path in order:
        own = 0 if after and path == source else graph.days[path]
        days, way = max((best[p] for p in before.get(path, ())), default=(0, []), key=lambda b: b[0])
        best[path] = (days + own, [*way, path] if own else way)
        for n in ahead[path]:
            before.setdefault(n, []).append(path)
    reached = [best[t] for t in targets if t in best and t != source]
    if not reached:
        return 0, []
    total, way = max(reached, key=lambda b: b[0])
    extra = _returning(graph, order, ahead, {u for u, _ in back}, set(targets))
    return total + sum(graph.days[p] for p in extra), [*way, *extra]


def _next(graph: Graph, path: str, ends: set[str], given: Chosen) -> list[str]:
    return [] if path in ends else [n for n in graph.next.get(path, ()) if graph.open(path, n, given)]


def _forward(graph: Graph, source: str, ends: set[str], given: Chosen) -> tuple[list[str], set[Edge]]:
    """Return what is reached, in an order that respects all edges but those that lead back; and those."""
    back: set[Edge] = set()
    done: list[str] = []
    finished = {source: False}
    stack = [(source, iter(_next(graph, source, ends, given)))]
    while stack:
        path, following = stack[-1]
        step = next(following, None)
        if step is None:
            finished[path] = True
            done.append(path)
            stack.pop()
        elif step not in finished:
            finished[step] = False
            stack.append((step, iter(_next(graph, step, ends, given))))
        elif not finished[step]:
            back.add((path, step))
    return done[::-1], back


def _returning(
    graph: Graph, order: list[str], ahead: Mapping[str, list[str]], loops: set[str], targets: set[str]
) -> list[str]:
    """Return the steps that lie on ways back only: from them the target is reached by looping alone."""
    forward, found = set(targets), set[str]()
    for path in reversed(order):
        if any(n in forward for n in ahead[path]):
            forward.add(path)
        elif path not in forward and (path in loops or any(n in found for n in ahead[path])):
            found.add(path)
    return [p for p in order if p in found and graph.days[p]]
