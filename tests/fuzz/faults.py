"""Faults that can be planted into the engine: what each does instead of the right thing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from engine.bpmn import activities, compensation, events, joins, state, tokens
from engine.bpmn.core import WAITING

Patch = pytest.MonkeyPatch
Plant = Callable[[Patch], None]


def forgets(fact: str) -> Plant:
    """The codec forgets a fact of each token."""
    original = state._restore

    def restore(w: Any, *rows: Any) -> None:
        original(w, *rows)
        for t in w.tasks.values():
            t.internal_data.pop(fact, None)

    return lambda patch: patch.setattr(state, "_restore", restore)


def restored(after: Callable[[Any], None]) -> Plant:
    """The codec reads tokens back wrongly."""
    original = state._restore

    def restore(w: Any, *rows: Any) -> None:
        original(w, *rows)
        after(w)

    return lambda patch: patch.setattr(state, "_restore", restore)


def method(owner: Any, name: str, other: Callable[..., Any]) -> Plant:
    """Another method instead; `other` takes the original first."""
    original = getattr(owner, name)
    return lambda patch: patch.setattr(owner, name, lambda *args, **facts: other(original, *args, **facts))


def no_own(w: Any) -> None:
    for t in w.tasks.values():
        if t.own is not None:
            t.own.clear()


def no_call_variables(w: Any) -> None:
    if w.owner is not None and isinstance(w.owner.task_spec, activities.CallActivity):
        w.variables.clear()


def no_flow_by(w: Any) -> None:
    for t in w.tasks.values():
        if "by" in t.internal_data:
            t.internal_data["by"] = t.task_spec.incoming[0]


def counts_tokens(original: Any, self: Any, token: Any) -> bool:
    token.turn(WAITING)
    here = [t for t in token.workflow.tasks.values() if t.task_spec is self and t._state == WAITING]
    if len(here) < len(self.incoming):
        return False
    for t in here:
        if t is not token:
            t.cancel()
    return True


def fires_at_once(original: Any, self: Any, token: Any) -> bool:
    return True


def reach(diagram: Any, name: str, join: Any, boundaries: bool) -> set[str]:
    """Return the flows into a join that a token at `name` can get to."""
    found, seen, todo = set(), set(), [name]
    while todo:
        if (at := todo.pop()) in seen:
            continue
        seen.add(at)
        todo += getattr(diagram.task_specs[at], "boundary", ()) if boundaries else ()
        for f in diagram.task_specs[at].flows:
            if f.target == join.name:
                found.add(f.id)
            else:
                todo.append(f.target)
    return found


def decides(clauses: int, boundaries: bool) -> Callable[..., bool]:
    """An inclusive join with one clause of the standard only, or without boundary events."""

    def recheck(original: Any, self: Any, token: Any) -> bool:
        first = self.first(token)
        if token is not next(iter(first.values())):
            return False
        for t in token.workflow.live():
            if t.task_spec is not self and not (t.task_spec.listens and t._state == WAITING):
                reached = reach(token.workflow.spec, t.task_spec.name, self, boundaries)
                if reached - first.keys() and not (clauses == 2 and reached & first.keys()):
                    return False
        joins.consume(token, first)
        token._ready()
        return True

    return recheck


def waits_for_all(original: Any, self: Any, token: Any) -> bool:
    return len(self.first(token)) == len(self.incoming) and original(self, token)


def leaves_host(original: Any, self: Any, token: Any) -> None:
    token.internal_data.pop("host", None)


def always_interrupts(original: Any, self: Any, token: Any, index: int) -> None:
    self.interrupt(token)
    self.go(token)


def keeps_rivals(original: Any, self: Any, token: Any, index: int) -> None:
    token.internal_data.pop("rivals", None)
    original(self, token, index)


def stays_in_scope(kind: str) -> Callable[..., bool]:
    def outwards(original: Any, token: Any, thrown: str, code: str | None) -> bool:
        if thrown != kind:
            return bool(original(token, thrown, code))
        return bool(events._fire_first(token.workflow, kind, code, lambda t: "host" not in t.internal_data))

    return outwards


def replaced_everywhere(name: str, other: Callable[..., Any]) -> Plant:
    original = getattr(events, name)

    def plant(patch: Patch) -> None:
        for module in (events, compensation):
            patch.setattr(module, name, lambda *args: other(original, *args))

    return plant


def delivers(to_all: bool, kind: str) -> Callable[..., int]:
    def deliver(original: Any, case: Any, brought: str, name: str | None) -> int:
        if brought != kind:
            return int(original(case, brought, name))
        found = [(t, i) for t, i, trigger in case.catchers(kind) if trigger.name == name]
        for token, i in found if to_all else found[:1]:
            if token._state == WAITING:
                token.task_spec.fire(token, i)
        return len(found)

    return deliver


def any_code(original: Any, scope: Any, kind: str, code: str | None, where: Any) -> bool:
    return any(original(scope, kind, c, where) for c in ("e0", "e1", "c0", "c1"))


def every_change(original: Any, self: Any, tokens: Any = None) -> None:
    for token, _, _ in list(self.catchers("conditional")):
        token.internal_data.pop("was", None)
    original(self, tokens)


def arms_without_looking(original: Any, self: Any, token: Any) -> None:
    conditions = token.workflow.case.conditions
    token.workflow.case.conditions = lambda *args: None
    try:
        original(self, token)
    finally:
        token.workflow.case.conditions = conditions


def arms_nothing(original: Any, host: Any) -> bool:
    """Boundary events of scopes come too late: never."""
    return getattr(host.task_spec, "inside", None) is not None or original(host)


def fires_once(original: Any, self: Any, token: Any, index: int) -> bool:
    return False


def keeps_listeners(original: Any, self: Any, activity: int) -> None:
    self.forget_instances(activity)


def terminates_nothing(original: Any, token: Any, trigger: Any) -> None:
    if trigger.kind != "terminate":
        original(token, trigger)


def no_until(original: Any, self: Any, token: Any, instance: Any) -> None:
    original(replace(self, until=None), token, instance)


def starts_all(original: Any, self: Any, token: Any) -> None:
    original(replace(self, sequential=False), token)


def counts_from_one(original: Any, self: Any, token: Any, i: int, items: Any) -> Any:
    found = original(self, token, i, items)
    found.own["loopCounter"] = i + 1
    return found


def instances_live_on(patch: Patch) -> None:
    def forget(self: Any, activity: int) -> None:
        for t in [t for t in self.tasks.values() if t.internal_data.get("host") == activity]:
            t.cancel()

    patch.setattr(tokens.Scoped, "forget", forget)
    patch.setattr(tokens.Scoped, "forget_instances", lambda self, activity: None)


def once_more(original: Any, self: Any, scope: Any) -> bool:
    return bool(original(replace(self, maximum=None if self.maximum is None else self.maximum + 1), scope))


def tests_after(original: Any, self: Any, token: Any) -> None:
    original(replace(self, before=False), token)


def first_end_ends(original: Any, self: Any) -> bool:
    return self.ended is None and bool(original(self))


def listeners_keep_open(original: Any, self: Any) -> bool:
    return bool(self.live())


def returns_nothing(original: Any, self: Any, token: Any, inner: Any) -> None:
    token.assign({self.bpmn_id: inner.ended})


def takes_first(original: Any, self: Any, token: Any) -> Any:
    return original(self, token)[:1] if self.split == "some" else original(self, token)


def takes_default_too(original: Any, self: Any, token: Any) -> Any:
    found = original(self, token)
    return found + [f for f in self.flows if f.id == self.default and f not in found]


def last_end_counts(original: Any, self: Any, token: Any, element: str | None) -> None:
    self.ended = element
