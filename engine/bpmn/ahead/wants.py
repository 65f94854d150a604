"""Which variables of a case anything may still ask for: those that no longer matter tell no places apart.

From each live token on, by the drawing: what lies ahead of it asks, until a step or call on its way says it anew.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from engine.bpmn.activities import Activity, CallActivity, SubProcess, UserTask
from engine.bpmn.asking import asks, of_itself
from engine.bpmn.blocks import inside
from engine.bpmn.case import Case
from engine.bpmn.names import CASE
from engine.bpmn.nodes import Diagram, Node
from engine.bpmn.program import Program
from engine.bpmn.returning import NoReturn, back
from engine.bpmn.tokens import Scoped
from engine.rules import expressions

Names = frozenset[str]
NONE: Names = frozenset()


class Wants:
    """What the diagrams of a program ask for. `always`: by path of a step, the fields that it says each time."""

    def __init__(self, program: Program, always: Mapping[str, Names]) -> None:
        self.says: dict[int, Names] = {}  # by node
        self.backs: dict[tuple[int, str], set[str]] = {}  # by diagram and node, where a return opens
        self.seen: dict[int, Mapping[str, Names]] = {}
        self.asked: dict[tuple[int, frozenset[tuple[str, bool]]], Names] = {}  # by diagram and its live nodes
        self.undoes = False
        for prefix, diagram in _diagrams(program.main, ""):
            self.undoes = self.undoes or _undoes(diagram)
            for node in diagram.task_specs.values():
                own = _says(node, always.get(prefix + node.bpmn_id, NONE))
                self.says[id(node)] = self.says.get(id(node), own) & own
        for path, step in program.item.steps.items():
            for to in step.returns:
                try:
                    plan = back(program.main, path, to)
                except NoReturn:
                    continue
                self.backs.setdefault((id(plan.diagram), plan.source), set()).add(plan.to[0])

    def needed(self, case: Case) -> dict[int, Names]:
        """Return by scope (its owner's token; 0 is the case) the names of its flow that may still be asked for."""
        scopes = sorted(case.inner.values(), key=lambda w: w.depth)
        flows = {0: 0}
        found = {0: set(self._scope(case))}
        for scope in scopes:
            key, around, called = _around(scope)
            flows[key] = key if called else flows[around]
            found.setdefault(flows[key], set()).update(self._scope(scope))
        for scope in scopes:
            key, around, called = _around(scope)
            if called:
                prefix = f"{called}_"
                found[key].update(n.removeprefix(prefix) for n in found[flows[around]] if n.startswith(prefix))
        fixed = {flow: frozenset(names) for flow, names in found.items()}
        return {key: fixed[flow] for key, flow in flows.items()}

    def _scope(self, scope: Scoped) -> Names:
        """Return what is asked from the live tokens of a scope on."""
        inner = scope.case.inner
        live = frozenset((t.task_spec.name, t.id in inner) for t in scope.live())
        if (known := self.asked.get((id(scope.spec), live))) is None:
            known = self.asked[id(scope.spec), live] = self._live(scope.spec, live)
        return known

    def _live(self, diagram: Diagram, live: frozenset[tuple[str, bool]]) -> Names:
        if self.undoes:
            return _everything(diagram)
        before = self._before(diagram)
        names = (self._open(diagram, diagram.task_specs[n], before) if entered else before[n] for n, entered in live)
        return frozenset[str]().union(*names)

    def _before(self, diagram: Diagram) -> Mapping[str, Names]:
        """Return by node what is asked from there on, when a token comes to it."""
        if id(diagram) not in self.seen:
            found = dict.fromkeys(diagram.task_specs, NONE)
            changed = True
            while changed:
                changed = False
                for name, node in diagram.task_specs.items():
                    new = self._open(diagram, node, found) | _inside(node)
                    if new != found[name]:
                        found[name], changed = new, True
            self.seen[id(diagram)] = found
        return self.seen[id(diagram)]

    def _open(self, diagram: Diagram, node: Node, before: Mapping[str, Names]) -> Names:
        """Return what is asked from a node on whose inside is under way."""
        done = {n for f in node.flows for n in (*_names(f.condition), *before[f.target])} - self.says[id(node)]
        beside = {*getattr(node, "boundary", ()), *self.backs.get((id(diagram), node.name), ())}
        itself = {n for text in of_itself(node) for n in _names(text)}
        return frozenset(done | itself).union(*(before[b] for b in beside))


def _around(scope: Scoped) -> tuple[int, int, str]:
    """Return the key of a scope and of the one around it, and the id of the call that it is the flow of, if it is."""
    owner = scope.owner
    assert owner is not None
    outer = owner.workflow.owner
    called = owner.task_spec.bpmn_id if isinstance(owner.task_spec, CallActivity) else ""
    return owner.id, outer.id if outer else 0, called


def _names(text: str | None) -> set[str]:
    return expressions.names(text) if text else set()


def _says(node: Node, fields: Names) -> Names:
    """Return the names that are sure to be said anew when a token leaves by the flows of a node."""
    if isinstance(node, UserTask) and node.loop is None and "#" not in node.name:
        return frozenset({node.bpmn_id, *(f"{node.bpmn_id}_{field}" for field in fields)})
    if isinstance(node, CallActivity) and node.loop is None and "#" not in node.name:
        return frozenset({node.bpmn_id})
    return NONE


def _inside(node: Node) -> Names:
    """Return what is asked inside an activity of the flow's names, or, in a called flow, of those of the case."""
    asked = ((below, name) for below, child in inside(node) for text in asks(child) for name in _names(text))
    own = isinstance(node, CallActivity)
    return frozenset(name for below, name in asked if name.startswith(f"{CASE}_") or not (own or below))


def _everything(diagram: Diagram) -> Names:
    own = {n for node in diagram.task_specs.values() for text in asks(node) for n in _names(text)}
    return frozenset(own).union(*(_inside(node) for node in diagram.task_specs.values()))


def _undoes(diagram: Diagram) -> bool:
    handlers = any(node.handler for node in diagram.task_specs.values() if isinstance(node, Activity))
    return handlers or not diagram.undo.startswith("#")


def _diagrams(diagram: Diagram, prefix: str) -> Iterator[tuple[str, Diagram]]:
    """Yield each diagram, those inside too, with the prefix of its paths."""
    yield prefix, diagram
    for node in diagram.task_specs.values():
        if isinstance(node, SubProcess) and node.inside is not None and "#" not in node.name:
            yield from _diagrams(node.inside, f"{prefix}{node.bpmn_id}/" if isinstance(node, CallActivity) else prefix)
