"""Whether the live tokens of a case find their places in another version of its definition, and the state there.

Refused when in doubt. Where the answer is yes all stays as it is: ids of tokens, texts of armed timers, records of what
can be undone, variables. What people, marks and clocks have to say is in engine/rules/moving.py.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from engine.bpmn import timers
from engine.bpmn.activities import Activity, SubProcess
from engine.bpmn.asking import unanswered
from engine.bpmn.blocks import blocks, branches_of, inside, prefix_of, reached, stands, ways
from engine.bpmn.case import Case
from engine.bpmn.core import WAITING
from engine.bpmn.events import Catch, Listener
from engine.bpmn.faults import Fault
from engine.bpmn.joins import Join, reaching
from engine.bpmn.nodes import Diagram, Node
from engine.bpmn.program import Program
from engine.bpmn.scopes import Done
from engine.bpmn.state import dumps, loads
from engine.bpmn.tokens import Scoped, Token
from engine.rules.moving import Point


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What a move would do. `state`: that of the new version, None where `faults` stand against it.

    `kept`: (token, path) of all that is live.

    `before`, `ahead`: paths of what the case stands at or may still come to, in the old and in the new version;
    `follows`: the limits that timers ahead follow.
    """

    state: bytes | None
    faults: tuple[Point, ...]
    notes: tuple[Point, ...]
    kept: tuple[tuple[str, str], ...]
    before: frozenset[str]
    ahead: frozenset[str]
    follows: frozenset[str]


@dataclass(frozen=True)
class Pair:
    """A live scope with the diagram that it has in each version."""

    scope: Scoped
    old: Diagram
    new: Diagram


def plan(old: Program, new: Program, state: bytes) -> Plan:
    """Compare every live token of a case with its place in the new version.

    Raises:
        Fault: the state cannot be read with the old version.
    """
    case = loads(state, old, {})
    pairs = _pairs(case, new)
    before = _ahead([(p.scope, p.old) for p in pairs])
    ahead = _ahead([(p.scope, p.new) for p in pairs])
    faults = [Point("closed")] if case.completed else [f for p in pairs for f in _against(p, old, new)]
    faults += _undoing(pairs)
    if not faults:  # these follow from others
        faults = [f for p in pairs for f in (*_finished_branches(p), *_unanswered(p, old, new))]
    notes = [note for p in pairs for note in _notes(p)]
    follows = frozenset(limit for p in pairs for limit in _follows(p.scope, p.new))
    kept = tuple((str(t.id), t.path) for t in case.everything())
    return Plan(
        state=None if faults else _carried(case, pairs, new),
        faults=tuple(dict.fromkeys(faults)),
        notes=tuple(dict.fromkeys(notes)),
        kept=kept,
        before=before,
        ahead=ahead,
        follows=follows,
    )


def moved(old: Program, new: Program, state: bytes) -> bytes:
    """Return the state of a case in the new version.

    Raises:
        Fault: the case cannot move.
    """
    planned = plan(old, new, state)
    if planned.state is None:
        raise Fault(why=" ".join(str(fault) for fault in planned.faults))
    return planned.state


def _carried(case: Case, pairs: Sequence[Pair], new: Program) -> bytes:
    """Return the state with every live token at its place in the new version; it has been read back."""
    for pair in pairs:
        tokens = pair.scope.live()
        pair.scope.spec = pair.new
        for token in tokens:
            token.task_spec = pair.new.task_specs[token.task_spec.name]
    state = dumps(case, new)
    loads(state, new, {})
    return state


def _unanswered(pair: Pair, old: Program, new: Program) -> list[Point]:
    before, now = unanswered(old.item, pair.scope, pair.old), unanswered(new.item, pair.scope, pair.new)
    return [Point("name", question.path, question.name) for question in sorted(now - before)]


def _pairs(case: Case, new: Program) -> list[Pair]:
    """Return the live scopes that have a counterpart; of one that has none the activity around it says so."""
    into: dict[int | None, Diagram] = {None: new.main}
    for inner in sorted(case.inner.values(), key=lambda w: w.depth):
        assert inner.owner is not None
        above = inner.owner.workflow.owner
        around = into.get(above.id if above else None)
        node = around.task_specs.get(inner.owner.task_spec.name) if around else None
        if isinstance(node, SubProcess) and node.inside is not None:
            into[inner.owner.id] = node.inside
    owned = [(None, case), *[(w.owner.id, w) for w in case.inner.values() if w.owner is not None]]
    return [Pair(scope, scope.spec, into[key]) for key, scope in owned if key in into]


def _against(pair: Pair, old: Program, new: Program) -> Iterator[Point]:
    scope = pair.scope
    for name in pair.new.listeners:
        if name not in pair.old.listeners:
            yield Point("listener_added", what=name.removesuffix("#on"))
    for name in pair.old.listeners:
        if name not in pair.new.listeners:
            yield Point("listener_gone", what=name.removesuffix("#on"))
    for token in scope.live():
        node = pair.new.task_specs.get(token.task_spec.name)
        if node is None:
            yield Point("gone", token.path)
        else:
            yield from _differs(token.path, token.task_spec, node)
            yield from _stands(pair, token) if token in _walking(scope) else ()
            if old.item.calls.get(token.path) != new.item.calls.get(token.path):
                yield Point("called", token.path, new.item.calls.get(token.path, ""))
            yield from _undone(scope.prefix, token.internal_data.get("done", ()), token.task_spec, node)
    yield from _recorded(scope.prefix, pair.old, pair.new, scope.done)
    if scope.ended is not None and scope.ended not in {n.bpmn_id for n in pair.new.task_specs.values()}:
        yield Point("end", scope.prefix + scope.ended)


def _differs(path: str, old: Node, new: Node) -> Iterator[Point]:
    """Yield what a live element is in one version and not in the other."""
    if type(old) is not type(new):
        yield Point("kind", path)
        return
    if old.tokens_in != new.tokens_in:
        yield Point("quantity", path)
    if old.triggers != new.triggers or getattr(old, "together", False) != getattr(new, "together", False):
        yield Point("trigger", path)
    if isinstance(old, Listener) and isinstance(new, Listener) and old.interrupts != new.interrupts:
        yield Point("interrupts", path)
    if isinstance(old, Join) and isinstance(new, Join) and set(old.incoming) != set(new.incoming):
        yield Point("incoming", path)
    if isinstance(old, Activity) and isinstance(new, Activity):
        if old.loop != new.loop or getattr(old, "by_event", False) != getattr(new, "by_event", False):
            yield Point("loop" if old.loop != new.loop else "kind", path)
        yield from (Point("boundary_added", path, b) for b in new.boundary if b not in old.boundary)
        yield from (Point("boundary_gone", path, b) for b in old.boundary if b not in new.boundary)


def _stands(pair: Pair, token: Token) -> Iterator[Point]:
    """The token stands in the same open branches; if it waits at a join, the others get there as they did."""
    name, by = token.task_spec.name, token.internal_data.get("by") if token._state == WAITING else None
    was, now = pair.old.task_specs[name], pair.new.task_specs[name]
    if not isinstance(was, Join) or not isinstance(now, Join):
        by = None
    elif set(was.incoming) == set(now.incoming):
        for other in _walking(pair.scope):
            at = other.task_spec.name
            if at != name and [at in reaching(pair.old, was, (f,)) for f in was.incoming] != [
                at in reaching(pair.new, now, (f,)) for f in was.incoming
            ]:
                yield Point("reach", token.path, other.path)
    if stands(pair.old, name, by) != stands(pair.new, name, by):
        yield Point("branches", token.path)


def _finished_branches(pair: Pair) -> Iterator[Point]:
    """A branch of an open block that no token stands in any more must not be waited for where it was not before."""
    before = {block.split: block for block in blocks(pair.old)}
    places = [(t.task_spec.name, t.internal_data.get("by")) for t in _walking(pair.scope)]
    joins = {n.name for n in pair.new.task_specs.values() if isinstance(n, Join)}
    for block in blocks(pair.new):
        held = [branches_of(pair.new, block, n, by if n in joins else None) for n, by in places]
        if block.split not in before or not any(held):
            continue
        for branch in block.branches.keys() - frozenset[str]().union(*held):
            waiting = block.enters[branch] - before[block.split].enters.get(branch, frozenset())
            yield from (Point("waits", pair.scope.prefix + join, branch) for join, _ in sorted(waiting))


def _walking(scope: Scoped) -> list[Token]:
    """Return the tokens that are under way: all but listeners that wait."""
    return [t for t in scope.live() if not (t.task_spec.listens and t._state == WAITING)]


def _undone(prefix: str, done: Sequence[Done], old: Node, new: Node) -> Iterator[Point]:
    """Yield what differs of what can be undone inside a sub-process that is over."""
    if done and isinstance(old, SubProcess) and isinstance(new, SubProcess) and old.inside and new.inside:
        yield from _recorded(prefix_of(old, prefix), old.inside, new.inside, done)


def _recorded(prefix: str, old: Diagram, new: Diagram, done: Sequence[Done]) -> Iterator[Point]:
    for record in done:
        was, now = old.task_specs[record["node"]], new.task_specs.get(record["node"])
        if now is None or type(was) is not type(now) or not _same_handler(old, new, was, now):
            yield Point("undo", prefix + was.bpmn_id)
        else:
            yield from _undone(prefix, record.get("inner", ()), was, now)


def _undoing(pairs: Sequence[Pair]) -> Iterator[Point]:
    """Yield what differs of what a live compensation event has still to undo, each in the scope that it was done in."""
    by_owner = {p.scope.owner.id if p.scope.owner else None: p for p in pairs}
    for token in [t for p in pairs for t in p.scope.live()]:
        for record in token.internal_data.get("undo", ()):
            if pair := by_owner.get(record.get("scope")):
                yield from _recorded(pair.scope.prefix, pair.old, pair.new, [record])


def _same_handler(old: Diagram, new: Diagram, was: Node, now: Node) -> bool:
    one, other = getattr(was, "handler", None), getattr(now, "handler", None)
    if one != other or one is None:
        return one == other
    return type(old.task_specs[one]) is type(new.task_specs[one])


def _notes(pair: Pair) -> Iterator[Point]:
    for node in pair.new.task_specs.values():
        before = pair.old.task_specs.get(node.name)
        if getattr(node, "handler", None) and before is not None and not getattr(before, "handler", None):
            yield Point("undone", pair.scope.prefix + node.bpmn_id)


def _ahead(scopes: Collection[tuple[Scoped, Diagram]]) -> frozenset[str]:
    return frozenset(path for scope, diagram in scopes for path, _ in _nodes_ahead(scope, diagram))


def _nodes_ahead(scope: Scoped, diagram: Diagram) -> Iterator[tuple[str, Node]]:
    """Yield what the tokens of a scope stand at or may come to, with what is inside what is not open yet."""
    live = [t for t in scope.live() if t.task_spec.name in diagram.task_specs]
    names = reached(diagram, {t.task_spec.name for t in live})
    again = reached(diagram, {target for t in live for _, target in ways(diagram)[t.task_spec.name]})
    open_ones = {t.task_spec.name for t in live if t.id in scope.case.inner} - again
    undoing = {handler for node in diagram.task_specs.values() if (handler := getattr(node, "handler", None))}
    for name in names | undoing:
        node = diagram.task_specs[name]
        yield scope.prefix + node.bpmn_id, node
        if isinstance(node, SubProcess) and name not in open_ones:
            yield from ((scope.prefix + below + child.bpmn_id, child) for below, child in inside(node))


def _follows(scope: Scoped, diagram: Diagram) -> Iterator[str]:
    """Yield what timers that are not armed yet follow."""
    armed = {t.task_spec.name for t in scope.live() if t._state == WAITING}
    for _, node in _nodes_ahead(scope, diagram):
        if isinstance(node, Catch) and node.name not in armed:
            yield from filter(None, (timers.limit(t.text) for t in node.triggers if t.kind == "timer"))
