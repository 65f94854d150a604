"""Tokens and scopes: the library's Task and Workflow, holding live tokens only and variables by scope.

Mends (SpiffWorkflow 3.2.0): history grows without end, so that a loop of corrections dies at round 247; READY tasks
deeper than 1,000 vanish; `is_completed()` lies; data is copied per task, so branches, event sub-processes and
conditions see stale values; every possible future is looked ahead.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from engine.bpmn.core import (
    CANCELLED,
    COMPLETED,
    FINISHED,
    FUTURE,
    LIVE,
    READY,
    STARTED,
    WAITING,
    CoreTask,
    CoreWorkflow,
)
from engine.bpmn.faults import Fault
from engine.bpmn.scopes import Done, Info, Scope
from engine.rules import expressions

if TYPE_CHECKING:
    from engine.bpmn.case import Case
    from engine.bpmn.nodes import Diagram, Node

ROOT_TOKEN = -1
MAX_NESTING = 20

Word = Callable[[Scope], None]  # what a script or service task does; bound by tests only


class Token(CoreTask):
    """One live token. Children hang under the root, so the tree never gets deep; a finished token is dropped."""

    workflow: Scoped
    task_spec: Node
    internal_data: Info

    def __init__(self, workflow: Scoped, spec: Node, parent: Token | None, state: int = FUTURE, id: int = 0) -> None:
        self.own: Scope | None = None  # of a multi-instance activity or of one instance
        super().__init__(workflow, spec, parent, state, id or workflow.case.next_id())

    @property
    def data(self) -> Scope:
        return self.workflow.variables if self.own is None else self.own

    @data.setter
    def data(self, _: object) -> None:
        """The library wants to copy data here; scopes make that needless."""

    @property
    def path(self) -> str:
        return self.workflow.prefix + self.task_spec.bpmn_id

    def _inherit_data(self) -> None:
        pass

    def _child_added_notify(self, _: Token) -> None:
        """All hang under the root; nobody asks it for its children."""

    def born(self, spec: Node) -> Token:
        """Return a new token at `spec`, in the same scope."""
        return Token(self.workflow, spec, self.workflow.task_tree)

    def turn(self, state: int) -> None:
        self._state = state
        if state == READY and not self.task_spec.manual:
            self.workflow.case.agenda.append(self)

    _set_state = turn  # the library's own transitions end here too

    def assign(self, values: Mapping[str, object]) -> None:
        for key, value in values.items():
            self.data.assign(key, value)
        self.workflow.case.changed = True

    def truth(self, text: str) -> bool:
        self.workflow.case.budget.tick()
        return expressions.truth(text, self.data)

    def run(self) -> None:
        self.workflow.case.busy = self
        result = self.task_spec._run(self)
        if self._state == CANCELLED:  # what it did has interrupted it
            return
        if result:
            self.complete()
        else:
            self.turn(STARTED)

    def complete(self) -> None:
        self.turn(COMPLETED)
        self.drop()
        if not self.task_spec.early:
            self.passes()
        self.task_spec._on_complete(self)

    def arrive(self) -> None:
        """Open what the token has come to, unless something has ended the token meanwhile."""
        if self._state == FUTURE:
            self.workflow.case.busy = self
            self.task_spec._update(self)

    def passes(self) -> None:
        """Note that an automatic element was left."""
        if not self.task_spec.manual and "#" not in self.task_spec.name:
            self.workflow.case.passed.append(self.path)

    def cancel(self) -> None:
        """End the token and all that lives by it: listeners, instances, the scope inside."""
        if self._state & FINISHED:
            return
        self.turn(CANCELLED)
        self.drop()
        if self.task_spec.guarded:
            self.workflow.forget(self.id)
        inner = self.workflow.case.inner.pop(self.id, None)
        if inner is not None:
            inner.kill()

    def drop(self) -> None:
        if self.id != ROOT_TOKEN and self.id in self.workflow.tasks:
            del self.workflow.tasks[self.id]


class Scoped(CoreWorkflow):
    """What the case and an inner scope share: a diagram, its live tokens, its variables."""

    spec: Diagram
    tasks: dict[int, Token]
    task_tree: Token
    case: Case
    owner: Token | None
    depth: int
    prefix: str  # of element paths: `intake/`

    def begin(self, variables: Scope) -> None:
        self.variables = variables
        self.done: list[Done] = []  # finished activities that have a compensation, in order
        self.ended: str | None = None  # the end event passed last
        self.task_tree = Token(self, self.spec.root, None, COMPLETED, ROOT_TOKEN)

    def enter(self, starts: Sequence[str], listen: bool = True) -> None:
        """Listeners first: an event sub-process must hear what its scope does. Then the start events."""
        specs = self.spec.task_specs
        born = [self.task_tree.born(specs[n]) for n in [*(self.spec.listeners if listen else ()), *starts]]
        for token in born:
            token.arrive()

    def live(self) -> list[Token]:
        return [t for t in self.tasks.values() if t._state & LIVE]

    def end(self, token: Token, element: str | None) -> None:
        """Note the end that `token` reached; one beside the flow does not replace one of the flow."""
        if self.ended is None or not token.internal_data.get("aside"):
            self.ended = element

    def unfinished(self) -> bool:
        """True while a token keeps the scope open; a listener that waits does not."""
        return any(t._state != WAITING or not t.task_spec.listens for t in self.live())

    def forget(self, activity: int) -> None:
        """Cancel what lives by an activity: its boundary listeners and instances."""
        for t in list(self.tasks.values()):
            self.case.budget.tick()
            if activity in (t.internal_data.get("host"), t.internal_data.get("of")):
                t.cancel()

    def forget_instances(self, activity: int) -> None:
        """Cancel the instances of an activity; its listeners stay."""
        for t in list(self.tasks.values()):
            if t.internal_data.get("of") == activity:
                t.cancel()

    def kill(self, but: Token | None = None) -> None:
        for token in self.live():
            if token is not but:
                token.cancel()
        self.completed = but is None


class Inner(Scoped):
    """The scope inside a sub-process or call activity; `owner` is the token of the activity."""

    def __init__(self, owner: Token, spec: Diagram, variables: Scope, prefix: str) -> None:
        super().__init__(spec)
        self.case, self.owner, self.prefix = owner.workflow.case, owner, prefix
        self.depth = owner.workflow.depth + 1
        if self.depth > MAX_NESTING:
            raise Fault(why=f"{owner.path} is nested more than {MAX_NESTING} deep")
        self.case.inner[owner.id] = self
        self.begin(variables)
