"""Which steps come before which: what was moved to another place in the flow."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from engine.bpmn.diff.flows import Placed
from engine.bpmn.diff.things import Change, Name
from engine.bpmn.tree import ident, tag


def moved(old: list[Placed], new: list[Placed], was: dict[str, Name], now: dict[str, Name]) -> list[Change]:
    """Return the fewest steps by whose move the order of the others stays; steps that may be in any order have none.

    `before` of a change: the steps that came before it and now come after; `after`: those that now come before it.
    """
    steps = sorted({p.path for p in old if p.kind == "step"} & {p.path for p in new if p.kind == "step"})
    bits = {s: 1 << n for n, s in enumerate(steps)}
    (followed, preceded), (follow, precede) = _around(old, bits), _around(new, bits)
    turned = set()
    for step in steps:
        later = followed[step] & ~preceded[step] & precede[step] & ~follow[step]
        turned |= {(step, other) for n, other in enumerate(steps) if later >> n & 1} if later else set()
    found = []
    while turned:
        often = Counter(s for pair in turned for s in pair)
        step = min(often, key=lambda s: (-often[s], s))
        passed = tuple(was[a] for a, b in sorted(turned) if b == step)
        overtaken = tuple(now[b] for a, b in sorted(turned) if a == step)
        found.append(Change(kind="step", where=step, what="order", before=passed, after=overtaken, name=now[step]))
        turned = {pair for pair in turned if step not in pair}
    return found


def _around(placed: list[Placed], bits: Mapping[str, int]) -> tuple[dict[str, int], dict[str, int]]:
    """Return by element, as bits, the steps that can follow it and those that can precede it."""
    after = _edges(placed)
    before: dict[str, list[str]] = {node: [] for node in after}
    for node, targets in after.items():
        for target in targets:
            before.setdefault(target, []).append(node)
    return _reached(after, before, bits), _reached(before, after, bits)


def _reached(edges: Mapping[str, list[str]], back: Mapping[str, list[str]], bits: Mapping[str, int]) -> dict[str, int]:
    reached, todo = dict.fromkeys(edges, 0), list(edges)
    while todo:
        node = todo.pop()
        found = reached[node]
        for target in edges[node]:
            found |= reached.get(target, 0) | bits.get(target, 0)
        if found != reached[node]:
            reached[node] = found
            todo += back.get(node, ())
    return reached


def _edges(placed: list[Placed]) -> dict[str, list[str]]:
    """Return what follows each element; into a sub-process or called flow, and out of it, too."""
    after: dict[str, list[str]] = {p.path: [] for p in placed}
    for p in placed:
        after[p.path] += [p.prefix + (f.get("targetRef") or "") for f in p.ways]
        if tag(p.el) == "boundaryEvent":
            after.setdefault(p.prefix + (p.el.get("attachedToRef") or ""), []).append(p.path)
    for p in placed:
        owner = p.prefix + ident(p.scope) if p.scope is not p.flow.process else p.prefix.rstrip("/:")
        if owner in after and p.path != owner:
            if tag(p.el) == "startEvent":
                after[owner].append(p.path)
            elif tag(p.el) == "endEvent":
                after[p.path] += [n for n in after[owner] if not n.startswith(f"{owner}/")]
    return after
