"""The steps that may still be done, by the drawing alone: never one too few, but some that conditions exclude."""

from __future__ import annotations

from collections.abc import Iterator

from engine.bpmn.activities import Activity, UserTask
from engine.bpmn.blocks import inside, reached, ways
from engine.bpmn.case import Case
from engine.bpmn.nodes import Diagram, Node
from engine.bpmn.program import Program
from engine.bpmn.returning import Back, NoReturn, back
from engine.bpmn.state import loads
from engine.bpmn.tokens import Scoped, Token


def steps_ahead(program: Program, state: bytes) -> frozenset[str]:
    """Return every step that may still be done in a case, also if it is sent back or something is undone.

    From all live tokens along flows and boundary events, into what is inside and on behind it; what event sub-processes
    that are heard may start, and in all scopes that can be entered; activities that compensate; declared returns.

    Raises:
        Fault: the state cannot be read with this definition.
    """
    case = loads(state, program, {})
    if case.completed:
        return frozenset()
    sources: dict[int, set[str]] = {_key(w): set() for w in case.scopes()}
    found, before = frozenset[str](), None
    while before != found:
        before = found
        found = frozenset(path for w in case.scopes() for path in _steps(w, sources[_key(w)]))
        for path in found - (before or frozenset()):
            for plan in _plans(program, path):
                for scope in _around(case, plan):
                    sources[_key(scope)].add(plan.to[0])
    return found


def _steps(scope: Scoped, more: set[str]) -> Iterator[str]:
    """Yield the steps that the tokens of a scope, and those that returns bring to `more`, may come to."""
    diagram, live = scope.spec, scope.live()
    going = {t.task_spec.name for t in live if not _entered(t)}
    entered = {t.task_spec.name for t in live if _entered(t)}
    on = {target for name in entered for _, target in ways(diagram)[name]}
    for name in reached(diagram, going | on | more) | _undoing(diagram):
        yield from _of(scope.prefix, diagram.task_specs[name])
    for name in diagram.task_specs:  # what was done inside may be undone
        for below, child in inside(diagram.task_specs[name]):
            handler = getattr(child, "handler", None)
            if handler:
                yield from _of(scope.prefix + below, child._wf_spec.task_specs[handler])


def _of(prefix: str, node: Node) -> Iterator[str]:
    if isinstance(node, UserTask):
        yield prefix + node.bpmn_id
    yield from (prefix + below + child.bpmn_id for below, child in inside(node) if isinstance(child, UserTask))


def _entered(token: Token) -> bool:
    """Return whether a token is an activity whose inside is under way, and is not begun again by itself."""
    return token.id in token.workflow.case.inner


def _undoing(diagram: Diagram) -> set[str]:
    """Return the nodes that compensations of a scope run."""
    handlers = {n.handler for n in diagram.task_specs.values() if isinstance(n, Activity) and n.handler}
    return handlers | {diagram.undo}


def _plans(program: Program, path: str) -> Iterator[Back]:
    for to in program.item.steps[path].returns:
        try:
            yield back(program.main, path, to)
        except NoReturn:
            continue


def _around(case: Case, plan: Back) -> Iterator[Scoped]:
    """Yield the live scopes in which a return opens; in one that is still to be entered all is found anyway."""
    yield from (w for w in case.scopes() if w.spec is plan.diagram)


def _key(scope: Scoped) -> int:
    return scope.owner.id if scope.owner else 0
