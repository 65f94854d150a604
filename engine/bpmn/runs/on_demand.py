"""What may begin at any time beside a scope and tells it nothing: with each of its trails, the scope may do that too.

Followed with the scope it would multiply the states; nothing in the scope depends on it, so the trails are multiplied.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product

from engine.bpmn.check.soundness.data import Data
from engine.bpmn.check.soundness.game import THROWN
from engine.bpmn.check.soundness.net import Exit, Net, interrupting, start_of
from engine.bpmn.runs.search import Beside, TooMany
from engine.bpmn.runs.trails import ENTRY, EVENT, Trail, resolved, union
from engine.bpmn.runs.walk import Inside
from engine.bpmn.tree import kinds

MAX_TRAILS = 5_000


def at_any_time(net: Net, data: Data) -> Iterator[str]:
    """Yield the event sub-processes that interrupt nothing, tell nothing, and that nothing in the scope sets off."""
    for name in net.listeners:
        node = net.nodes[name]
        told = set(data.writes.get(name, ())) & (data.asked | data.keep)
        plain = {e.kind for e in node.exits} == {"end"} and not node.inside and not told
        events = set(kinds(start_of(node.el)))
        if plain and events and not events & THROWN and not interrupting(node.el):
            yield name


def times(found: Inside, aside: Mapping[str, Inside], beside: Beside, cuts: bool) -> Inside:
    """Return the trails of a scope with all that may be done in it at any time; `cuts`: that may be cut off.

    Raises:
        TooMany: there are more than MAX_TRAILS.
    """
    if not aside:
        return found
    whole, cut = ([_sets(n, i, part, beside) for n, i in aside.items()] for part in (cuts, True))
    nothing = Trail(exit=Exit(kind="partial"), steps=())
    partial = [t for t in _times([*found.partial, nothing], cut, beside) if t.steps]
    return Inside(_times(found.trails, whole, beside), partial)


def _times(trails: Sequence[Trail], sets: Sequence[Sequence[Trail]], beside: Beside) -> list[Trail]:
    count = len(trails)
    for each in sets:
        count *= len(each)
    if count > MAX_TRAILS:
        raise TooMany
    return [
        union((*more, trail), trail.exit, beside) if any(t.steps for t in more) else trail
        for more in product(*sets)
        for trail in trails
    ]


def _sets(node: str, inside: Inside, cut: bool, beside: Beside) -> list[Trail]:
    """Return all that may come of beginning it never, once or more often: one trail for each set of steps,
    with all that is part of it."""
    none = Trail(exit=Exit(), steps=(), last=frozenset())
    found: dict[frozenset[str], Trail] = {frozenset(): none}
    once = [_seen(node, t) for t in (*inside.trails, *(inside.partial if cut else ()))]
    todo: list[Trail] = [none]
    while todo:
        so_far = todo.pop()
        for trail in once:
            done = so_far.done | trail.done
            if done not in found:
                found[done] = union((so_far, trail), Exit(), beside)
                todo.append(found[done])
        if len(found) > MAX_TRAILS:
            raise TooMany
    return [union([t for t in (trail, *once) if t.done <= done], Exit(), beside) for done, trail in found.items()]


def _seen(node: str, trail: Trail) -> Trail:
    event = (EVENT + node, ENTRY)
    before = {s: resolved(names, event, node) for s, names in trail.before.items()}
    return Trail(
        exit=Exit(),
        steps=trail.steps,
        before=before,
        outcomes=trail.outcomes,
        last=resolved(trail.last, event, node),
    )
