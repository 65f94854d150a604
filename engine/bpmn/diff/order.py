"""Which steps come before which: what was moved to another place in the flow."""

from __future__ import annotations

from collections import Counter

from engine.bpmn.diff.flows import Placed
from engine.bpmn.diff.things import Change, Name
from engine.bpmn.tree import ident, tag


def moved(old: list[Placed], new: list[Placed], was: dict[str, Name], now: dict[str, Name]) -> list[Change]:
    """Return the fewest steps by whose move the order of the others stays; steps that may be in any order have none.

    `before` of a change: the steps that came before it and now come after; `after`: those that now come before it.
    """
    steps = {p.path for p in old if p.kind == "step"} & {p.path for p in new if p.kind == "step"}
    earlier, later = _before(old, steps), _before(new, steps)
    turned = {(a, b) for a, b in earlier if (b, a) in later and (b, a) not in earlier and (a, b) not in later}
    found = []
    while turned:
        often = Counter(s for pair in turned for s in pair)
        step = min(often, key=lambda s: (-often[s], s))
        passed = tuple(was[a] for a, b in sorted(turned) if b == step)
        overtaken = tuple(now[b] for a, b in sorted(turned) if a == step)
        found.append(Change(kind="step", where=step, what="order", before=passed, after=overtaken, name=now[step]))
        turned = {pair for pair in turned if step not in pair}
    return found


def _before(placed: list[Placed], steps: set[str]) -> set[tuple[str, str]]:
    """Return the pairs of steps of which the first can be followed by the second."""
    after = _edges(placed)
    bits = {s: 1 << n for n, s in enumerate(sorted(steps))}
    reached = dict.fromkeys(after, 0)
    todo = True
    while todo:
        todo = False
        for node in reversed(list(after)):
            found = reached[node]
            for target in after[node]:
                found |= reached.get(target, 0) | bits.get(target, 0)
            todo = todo or found != reached[node]
            reached[node] = found
    return {(a, b) for a in steps for b in steps if a != b and reached[a] & bits[b]}


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
