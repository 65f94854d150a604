"""Loops and multi-instance: counts in a scope of the activity, one scope per instance.

Mends: nrOfInstances, nrOfCompletedInstances and nrOfActiveInstances are unknown; a negative cardinality hangs; so does
a loop whose condition is false at first; a variable with the element's name is an error; every parallel instance copies
all data.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.bpmn.core import FUTURE, READY, STARTED
from engine.bpmn.faults import Fault
from engine.bpmn.scopes import Scope

if TYPE_CHECKING:
    from engine.bpmn.tokens import Token

LIMIT = 500
TOTAL, COMPLETED, ACTIVE, COUNTER = "nrOfInstances", "nrOfCompletedInstances", "nrOfActiveInstances", "loopCounter"
COUNTERS = frozenset({TOTAL, COMPLETED, ACTIVE, COUNTER})


@dataclass(frozen=True, kw_only=True)
class Multi:
    """Multi-instance. `output`: (collection, item) that gather a value of each instance."""

    cardinality: str | None = None
    collection: str | None = None
    element: str | None = None
    output: tuple[str, str] | None = None
    until: str | None = None  # completion condition
    sequential: bool = False

    def begin(self, token: Token) -> None:
        items = self._items(token)
        n = len(items) if items is not None else self._cardinality(token)
        if not 0 <= n <= LIMIT:
            raise Fault(why=f"{n} instances at {token.path}; 0 to {LIMIT} are possible")
        token.own = Scope({TOTAL: n, COMPLETED: 0, ACTIVE: 0}, token.workflow.variables)
        if items is not None and self.sequential:
            token.internal_data["items"] = items
        if self.output:
            token.own.assign(self.output[0], [])
        token.turn(STARTED)
        born = [self._instance(token, i, items) for i in range(min(n, 1) if self.sequential else n)]
        for t in born:
            if t._state == FUTURE and token._state == STARTED:
                t.task_spec._update(t)
        if n == 0:
            _finish(token)

    def ended(self, token: Token, instance: Token) -> None:
        counts = token.own
        assert counts is not None
        assert instance.own is not None
        done, total = _count(counts, COMPLETED) + 1, _count(counts, TOTAL)
        counts.update({COMPLETED: done, ACTIVE: _count(counts, ACTIVE) - 1})
        if self.output:
            gathered = counts[self.output[0]]
            assert isinstance(gathered, list)
            counts.assign(self.output[0], [*gathered, instance.own[self.output[1]]])
            token.workflow.case.changed = True
        if done == total or (self.until is not None and instance.truth(self.until)):
            token.workflow.forget_instances(token.id)
            _finish(token)
        elif self.sequential:
            t = self._instance(token, done, token.internal_data.get("items"))
            t.task_spec._update(t)

    def _items(self, token: Token) -> list[object] | None:
        if self.collection is None:
            return None
        items = token.value(self.collection)
        if not isinstance(items, list | tuple | dict):
            raise Fault(why=f"{self.collection} at {token.path} is not a list")
        return list(items)

    def _cardinality(self, token: Token) -> int:
        n = token.value(self.cardinality or "")
        if isinstance(n, str) and n.isascii() and n.isdecimal() and len(n) < 6:
            n = int(n)
        if type(n) is not int:
            raise Fault(why=f"a {type(n).__name__} is no number of instances at {token.path}")
        return n

    def _instance(self, token: Token, i: int, items: list[object] | None) -> Token:
        own: dict[str, object] = {COUNTER: i}
        if items is not None and self.element:
            own[self.element] = items[i]
        if self.output:
            own[self.output[1]] = None
        assert token.own is not None
        token.own[ACTIVE] = _count(token.own, ACTIVE) + 1
        return _born(token, Scope(own, token.own))


@dataclass(frozen=True, kw_only=True)
class Loop:
    """Standard loop."""

    condition: str | None = None
    maximum: int | None = None
    before: bool = False

    def begin(self, token: Token) -> None:
        token.own = Scope({COUNTER: 0}, token.workflow.variables)
        if self.before and not self._goes_on(token):
            _finish(token)
            return
        token.turn(STARTED)
        self._instance(token)

    def ended(self, token: Token, _: Token) -> None:
        assert token.own is not None
        token.own[COUNTER] = _count(token.own, COUNTER) + 1
        if self._goes_on(token):
            self._instance(token)
        else:
            _finish(token)

    def _instance(self, token: Token) -> None:
        t = _born(token, Scope({}, token.own))
        t.task_spec._update(t)

    def _goes_on(self, token: Token) -> bool:
        within = self.maximum is None or _count(token.data, COUNTER) < self.maximum
        return within and (self.condition is None or token.truth(self.condition))


def _count(scope: Scope, name: str) -> int:
    n = scope[name]
    assert isinstance(n, int)
    return n


def _born(token: Token, own: Scope) -> Token:
    each = getattr(token.task_spec, "each", None)
    assert each is not None
    t = token.born(each)
    t.own, t.internal_data["of"] = own, token.id
    return t


def _finish(token: Token) -> None:
    """Ready; but of a step with instances nobody has to complete the outer token."""
    token.own = None
    token.internal_data.pop("items", None)
    token._state = READY
    token.workflow.case.agenda.append(token)
