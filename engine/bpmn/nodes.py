"""Nodes: the library's task specs with our token rules. A token leaves by the chosen flows; nothing is predicted.

Mends: two outgoing flows on an activity are refused by the library's parser; ids `Start`, `End`, `Root` clash with its
own specs; its parser recurses once per node, so long files fail; a missing default flow is found only at run time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from engine.bpmn.core import WAITING, CoreDiagram, CoreNode
from engine.bpmn.faults import Fault

if TYPE_CHECKING:
    from engine.bpmn.tokens import Scoped, Token

ROOT = "#root"  # no XML id can begin with #


class Flow(NamedTuple):
    id: str
    target: str
    condition: str | None = None


class Trigger(NamedTuple):
    """One event definition. `name`: message or signal name, error or escalation code (None = any), activity undone."""

    kind: str  # message signal timer error escalation conditional cancel compensate terminate
    name: str | None = None
    text: str = ""  # condition or timer text
    shape: str = ""  # timer: duration | date | cycle


class Diagram(CoreDiagram):
    """One process or sub-process; shared by all cases of a version."""

    task_specs: dict[str, Node]

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.root = Node(self, ROOT)
        self.starts: list[str] = []
        self.listeners: list[str] = []  # event sub-processes that wait
        self.undo = ""  # the node that compensates this scope
        self._order: list[str] = []
        self._places: dict[str, int] = {}
        self.reaching: dict[tuple[str, ...], frozenset[str]] = {}  # filled on demand by joins.py
        self._before: dict[str, list[tuple[str, str]]] = {}

    @property
    def order(self) -> list[str]:
        """Return the names of all nodes, sorted: a state names a node by its place here."""
        if not self._order:
            self._order = sorted(self.task_specs)
        return self._order

    def before(self) -> dict[str, list[tuple[str, str]]]:
        """Return for each node where tokens come from: (node, flow), the flow empty between a host and its events."""
        if not self._before:
            before: dict[str, list[tuple[str, str]]] = {}
            for spec in self.task_specs.values():
                for f in spec.flows:
                    before.setdefault(f.target, []).append((spec.name, f.id))
                for b in getattr(spec, "boundary", ()):
                    before.setdefault(b, []).append((spec.name, ""))
            self._before = before
        return self._before

    def place(self, name: str) -> int:
        if not self._places:
            self._places = {node: i for i, node in enumerate(self.order)}
        return self._places[name]


class Node(CoreNode):
    """An element. `split`: all | one | some of the outgoing flows."""

    listens = False  # waits without keeping its scope open
    counts = False  # a join: wants to know by which flow a token came
    early = False  # counts as passed when it runs, for it may end its own scope
    guarded = False  # boundary events or instances live by it
    triggers: tuple[Trigger, ...] = ()

    def __init__(self, diagram: CoreDiagram, element: str) -> None:
        super().__init__(diagram, element)
        self.flows: list[Flow] = []
        self.default: str | None = None
        self.split = "all"
        self.tokens_in = self.tokens_out = 1  # startQuantity, completionQuantity

    # what the library calls

    def test(self) -> None:
        """The library wants every spec connected by its own lists."""

    def _predict(self, token: Token, *_: object, **__: object) -> None:
        """Nothing is predicted."""

    def _update(self, token: Token) -> None:
        if self._update_hook(token):
            token._ready()

    def _update_hook(self, token: Token) -> bool:
        return self.tokens_in == 1 or self.gather(token)

    def _run_hook(self, token: Token) -> bool | None:  # noqa: ARG002 (kinds of nodes override it)
        return True

    def _on_ready_hook(self, token: Token) -> None:
        pass

    def _on_complete_hook(self, token: Token) -> None:
        pass

    def _on_complete(self, token: Token) -> None:
        self._on_complete_hook(token)
        if token.workflow.completed:
            return
        specs, born = token.workflow.spec.task_specs, []
        flows = self.chosen(token)
        for flow in flows:
            for _ in range(self.tokens_out):
                child = token.born(specs[flow.target])
                if child.task_spec.counts:
                    child.internal_data["by"] = flow.id
                if token.internal_data.get("aside"):
                    child.internal_data["aside"] = True
                born.append(child)
        if not self.flows and "of" not in token.internal_data and "undoes" not in token.internal_data:
            token.workflow.end(token, self.end(token))
        self.prepare(token, born)
        for child in born:
            child.arrive()

    # what a kind of node changes

    def prepare(self, token: Token, born: list[Token]) -> None:
        """Called before the tokens that leave arrive."""

    def end(self, token: Token) -> str | None:
        """Return the id under which a token that leaves by no flow ends its scope."""
        return token.workflow.ended or self.bpmn_id

    def recheck(self, token: Token) -> bool:  # noqa: ARG002 (kinds of nodes override it)
        """At rest: may a waiting token go on now?"""
        return False

    def returned(self, token: Token, inner: Scoped) -> None:
        """The scope inside has ended."""

    def fire(self, token: Token, index: int) -> None:
        """The trigger `index` has happened."""
        raise Fault(why=f"{token.path} waits for no trigger {index}")

    def gather(self, token: Token) -> bool:
        """startQuantity: wait for so many tokens and take them all."""
        token.turn(WAITING)
        waiting = [t for t in token.workflow.tasks.values() if t.task_spec is self and t._state == WAITING]
        if len(waiting) < self.tokens_in:
            return False
        for t in waiting[: self.tokens_in]:
            if t is not token:
                t.cancel()
        return True

    def chosen(self, token: Token) -> list[Flow]:
        """Return the flows by which a token leaves; the default flow when no condition holds.

        Raises:
            Fault: none can be chosen.
        """
        if self.split == "all" and not any(f.condition for f in self.flows):
            return self.flows
        taken, otherwise = [], True
        for f in self.flows:
            if f.id == self.default:
                continue
            if f.condition is None or token.truth(f.condition):
                taken.append(f)
                otherwise = otherwise and f.condition is None and self.split == "all"
                if self.split == "one":
                    break
        if otherwise:
            taken += [f for f in self.flows if f.id == self.default]
        if not taken and self.flows:
            raise Fault(why=f"no outgoing flow can be chosen at {token.path}")
        return taken


class Pass(Node):
    """None events, exclusive gateways, parallel splits, and bpmn:task, which the engine does not track."""


class EndEvent(Pass):
    """A none end event."""

    def end(self, token: Token) -> str | None:  # noqa: ARG002 (kinds of nodes override it)
        return self.bpmn_id
