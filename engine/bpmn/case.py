"""The case: the top scope, and what drives its tokens until nothing moves without somebody."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterator, Mapping
from typing import TYPE_CHECKING

from engine.bpmn.budget import Budget
from engine.bpmn.core import READY, WAITING
from engine.bpmn.scopes import Scope
from engine.bpmn.tokens import Inner, Scoped, Token, Word

if TYPE_CHECKING:
    from engine.bpmn.nodes import Diagram, Trigger


class Case(Scoped):
    """The top scope. Completed = a top end was passed and no token is unfinished; the library's answer is not asked.

    Mends: the library re-scans the whole tree on every completion, and says `completed` with open tokens below.
    """

    def __init__(self, spec: Diagram, variables: Scope, host: Mapping[str, Word]) -> None:
        super().__init__(spec)
        self.agenda: deque[Token] = deque()
        self.changed = False
        self.sent: list[tuple[str, str]] = []  # messages, signals, escalations for the outside
        self.passed: list[str] = []
        self.inner: dict[int, Inner] = {}
        self.counter, self.budget = 0, Budget()
        self.busy: Token | None = None  # what is being worked on, for the message of a fault
        self.host = host
        self.case, self.owner, self.depth, self.prefix = self, None, 0, ""
        self.begin(variables)

    def next_id(self) -> int:
        self.counter += 1
        self.budget.token()
        return self.counter

    def scopes(self) -> list[Scoped]:
        return [self, *self.inner.values()]

    def everything(self) -> list[Token]:
        return [t for w in self.scopes() for t in w.live()]

    def find(self, token: int) -> Token | None:
        return next((w.tasks[token] for w in self.scopes() if token in w.tasks), None) if token > 0 else None

    def catchers(self, kind: str) -> Iterator[tuple[Token, int, Trigger]]:
        """Yield the tokens that wait for a kind of event, with the trigger and its index."""
        for token in self.everything():
            self.budget.tick()
            if token._state == WAITING:
                for i, trigger in enumerate(token.task_spec.triggers):
                    if trigger.kind == kind:
                        yield token, i, trigger

    def awaited(self, kind: str) -> set[str]:
        """Return the names waited for; not those that would start again what they have started and runs."""
        found = set()
        for token, _, trigger in self.catchers(kind):
            running = {t.task_spec.name for t in token.workflow.live()}
            if not (token.task_spec.listens and any(flow.target in running for flow in token.task_spec.flows)):
                found.add(trigger.name or "")
        return found

    def conditions(self, tokens: Collection[Token] | None = None) -> None:
        """Fire conditional events whose condition became true (or is true as they are armed).

        Mends: a conditional boundary event that is true at once does not stop its activity.
        """
        for token, i, trigger in list(self.catchers("conditional")):
            if token._state != WAITING or (tokens is not None and token not in tokens):
                continue
            self.busy = token
            was, now = token.internal_data.get("was", False), token.becomes_true(trigger.text)
            token.internal_data["was"] = now
            if now and not was:
                token.task_spec.fire(token, i)

    def advance(self) -> None:
        """Run all that needs nobody. Joins that look at other tokens, and ends of scopes, are decided at rest only."""
        while True:
            if self.changed:
                self.changed = False
                self.conditions()
            elif self.agenda:
                token = self.agenda.popleft()
                if token._state == READY:
                    self.budget.element(token.path)
                    token.run()
            elif not self._moves_at_rest():
                return

    def _moves_at_rest(self) -> bool:
        for scope in sorted(self.scopes(), key=lambda w: -w.depth):
            if scope.completed:
                continue
            for token in scope.live():
                self.budget.tick()
                if token._state == WAITING and token.task_spec.recheck(token):
                    return True
            if not scope.unfinished():
                self.close(scope)
                return True
        return bool(self.agenda)

    def close(self, scope: Scoped) -> None:
        """End a scope that has no token left, or whose tokens a terminate event takes away."""
        scope.kill()
        owner = scope.owner
        if owner is not None and self.inner.get(owner.id) is scope:
            owner.task_spec.returned(owner, scope)
            del self.inner[owner.id]
            owner.turn(READY)
